#include "services/reporting/board.h"

#include <utility>

#include "platform/runtime/concat.h"
#include "services/reporting/tables.h"

namespace learncity::reporting {

absl::Status Board::Load(ledger::Reader& reader) {
  MutexLock lock(&mutex_);
  return reader.InSnapshot([&]() LEARNCITY_REQUIRES(mutex_) -> absl::Status {
    for (const auto* kind : {v1::Cell::descriptor(), v1::UnitReference::descriptor(),
                             v1::UnitCountReference::descriptor(), v1::Observation::descriptor()}) {
      const ledger::Table& table = *ReportingSchema().ByDocument(kind);
      const std::unique_ptr<google::protobuf::Message> document(table.prototype->New());
      bool sound = true;
      const auto take = [&](const Id& id, int64_t, std::string_view bytes) {
        sound &= document->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
        Take(id, *document);
      };
      if (auto scanned = reader.ScanAll(table, take); !scanned.ok()) return scanned;
      if (sound) continue;
      return absl::DataLossError(
          Concat("a ", table.name, " does not parse; run `learncity verify`"));
    }
    GiveOutChanges();
    const auto cursors = reader.ReadCursors();
    if (!cursors.ok()) return cursors.status();
    for (const ledger::Cursor& cursor : *cursors) cursors_[cursor.feed] = cursor;
    return absl::OkStatus();
  });
}

void Board::Take(const Id& id, const google::protobuf::Message& document) {
  const auto* kind = document.GetDescriptor();
  if (kind == v1::Cell::descriptor()) {
    TakeCell(id, static_cast<const v1::Cell&>(document));
  } else if (kind == v1::UnitReference::descriptor()) {
    UnitsToChange().Add(static_cast<const v1::UnitReference&>(document));
  } else if (kind == v1::UnitCountReference::descriptor()) {
    UnitsToChange().Add(static_cast<const v1::UnitCountReference&>(document));
  } else if (kind == v1::Observation::descriptor()) {
    observations_[id] = static_cast<const v1::Observation&>(document);
  }
}

void Board::TakeCell(const Id& id, const v1::Cell& cell) {
  Place& place = places_[id];
  if (place.group == nullptr) {
    place.group = &groups_[cell.key()];
    place.index = place.group->size();
    place.group->push_back({.time = cell.key().time()});
  }
  (*place.group)[place.index].count = cell.count();
}

Units& Board::UnitsToChange() {
  if (!changing_) changing_ = std::make_shared<Units>(*units_);
  return *changing_;
}

void Board::GiveOutChanges() {
  if (changing_) units_ = std::exchange(changing_, nullptr);
}

void Board::Apply(const ledger::TurnWrites& turn) {
  MutexLock lock(&mutex_);
  for (const ledger::StoredDocument& document : turn.documents) {
    Take(document.id, *document.message);
  }
  GiveOutChanges();
  for (const ledger::Cursor& cursor : turn.cursors) cursors_[cursor.feed] = cursor;
}

std::shared_ptr<const Units> Board::units() const {
  MutexLock lock(&mutex_);
  return units_;
}

Snapshot Board::Read(const google::type::Date& as_of) const {
  Snapshot snapshot{.cells = CellSums(as_of),
                    .units = {},
                    .positions = {},
                    .observed = ObservedValues(DayOf(as_of))};
  MutexLock lock(&mutex_);
  for (const auto& [key, counts] : groups_) {
    const int until = snapshot.cells.TimeOf(key.measure());
    int64_t sum = 0, cells = 0;
    for (const Count& count : counts) {
      if (count.count == 0 || count.time > until) continue;
      sum += count.count;
      ++cells;
    }
    if (cells > 0) snapshot.cells.AddGroup(key, sum, cells);
  }
  snapshot.units = units_;
  for (const auto& [id, observation] : observations_) snapshot.observed.Add(observation);
  for (const std::string& feed : ReportingFollows()) {
    const auto found = cursors_.find(feed);
    v1::FeedPosition& position = snapshot.positions.emplace_back();
    position.set_feed(feed);
    position.set_epoch(found == cursors_.end() ? 1 : found->second.epoch);
    position.set_position(found == cursors_.end() ? 0 : found->second.position);
  }
  return snapshot;
}

}  // namespace learncity::reporting
