#include "services/enrollment/domain/enrollment.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/runtime/check.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/domain/references.h"
#include "services/enrollment/domain/waitlist.h"

namespace learncity::enrollment::v1 {
namespace {

using std::chrono::days;

// The days from which on a seat may no longer be held.
struct Ends {
  Day first;
  Day last;
};

// Who waits has held nothing: that ends where it would have begun.
Ends EndsOf(const Enrollment& enrollment, days held_at_least) {
  const Day start = DayOf(enrollment.start_date());
  if (enrollment.state() == Enrollment::STATE_WAITING) return {start, start};
  return {start + held_at_least, DayOf(enrollment.offering_end_date()) + days(1)};
}

// The first day without the seat: as asked for, else the possible one that is nearest to today.
template <class Request>
Day EndOf(const Ends& ends, const Request& request, const Moment& moment) {
  if (request.has_end_date()) return DayOf(request.end_date());
  return std::clamp(Today(moment.now), ends.first, ends.last);
}

// Why the enrollment cannot end on that day; nullopt when it can.
std::optional<Decision> RefuseEnd(const Enrollment& enrollment, const Ends& ends, Day end,
                                  Day latest) {
  const std::string& name = enrollment.name();
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

// Why the learner cannot enroll, on whatever day; nullopt when nothing is against it.
std::optional<Decision> RefuseLearner(const EnrollCase& c) {
  if (c.learner->state() == Learner::STATE_ERASED) return RefuseErased(*c.learner);
  if (c.learner->state() == Learner::STATE_MATCHED) return RefuseMatched(*c.learner);
  if (c.offering->state() != Offering::STATE_OPEN) return RefuseClosed(*c.offering);
  if (c.active != nullptr) return RefuseSecond(*c.active);
  if (c.in_school == nullptr) return std::nullopt;
  return Refuse(ALREADY_IN_SCHOOL, c.in_school->name(),
                absl::StrCat(c.learner->name(), " holds a seat in ", c.in_school->offering(),
                             " in the school year ", c.in_school->school_year(), ": transfer ",
                             c.in_school->name(), ", or end it first."));
}

}  // namespace

std::string OfferingSeat(const std::string& learner, const std::string& offering) {
  std::string seat(IdOf(learner).view());
  return seat += IdOf(offering).view();
}

std::string SchoolSeat(const std::string& learner, const std::string& school_year) {
  return std::string(IdOf(learner).view()) + school_year;
}

std::string SeatOf(const Enrollment& enrollment) {
  const bool waits = enrollment.state() == Enrollment::STATE_WAITING;
  if (!waits && enrollment.state() != Enrollment::STATE_ENROLLED) {
    return OfferingSeat(enrollment.learner(), enrollment.name());
  }
  return !waits && enrollment.kind() == type::v1::OFFERING_KIND_SCHOOL_CLASS
             ? SchoolSeat(enrollment.learner(), enrollment.school_year())
             : OfferingSeat(enrollment.learner(), enrollment.offering());
}

const Enrollment* InSchool(const std::string& learner, const Offering& offering, Lookup& lookup) {
  if (offering.kind() != type::v1::OFFERING_KIND_SCHOOL_CLASS) return nullptr;
  return lookup.FindBy<Enrollment>(kSeat, SchoolSeat(learner, offering.school_year()));
}

const Enrollment* ActiveIn(const std::string& learner, const Offering& offering,
                           const Enrollment* in_school, Lookup& lookup) {
  const auto* one = lookup.FindBy<Enrollment>(kSeat, OfferingSeat(learner, offering.name()));
  if (one != nullptr) return one;
  return in_school != nullptr && in_school->offering() == offering.name() ? in_school : nullptr;
}

Enrollment NewEnrollment(const Learner& learner, const Offering& offering, Day start,
                         const Moment& moment) {
  Enrollment enrollment;
  enrollment.set_name(absl::StrCat("enrollments/", moment.NewId().ToString()));
  enrollment.set_learner(learner.name());
  enrollment.set_offering(offering.name());
  enrollment.set_center(offering.center());
  enrollment.set_kind(offering.kind());
  enrollment.set_isced_level(offering.isced_level());
  enrollment.set_grade(offering.grade());
  enrollment.set_school_year(offering.school_year());
  enrollment.set_mode(offering.mode());
  enrollment.set_literacy_stage(offering.literacy_stage());
  *enrollment.mutable_start_date() = ToDate(start);
  *enrollment.mutable_offering_end_date() = offering.end_date();
  enrollment.set_state(Enrollment::STATE_ENROLLED);
  *enrollment.mutable_create_time() = ToTimestamp(moment.now);
  return enrollment;
}

EnrollmentEvent AdmittedAs(const Enrollment& enrollment) {
  EnrollmentEvent event;
  *event.mutable_admitted()->mutable_enrollment() = enrollment;
  return event;
}

EnrollmentEvent WithdrawnOn(const Enrollment& enrollment, Day end) {
  EnrollmentEvent event;
  *event.mutable_withdrawn()->mutable_enrollment() = enrollment;
  *event.mutable_withdrawn()->mutable_end_date() = ToDate(end);
  return event;
}

Decision RefuseErased(const Learner& learner) {
  return Refuse(
      LEARNER_ERASED, learner.name(),
      absl::StrCat(learner.name(), " is erased and cannot enroll: register the learner again."));
}

Decision RefuseClosed(const Offering& offering) {
  return Refuse(OFFERING_NOT_OPEN, offering.name(),
                absl::StrCat(offering.name(), " takes no learners: choose another offering."));
}

Decision RefuseSecond(const Enrollment& active) {
  const bool waits = active.state() == Enrollment::STATE_WAITING;
  return Refuse(
      ALREADY_ENROLLED, active.name(),
      absl::StrCat(active.learner(), waits ? " waits for a seat in " : " holds a seat in ",
                   active.offering(), " as ", active.name(), ": use that enrollment."));
}

Decision RefuseSeatless(const Enrollment& enrollment) {
  const std::string& name = enrollment.name();
  if (enrollment.state() == Enrollment::STATE_WAITING) {
    return Refuse(
        NOT_ENROLLED, name,
        absl::StrCat(name, " waits for a seat: withdraw it, or ask again once it has one."));
  }
  return Refuse(
      NOT_ENROLLED, name,
      absl::StrCat(name, " ended on ", FormatDay(DayOf(enrollment.end_date())), " as ",
                   Enrollment::State_Name(enrollment.state()), ": nothing is left to do."));
}

EnrollCase EnrollCase::Gather(const EnrollLearnerRequest& request, Lookup& lookup) {
  EnrollCase c{.learner = lookup.Require<Learner>(request.learner()),
               .offering = lookup.Require<Offering>(request.offering()),
               .center = nullptr,
               .active = nullptr,
               .in_school = nullptr};
  if (c.offering == nullptr) return c;
  c.center = CenterOf(c.offering, lookup);
  c.in_school = InSchool(request.learner(), *c.offering, lookup);
  c.active = ActiveIn(request.learner(), *c.offering, c.in_school, lookup);
  return c;
}

// Seats are promised here, to who is transferred and to who waits, and nowhere else: the offering
// is in the case, so its count is true in this turn.
Decision Decide(const EnrollCase& c, const EnrollLearnerRequest& request, const Moment& moment) {
  const Offering& offering = *c.offering;
  if (auto refusal = RefuseLearner(c)) return std::move(*refusal);
  const Day first = DayOf(offering.start_date()), last = DayOf(offering.end_date());
  const Day today = Today(moment.now);
  const Day start = request.has_start_date() ? DayOf(request.start_date()) : std::max(first, today);
  if (start < first || last < start) {
    return Refuse(
        DATE_OUTSIDE_OFFERING, offering.name(),
        absl::StrCat(offering.name(), " cannot be entered on ", FormatDay(start),
                     ": give a start_date from ", FormatDay(first), " to ", FormatDay(last), "."));
  }
  if (auto refusal = RefuseShut(c.center, start)) return std::move(*refusal);
  const Enrollment enrollment = NewEnrollment(*c.learner, offering, start, moment);
  if (HasFreeSeat(offering, start)) {
    return Decision()
        .Then(enrollment.name(), AdmittedAs(enrollment))
        .Then(offering.name(), SeatTakenBy(enrollment.name()));
  }
  // Who waits gets a seat from that day on at the earliest: once the offering is over, never.
  if (request.joins_waitlist() && today <= last) return JoinWaitlist(enrollment, offering, moment);
  return RefuseFull(offering, start);
}

CompleteCase CompleteCase::Gather(const CompleteEnrollmentRequest& request, Lookup& lookup) {
  return {.enrollment = lookup.Require<Enrollment>(request.name())};
}

Decision Decide(const CompleteCase& c, const CompleteEnrollmentRequest& request,
                const Moment& moment) {
  const Enrollment& enrollment = *c.enrollment;
  if (enrollment.state() != Enrollment::STATE_ENROLLED) return RefuseSeatless(enrollment);
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
  const bool waits = enrollment.state() == Enrollment::STATE_WAITING;
  if (!waits && enrollment.state() != Enrollment::STATE_ENROLLED) return RefuseSeatless(enrollment);
  const Ends ends = EndsOf(enrollment, days(0));
  const Day end = EndOf(ends, request, moment);
  const Day latest = std::max(Today(moment.now) + days(1), ends.first);
  if (auto refusal = RefuseEnd(enrollment, ends, end, latest)) return std::move(*refusal);
  return Decision()
      .Then(enrollment.name(), WithdrawnOn(enrollment, end))
      .Then(c.offering->name(), waits ? WaiterLeftAs(enrollment)
                                      : SeatReleasedBy(enrollment, end, *c.offering, moment.now));
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
    case EnrollmentEvent::kWaitlisted:
      enrollment = event.waitlisted().enrollment();
      return;
    case EnrollmentEvent::kPromoted:
      enrollment = event.promoted().enrollment();
      return;
    case EnrollmentEvent::kTransferred:
      enrollment.set_state(Enrollment::STATE_TRANSFERRED);
      *enrollment.mutable_end_date() = event.transferred().end_date();
      enrollment.set_transferred_to(event.transferred().transferred_to());
      return;
    case EnrollmentEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << enrollment.name();
}

}  // namespace learncity::enrollment::v1
