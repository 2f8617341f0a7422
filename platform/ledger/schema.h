// What a service keeps: its tables, and the rules by which they move. A service's assembly file
// makes one Schema and one Rules; both are constant after that and may be used from any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "platform/ledger/decision.h"

namespace learncity::ledger {

// A declared column's value: absent, a number, or bytes.
using Value = std::variant<std::monostate, int64_t, std::string>;

// A ledger that lacks a column gets it, filled, when it is opened. It cannot see that a column's
// function has changed: another meaning is another name.
struct Column {
  enum class Index { kNone, kOrdered, kUnique };
  enum class Type { kBytes, kNumber };
  std::string name;
  Index index = Index::kNone;
  Type type = Type::kBytes;
  // Absent values are not indexed.
  std::function<Value(const google::protobuf::Message&)> value;
};

// One kind of document.
struct Table {
  // Where its documents come from: own events; the events of a feed; or a reaction that computes
  // them.
  enum class Origin { kOwn, kReference, kDerived };

  std::string name;
  Origin origin = Origin::kOwn;
  const google::protobuf::Message* prototype = nullptr;
  // Type of the events that fold into it; nullptr when derived.
  const google::protobuf::Message* event_prototype = nullptr;
  // The feed whose events fold into it, for references.
  std::string feed;
  // Folds an event into the document, which is empty before its first.
  std::function<void(google::protobuf::Message&, const google::protobuf::Message&)> fold;
  std::vector<Column> columns;
  // When the document is due, if it is. Empty function: never.
  std::function<std::optional<Time>(const google::protobuf::Message&)> due_at;
  // Place in the schema.
  int index = 0;
};

// When a document is due, as its table's column due_at holds it: microseconds, absent if never.
Value DueValue(const Table& table, const google::protobuf::Message& document);

// Fluent declaration of one table; returned by Schema's functions.
template <class Document>
class TableBuilder {
 public:
  explicit TableBuilder(Table& table) : table_(table) {}
  // A column that lists and reports select by.
  TableBuilder& Indexed(std::string name, std::function<Value(const Document&)> value) {
    return Add(std::move(name), Column::Index::kOrdered, Column::Type::kBytes, std::move(value));
  }
  // The same, of numbers, which are also scanned by range.
  TableBuilder& IndexedNumber(std::string name, std::function<Value(const Document&)> value) {
    return Add(std::move(name), Column::Index::kOrdered, Column::Type::kNumber, std::move(value));
  }
  // A column in which no two documents have the same value. Where documents of an earlier release
  // share one, they keep it: looking for it then finds one of them.
  TableBuilder& Unique(std::string name, std::function<Value(const Document&)> value) {
    return Add(std::move(name), Column::Index::kUnique, Column::Type::kBytes, std::move(value));
  }
  TableBuilder& DueAt(std::function<std::optional<Time>(const Document&)> due_at) {
    table_.due_at = [due_at = std::move(due_at)](const google::protobuf::Message& m) {
      return due_at(static_cast<const Document&>(m));
    };
    return *this;
  }

 private:
  TableBuilder& Add(std::string name, Column::Index index, Column::Type type,
                    std::function<Value(const Document&)> value) {
    table_.columns.push_back({std::move(name), index, type,
                              [value = std::move(value)](const google::protobuf::Message& m) {
                                return value(static_cast<const Document&>(m));
                              }});
    return *this;
  }
  Table& table_;
};

class Schema {
 public:
  // `service` names the ledger and its feed, as "enrollment".
  explicit Schema(std::string service) : service_(std::move(service)) {}

  // Documents that own events of type Event fold into. Evolve(Document&, const Event&) is found by
  // ADL.
  template <class Document, class Event>
  TableBuilder<Document> Own(std::string name) {
    return Declare<Document, Event>(std::move(name), Table::Origin::kOwn, "");
  }
  // Documents that another service's events fold into: they have the id of that service's document.
  template <class Document, class Event>
  TableBuilder<Document> Reference(std::string name, std::string feed) {
    return Declare<Document, Event>(std::move(name), Table::Origin::kReference, std::move(feed));
  }
  // Documents that reactions compute.
  template <class Document>
  TableBuilder<Document> Derived(std::string name) {
    Table& table = NewTable(std::move(name), Table::Origin::kDerived);
    table.prototype = &Document::default_instance();
    by_document_[Document::descriptor()] = &table;
    return TableBuilder<Document>(table);
  }
  // The version of what is kept of followed feeds, references and derived documents; 1 unless said.
  // Raise it when such a table is new, when events move one in another way, or when events of
  // before are now to be reacted to. A ledger of a lower version follows anew when it is opened:
  // its references, derived documents and parked events go, all its cursors go back to 0, and the
  // followers read everything again by themselves.
  //
  // That is safe because the feeds hold whatever goes, while events, own documents, answers and
  // seals stay. It asks two things of the rules. What a derived document becomes depends on
  // followed events alone, or on a walk that begins anew where it finds nothing. And a reaction
  // that appends own events is idempotent: it meets each event again, hands out the ids that it did
  // then (they derive from feed, epoch, position and a number), sees own documents as they are now,
  // and so looks for what it made before it makes it.
  Schema& FollowedVersion(int version) {
    followed_version_ = version;
    return *this;
  }

