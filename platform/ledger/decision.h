// The words in which rules are written. Pure: a rule is a function of its case, its request and the
// moment, and says either which events happen or why nothing does.
//
//   Decision Decide(const EnrollCase& c, const EnrollLearnerRequest& request, const Moment&
//   moment);
//
// A case is made by a function `EnrollCase Gather(const EnrollLearnerRequest&, Lookup&)`, which
// asks for the documents that the request names. It runs several times, the first times to find out
// what must be loaded: it must bear documents that are absent and have no effect.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "platform/ledger/id.h"
#include "platform/runtime/time.h"

namespace learncity {

// When a decision is made, and the ids it may give out. The same input has the same moment.
struct Moment {
  Time now;
  // Identifies the input: random for a request, (feed, epoch, position) for an event, (document,
  // due_at) for a due document.
  std::string seed;

  // The n-th new id of this decision.
  Id NewId(int n = 0) const { return TimeOrderedId(now, seed, n); }
};

// A business "no". Becomes a google.rpc.Status with ErrorInfo at the surface.
struct Refusal {
  absl::StatusCode code = absl::StatusCode::kFailedPrecondition;
  // Whose reason it is, as "enrollment.learncity".
  std::string domain;
  // Name of a value of the service's …ErrorReason enum, as "OFFERING_FULL".
  std::string reason;
  // What is wrong and what to do, with the values in it. No personal data.
  std::string message;
  // Name of the resource it is about; may be empty.
  std::string resource;
};

// Refuses with a value of a service's …ErrorReason enum; the enum's options say the gRPC code.
Refusal MakeRefusal(const google::protobuf::EnumValueDescriptor* reason, std::string_view resource,
                    std::string message);

// One thing that happens to one document. The event's type says to which kind.
struct Change {
  Id document;
  std::unique_ptr<google::protobuf::Message> event;
};

// Either changes, all of which commit in one turn, or a refusal. The request is answered with the
// document of the first change.
class [[nodiscard]] Decision {
 public:
  // Nothing happens, and that is in order: of an event or a due document, never of a request.
  Decision() = default;
  Decision(Refusal refusal) : refusal_(std::move(refusal)) {}  // NOLINT: `return Refuse(…)`.

  // Adds an event to the document of that name. By value, so that `d = std::move(d).Then(…)` holds.
  template <class Event>
  Decision Then(std::string_view document_name, Event event) && {
    changes_.push_back({IdOf(document_name), std::make_unique<Event>(std::move(event))});
    return std::move(*this);
  }

  const std::optional<Refusal>& refusal() const { return refusal_; }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  std::vector<Change> changes_;
  std::optional<Refusal> refusal_;
};

template <class Reason>
Decision Refuse(Reason reason, std::string_view resource, std::string message) {
  return MakeRefusal(
      google::protobuf::GetEnumDescriptor<Reason>()->FindValueByNumber(static_cast<int>(reason)),
      resource, std::move(message));
}

// The documents a case is made of, as they stand at this point of the turn. Pointers stay valid
// until the decision's changes are folded.
class Lookup {
 public:
  virtual ~Lookup() = default;

  // The document, or nullptr when there is none.
  template <class Document>
  const Document* Find(const Id& id) {
    return static_cast<const Document*>(FindMessage(Document::descriptor(), id));
  }
  // The document in whose unique column this value stands, or nullptr.
  template <class Document>
  const Document* FindBy(std::string_view column, std::string_view value) {
    return static_cast<const Document*>(FindMessageBy(Document::descriptor(), column, value));
  }
  // The document of that name. When there is none the request is refused with NOT_FOUND before the
  // rule runs, so a rule never sees nullptr here.
  template <class Document>
  const Document* Require(std::string_view name) {
    const auto* found = Find<Document>(IdOf(name));
    if (found == nullptr) Missing(Document::descriptor(), name);
    return found;
  }

 protected:
  virtual const google::protobuf::Message* FindMessage(const google::protobuf::Descriptor* kind,
                                                       const Id& id) = 0;
  virtual const google::protobuf::Message* FindMessageBy(const google::protobuf::Descriptor* kind,
                                                         std::string_view column,
                                                         std::string_view value) = 0;
  virtual void Missing(const google::protobuf::Descriptor* kind, std::string_view name) = 0;
};

}  // namespace learncity
