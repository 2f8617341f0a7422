#include "platform/ledger/working_set.h"

#include <algorithm>
#include <map>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {

void WorkingSet::BeginTurn(Time now) {
  const bool is_stale = ledger_.head().turn != warm_since_;
  if (is_stale || slots_.size() + unique_.size() > kWarmMax) {
    slots_.clear();
    unique_.clear();
  }
  warm_since_ = ledger_.head().turn;
  writes_ = TurnWrites{.time = now};
  changed_.clear();
  put_.clear();
  passing_.clear();
  fault_ = absl::OkStatus();
  bytes_ = 0;
  changes_ = 0;
  BeginInput();
}

void WorkingSet::BeginInput() {
  asked_.clear();
  asked_by_.clear();
  missing_.reset();
}

const Table& WorkingSet::TableOf(const google::protobuf::Descriptor* kind) const {
  const Table* table = ledger_.schema().ByDocument(kind);
  LEARNCITY_CHECK(table != nullptr) << "the schema has no " << kind->full_name();
  return *table;
}

WorkingSet::Slot* WorkingSet::FindSlot(const Table& table, const Id& id) {
  const auto found = slots_.find({table.index, id});
  return found == slots_.end() ? nullptr : found->second.get();
}

WorkingSet::Slot& WorkingSet::MakeSlot(const Table& table, const Id& id) {
  auto& slot = slots_[{table.index, id}];
  LEARNCITY_CHECK(slot == nullptr) << table.name << " " << id.ToString() << " is here already";
  slot = std::make_unique<Slot>();
  slot->table = &table;
  slot->id = id;
  return *slot;
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> WorkingSet::Parse(const Table& table,
                                                                             const Row& row) const {
  std::unique_ptr<google::protobuf::Message> message(table.prototype->New());
  if (!message->ParseFromString(row.bytes)) {
    return absl::DataLossError(
        Concat("the stored bytes of ", table.name, " ", row.id.ToString(), " do not parse"));
  }
  return message;
}

absl::StatusOr<WorkingSet::Slot*> WorkingSet::LoadSlot(const Table& table, Row row) {
  auto message = Parse(table, row);
  if (!message.ok()) return message.status();
  Slot& slot = MakeSlot(table, row.id);
  slot.message = *std::move(message);
  slot.version = row.version;
  slot.stored = true;
  for (const Column& column : table.columns) {
    if (column.index == Column::Index::kUnique) {
      slot.unique_values.push_back(column.value(*slot.message));
    }
  }
  return &slot;
}

absl::Status WorkingSet::LoadDocuments(const Table& table, std::vector<Id> ids) {
  std::erase_if(ids, [&](const Id& id) { return slots_.contains({table.index, id}); });
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (ids.empty()) return absl::OkStatus();
  auto rows = ledger_.Load(table, ids);
  if (!rows.ok()) return rows.status();
  // One that does not parse keeps nobody else from theirs.
  absl::Status fault;
  std::vector<Id> found;
  for (Row& row : *rows) {
    found.push_back(row.id);
    fault.Update(LoadSlot(table, std::move(row)).status());
  }
  std::sort(found.begin(), found.end());
  for (const Id& id : ids) {
    if (!std::binary_search(found.begin(), found.end(), id)) MakeSlot(table, id);
  }
  return fault;
}

void WorkingSet::FindAny(const Table& table, const Id& id) {
  if (FindSlot(table, id) == nullptr) asked_.emplace_back(table.index, id);
}

const google::protobuf::Message* WorkingSet::FindMessage(const google::protobuf::Descriptor* kind,
                                                         const Id& id) {
  const Table& table = TableOf(kind);
  if (const Slot* slot = FindSlot(table, id)) return slot->message.get();
  asked_.emplace_back(table.index, id);
  return nullptr;
}

const google::protobuf::Message* WorkingSet::FindMessageBy(const google::protobuf::Descriptor* kind,
                                                           std::string_view column,
                                                           std::string_view value) {
  const Table& table = TableOf(kind);
  int index = 0;
  for (const Column& c : table.columns) {
    if (c.name == column) break;
    ++index;
  }
  LEARNCITY_CHECK(index < static_cast<int>(table.columns.size())) << table.name << "." << column;
  MovePutValues();
  UniqueKey key{table.index, index, std::string(value)};
  const auto known = unique_.find(key);
  if (known == unique_.end()) {
    asked_by_.push_back(std::move(key));
    return nullptr;
  }
  if (!known->second) return nullptr;
  if (const Slot* slot = FindSlot(table, *known->second)) return slot->message.get();
  asked_.emplace_back(table.index, *known->second);
  return nullptr;
}

void WorkingSet::Missing(const google::protobuf::Descriptor* kind, std::string_view name) {
  if (missing_) return;
  const Table& table = TableOf(kind);
  // Not loaded yet is not missing: the input is gathered again after the load.
  if (FindSlot(table, IdOf(name)) == nullptr) return;
  missing_ = Refusal{.code = absl::StatusCode::kNotFound,
                     .domain = Concat(ledger_.schema().service(), ".learncity"),
                     .reason = "RESOURCE_NOT_FOUND",
                     .message = Concat("There is no ", name, "."),
                     .resource = std::string(name)};
  if (table.origin == Table::Origin::kReference) {
    missing_->reason = "NOT_FOLLOWED_YET";
    missing_->message =
        Concat(ledger_.schema().service(), " does not know ", name, ". If ", table.feed,
               " has just answered with it, call FeedService.Await(follower=\"",
               ledger_.schema().service(), "\", feed=\"", table.feed,
               "\", position from learncity-position) and repeat the request.");
  }
}

absl::Status WorkingSet::LoadHolders(const Table& table, int column,
                                     const std::vector<std::string>& values) {
  const Column& declared = table.columns[static_cast<size_t>(column)];
  auto rows = ledger_.LoadBy(table, declared, values);
  if (!rows.ok()) return rows.status();
  std::vector<const Slot*> holders;
  for (Row& row : *rows) {
    const Slot* slot = FindSlot(table, row.id);
    if (slot == nullptr) {
      auto loaded = LoadSlot(table, std::move(row));
      if (!loaded.ok()) return loaded.status();
      slot = *loaded;
    }
    holders.push_back(slot);
  }
  for (const std::string& value : values) unique_[{table.index, column, value}] = std::nullopt;
  // A stored holder may have given its value up in this turn.
  for (const Slot* slot : holders) {
    if (!slot->message) continue;
    const Value value = declared.value(*slot->message);
    const auto* bytes = std::get_if<std::string>(&value);
    if (bytes == nullptr) continue;
    const auto asked = unique_.find({table.index, column, *bytes});
    if (asked != unique_.end() && !asked->second) asked->second = slot->id;
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> WorkingSet::LoadAsked() {
  if (asked_.empty() && asked_by_.empty()) return false;
  const auto& tables = ledger_.schema().tables();
  std::map<std::pair<int, int>, std::vector<std::string>> values;
  for (UniqueKey& key : std::exchange(asked_by_, {})) {
    if (unique_.contains(key)) continue;
    values[{key.table, key.column}].push_back(std::move(key.value));
  }
  std::map<int, std::vector<Id>> ids;
  for (const auto& [table, id] : std::exchange(asked_, {})) ids[table].push_back(id);
  absl::Status fault;
  for (const auto& [place, asked] : values) {
    fault.Update(LoadHolders(*tables[static_cast<size_t>(place.first)], place.second, asked));
  }
  for (auto& [table, asked] : ids) {
    fault.Update(LoadDocuments(*tables[static_cast<size_t>(table)], std::move(asked)));
  }
  if (!fault.ok()) return fault;
  return true;
}

google::protobuf::Message& WorkingSet::Mutable(Slot& slot) {
  if (!slot.message) slot.message.reset(slot.table->prototype->New());
  return *slot.message;
}

void WorkingSet::Changed(Slot& slot) {
  ++slot.version;
  ++changes_;
  MoveUniqueValues(slot);
  if (slot.changed) return;
  slot.changed = true;
  changed_.push_back(&slot);
}

void WorkingSet::MoveUniqueValues(Slot& slot) {
  size_t n = 0;
  int index = -1;
  for (const Column& column : slot.table->columns) {
    ++index;
    if (column.index != Column::Index::kUnique) continue;
    if (n == slot.unique_values.size()) slot.unique_values.emplace_back();
    Value& before = slot.unique_values[n++];
    Value after = column.value(*slot.message);
    if (after == before) continue;
    if (const auto* value = std::get_if<std::string>(&before)) {
      // Unless another document has taken it over in between. Who is left with it is looked up.
      const auto holder = unique_.find({slot.table->index, index, *value});
      if (holder != unique_.end() && holder->second == slot.id) unique_.erase(holder);
    }
    if (const auto* value = std::get_if<std::string>(&after)) {
      unique_[{slot.table->index, index, *value}] = slot.id;
    }
    before = std::move(after);
  }
}

void WorkingSet::MovePutValues() {
  for (Slot* slot : put_) MoveUniqueValues(*slot);
}

const WorkingSet::Slot& WorkingSet::Fold(const Change& change) {
  const Table* table = ledger_.schema().ByEvent(change.event->GetDescriptor());
  LEARNCITY_CHECK(table != nullptr) << change.event->GetTypeName();
  Slot* slot = FindSlot(*table, change.document);
  // A rule may make a document without having looked for it: its id is new.
  if (slot == nullptr) slot = &MakeSlot(*table, change.document);
  table->fold(Mutable(*slot), *change.event);
  Changed(*slot);
  Record& record = writes_.records.emplace_back();
  record.position = ledger_.head().position + static_cast<int64_t>(writes_.records.size());
  record.time = writes_.time;
  record.type = change.event->GetTypeName();
  record.subject = change.document;
  record.version = slot->version;
  record.data = change.event->SerializeAsString();
  bytes_ += static_cast<int64_t>(record.data.size());
  return *slot;
}

void WorkingSet::FoldReference(const Table& table, const Id& id,
                               const google::protobuf::Message& event, size_t bytes) {
  Slot* slot = FindSlot(table, id);
  LEARNCITY_CHECK(slot != nullptr) << table.name << " " << id.ToString() << " was not asked for";
  table.fold(Mutable(*slot), event);
  Changed(*slot);
  bytes_ += static_cast<int64_t>(bytes);
}

void WorkingSet::Apply(const Decision& decision) {
  for (const Change& change : decision.changes()) Fold(change);
}

google::protobuf::Message& WorkingSet::PutMessage(const google::protobuf::Descriptor* kind,
                                                  const Id& id) {
  const Table& table = TableOf(kind);
  LEARNCITY_CHECK(table.origin == Table::Origin::kDerived) << table.name << " folds events";
  Slot* slot = FindSlot(table, id);
  if (slot == nullptr) {
    // Asked for too late to be loaded with the others.
    if (absl::Status loaded = LoadDocuments(table, {id}); !loaded.ok()) {
      fault_.Update(loaded);
      return *passing_.emplace_back(table.prototype->New());
    }
    slot = FindSlot(table, id);
  }
  google::protobuf::Message& message = Mutable(*slot);
  Changed(*slot);
  put_.push_back(slot);
  return message;
}

Walk::Messages WorkingSet::NextMessages(const google::protobuf::Descriptor* kind, const Id& after,
                                        int limit) {
  const Table& table = TableOf(kind);
  const auto rows = ledger_.LoadNext(table, after, limit);
  if (!rows.ok()) {
    fault_.Update(rows.status());
    return {};
  }
  Messages found;
  for (const Row& row : *rows) {
    if (const Slot* slot = FindSlot(table, row.id)) {
      found.emplace_back(row.id, slot->message.get());
      continue;
    }
    auto message = Parse(table, row);
    if (!message.ok()) {
      fault_.Update(message.status());
      return {};
    }
    found.emplace_back(row.id, passing_.emplace_back(*std::move(message)).get());
  }
  // What this turn has made has no row yet.
  for (const Slot* slot : changed_) {
    if (slot->table != &table || slot->stored || slot->id <= after) continue;
    found.emplace_back(slot->id, slot->message.get());
  }
  std::sort(found.begin(), found.end());
  if (static_cast<int>(found.size()) > limit) found.resize(static_cast<size_t>(limit));
  return found;
}

void WorkingSet::Collect() {
  MovePutValues();
  writes_.documents.clear();
  writes_.documents.reserve(changed_.size());
  for (Slot* slot : changed_) {
    slot->message->SerializeToString(&slot->bytes);
    writes_.documents.push_back({.table = slot->table,
                                 .id = slot->id,
                                 .version = slot->version,
                                 .message = slot->message.get(),
                                 .bytes = slot->bytes,
                                 .existed = slot->stored});
  }
}

void WorkingSet::Committed() {
  warm_since_ = ledger_.head().turn;
  for (Slot* slot : changed_) {
    slot->stored = true;
    slot->changed = false;
    slot->bytes = {};
  }
  changed_.clear();
}

void WorkingSet::Undone() {
  // What others find by a unique value may have moved with the turn: drop that knowledge too.
  if (!changed_.empty()) unique_.clear();
  put_.clear();
  for (const Slot* slot : changed_) slots_.erase(Key{slot->table->index, slot->id});
  changed_.clear();
  writes_.records.clear();
}

}  // namespace learncity::ledger