  const std::string& service() const { return service_; }
  int followed_version() const { return followed_version_; }
  const std::vector<std::unique_ptr<Table>>& tables() const { return tables_; }
  // nullptr when this service keeps no such documents.
  const Table* ByDocument(const google::protobuf::Descriptor* document) const;
  // The table that own events of this type fold into, or nullptr.
  const Table* ByEvent(const google::protobuf::Descriptor* event) const;
  // The same by the event type's full name.
  const Table* ByEventType(std::string_view full_name) const;
  // The place of the table that a stored answer names. INTERNAL: this release keeps none of that
  // name.
  absl::StatusOr<int> KindAnswered(std::string_view name) const;
  // The reference tables that a feed's events of this type fold into.
  std::vector<const Table*> References(std::string_view feed, std::string_view event_type) const;

 private:
  template <class Document, class Event>
  TableBuilder<Document> Declare(std::string name, Table::Origin origin, std::string feed) {
    Table& table = NewTable(std::move(name), origin);
    table.prototype = &Document::default_instance();
    table.event_prototype = &Event::default_instance();
    table.feed = std::move(feed);
    table.fold = [](google::protobuf::Message& document, const google::protobuf::Message& event) {
      Evolve(static_cast<Document&>(document), static_cast<const Event&>(event));
    };
    by_document_[Document::descriptor()] = &table;
    if (origin == Table::Origin::kOwn) by_event_[Event::descriptor()] = &table;
    return TableBuilder<Document>(table);
  }
  Table& NewTable(std::string name, Table::Origin origin);

  std::string service_;
  int followed_version_ = 1;
  std::vector<std::unique_ptr<Table>> tables_;
  std::map<const google::protobuf::Descriptor*, const Table*> by_document_;
  std::map<const google::protobuf::Descriptor*, const Table*> by_event_;
};

// What a reaction to a followed event works on: it finds documents, appends own events, and writes
// derived documents.
class Draft : public Lookup {
 public:
  // Appends the decision's events and folds them. A refusal is ignored: events cannot be refused.
  virtual void Apply(const Decision& decision) = 0;
  // The derived document to be changed in place; made empty when there is none.
  template <class Document>
  Document& Put(const Id& id) {
    return static_cast<Document&>(PutMessage(Document::descriptor(), id));
  }

 protected:
  virtual google::protobuf::Message& PutMessage(const google::protobuf::Descriptor* kind,
                                                const Id& id) = 0;
};

// What due work that goes through many documents works on: a draft that also finds what comes next.
// What it asks for is loaded at once, so it has no case to gather.
class Walk : public Draft {
 public:
  template <class Document>
  struct Found {
    Id id;
    // As it stands at this point of the turn; valid until the work ends.
    const Document* document;
  };
  // The documents of a kind that come after an id in the order of ids, at most `limit`. Id() comes
  // before all of them.
  template <class Document>
  std::vector<Found<Document>> Next(const Id& after, int limit) {
    std::vector<Found<Document>> found;
    for (const auto& [id, message] : NextMessages(Document::descriptor(), after, limit)) {
      found.push_back({id, static_cast<const Document*>(message)});
    }
    return found;
  }

