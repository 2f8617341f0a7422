#include "services/enrollment/domain/waitlist.h"

#include <algorithm>

#include "platform/calendar/calendar.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/domain/references.h"

namespace learncity::enrollment::v1 {
namespace {

// The first day on which somebody who waits may have a seat; nullopt while none is free before the
// offering is over.
std::optional<Day> PromotedFrom(const Offering& offering, Day today) {
  const auto free_from = FreeSeatFrom(offering);
  if (!free_from) return std::nullopt;
  const Day start = std::max(*free_from, today);
  if (start > DayOf(offering.end_date())) return std::nullopt;
  return start;
}

OfferingEvent Served(int64_t ticket, std::optional<Time> promotion_time) {
  OfferingEvent event;
  event.mutable_tickets_served()->set_served_ticket(ticket);
  if (promotion_time) {
    *event.mutable_tickets_served()->mutable_promotion_time() = ToTimestamp(*promotion_time);
  }
  return event;
}

EnrollmentEvent PromotedOn(const Enrollment& waiting, Day start) {
  EnrollmentEvent event;
  Enrollment& promoted = *event.mutable_promoted()->mutable_enrollment();
  promoted = waiting;
  promoted.set_state(Enrollment::STATE_ENROLLED);
  *promoted.mutable_start_date() = ToDate(start);
  return event;
}

bool MayHoldSeat(const PromoteCase::Waiter& waiter) {
  return waiter.learner->state() == Learner::STATE_ACTIVE && waiter.in_school == nullptr;
}

// The last ticket that a step looks at.
int64_t LastOfStep(const Offering& offering) {
  return std::min(offering.served_ticket() + kTicketsPerStep, offering.last_ticket());
}

}  // namespace

std::string WaitingWith(const std::string& offering, int64_t ticket) {
  std::string value(IdOf(offering).view());
  for (int shift = 56; shift >= 0; shift -= 8) value += static_cast<char>(ticket >> shift & 0xff);
  return value;
}

std::optional<std::string> WaitingOf(const Enrollment& enrollment) {
  if (enrollment.state() != Enrollment::STATE_WAITING) return std::nullopt;
  return WaitingWith(enrollment.offering(), enrollment.ticket());
}

Decision JoinWaitlist(Enrollment enrollment, const Offering& offering, const Moment& moment) {
  enrollment.set_state(Enrollment::STATE_WAITING);
  enrollment.set_ticket(offering.last_ticket() + 1);
  EnrollmentEvent waitlisted;
  *waitlisted.mutable_waitlisted()->mutable_enrollment() = enrollment;
  OfferingEvent joined;
  joined.mutable_waiter_joined()->set_enrollment(enrollment.name());
  joined.mutable_waiter_joined()->set_ticket(enrollment.ticket());
  Decision decision = Decision().Then(enrollment.name(), waitlisted).Then(offering.name(), joined);
  // The first who waits may do so beside a seat that is free, though not from the day asked for.
  if (offering.waiting() > 0 || !PromotedFrom(offering, Today(moment.now))) return decision;
  return std::move(decision).Then(offering.name(), Served(offering.served_ticket(), moment.now));
}

OfferingEvent WaiterLeftAs(const Enrollment& enrollment) {
  OfferingEvent event;
  event.mutable_waiter_left()->set_enrollment(enrollment.name());
  return event;
}

PromoteCase PromoteCase::Gather(const Offering& offering, Lookup& lookup) {
  PromoteCase c{.center = CenterOf(&offering, lookup), .next = {}};
  for (int64_t n = offering.served_ticket() + 1; n <= LastOfStep(offering); ++n) {
    const auto* enrollment = lookup.FindBy<Enrollment>(kWaiting, WaitingWith(offering.name(), n));
    if (enrollment == nullptr) continue;
    c.next.push_back({.enrollment = enrollment,
                      .learner = lookup.Require<Learner>(enrollment->learner()),
                      .in_school = InSchool(enrollment->learner(), offering, lookup)});
  }
  return c;
}

std::optional<Time> PromotionDue(const Offering& offering) {
  if (!offering.has_promotion_time()) return std::nullopt;
  return ToTime(offering.promotion_time());
}

Decision Decide(const PromoteCase& c, const Offering& offering, const Moment& moment) {
  const Day today = Today(moment.now);
  const auto start = PromotedFrom(offering, today);
  if (!start || RefuseShut(c.center, *start)) {
    return Decision().Then(offering.name(), Served(offering.served_ticket(), std::nullopt));
  }
  Decision decision;
  // The offering as what is decided so far leaves it.
  Offering after = offering;
  const auto happens = [&](const OfferingEvent& event) {
    Evolve(after, event);
    decision = std::move(decision).Then(offering.name(), event);
  };
  int64_t served = LastOfStep(offering);
  for (const PromoteCase::Waiter& waiter : c.next) {
    const Enrollment& enrollment = *waiter.enrollment;
    const Day wanted = DayOf(enrollment.start_date());
    if (!MayHoldSeat(waiter) || RefuseShut(c.center, std::max(wanted, *start))) {
      decision = std::move(decision).Then(enrollment.name(), WithdrawnOn(enrollment, wanted));
      happens(WaiterLeftAs(enrollment));
      continue;
    }
    decision = std::move(decision).Then(enrollment.name(),
                                        PromotedOn(enrollment, std::max(wanted, *start)));
    happens(SeatTakenBy(enrollment.name()));
    happens(WaiterLeftAs(enrollment));
    served = enrollment.ticket();
    break;
  }
  if (after.waiting() == 0) served = after.last_ticket();
  const bool goes_on = after.waiting() > 0 && PromotedFrom(after, today).has_value();
  happens(Served(
      served, goes_on ? std::optional(moment.now + std::chrono::microseconds(1)) : std::nullopt));
  return decision;
}

}  // namespace learncity::enrollment::v1
