// The edge of personal data: what comes in clear is sealed before it enters the ledger, and what
// goes out is opened for callers who may see it. The same for every service that has persons.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "platform/ledger/decision.h"
#include "platform/ledger/reader.h"
#include "platform/ledger/schema.h"
#include "platform/ledger/writer.h"
#include "platform/privacy/key_store.h"
#include "platform/runtime/mutex.h"

namespace learncity::persons {

// What differs from one service's persons to another's.
struct Terms {
  const ledger::Schema& schema;
  // The documents that hold persons, as Learner: own ones, with `name`, `person`, whose message has
  // `national_id`, and `sealed_person`. Events in which such a document stands say that it was
  // written.
  const google::protobuf::Descriptor* document;
  // The reason to refuse whom the service has already.
  const google::protobuf::EnumValueDescriptor* national_id_taken;
};

// An undecided reservation or claim is looked into after this long: longer than an input may queue.
constexpr std::chrono::minutes kReservationKept{10};

// A request brings a person in the one document that is a field of it. Without `update_mask` it
// makes that document; with one whose paths name `person` it states the person anew.
//
// What is reserved or claimed is durable before the request's turn, so that no national id is ever
// in the ledger and not in the index. After a loss of power the index may have more than the
// ledger: the id of a request that came to nothing, or the id before a change. Both are still the
// same person's, keep others away with ABORTED, and go when they are looked into.
//
// All may be called from any thread but Step, which is from one that is not the writer's.
class Persons {
 public:
  // All must outlive it.
  Persons(const Terms& terms, privacy::KeyStore& keys, ledger::Writer& writer,
          ledger::Readers& readers, Clock clock);

  // Reserves a key, seals the document's `person` with it into `sealed_person`, clears the first
  // and sets the name. NATIONAL_ID_TAKEN when the ledger holds somebody else with that national id;
  // ABORTED while another request that brought it is undecided. A new document without personal
  // data gets a name and no key. A person who is unknown or erased is left unsealed, and cleared:
  // the rule refuses them.
  absl::StatusOr<std::optional<Refusal>> Seal(google::protobuf::Message& request,
                                              const std::string& caller);
  // The same by a later Step, together with others: one sync for all of their keys. `request` stays
  // where it is until `done`, which is called once, by Step. RESOURCE_EXHAUSTED when too many wait.
  using Sealed = std::function<void(absl::StatusOr<std::optional<Refusal>>)>;
  absl::Status SealLater(google::protobuf::Message* request, std::string caller, Sealed done);
  // Called after each SealLater. Set before the first.
  void OnWork(std::function<void()> wake) { wake_ = std::move(wake); }
  // Puts what is sealed into `person`, unless it was erased, and clears the sealed bytes.
  absl::Status Open(google::protobuf::Message& document);

  // Seals what waits; tells the key store what was written; asks the ledger, in a turn, about
  // reservations and claims older than kReservationKept: confirms those whose person is there, with
  // the national id that is there, and frees the others. True: more at once.
  bool Step();

 private:
  using Message = google::protobuf::Message;
  using Field = google::protobuf::FieldDescriptor;
  struct Waiting {
    Message* request;
    std::string caller;
    Sealed done;
  };

  // The document in a request or an event, or nullptr.
  const Field* DocumentIn(const google::protobuf::Descriptor* type) const;
  Message& DocumentOf(Message& request) const;
  std::string TextOf(const Message& document, const Field* field) const;
  std::string NationalIdOf(const Message& document) const;
  std::string NameOf(const Id& person) const;

  absl::StatusOr<std::unique_ptr<Message>> InLedger(const Id& person);
  // The national id that the ledger holds for a person; empty without one.
  absl::StatusOr<std::string> NationalIdInLedger(const Id& person);
  // What must be reserved before the request can be sealed; nullopt: nothing.
  absl::StatusOr<std::optional<privacy::Reservation>> NeededFor(Message& request,
                                                                const std::string& caller);
  absl::StatusOr<std::optional<Refusal>> SealReserved(Message& request,
                                                      const privacy::ReserveOutcome& reserved);
  absl::StatusOr<std::optional<Refusal>> RefuseHeld(const Message& document, const Id& holder);
  bool SealWaiting();
  bool NoteWritten();
  void LookInto();
  void AskAbout(const Id& person, Time older_than);
  absl::Status Settle(const Id& person, Time older_than);

  const Terms terms_;
  // As "learners/".
  const std::string collection_;
  const Field* const name_;
  const Field* const person_;
  const Field* const sealed_;
  const Field* const national_id_;
  privacy::KeyStore& keys_;
  ledger::Writer& writer_;
  ledger::Readers& readers_;
  const Clock clock_;
  std::function<void()> wake_;
  Mutex mutex_;
  std::deque<Waiting> waiting_ LEARNCITY_GUARDED_BY(mutex_);
  // Step's thread only. Position of the last own event that was looked at; absent before the first
  // look, which starts at the end: what is older is looked into after kReservationKept.
  std::optional<int64_t> seen_;
  Time next_look_{};
};

}  // namespace learncity::persons
