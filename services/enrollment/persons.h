// The edge of personal data: what comes in clear is sealed before it enters the ledger, and what
// goes out is opened for callers who may see it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/ledger/decision.h"
#include "platform/ledger/reader.h"
#include "platform/ledger/writer.h"
#include "platform/privacy/key_store.h"

namespace learncity::enrollment {

// A reservation that nobody confirmed is looked into after this long: longer than an input may
// queue.
constexpr std::chrono::minutes kReservationKept{10};

// Seal and Open may be called from any thread; Step from one, which is not the writer's.
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
  // Puts what is sealed into `learner.person`, unless it was erased, and clears the sealed bytes.
  absl::Status Open(v1::Learner& learner);
  // Removes the learner's key and national id for good.
  absl::Status Erase(const Id& learner);

  // Confirms what was accepted; asks the ledger, in a turn, about reservations older than
  // kReservationKept: confirms those whose learner is there and frees the others. True: more at
  // once.
  bool Step();

 private:
  absl::StatusOr<bool> IsRegistered(const Id& learner);
  bool ConfirmRegistered();
  void AskAboutOldReservations();

  privacy::KeyStore& keys_;
  ledger::Writer& writer_;
  ledger::Readers& readers_;
  const Clock clock_;
  // Step's thread only. Position of the last own event that was looked at; absent before the first
  // look, which starts at the end: older reservations are asked about.
  std::optional<int64_t> seen_;
  Time next_look_{};
};

}  // namespace learncity::enrollment
