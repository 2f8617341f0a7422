#include "platform/ledger/verify.h"

#include <algorithm>
#include <map>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/message_differencer.h"
#include "platform/ledger/seal.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

constexpr int kSlice = 1000;

using google::protobuf::util::MessageDifferencer;

// Documents folded from events, to hold against the stored ones.
class Folded {
 public:
  void Fold(const Table& table, const Record& record) {
    std::unique_ptr<google::protobuf::Message> event(table.event_prototype->New());
    if (!event->ParseFromString(record.data)) return;
    auto& document = documents_[{table.index, record.subject}];
    if (!document.message) document.message.reset(table.prototype->New());
    table.fold(*document.message, *event);
    ++document.version;
  }

  // Compares with what the table holds; what was compared is taken out.
  void Compare(const Table& table, const Reader::Stored& stored, std::vector<Divergence>& found) {
    const auto folded = documents_.find({table.index, stored.id});
    const std::string name = Concat(table.name, " ", stored.id.ToString());
    if (folded == documents_.end()) {
      Add(found, "document", Concat(name, " is stored, but no event made it"));
      return;
    }
    std::unique_ptr<google::protobuf::Message> message(table.prototype->New());
    if (!message->ParseFromArray(stored.bytes.data(), static_cast<int>(stored.bytes.size()))) {
      Add(found, "document", Concat(name, " does not parse"));
    } else if (stored.version != folded->second.version ||
               !MessageDifferencer::Equals(*message, *folded->second.message)) {
      Add(found, "document",
          Concat(name, " differs from the fold of its events (version ", stored.version,
                 ", folded ", folded->second.version, ")"));
    } else if (!ColumnsHold(table, stored, *message)) {
      Add(found, "document", Concat(name, " has a column that is not as its message says"));
    }
    documents_.erase(folded);
  }

  // What is left was folded and is not stored.
  void Rest(const Schema& schema, std::vector<Divergence>& found) const {
    for (const auto& [key, document] : documents_) {
      Add(found, "document",
          Concat(schema.tables()[static_cast<size_t>(key.first)]->name, " ", key.second.ToString(),
                 " has events, but is not stored"));
    }
  }

  static void Add(std::vector<Divergence>& found, std::string kind, std::string what) {
    if (found.size() < kDivergencesMax) found.push_back({std::move(kind), std::move(what)});
  }

 private:
  static bool ColumnsHold(const Table& table, const Reader::Stored& stored,
                          const google::protobuf::Message& message) {
    if (stored.due_at != DueValue(table, message)) return false;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (stored.columns[i] != table.columns[i].value(message)) return false;
    }
    return true;
  }

  struct Document {
    std::unique_ptr<google::protobuf::Message> message;
    int64_t version = 0;
  };
  absl::flat_hash_map<std::pair<int, Id>, Document> documents_;
};

