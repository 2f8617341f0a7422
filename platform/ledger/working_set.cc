#include "platform/ledger/working_set.h"

#include <algorithm>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {

void WorkingSet::BeginTurn(Time now) {
  if (slots_.size() + unique_.size() > kWarmMax) {
    slots_.clear();
    unique_.clear();
  }
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

absl::StatusOr<WorkingSet::Slot*> WorkingSet::LoadSlot(const Table& table, const Id& id) {
  auto row = ledger_.Load(table, id);
  if (!row.ok()) return row.status();
  if (*row) return LoadSlot(table, std::move(**row));
  return &MakeSlot(table, id);
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

// The document that has a value in a unique column. A stored one may have given it up in this turn.
absl::StatusOr<std::optional<Id>> WorkingSet::LoadHolder(const UniqueKey& key) {
  const Table& table = *ledger_.schema().tables()[static_cast<size_t>(key.table)];
  const Column& column = table.columns[static_cast<size_t>(key.column)];
  auto rows = ledger_.LoadBy(table, column, key.value);
  if (!rows.ok()) return rows.status();
  for (Row& row : *rows) {
    const Id id = row.id;
    const Slot* slot = FindSlot(table, id);
    if (slot == nullptr) {
      auto loaded = LoadSlot(table, std::move(row));
      if (!loaded.ok()) return loaded.status();
      slot = *loaded;
    }
    if (slot->message && column.value(*slot->message) == Value(key.value)) return id;
  }
  return std::nullopt;
}

absl::StatusOr<bool> WorkingSet::LoadAsked() {
  if (asked_.empty() && asked_by_.empty()) return false;
  const auto& tables = ledger_.schema().tables();
  for (const UniqueKey& key : asked_by_) {
    if (unique_.contains(key)) continue;
    const auto holder = LoadHolder(key);
    if (!holder.ok()) return holder.status();
    unique_[key] = *holder;
  }
  for (const auto& [index, id] : asked_) {
    if (slots_.contains({index, id})) continue;
    const Table& table = *tables[static_cast<size_t>(index)];
    if (auto loaded = LoadSlot(table, id); !loaded.ok()) return loaded.status();
  }
  asked_.clear();
  asked_by_.clear();
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
    auto loaded = LoadSlot(table, id);
    if (!loaded.ok()) {
      fault_.Update(loaded.status());
      return *passing_.emplace_back(table.prototype->New());
    }
    slot = *loaded;
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
