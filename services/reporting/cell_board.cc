#include "services/reporting/cell_board.h"

#include "services/reporting/tables.h"

namespace learncity::reporting {

absl::Status CellBoard::Load(ledger::Reader& reader) {
  const ledger::Table& cells = *ReportingSchema().ByDocument(v1::Cell::descriptor());
  MutexLock lock(&mutex_);
  return reader.InSnapshot([&]() LEARNCITY_REQUIRES(mutex_) -> absl::Status {
    v1::Cell cell;
    bool sound = true;
    const auto scanned = reader.ScanAll(cells, [&](const Id& id, int64_t, std::string_view bytes) {
      sound &= cell.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
      Set(id, cell);
    });
    if (!scanned.ok()) return scanned;
    if (!sound) return absl::DataLossError("a cell does not parse; run `learncity verify`");
    const auto cursors = reader.ReadCursors();
    if (!cursors.ok()) return cursors.status();
    for (const ledger::Cursor& cursor : *cursors) cursors_[cursor.feed] = cursor;
    return absl::OkStatus();
  });
}

void CellBoard::Set(const Id& id, const v1::Cell& cell) {
  Place& place = places_[id];
  if (place.group == nullptr) {
    place.group = &groups_[cell.key()];
    place.index = place.group->size();
    place.group->push_back({.time = cell.key().time()});
  }
  (*place.group)[place.index].count = cell.count();
}

void CellBoard::Apply(const ledger::TurnWrites& turn) {
  MutexLock lock(&mutex_);
  for (const ledger::StoredDocument& document : turn.documents) {
    if (document.message->GetDescriptor() != v1::Cell::descriptor()) continue;
    Set(document.id, static_cast<const v1::Cell&>(*document.message));
  }
  for (const ledger::Cursor& cursor : turn.cursors) cursors_[cursor.feed] = cursor;
}

Snapshot CellBoard::Read(const google::type::Date& as_of) const {
  Snapshot snapshot{.cells = CellSums(as_of), .positions = {}};
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