std::vector<Cursor> ParseCursors(const std::string& text) {
  std::vector<Cursor> cursors;
  for (const absl::string_view one : absl::StrSplit(text, ';', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(one, '/');
    Cursor cursor;
    if (parts.size() != 3 || !absl::SimpleAtoi(parts[1], &cursor.epoch) ||
        !absl::SimpleAtoi(parts[2], &cursor.position)) {
      continue;
    }
    cursor.feed = parts[0];
    cursors.push_back(std::move(cursor));
  }
  return cursors;
}

// The chain of seals, turn by turn.
class Chain {
 public:
  explicit Chain(std::vector<Divergence>& found) : found_(found) {}

  void Turn(const TurnRow& turn, const std::vector<Record>& records) {
    if (turn.turn != turn_ + 1 || turn.first_position != position_ + 1) {
      Folded::Add(found_, "position",
                  Concat("turn ", turn.turn, " starts at ", turn.first_position, "; turn ",
                         turn_ + 1, " at ", position_ + 1, " was expected"));
    }
    int64_t expected = turn.first_position;
    for (const Record& record : records) {
      if (record.position != expected++) {
        Folded::Add(found_, "position", Concat("position ", expected - 1, " is missing"));
        break;
      }
    }
    if (expected != turn.last_position + 1) {
      Folded::Add(found_, "position",
                  Concat("turn ", turn.turn, " ends at ", turn.last_position, ", its events at ",
                         expected - 1));
    }
    const SealBytes seal = Seal(seal_, turn.turn, turn.time, records, turn.cursors);
    if (turn.seal != std::string_view(reinterpret_cast<const char*>(seal.data()), seal.size())) {
      Folded::Add(found_, "seal",
                  Concat("turn ", turn.turn, " (positions ", turn.first_position, " to ",
                         turn.last_position, ") does not match its seal"));
    }
    // The stored seal goes on, so that one changed turn is reported once.
    if (turn.seal.size() == seal_.size()) {
      std::memcpy(seal_.data(), turn.seal.data(), seal_.size());
    }
    turn_ = turn.turn;
    position_ = turn.last_position;
    for (Cursor& cursor : ParseCursors(turn.cursors)) cursors_[cursor.feed] = cursor;
  }

  const std::map<std::string, Cursor>& cursors() const { return cursors_; }
  int64_t position() const { return position_; }

 private:
  std::vector<Divergence>& found_;
  int64_t turn_ = 0;
  int64_t position_ = 0;
  SealBytes seal_{};
  std::map<std::string, Cursor> cursors_;
};

absl::StatusOr<std::vector<Record>> ReadTurn(Reader& reader, const TurnRow& turn) {
  std::vector<Record> records;
  while (static_cast<int64_t>(records.size()) <= turn.last_position - turn.first_position) {
    const int64_t after = records.empty() ? turn.first_position - 1 : records.back().position;
    const int64_t left = turn.last_position - after;
    if (left <= 0) break;
    auto read = reader.Read(after, static_cast<int>(std::min<int64_t>(left, kSlice)));
    if (!read.ok()) return read.status();
    if (read->empty()) break;
    for (Record& record : *read) {
      if (record.position <= turn.last_position) records.push_back(std::move(record));
    }
    if (read->back().position > turn.last_position) break;
  }
  return records;
}

// Cursors are where the sealed turns have left them.
absl::Status VerifyCursors(Reader& reader, std::map<std::string, Cursor> sealed,
                           std::vector<Divergence>& found) {
  const auto stored = reader.ReadCursors();
  if (!stored.ok()) return stored.status();
  for (const Cursor& cursor : *stored) {
    const Cursor& expected = sealed[cursor.feed];
    if (cursor.position != expected.position || cursor.epoch != expected.epoch) {
      Folded::Add(found, "position",
                  Concat("the cursor of ", cursor.feed, " is ", cursor.position,
                         ", the last turn that moved it says ", expected.position));
    }
    sealed.erase(cursor.feed);
  }
  for (const auto& [feed, cursor] : sealed) {
    Folded::Add(found, "position",
                Concat("the cursor of ", feed, " is gone; a turn moved it to ", cursor.position));
  }
  return absl::OkStatus();
}

absl::Status VerifyTurns(Reader& reader, const Schema& schema, const Progress& progress,
                         Verification& result, Folded& folded) {
  Chain chain(result.divergences);
  while (true) {
    const auto turns = reader.ReadTurns(result.turns, kSlice);
    if (!turns.ok()) return turns.status();
    if (turns->empty()) break;
    for (const TurnRow& turn : *turns) {
      const auto records = ReadTurn(reader, turn);
      if (!records.ok()) return records.status();
      chain.Turn(turn, *records);
      for (const Record& record : *records) {
        if (const Table* table = schema.ByEventType(record.type)) folded.Fold(*table, record);
      }
      result.events += static_cast<int64_t>(records->size());
      result.turns = turn.turn;
    }
    if (progress) progress(result.events);
  }
  const auto past = reader.Read(chain.position(), 1);
  if (!past.ok()) return past.status();
  if (!past->empty()) {
    Folded::Add(result.divergences, "position",
                Concat("position ", past->front().position, " belongs to no turn"));
  }
  return VerifyCursors(reader, chain.cursors(), result.divergences);
}

}  // namespace

absl::StatusOr<Verification> Verify(Reader& reader, const Schema& schema,
                                    const Progress& progress) {
  Verification result;
  const auto integrity = reader.CheckIntegrity();
  if (!integrity.ok()) return integrity.status();
  if (*integrity != "ok") Folded::Add(result.divergences, "file", *integrity);
  const absl::Status status = reader.InSnapshot([&]() -> absl::Status {
    auto head = reader.ReadHead();
    if (!head.ok()) return head.status();
    result.head = *head;
    Folded folded;
    if (auto turns = VerifyTurns(reader, schema, progress, result, folded); !turns.ok()) {
      return turns;
    }
    for (const auto& table : schema.tables()) {
      if (table->origin != Table::Origin::kOwn) continue;
      auto scanned = reader.ScanStored(*table, [&](const Reader::Stored& stored) {
        ++result.documents;
        folded.Compare(*table, stored, result.divergences);
      });
      if (!scanned.ok()) return scanned;
    }
    folded.Rest(schema, result.divergences);
    const auto parked = reader.ReadParked();
    if (!parked.ok()) return parked.status();
    result.parked = static_cast<int64_t>(parked->size());
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return result;
}

absl::StatusOr<std::vector<Divergence>> VerifyReferences(
    Reader& reader, const Schema& schema, const std::string& feed,
    const std::function<absl::StatusOr<std::vector<Record>>(int64_t after)>& read) {
  std::vector<Divergence> found;
  const absl::Status status = reader.InSnapshot([&]() -> absl::Status {
    const auto cursor = reader.ReadCursor(feed);
    if (!cursor.ok()) return cursor.status();
    const auto parked = reader.ReadParked();
    if (!parked.ok()) return parked.status();
    absl::flat_hash_set<int64_t> parked_positions;
    for (const Parked& p : *parked) {
      if (p.feed == feed) parked_positions.insert(p.record.position);
    }
    Folded folded;
    for (int64_t after = 0; after < cursor->position;) {
      const auto records = read(after);
      if (!records.ok()) return records.status();
      if (records->empty()) break;
      for (const Record& record : *records) {
        after = record.position;
        if (record.position > cursor->position) break;
        if (parked_positions.contains(record.position)) continue;
        for (const Table* table : schema.References(feed, record.type)) {
          folded.Fold(*table, record);
        }
      }
    }
    for (const auto& table : schema.tables()) {
      if (table->origin != Table::Origin::kReference || table->feed != feed) continue;
      auto scanned = reader.ScanStored(
          *table, [&](const Reader::Stored& stored) { folded.Compare(*table, stored, found); });
      if (!scanned.ok()) return scanned;
    }
    folded.Rest(schema, found);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return found;
}

}  // namespace learncity::ledger
