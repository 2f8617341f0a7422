#include "platform/testing/scenario.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "google/protobuf/util/time_util.h"
#include "platform/runtime/concat.h"

namespace learncity {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using ledger::Column;
using ledger::Table;
using ledger::Value;

// Shows a case its documents as the ledger does: nothing at first, then what it has asked for.
class Scenario::Loaded : public Lookup {
 public:
  explicit Loaded(const Scenario& scenario) : scenario_(scenario) {}

  // Loads what was asked for since the last call. False when that was nothing.
  bool Load() {
    if (asked_.empty()) return false;
    visible_.merge(asked_);
    asked_.clear();
    missing_.clear();
    return true;
  }
  void Show(const Table& table, const Id& id) { visible_.insert(KeyOf(table, id)); }
  bool Has(const Table& table, const Id& id) const { return visible_.contains(KeyOf(table, id)); }
  // Name of the first document that is required and does not exist; empty: none.
  const std::string& missing() const { return missing_; }

 protected:
  const Message* FindMessage(const Descriptor* kind, const Id& id) override {
    const Table& table = scenario_.TableOf(kind);
    return Sees(KeyOf(table, id)) ? scenario_.Find(table, id) : nullptr;
  }
  const Message* FindMessageBy(const Descriptor* kind, std::string_view column,
                               std::string_view value) override {
    const Table& table = scenario_.TableOf(kind);
    if (!Sees({&table, std::string(column), std::string(value)})) return nullptr;
    for (const Column& c : table.columns) {
      if (c.name == column && c.index == Column::Index::kUnique) return FindIn(table, c, value);
    }
    LEARNCITY_CHECK(false) << table.name << " has no unique column " << column;
    return nullptr;
  }
  void Missing(const Descriptor* kind, std::string_view name) override {
    if (missing_.empty()) missing_ = name;
  }

 private:
  // Table, column and value; for an id the column is empty.
  using Key = std::tuple<const Table*, std::string, std::string>;

  static Key KeyOf(const Table& table, const Id& id) {
    return {&table, "", std::string(id.view())};
  }

  bool Sees(const Key& key) {
    if (visible_.contains(key)) return true;
    asked_.insert(key);
    return false;
  }
  const Message* FindIn(const Table& table, const Column& column, std::string_view value) {
    for (const auto& [key, document] : scenario_.documents_) {
      if (key.first == &table && column.value(*document) == Value(std::string(value))) {
        Show(table, key.second);
        return document.get();
      }
    }
    return nullptr;
  }

