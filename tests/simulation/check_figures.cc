#include <chrono>
#include <map>

#include "platform/runtime/concat.h"
#include "services/learncity/proof.h"
#include "services/reporting/domain/cell_sums.h"
#include "services/reporting/recount.h"
#include "services/reporting/tables.h"
#include "tests/simulation/checks.h"
#include "tests/simulation/pupils.h"

namespace learncity::simulation {
namespace {

namespace rep = reporting::v1;

template <class Message>
absl::Status Scan(ledger::Reader& reader, std::map<Id, Message>& into) {
  const auto& table = *reporting::ReportingSchema().ByDocument(Message::descriptor());
  return reader.ScanAll(table, [&](const Id& id, int64_t, std::string_view bytes) {
    (void)into[id].ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  });
}

template <class Fact>
void CompareFacts(std::map<Id, Fact> stored, const std::map<Id, Fact>& folded, Findings& findings) {
  for (auto& [id, fact] : stored) {
    fact.clear_contributed();
    const auto other = folded.find(id);
    if (other != folded.end() && fact.SerializeAsString() == other->second.SerializeAsString()) {
      continue;
    }
    findings.push_back(Concat(Fact::descriptor()->name(), " ", id.ToString(), " {",
                              fact.ShortDebugString(), "} is not what the feeds give"));
  }
  for (const auto& [id, fact] : folded) {
    if (stored.contains(id) || fact.ByteSizeLong() == 0) continue;
    findings.push_back(Concat(Fact::descriptor()->name(), " ", id.ToString(), " is missing"));
  }
}

Pupils PupilsOf(const std::map<Id, rep::Cell>& cells, Day day) {
  reporting::CellSums sums(ToDate(day));
  for (const auto& [id, cell] : cells) sums.Add(cell);
  Pupils pupils;
  for (const auto& [group, count] : sums.Of(rep::MEASURE_PUPILS)) {
    pupils[{group.isced_level(), group.sex()}] += count;
  }
  std::erase_if(pupils, [](const auto& one) { return one.second == 0; });
  return pupils;
}

}  // namespace

void CheckFacts(ledger::Reader& reporting, const Applied& applied, const Seen& seen, Day today,
                Findings& findings) {
  std::map<Id, rep::LearnerFact> learners;
  std::map<Id, rep::CenterFact> centers;
  std::map<Id, rep::Cell> cells;
  auto status = Scan(reporting, learners);
  status.Update(Scan(reporting, centers));
  status.Update(Scan(reporting, cells));
  if (!status.ok()) return findings.push_back(status.ToString());

  reporting::Refold refold;
  const auto apply = [&](const std::string& feed, int64_t up_to) {
    for (const ledger::Record& record : seen.ledgers.at(feed).records) {
      if (record.position <= up_to) refold.Apply(feed, record);
    }
  };
  apply("registry", applied.registry);
  apply("enrollment", applied.enrollment);
  apply("achievements", applied.achievements);
  CompareFacts(learners, refold.Of<rep::LearnerFact>(), findings);
  CompareFacts(centers, refold.Of<rep::CenterFact>(), findings);

  reporting::Recount recount;
  for (const auto& [id, fact] : learners) recount.Add(id, fact);
  for (const auto& [id, fact] : centers) recount.Add(id, fact);
  for (const auto& [id, cell] : cells) recount.Compare(cell);
  for (const std::string& difference : recount.Differences()) findings.push_back(difference);

  const auto& enrollment = seen.ledgers.at("enrollment").records;
  for (const int days : {-30, 0, 30}) {
    const Day day = today + std::chrono::days(days);
    if (PupilsOf(cells, day) == CountPupils(enrollment, applied.enrollment, day)) continue;
    findings.push_back(Concat("the pupils of ", FormatDay(day), " are counted wrongly"));
  }
}

void CheckLedgers(City& city, const Seen& seen, bool at_rest, Findings& findings) {
  const auto proof = Prove(city, {});
  if (!proof.ok()) return findings.push_back(proof.status().ToString());
  for (const ServiceProof& service : proof->services) {
    for (const auto& divergence : service.divergences) {
      findings.push_back(Concat(service.service, ": ", divergence.kind, ": ", divergence.what));
    }
    if (service.ledger.parked > 0) {
      findings.push_back(Concat(service.service, " has parked ", service.ledger.parked));
    }
    for (const auto& applied : service.applied) {
      if (!at_rest || applied.applied == applied.head) continue;
      findings.push_back(Concat(service.service, " has applied ", applied.applied, " of ",
                                applied.head, " of ", applied.feed));
    }
  }
}

}  // namespace learncity::simulation
