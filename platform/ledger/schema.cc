#include "platform/ledger/schema.h"

#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

template <class Map, class Key>
auto FindPointer(const Map& map, const Key& key) -> decltype(&map.begin()->second) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

Value DueValue(const Table& table, const google::protobuf::Message& document) {
  const auto due_at = table.due_at ? table.due_at(document) : std::nullopt;
  return due_at ? Value(due_at->time_since_epoch().count()) : Value();
}

Table& Schema::NewTable(std::string name, Table::Origin origin) {
  auto& table = tables_.emplace_back(std::make_unique<Table>());
  table->name = std::move(name);
  table->origin = origin;
  table->index = static_cast<int>(tables_.size()) - 1;
  return *table;
}

const Table* Schema::ByDocument(const google::protobuf::Descriptor* document) const {
  const auto* found = FindPointer(by_document_, document);
  return found == nullptr ? nullptr : *found;
}

const Table* Schema::ByEvent(const google::protobuf::Descriptor* event) const {
  const auto* found = FindPointer(by_event_, event);
  return found == nullptr ? nullptr : *found;
}

const Table* Schema::ByEventType(std::string_view full_name) const {
  for (const auto& [descriptor, table] : by_event_) {
    if (descriptor->full_name() == full_name) return table;
  }
  return nullptr;
}

absl::StatusOr<int> Schema::KindAnswered(std::string_view name) const {
  for (const auto& table : tables_) {
    if (table->name == name) return table->index;
  }
  return absl::InternalError(Concat("the answer is a ", name, ", which is not kept any more"));
}

std::vector<const Table*> Schema::References(std::string_view feed,
                                             std::string_view event_type) const {
  std::vector<const Table*> found;
  for (const auto& table : tables_) {
    if (table->origin == Table::Origin::kReference && table->feed == feed &&
        table->event_prototype->GetDescriptor()->full_name() == event_type) {
      found.push_back(table.get());
    }
  }
  return found;
}

const Rules::RequestRule* Rules::ForRequest(const google::protobuf::Descriptor* request) const {
  return FindPointer(requests_, request);
}

const std::vector<Rules::EventRule>* Rules::ForEvent(std::string_view type) const {
  return FindPointer(events_, type);
}

const Rules::DueRule* Rules::ForDue(const google::protobuf::Descriptor* document) const {
  return FindPointer(due_, document);
}

}  // namespace learncity::ledger
