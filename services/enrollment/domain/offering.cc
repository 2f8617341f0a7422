#include "services/enrollment/domain/offering.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"
#include "services/enrollment/domain/programme.h"

namespace learncity::enrollment::v1 {
namespace {

// One entry for each day, in their order.
void AddGivenBack(Offering& offering, const google::type::Date& free_from) {
  auto& all = *offering.mutable_given_back();
  const Day day = DayOf(free_from);
  const auto before = std::find_if(all.begin(), all.end(), [&](const GivenBackSeats& one) {
    return DayOf(one.free_from()) >= day;
  });
  if (before != all.end() && DayOf(before->free_from()) == day) {
    before->set_seats(before->seats() + 1);
    return;
  }
  const auto place = before - all.begin();
  GivenBackSeats& added = *all.Add();
  *added.mutable_free_from() = free_from;
  added.set_seats(1);
  std::rotate(all.begin() + place, all.end() - 1, all.end());
}

Decision RefuseKind(const OpenOfferingCase& c, const Offering& offering) {
  return Refuse(
      KIND_NOT_HELD, c.center->name(),
      absl::StrCat(c.center->name(), " is a ", type::v1::CenterKind_Name(c.center->kind()),
                   ", where no ", type::v1::OfferingKind_Name(offering.kind()), " with ",
                   type::v1::IscedLevel_Name(offering.isced_level()),
                   " is held: choose a center that holds it."));
}

}  // namespace

OpenOfferingCase OpenOfferingCase::Gather(const OpenOfferingRequest& request, Lookup& lookup) {
  return {.center = lookup.Require<CenterReference>(request.offering().center())};
}

Decision Decide(const OpenOfferingCase& c, const OpenOfferingRequest& request,
                const Moment& moment) {
  const Day first = DayOf(request.offering().start_date());
  const Day last = DayOf(request.offering().end_date());
  if (last < first) {
    return Refuse(
        PERIOD_EMPTY, "",
        absl::StrCat("The offering would end on ", FormatDay(last), ", before it begins on ",
                     FormatDay(first), ": give an end_date on or after start_date."));
  }
  if (std::string problem = ProgrammeProblem(request.offering()); !problem.empty()) {
    return Refuse(PROGRAMME_INCOMPLETE, "", std::move(problem));
  }
  if (!IsHeldAt(c.center->kind(), request.offering())) return RefuseKind(c, request.offering());
  if (!IsValidOn(*c.center, first) || !IsValidOn(*c.center, last)) {
    return Refuse(CENTER_NOT_OPEN, c.center->name(),
                  absl::StrCat(c.center->name(), " is open ", FormatValidity(*c.center),
                               ", the offering runs from ", FormatDay(first), " to ",
                               FormatDay(last), ": choose days on which the center is open."));
  }
  OfferingEvent event;
  Offering& offering = *event.mutable_opened()->mutable_offering();
  offering = request.offering();
  offering.set_name(absl::StrCat("offerings/", moment.NewId().ToString()));
  if (!IsFormal(offering)) offering.set_isced_level(type::v1::ISCED_LEVEL_NON_FORMAL);
  offering.set_state(Offering::STATE_OPEN);
  *offering.mutable_create_time() = ToTimestamp(moment.now);
  return Decision().Then(offering.name(), event);
}

int HeldSince(const Offering& offering, Day day) {
  int held = offering.taken();
  for (const GivenBackSeats& given_back : offering.given_back()) {
    if (DayOf(given_back.free_from()) > day) held += given_back.seats();
  }
  return held;
}

std::optional<Day> FreeSeatFrom(const Offering& offering) {
  if (offering.taken() >= offering.seats()) return std::nullopt;
  const Day first = DayOf(offering.start_date());
  if (HeldSince(offering, first) < offering.seats()) return first;
  for (const GivenBackSeats& given_back : offering.given_back()) {
    const Day day = DayOf(given_back.free_from());
    if (HeldSince(offering, day) < offering.seats()) return day;
  }
  return std::nullopt;
}

bool HasFreeSeat(const Offering& offering, Day start) {
  return offering.waiting() == 0 && HeldSince(offering, start) < offering.seats();
}

Decision RefuseFull(const Offering& offering, Day start) {
  if (offering.waiting() > 0) {
    return Refuse(OFFERING_FULL, offering.name(),
                  absl::StrCat(offering.waiting(), " learners wait for a seat of ", offering.name(),
                               ": enroll with joins_waitlist, or choose another offering."));
  }
  const auto free_from = FreeSeatFrom(offering);
  std::string advice = "enroll with joins_waitlist, or choose another offering.";
  if (free_from && *free_from <= DayOf(offering.end_date())) {
    advice = absl::StrCat("give a start_date from ", FormatDay(*free_from), " on.");
  }
  return Refuse(OFFERING_FULL, offering.name(),
                absl::StrCat("All ", offering.seats(), " seats of ", offering.name(),
                             " are taken on ", FormatDay(start), ": ", advice));
}

OfferingEvent SeatTakenBy(const std::string& enrollment) {
  OfferingEvent event;
  event.mutable_seat_taken()->set_enrollment(enrollment);
  return event;
}

OfferingEvent SeatReleasedBy(const Enrollment& enrollment, Day free_from, const Offering& offering,
                             Time now) {
  OfferingEvent event;
  SeatReleased& released = *event.mutable_seat_released();
  released.set_enrollment(enrollment.name());
  if (free_from > DayOf(enrollment.start_date())) *released.mutable_free_from() = ToDate(free_from);
  if (offering.waiting() > 0) *released.mutable_promotion_time() = ToTimestamp(now);
  return event;
}

void Evolve(Offering& offering, const OfferingEvent& event) {
  switch (event.event_case()) {
    case OfferingEvent::kOpened:
      offering = event.opened().offering();
      return;
    case OfferingEvent::kSeatTaken:
      LEARNCITY_CHECK_LT(offering.taken(), offering.seats()) << offering.name() << " is oversold";
      offering.set_taken(offering.taken() + 1);
      return;
    case OfferingEvent::kSeatReleased:
      LEARNCITY_CHECK_GT(offering.taken(), 0) << offering.name();
      offering.set_taken(offering.taken() - 1);
      if (event.seat_released().has_free_from()) {
        AddGivenBack(offering, event.seat_released().free_from());
      }
      if (event.seat_released().has_promotion_time()) {
        *offering.mutable_promotion_time() = event.seat_released().promotion_time();
      }
      return;
    case OfferingEvent::kWaiterJoined:
      offering.set_waiting(offering.waiting() + 1);
      offering.set_last_ticket(event.waiter_joined().ticket());
      return;
    case OfferingEvent::kWaiterLeft:
      LEARNCITY_CHECK_GT(offering.waiting(), 0) << offering.name();
      offering.set_waiting(offering.waiting() - 1);
      if (offering.waiting() > 0) return;
      offering.set_served_ticket(offering.last_ticket());
      offering.clear_promotion_time();
      return;
    case OfferingEvent::kTicketsServed:
      offering.set_served_ticket(event.tickets_served().served_ticket());
      offering.clear_promotion_time();
      if (event.tickets_served().has_promotion_time()) {
        *offering.mutable_promotion_time() = event.tickets_served().promotion_time();
      }
      return;
    case OfferingEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << offering.name();
}

}  // namespace learncity::enrollment::v1
