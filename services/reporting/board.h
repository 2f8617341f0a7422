// What figures are read from, in memory as the last committed turn left it, while the ledger goes
// on: every cell, the units, and what was entered by hand. Reading adds up one number for each day
// of each group and touches no file.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/reader.h"
#include "platform/runtime/mutex.h"
#include "services/reporting/figures.h"

namespace learncity::reporting {

// Load before the writer's first turn or by its thread, Apply by its thread, Read by any.
class Board {
 public:
  // Reads everything there is; again, once turns were missed.
  absl::Status Load(ledger::Reader& reader);
  // After each commit, in their order.
  void Apply(const ledger::TurnWrites& turn);
  // The board must outlive what it gives.
  Snapshot Read(const google::type::Date& as_of) const;
  std::shared_ptr<const Units> units() const;

 private:
  struct Count {
    int time = 0;
    int64_t count = 0;
  };
  using Group = std::vector<Count>;
  // Where a cell's count stands: groups are never taken out, and grow at their end.
  struct Place {
    Group* group = nullptr;
    size_t index = 0;
  };
  struct IdHash {
    size_t operator()(const Id& id) const { return std::hash<std::string_view>{}(id.view()); }
  };

  // A document of any kind, as it is now.
  void Take(const Id& id, const google::protobuf::Message& document) LEARNCITY_REQUIRES(mutex_);
  void TakeCell(const Id& id, const v1::Cell& cell) LEARNCITY_REQUIRES(mutex_);
  Units& UnitsToChange() LEARNCITY_REQUIRES(mutex_);
  void GiveOutChanges() LEARNCITY_REQUIRES(mutex_);

  mutable Mutex mutex_;
  // In the order in which figures are read. A key's time says nothing here.
  std::map<v1::CellKey, Group, GroupBefore> groups_ LEARNCITY_GUARDED_BY(mutex_);
  std::unordered_map<Id, Place, IdHash> places_ LEARNCITY_GUARDED_BY(mutex_);
  // What is given out never changes: a turn that changes units makes a copy.
  std::shared_ptr<const Units> units_ LEARNCITY_GUARDED_BY(mutex_) = std::make_shared<Units>();
  std::shared_ptr<Units> changing_ LEARNCITY_GUARDED_BY(mutex_);
  std::map<Id, v1::Observation> observations_ LEARNCITY_GUARDED_BY(mutex_);
  // By feed.
  std::map<std::string, ledger::Cursor> cursors_ LEARNCITY_GUARDED_BY(mutex_);
};

}  // namespace learncity::reporting
