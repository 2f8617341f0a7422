#include "services/enrollment/persons.h"

#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "platform/runtime/concat.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment {
namespace {

constexpr std::chrono::minutes kLookEvery{1};
constexpr size_t kOldReservationsAtOnce = 100;
constexpr int kEventsAtOnce = 500;
constexpr size_t kWaitingMax = 4096;
constexpr size_t kSealedAtOnce = 256;

bool HasPersonalData(const v1::Person& person) { return person.ByteSizeLong() > 0; }

Refusal Undecided() {
  return {.code = absl::StatusCode::kAborted,
          .domain = "enrollment.learncity",
          .reason = "REGISTRATION_UNDECIDED",
          .message =
              "Another request with this national id, or this one with another national id, is not "
              "decided yet. Repeat it in ten minutes; to correct a national id, make a new "
              "request_id.",
          .resource = ""};
}

}  // namespace

Persons::Persons(privacy::KeyStore& keys, ledger::Writer& writer, ledger::Readers& readers,
                 Clock clock)
    : keys_(keys), writer_(writer), readers_(readers), clock_(std::move(clock)) {}

absl::StatusOr<bool> Persons::IsRegistered(const Id& learner) {
  auto reader = readers_.Mine();
  if (!reader.ok()) return reader.status();
  const auto row =
      (*reader)->Get(*EnrollmentSchema().ByDocument(v1::Learner::descriptor()), learner);
  if (!row.ok()) return row.status();
  return row->has_value();
}

privacy::Reservation Persons::ReservationOf(const v1::RegisterLearnerRequest& request,
                                            const std::string& caller, const Id& id) const {
  return {.person = id,
          .caller = caller,
          .request_id = request.request_id(),
          .national_id = request.learner().person().national_id(),
          .reserved_at = clock_()};
}

absl::StatusOr<std::optional<Refusal>> Persons::SealReserved(
    v1::Learner& learner, const privacy::ReserveOutcome& reserved) {
  if (reserved.kind != privacy::ReserveOutcome::Kind::kReserved) {
    const auto registered = IsRegistered(reserved.person);
    if (!registered.ok()) return registered.status();
    if (!*registered) return Undecided();
  }
  // An own one that is registered goes on: the ledger knows by which payload, and refuses another.
  if (reserved.kind == privacy::ReserveOutcome::Kind::kHeldByAnother) {
    const std::string name = Concat("learners/", reserved.person.ToString());
    return MakeRefusal(
        v1::EnrollmentErrorReason_descriptor()->FindValueByNumber(v1::NATIONAL_ID_TAKEN), name,
        Concat("The national id belongs to ", name, "; use that learner."));
  }
  auto sealed = keys_.Seal(reserved.person, learner.person().SerializeAsString());
  if (!sealed.ok()) return sealed.status();
  learner.set_sealed_person(std::move(*sealed));
  learner.clear_person();
  learner.set_name(Concat("learners/", reserved.person.ToString()));
  return std::nullopt;
}

absl::StatusOr<std::optional<Refusal>> Persons::Seal(v1::RegisterLearnerRequest& request,
                                                     const std::string& caller) {
  v1::Learner& learner = *request.mutable_learner();
  const Id id = RandomId(clock_());
  if (!HasPersonalData(learner.person())) {
    learner.clear_person();
    learner.set_name(Concat("learners/", id.ToString()));
    return std::nullopt;
  }
  const auto reserved = keys_.Reserve(ReservationOf(request, caller, id));
  if (!reserved.ok()) return reserved.status();
  return SealReserved(learner, *reserved);
}

absl::Status Persons::SealLater(v1::RegisterLearnerRequest* request, std::string caller,
                                Sealed done) {
  {
    MutexLock lock(&mutex_);
    if (waiting_.size() >= kWaitingMax) {
      return absl::ResourceExhaustedError("too many registrations are waiting; ask again later");
    }
    waiting_.push_back({request, std::move(caller), std::move(done)});
  }
  if (wake_) wake_();
  return absl::OkStatus();
}

bool Persons::SealWaiting() {
  std::vector<Waiting> taken;
  {
    MutexLock lock(&mutex_);
    while (!waiting_.empty() && taken.size() < kSealedAtOnce) {
      taken.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
  }
  if (taken.empty()) return false;
  std::vector<privacy::Reservation> reservations;
  for (const Waiting& one : taken) {
    if (!HasPersonalData(one.request->learner().person())) continue;
    reservations.push_back(ReservationOf(*one.request, one.caller, RandomId(clock_())));
  }
  const auto reserved = keys_.ReserveMany(reservations);
  size_t next = 0;
  for (Waiting& one : taken) {
    // Of a batch that fails each is tried alone, so that a bad one harms itself only.
    if (!reserved.ok() || !HasPersonalData(one.request->learner().person())) {
      one.done(Seal(*one.request, one.caller));
    } else {
      one.done(SealReserved(*one.request->mutable_learner(), (*reserved)[next++]));
    }
  }
  return true;
}

absl::Status Persons::Open(v1::Learner& learner) {
  if (learner.sealed_person().empty()) return absl::OkStatus();
  auto opened = keys_.Open(IdOf(learner.name()), learner.sealed_person());
  learner.clear_sealed_person();
  if (absl::IsNotFound(opened.status())) return absl::OkStatus();
  if (!opened.ok()) return opened.status();
  if (!learner.mutable_person()->ParseFromString(*opened)) {
    return absl::DataLossError(Concat("the personal data of ", learner.name(), " does not parse"));
  }
  return absl::OkStatus();
}

absl::Status Persons::Erase(const Id& learner) { return keys_.Erase(learner); }

void Persons::AskAboutOldReservations() {
  const Time older_than = clock_() - kReservationKept;
  const auto old = keys_.Unconfirmed(older_than, kOldReservationsAtOnce);
  if (!old.ok()) return;
  for (const auto& reservation : *old) {
    // No input that is older than the reservation still waits, and one that took it up again runs
    // before the check or after it has freed the reservation, which then fails as undecided.
    (void)writer_.Submit(
        ledger::CheckInput{.kind = v1::Learner::descriptor(),
                           .id = reservation.person,
                           .act = [this, id = reservation.person, older_than](bool present) {
                             // What fails here is found again by a later look.
                             (void)(present ? keys_.Confirm(id) : keys_.Free(id, older_than));
                           }});
  }
}

bool Persons::ConfirmRegistered() {
  auto reader = readers_.Mine();
  if (!reader.ok()) return false;
  if (!seen_) {
    const auto head = (*reader)->ReadHead();
    if (head.ok()) seen_ = head->position;
    return false;
  }
  const auto records = (*reader)->Read(*seen_, kEventsAtOnce);
  if (!records.ok() || records->empty()) return false;
  std::vector<Id> registered;
  for (const auto& record : *records) {
    v1::LearnerEvent event;
    if (record.type == v1::LearnerEvent::descriptor()->full_name() &&
        event.ParseFromString(record.data) && event.has_registered() &&
        !event.registered().learner().sealed_person().empty()) {
      registered.push_back(record.subject);
    }
  }
  // What cannot be confirmed now is asked about in ten minutes.
  if (!registered.empty()) (void)keys_.ConfirmMany(registered);
  seen_ = records->back().position;
  return true;
}

bool Persons::Step() {
  bool more = SealWaiting();
  more |= ConfirmRegistered();
  const Time now = clock_();
  if (now >= next_look_) {
    next_look_ = now + kLookEvery;
    AskAboutOldReservations();
  }
  return more;
}

}  // namespace learncity::enrollment
