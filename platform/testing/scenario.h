// Given, when, then: rules are tested on events, without mocks, ledger or threads.
//
//   Scenario s(EnrollmentSchema());
//   s.Given(kSewing, Opened(1)).Given(kLan, Registered()).At("2026-09-05T08:00:00Z");
//   s.When<EnrollCase>(request).Then({{s.New("enrollments"), Admitted()}, {kSewing, SeatTaken()}});
//   s.When<EnrollCase>(request).ThenRefused(OFFERING_FULL);
//
// What happens folds into the documents, so that steps follow each other. A scenario holds rules to
// what the ledger asks of them: a case bears absent documents, an event folds into a document that
// is new or that the case asked for, and unique columns are unique once all of a step has happened.
// One thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "google/protobuf/message.h"
#include "platform/ledger/decision.h"
#include "platform/ledger/schema.h"
#include "platform/runtime/check.h"
#include "platform/testing/text.h"

namespace learncity {

// An event and the document that it folds into.
struct Happening {
  Happening(const Id& id, const google::protobuf::Message& what) : document(id), event(what.New()) {
    event->CopyFrom(what);
  }
  Happening(std::string_view document_name, const google::protobuf::Message& what)
      : Happening(IdOf(document_name), what) {
    name = document_name;
  }

  Id document;
  // As the test calls it; empty when a rule does.
  std::string name;
  std::shared_ptr<google::protobuf::Message> event;
};

class Scenario;

// What a rule said. The scenario outlives it.
class [[nodiscard]] Outcome {
 public:
  using Place = std::source_location;

  // Exactly these events happen, in this order; the first one's document is the answer.
  void Then(std::vector<Happening> expected, Place here = Place::current()) const;
  // Nothing happens, and that is in order.
  void ThenNothing(Place here = Place::current()) const { Then({}, here); }
  // The rule refuses, with a reason of the service and a message.
  template <class Reason>
  void ThenRefused(Reason reason, Place here = Place::current()) const {
    const auto* values = google::protobuf::GetEnumDescriptor<Reason>();
    ExpectRefused(values->FindValueByNumber(static_cast<int>(reason))->name(), here);
  }
  // The request names a document that does not exist.
  void ThenNotFound(std::string_view name, Place here = Place::current()) const;

  bool refused() const { return !no_.empty(); }

 private:
  friend class Scenario;
  Outcome(Scenario& scenario, std::string no, std::string why = "")
      : scenario_(scenario), no_(std::move(no)), why_(std::move(why)) {}
  Outcome(Scenario& scenario, std::vector<Happening> happened)
      : scenario_(scenario), happened_(std::move(happened)) {}
  void ExpectRefused(const std::string& reason, Place here) const;
  // What is compared and printed.
  std::string Said() const { return no_.empty() ? Text(happened_) : no_; }
  std::string Text(const std::vector<Happening>& happened) const;

  Scenario& scenario_;
  std::vector<Happening> happened_;
  // Why nothing happens, in short and in the refusal's words; empty when things do.
  std::string no_;
  std::string why_;
};

class Scenario {
 public:
  explicit Scenario(const ledger::Schema& schema);

  // The event has happened to the document of that name. One of a followed feed folds into whatever
  // reference documents the schema makes of it.
  Scenario& Given(std::string_view name, const google::protobuf::Message& event);
  // It is that time, as RFC 3339 writes it, until the next At.
  Scenario& At(const std::string& time);

  // The rule of `Case` decides on a request, or on an event of a followed feed.
  template <class Case, class Input>
  Outcome When(const Input& input) {
    return Run([&](Lookup& lookup) { (void)Case::Gather(input, lookup); },
               [&](Lookup& lookup, const Moment& moment) {
                 return Decide(Case::Gather(input, lookup), input, moment);
               });
  }
  // The document's due time has come. Fails when its table says that it is not due.
  template <class Document>
  Outcome WhenDue(std::string_view name, Decision (*decide)(const Document&, const Moment&)) {
    return RunDue<Document>(
        name, [](const Document&, Lookup&) {},
        [=](const Document& document, Lookup&, const Moment& moment) {
          return decide(document, moment);
        });
  }
  // The same where the rule decides over a case.
  template <class Case, class Document>
  Outcome WhenDue(std::string_view name) {
    return RunDue<Document>(
        name,
        [](const Document& document, Lookup& lookup) { (void)Case::Gather(document, lookup); },
        [](const Document& document, Lookup& lookup, const Moment& moment) {
          return Decide(Case::Gather(document, lookup), document, moment);
        });
  }

  // The name of the n-th document that the last When made.
  std::string New(std::string_view collection, int n = 0);
  // The document as it stands now; there must be one.
  template <class Document>
  const Document& Get(std::string_view name) const {
    const auto* found = Find(TableOf(Document::descriptor()), IdOf(name));
    LEARNCITY_CHECK(found != nullptr) << "no document " << name;
    return static_cast<const Document&>(*found);
  }
  // Folding every event anew, from its bytes, gives the documents as they stand.
  void ExpectReplays(Outcome::Place here = Outcome::Place::current()) const;

 private:
  friend class Outcome;
  class Loaded;
  using Documents =
      std::map<std::pair<const ledger::Table*, Id>, std::unique_ptr<google::protobuf::Message>>;
  struct Event {
    const ledger::Table* table;
    Id document;
    std::string bytes;
  };

  Outcome Run(const std::function<void(Lookup&)>& gather,
              const std::function<Decision(Lookup&, const Moment&)>& decide);
  template <class Document, class Gather, class Decide>
  Outcome RunDue(std::string_view name, Gather gather, Decide decide) {
    const google::protobuf::Message* due = BecomeDue(Document::descriptor(), name);
    if (due == nullptr) return Outcome(*this, "not due");
    const auto& document = static_cast<const Document&>(*due);
    return Run(
        [&](Lookup& lookup) {
          (void)lookup.Find<Document>(IdOf(name));
          gather(document, lookup);
        },
        [&](Lookup& lookup, const Moment& moment) { return decide(document, lookup, moment); });
  }
  // The document of that name, at whose due time it is now; nullptr when it is not due.
  const google::protobuf::Message* BecomeDue(const google::protobuf::Descriptor* kind,
                                             std::string_view name);
  // Folds what was decided; `loaded` is what the case asked for.
  Outcome Happen(const Decision& decision, const Loaded& loaded);
  void Fold(const ledger::Table& table, const Id& id, const google::protobuf::Message& event);
  void ExpectUnique(const ledger::Table& table, const Id& id) const;

  const ledger::Table& TableOf(const google::protobuf::Descriptor* document) const;
  const google::protobuf::Message* Find(const ledger::Table& table, const Id& id) const;
  // Of the last When.
  Moment moment() const;
  std::string NameOf(const Id& id) const;
  std::string Describe(const Id& document, const google::protobuf::Message& message) const;
  std::string Describe(const Documents& documents) const;

  const ledger::Schema& schema_;
  std::optional<Time> now_;
  int whens_ = 0;
  Documents documents_;
  std::vector<Event> events_;
  // Names by which the test has called documents, for what it prints.
  std::map<Id, std::string> names_;
};

}  // namespace learncity
