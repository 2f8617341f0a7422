#include "services/enrollment/domain/enrollment.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"
#include "services/enrollment/domain/offering.h"

namespace learncity::enrollment::v1 {
namespace {

using std::chrono::days;

EnrollmentEvent Admitted(const Learner& learner, const Offering& offering, Day start,
                         const Moment& moment) {
  EnrollmentEvent event;
  Enrollment& enrollment = *event.mutable_admitted()->mutable_enrollment();
  enrollment.set_name(absl::StrCat("enrollments/", moment.NewId().ToString()));
  enrollment.set_learner(learner.name());
  enrollment.set_offering(offering.name());
  enrollment.set_center(offering.center());
  enrollment.set_kind(offering.kind());
  enrollment.set_isced_level(offering.isced_level());
  enrollment.set_grade(offering.grade());
  enrollment.set_school_year(offering.school_year());
  *enrollment.mutable_start_date() = ToDate(start);
  *enrollment.mutable_offering_end_date() = offering.end_date();
  enrollment.set_state(Enrollment::STATE_ENROLLED);
  *enrollment.mutable_create_time() = ToTimestamp(moment.now);
  return event;
}

// The days from which on a seat may no longer be held.
struct Ends {
  Day first;
  Day last;
};

Ends EndsOf(const Enrollment& enrollment, days held_at_least) {
  return {DayOf(enrollment.start_date()) + held_at_least,
          DayOf(enrollment.offering_end_date()) + days(1)};
}

// The first day without the seat: as asked for, else the possible one that is nearest to today.
template <class Request>
Day EndOf(const Ends& ends, const Request& request, const Moment& moment) {
  if (request.has_end_date()) return DayOf(request.end_date());
  return std::clamp(Today(moment.now), ends.first, ends.last);
}

// Why the seat cannot be given up from that day on; nullopt when it can.
std::optional<Decision> RefuseEnd(const Enrollment& enrollment, const Ends& ends, Day end,
                                  Day latest) {
  const std::string& name = enrollment.name();
  if (enrollment.state() != Enrollment::STATE_ENROLLED) {
    return Refuse(
        NOT_ENROLLED, name,
        absl::StrCat(name, " ended on ", FormatDay(DayOf(enrollment.end_date())), " as ",
                     Enrollment::State_Name(enrollment.state()), ": nothing is left to do."));
  }
  if (end < ends.first || ends.last < end) {
    return Refuse(DATE_OUTSIDE_OFFERING, name,
                  absl::StrCat(name, " cannot end on ", FormatDay(end), ": give an end_date from ",
                               FormatDay(ends.first), " to ", FormatDay(ends.last), "."));
  }
  if (end > latest) {
    return Refuse(
        DATE_IN_FUTURE, name,
        absl::StrCat(name, " cannot end on ", FormatDay(end),
                     ", which is not known yet: ask again then, or give an end_date up to ",
                     FormatDay(latest), "."));
  }
  return std::nullopt;
}

Decision RefuseFull(const Offering& offering, Day start) {
  const auto free_from = FreeSeatFrom(offering);
  std::string advice = "choose another offering, or ask again later.";
  if (free_from && *free_from <= DayOf(offering.end_date())) {
    advice = absl::StrCat("give a start_date from ", FormatDay(*free_from), " on.");
  }
  return Refuse(OFFERING_FULL, offering.name(),
                absl::StrCat("All ", offering.seats(), " seats of ", offering.name(),
                             " are taken on ", FormatDay(start), ": ", advice));
}

}  // namespace

std::string ActiveSeat(const std::string& learner, const std::string& offering) {
  std::string seat(IdOf(learner).view());
  return seat += IdOf(offering).view();
}

std::string SeatOf(const Enrollment& enrollment) {
  std::string seat = ActiveSeat(enrollment.learner(), enrollment.offering());
  if (enrollment.state() != Enrollment::STATE_ENROLLED) seat += IdOf(enrollment.name()).view();
  return seat;
}

EnrollCase EnrollCase::Gather(const EnrollLearnerRequest& request, Lookup& lookup) {
  return {.learner = lookup.Require<Learner>(request.learner()),
          .offering = lookup.Require<Offering>(request.offering()),
          .active =
              lookup.FindBy<Enrollment>(kSeat, ActiveSeat(request.learner(), request.offering()))};
}

// Seats are promised here and nowhere else: the offering is in the case, so its count is true in
// this turn.
Decision Decide(const EnrollCase& c, const EnrollLearnerRequest& request, const Moment& moment) {
  const Offering& offering = *c.offering;
  if (c.learner->state() == Learner::STATE_ERASED) {
    return Refuse(LEARNER_ERASED, c.learner->name(),
                  absl::StrCat(c.learner->name(),
                               " is erased and cannot enroll: register the learner again."));
  }
  if (offering.state() != Offering::STATE_OPEN) {
    return Refuse(OFFERING_NOT_OPEN, offering.name(),
                  absl::StrCat(offering.name(), " takes no learners: choose another offering."));
  }
  if (c.active != nullptr) {
    return Refuse(ALREADY_ENROLLED, c.active->name(),
                  absl::StrCat(c.learner->name(), " holds a seat in ", offering.name(), " as ",
                               c.active->name(), ": use that enrollment."));
  }
  const Day first = DayOf(offering.start_date()), last = DayOf(offering.end_date());
  const Day start =
      request.has_start_date() ? DayOf(request.start_date()) : std::max(first, Today(moment.now));
  if (start < first || last < start) {
    return Refuse(
        DATE_OUTSIDE_OFFERING, offering.name(),
        absl::StrCat(offering.name(), " cannot be entered on ", FormatDay(start),
                     ": give a start_date from ", FormatDay(first), " to ", FormatDay(last), "."));
  }
  if (HeldSince(offering, start) >= offering.seats()) return RefuseFull(offering, start);
  const EnrollmentEvent admitted = Admitted(*c.learner, offering, start, moment);
  const std::string& name = admitted.admitted().enrollment().name();
  return Decision().Then(name, admitted).Then(offering.name(), SeatTakenBy(name));
}

CompleteCase CompleteCase::Gather(const CompleteEnrollmentRequest& request, Lookup& lookup) {
  return {.enrollment = lookup.Require<Enrollment>(request.name())};
}

Decision Decide(const CompleteCase& c, const CompleteEnrollmentRequest& request,
                const Moment& moment) {
  const Enrollment& enrollment = *c.enrollment;
  const Ends ends = EndsOf(enrollment, days(1));
  const Day end = EndOf(ends, request, moment);
  const Day latest = Today(moment.now) + days(1);
  if (auto refusal = RefuseEnd(enrollment, ends, end, latest)) return std::move(*refusal);
  EnrollmentEvent completed;
  *completed.mutable_completed()->mutable_enrollment() = enrollment;
  *completed.mutable_completed()->mutable_end_date() = ToDate(end);
  return Decision().Then(enrollment.name(), completed);
}

WithdrawCase WithdrawCase::Gather(const WithdrawEnrollmentRequest& request, Lookup& lookup) {
  const auto* enrollment = lookup.Require<Enrollment>(request.name());
  if (enrollment == nullptr) return {};
  return {.enrollment = enrollment, .offering = lookup.Require<Offering>(enrollment->offering())};
}

Decision Decide(const WithdrawCase& c, const WithdrawEnrollmentRequest& request,
                const Moment& moment) {
  const Enrollment& enrollment = *c.enrollment;
  const Ends ends = EndsOf(enrollment, days(0));
  const Day end = EndOf(ends, request, moment);
  const Day latest = std::max(Today(moment.now) + days(1), ends.first);
  if (auto refusal = RefuseEnd(enrollment, ends, end, latest)) return std::move(*refusal);
  EnrollmentEvent withdrawn;
  *withdrawn.mutable_withdrawn()->mutable_enrollment() = enrollment;
  *withdrawn.mutable_withdrawn()->mutable_end_date() = ToDate(end);
  return Decision()
      .Then(enrollment.name(), withdrawn)
      .Then(c.offering->name(), SeatReleasedBy(enrollment, end));
}

void Evolve(Enrollment& enrollment, const EnrollmentEvent& event) {
  switch (event.event_case()) {
    case EnrollmentEvent::kAdmitted:
      enrollment = event.admitted().enrollment();
      return;
    case EnrollmentEvent::kCompleted:
      enrollment.set_state(Enrollment::STATE_COMPLETED);
      *enrollment.mutable_end_date() = event.completed().end_date();
      return;
    case EnrollmentEvent::kWithdrawn:
      enrollment.set_state(Enrollment::STATE_WITHDRAWN);
      *enrollment.mutable_end_date() = event.withdrawn().end_date();
      return;
    case EnrollmentEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << enrollment.name();
}

}  // namespace learncity::enrollment::v1
