// Guarantee 6, proved: committed = published = applied, documents = fold of their events, facts =
// fold of the followed feeds, cells = recount, frozen reports = computed again, and the
// seals hold, those that left with reports too.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/ledger/verify.h"
#include "services/learncity/city.h"
#include "services/reporting/figures.h"

namespace learncity {

struct ServiceProof {
  std::string service;
  ledger::Verification ledger;
  // How far each followed feed is applied, and how far that feed goes.
  struct Applied {
    std::string feed;
    int64_t applied = 0;
    int64_t head = 0;
  };
  std::vector<Applied> applied;
  // Everything that does not agree; empty is proof. Behind is not wrong: see applied.
  std::vector<ledger::Divergence> divergences;
};

struct CityProof {
  std::vector<ServiceProof> services;
  int64_t cells = 0;
  int64_t facts = 0;
  int64_t reports = 0;
  // Of the reports, those frozen with another catalogue or other denominators than are at hand,
  // with their names: their digest and heads hold, but nobody here can compute them again.
  std::vector<std::string> of_other_files;

  // How many divergences there are in all.
  size_t divergences() const;
};

// Reads everything once; turns go on meanwhile. `progress` is told what is being checked.
absl::StatusOr<CityProof> Prove(City& city, const reporting::Foundations& foundations,
                                const std::function<void(const std::string&)>& progress = {});

}  // namespace learncity