 protected:
  using Messages = std::vector<std::pair<Id, const google::protobuf::Message*>>;
  virtual Messages NextMessages(const google::protobuf::Descriptor* kind, const Id& after,
                                int limit) = 0;
};

// The rules of a service, by what calls for them.
class Rules {
 public:
  // A write method: `Case` has `static Case Gather(const Request&, Lookup&)`, and
  // `Decide(const Case&, const Request&, const Moment&)` is found by ADL.
  template <class Case, class Request>
  Rules& On() {
    requests_[Request::descriptor()] = {
        [](const google::protobuf::Message& request, Lookup& lookup) {
          (void)Case::Gather(static_cast<const Request&>(request), lookup);
        },
        [](const google::protobuf::Message& request, Lookup& lookup, const Moment& moment) {
          const auto& typed = static_cast<const Request&>(request);
          return Decide(Case::Gather(typed, lookup), typed, moment);
        }};
    return *this;
  }
  // A followed feed's events of type Event: `gather` asks for documents, `react` does the work.
  template <class Event>
  Rules& OnEvent(std::function<void(const Id&, const Event&, Lookup&)> gather,
                 std::function<void(const Id&, const Event&, const Moment&, Draft&)> react) {
    events_[Event::descriptor()->full_name()].push_back(
        {&Event::default_instance(),
         [gather = std::move(gather)](const Id& id, const google::protobuf::Message& event,
                                      Lookup& lookup) {
           gather(id, static_cast<const Event&>(event), lookup);
         },
         [react = std::move(react)](const Id& id, const google::protobuf::Message& event,
                                    const Moment& moment, Draft& draft) {
           react(id, static_cast<const Event&>(event), moment, draft);
         }});
    return *this;
  }
  // A document that is due. `effect` runs first, outside the ledger, must be idempotent, and when
  // it fails the document stays due and is tried again later; then `decide` runs. Documents that
  // its events name are loaded before they fold. A refusal, or no event, also means to try again
  // later.
  template <class Document>
  Rules& OnDue(std::function<absl::Status(const Id&, const Document&)> effect,
               std::function<Decision(const Document&, const Moment&)> decide) {
    due_[Document::descriptor()] = {
        [](const google::protobuf::Message&, Lookup&) {},
        [effect = std::move(effect)](const Id& id, const google::protobuf::Message& document) {
          return effect ? effect(id, static_cast<const Document&>(document)) : absl::OkStatus();
        },
        [decide = std::move(decide)](const google::protobuf::Message& document, Walk&,
                                     const Moment& moment) {
          return decide(static_cast<const Document&>(document), moment);
        }};
    return *this;
  }
  // The same without an effect, decided over more than the document: `Case` has
  // `static Case Gather(const Document&, Lookup&)`, and
  // `Decide(const Case&, const Document&, const Moment&)` is found by ADL. A document that the case
  // requires and that does not exist also means to try again later.
  template <class Case, class Document>
  Rules& OnDue() {
    due_[Document::descriptor()] = {
        [](const google::protobuf::Message& document, Lookup& lookup) {
          (void)Case::Gather(static_cast<const Document&>(document), lookup);
        },
        [](const Id&, const google::protobuf::Message&) { return absl::OkStatus(); },
        [](const google::protobuf::Message& document, Walk& walk, const Moment& moment) {
          const auto& typed = static_cast<const Document&>(document);
          return Decide(Case::Gather(typed, walk), typed, moment);
        }};
    return *this;
  }
  // A due document whose work goes through many others, a slice each time that it is due. `work`
  // reads the next of them, writes derived documents, and decides by the document's events how far
  // it came; all of that commits together or not at all. It must keep its slices small: what they
  // change counts towards the turn.
  template <class Document>
  Rules& OnDueWalk(std::function<Decision(const Document&, const Moment&, Walk&)> work) {
    due_[Document::descriptor()] = {
        [](const google::protobuf::Message&, Lookup&) {},
        [](const Id&, const google::protobuf::Message&) { return absl::OkStatus(); },
        [work = std::move(work)](const google::protobuf::Message& document, Walk& walk,
                                 const Moment& moment) {
          return work(static_cast<const Document&>(document), moment, walk);
        }};
    return *this;
  }

  struct RequestRule {
    std::function<void(const google::protobuf::Message&, Lookup&)> gather;
    std::function<Decision(const google::protobuf::Message&, Lookup&, const Moment&)> decide;
  };
  struct EventRule {
    const google::protobuf::Message* prototype;
    std::function<void(const Id&, const google::protobuf::Message&, Lookup&)> gather;
    std::function<void(const Id&, const google::protobuf::Message&, const Moment&, Draft&)> react;
  };
  struct DueRule {
    std::function<void(const google::protobuf::Message&, Lookup&)> gather;
    std::function<absl::Status(const Id&, const google::protobuf::Message&)> effect;
    std::function<Decision(const google::protobuf::Message&, Walk&, const Moment&)> decide;
  };
  // nullptr where there is none.
  const RequestRule* ForRequest(const google::protobuf::Descriptor* request) const;
  const std::vector<EventRule>* ForEvent(std::string_view type) const;
  const DueRule* ForDue(const google::protobuf::Descriptor* document) const;

 private:
  std::map<const google::protobuf::Descriptor*, RequestRule> requests_;
  std::map<std::string, std::vector<EventRule>, std::less<>> events_;
  std::map<const google::protobuf::Descriptor*, DueRule> due_;
};

}  // namespace learncity::ledger
