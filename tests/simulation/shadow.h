// A second reporting beside the city's own, for showing what the simulation finds: it follows
// enrollment as every service does, or with a cursor that is saved outside the turn.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "platform/host/host.h"
#include "platform/ledger/sqlite.h"
#include "services/learncity/city.h"

namespace learncity::simulation {

class Shadow {
 public:
  enum class Follows {
    // There is no shadow.
    kNothing,
    kInTheTurn,
    // The bug: effect and cursor are two commits. A crash between them repeats the effect.
    kBesideTheTurn,
  };

  // `city` must outlive it. `boot` counts the starts of the history.
  static absl::StatusOr<std::unique_ptr<Shadow>> Open(City& city, Follows follows,
                                                      const std::string& vfs, int boot,
                                                      Clock clock);

  bool Step();
  // True when it has taken in everything that is committed.
  bool CaughtUp();
  ledger::Readers& readers() { return host_->readers(); }

 private:
  explicit Shadow(City& city) : city_(city) {}
  absl::Status OpenCursor(const std::string& vfs);
  bool StepBesideTheTurn();

  City& city_;
  Follows follows_ = Follows::kNothing;
  std::unique_ptr<host::Host> host_;
  // What follows is used by the bug alone.
  sqlite::Database file_;
  feed::Source source_;
  int boot_ = 0;
  int batches_ = 0;
  int64_t cursor_ = 0;
  bool on_its_way_ = false;
};

}  // namespace learncity::simulation
