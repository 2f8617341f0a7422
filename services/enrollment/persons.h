// The edge of personal data: what comes in clear is sealed before it enters the ledger, and what
// goes out is opened for callers who may see it.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/ledger/decision.h"
#include "platform/ledger/reader.h"
#include "platform/ledger/writer.h"
#include "platform/privacy/key_store.h"
#include "platform/runtime/mutex.h"

namespace learncity::enrollment {

// A reservation that nobody confirmed is looked into after this long: longer than an input may
// queue.
constexpr std::chrono::minutes kReservationKept{10};

// All may be called from any thread but Step, which is from one that is not the writer's.
class Persons {
 public:
  // All must outlive it.
  Persons(privacy::KeyStore& keys, ledger::Writer& writer, ledger::Readers& readers, Clock clock);

  // Reserves a key, seals `learner.person` with it into `learner.sealed_person`, clears the first
  // and sets the learner's name. NATIONAL_ID_TAKEN when the ledger holds somebody with that
  // national id; ABORTED while another request that brought it is undecided. A learner without
  // personal data gets a name and no key.
  absl::StatusOr<std::optional<Refusal>> Seal(v1::RegisterLearnerRequest& request,
                                              const std::string& caller);
  // The same by a later Step, together with others: one sync for all of their keys. `request` stays
  // where it is until `done`, which is called once, by Step. RESOURCE_EXHAUSTED when too many wait.
  using Sealed = std::function<void(absl::StatusOr<std::optional<Refusal>>)>;
  absl::Status SealLater(v1::RegisterLearnerRequest* request, std::string caller, Sealed done);
  // Called after each SealLater. Set before the first.
  void OnWork(std::function<void()> wake) { wake_ = std::move(wake); }
  // Puts what is sealed into `learner.person`, unless it was erased, and clears the sealed bytes.
  absl::Status Open(v1::Learner& learner);
  // Removes the learner's key and national id for good.
  absl::Status Erase(const Id& learner);

  // Seals what waits; confirms what was accepted; asks the ledger, in a turn, about reservations
  // older than kReservationKept: confirms those whose learner is there and frees the others. True:
  // more at once.
  bool Step();

 private:
  struct Waiting {
    v1::RegisterLearnerRequest* request;
    std::string caller;
    Sealed done;
  };
  absl::StatusOr<bool> IsRegistered(const Id& learner);
  privacy::Reservation ReservationOf(const v1::RegisterLearnerRequest& request,
                                     const std::string& caller, const Id& id) const;
  absl::StatusOr<std::optional<Refusal>> SealReserved(v1::Learner& learner,
                                                      const privacy::ReserveOutcome& reserved);
  bool SealWaiting();
  bool ConfirmRegistered();
  void AskAboutOldReservations();

  privacy::KeyStore& keys_;
  ledger::Writer& writer_;
  ledger::Readers& readers_;
  const Clock clock_;
  std::function<void()> wake_;
  Mutex mutex_;
  std::deque<Waiting> waiting_ LEARNCITY_GUARDED_BY(mutex_);
  // Step's thread only. Position of the last own event that was looked at; absent before the first
  // look, which starts at the end: older reservations are asked about.
  std::optional<int64_t> seen_;
  Time next_look_{};
};

}  // namespace learncity::enrollment