  const Scenario& scenario_;
  std::set<Key> visible_;
  std::set<Key> asked_;
  std::string missing_;
};

Scenario::Scenario(const ledger::Schema& schema) : schema_(schema) {}

Scenario& Scenario::Given(std::string_view name, const Message& event) {
  const Id id = IdOf(name);
  names_[id] = name;
  bool kept = false;
  for (const auto& table : schema_.tables()) {
    if (table->event_prototype == nullptr) continue;
    if (table->event_prototype->GetDescriptor() != event.GetDescriptor()) continue;
    Fold(*table, id, event);
    ExpectUnique(*table, id);
    kept = true;
  }
  EXPECT_TRUE(kept) << schema_.service() << " keeps nothing of " << event.GetTypeName();
  return *this;
}

Scenario& Scenario::At(const std::string& time) {
  google::protobuf::Timestamp parsed;
  LEARNCITY_CHECK(google::protobuf::util::TimeUtil::FromString(time, &parsed)) << time;
  now_ = Time(
      std::chrono::microseconds(google::protobuf::util::TimeUtil::TimestampToMicroseconds(parsed)));
  return *this;
}

std::string Scenario::New(std::string_view collection, int n) {
  const Id id = moment().NewId(n);
  return names_[id] = Concat(collection, "/", id.ToString());
}

void Scenario::ExpectReplays(Outcome::Place here) const {
  testing::ScopedTrace trace(here.file_name(), here.line(), "replayed here");
  Documents replayed;
  for (const Event& e : events_) {
    const std::unique_ptr<Message> event(e.table->event_prototype->New());
    ASSERT_TRUE(event->ParseFromString(e.bytes));
    auto& document = replayed[{e.table, e.document}];
    if (!document) document.reset(e.table->prototype->New());
    e.table->fold(*document, *event);
  }
  EXPECT_EQ(Describe(documents_), Describe(replayed));
}

Outcome Scenario::Run(const std::function<void(Lookup&)>& gather,
                      const std::function<Decision(Lookup&, const Moment&)>& decide) {
  ++whens_;
  Loaded loaded(*this);
  do {
    gather(loaded);
  } while (loaded.Load());
  if (!loaded.missing().empty()) {
    return Outcome(*this, Concat("not found: ", loaded.missing()));
  }
  return Happen(decide(loaded, moment()), loaded);
}

const Message* Scenario::BecomeDue(const Descriptor* kind, std::string_view name) {
  const Table& table = TableOf(kind);
  const Message* document = Find(table, IdOf(name));
  LEARNCITY_CHECK(document != nullptr) << "no document " << name;
  const auto due_at = table.due_at ? table.due_at(*document) : std::nullopt;
  if (!due_at) return nullptr;
  now_ = *due_at;
  return document;
}

Outcome Scenario::Happen(const Decision& decision, const Loaded& loaded) {
  if (const auto& refusal = decision.refusal()) {
    return Outcome(*this, Concat("refused: ", refusal->reason), refusal->message);
  }
  std::vector<Happening> happened;
  std::set<Id> made;
  for (const Change& change : decision.changes()) {
    const Table* table = schema_.ByEvent(change.event->GetDescriptor());
    LEARNCITY_CHECK(table != nullptr)
        << schema_.service() << " has no documents for " << change.event->GetTypeName();
    if (Find(*table, change.document) == nullptr) made.insert(change.document);
    EXPECT_TRUE(made.contains(change.document) || loaded.Has(*table, change.document))
        << "an event folds into " << NameOf(change.document) << ", for which the case did not ask";
    Fold(*table, change.document, *change.event);
    happened.emplace_back(change.document, *change.event);
  }
  for (const Change& change : decision.changes()) {
    ExpectUnique(*schema_.ByEvent(change.event->GetDescriptor()), change.document);
  }
  return Outcome(*this, std::move(happened));
}

void Scenario::Fold(const Table& table, const Id& id, const Message& event) {
  auto& document = documents_[{&table, id}];
  if (!document) document.reset(table.prototype->New());
  table.fold(*document, event);
  events_.push_back({&table, id, event.SerializeAsString()});
}

void Scenario::ExpectUnique(const Table& table, const Id& id) const {
  for (const Column& column : table.columns) {
    if (column.index != Column::Index::kUnique) continue;
    const Value value = column.value(*Find(table, id));
    if (std::holds_alternative<std::monostate>(value)) continue;
    for (const auto& [key, other] : documents_) {
      if (key.first != &table || key.second == id) continue;
      EXPECT_NE(column.value(*other), value)
          << NameOf(id) << " and " << NameOf(key.second) << " have the same " << column.name;
    }
  }
}

const Table& Scenario::TableOf(const Descriptor* document) const {
  const Table* table = schema_.ByDocument(document);
  LEARNCITY_CHECK(table != nullptr) << schema_.service() << " has no " << document->full_name();
  return *table;
}

const Message* Scenario::Find(const Table& table, const Id& id) const {
  const auto found = documents_.find({&table, id});
  return found == documents_.end() ? nullptr : found->second.get();
}

Moment Scenario::moment() const {
  LEARNCITY_CHECK(now_.has_value()) << "say At(…) before When";
  return {*now_, Concat("when ", whens_)};
}

std::string Scenario::NameOf(const Id& id) const {
  const auto found = names_.find(id);
  return found == names_.end() ? id.ToString() : found->second;
}

std::string Scenario::Describe(const Id& document, const Message& message) const {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  printer.SetInitialIndentLevel(1);
  std::string text;
  printer.PrintToString(message, &text);
  return Concat(NameOf(document), "\n", text);
}

std::string Scenario::Describe(const Documents& documents) const {
  std::string text;
  for (const auto& [key, document] : documents) text += Describe(key.second, *document);
  return text;
}

std::string Outcome::Text(const std::vector<Happening>& happened) const {
  if (happened.empty()) return "nothing";
  std::string text;
  for (const Happening& each : happened) text += scenario_.Describe(each.document, *each.event);
  return text;
}

void Outcome::Then(std::vector<Happening> expected, Place here) const {
  testing::ScopedTrace trace(here.file_name(), here.line(), "expected here");
  for (const Happening& each : expected) {
    if (!each.name.empty()) scenario_.names_.try_emplace(each.document, each.name);
  }
  const std::string wanted = Text(expected), happened = Said();
  EXPECT_EQ(wanted, happened) << why_;
}

void Outcome::ThenNotFound(std::string_view name, Place here) const {
  testing::ScopedTrace trace(here.file_name(), here.line(), "expected here");
  const std::string wanted = Concat("not found: ", name), happened = Said();
  EXPECT_EQ(wanted, happened) << why_;
}

void Outcome::ExpectRefused(const std::string& reason, Place here) const {
  testing::ScopedTrace trace(here.file_name(), here.line(), "expected here");
  const std::string wanted = Concat("refused: ", reason), happened = Said();
  EXPECT_EQ(wanted, happened) << why_;
  EXPECT_FALSE(no_.starts_with("refused: ") && why_.empty()) << "say why, and what to do";
}

}  // namespace learncity
