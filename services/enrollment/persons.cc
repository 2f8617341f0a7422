#include "services/enrollment/persons.h"

#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "platform/runtime/concat.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment {
namespace {

constexpr std::chrono::minutes kLookEvery{1};
constexpr size_t kOldReservationsAtOnce = 100;
constexpr int kEventsAtOnce = 500;

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

absl::StatusOr<std::optional<Refusal>> Persons::Seal(v1::RegisterLearnerRequest& request,
                                                     const std::string& caller) {
  v1::Learner& learner = *request.mutable_learner();
  const Time now = clock_();
  Id id = RandomId(now);
  if (HasPersonalData(learner.person())) {
    const auto reserved = keys_.Reserve({.person = id,
                                         .caller = caller,
                                         .request_id = request.request_id(),
                                         .national_id = learner.person().national_id(),
                                         .reserved_at = now});
    if (!reserved.ok()) return reserved.status();
    using Kind = privacy::ReserveOutcome::Kind;
    if (reserved->kind != Kind::kReserved) {
      const auto registered = IsRegistered(reserved->person);
      if (!registered.ok()) return registered.status();
      if (!*registered) return Undecided();
    }
    // An own one that is registered goes on: the ledger knows by which payload, and refuses
    // another.
    if (reserved->kind == Kind::kHeldByAnother) {
      const std::string name = Concat("learners/", reserved->person.ToString());
      return MakeRefusal(
          v1::EnrollmentErrorReason_descriptor()->FindValueByNumber(v1::NATIONAL_ID_TAKEN), name,
          Concat("The national id belongs to ", name, "; use that learner."));
    }
    id = reserved->person;
    auto sealed = keys_.Seal(id, learner.person().SerializeAsString());
    if (!sealed.ok()) return sealed.status();
    learner.set_sealed_person(std::move(*sealed));
  }
  learner.clear_person();
  learner.set_name(Concat("learners/", id.ToString()));
  return std::nullopt;
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
  const bool more = ConfirmRegistered();
  const Time now = clock_();
  if (now >= next_look_) {
    next_look_ = now + kLookEvery;
    AskAboutOldReservations();
  }
  return more;
}

}  // namespace learncity::enrollment
