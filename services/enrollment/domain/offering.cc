#include "services/enrollment/domain/offering.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::enrollment::v1 {
namespace {

using namespace type::v1;

// First and last grade of a level; both 0 where a level has no grades.
struct Grades {
  int first;
  int last;
};

// Nullopt for what is not a level of a formal offering.
std::optional<Grades> GradesOf(IscedLevel level) {
  switch (level) {
    case ISCED_LEVEL_01:
    case ISCED_LEVEL_02:
      return Grades{0, 0};
    case ISCED_LEVEL_1:
      return Grades{1, 5};
    case ISCED_LEVEL_2:
      return Grades{6, 9};
    case ISCED_LEVEL_3:
      return Grades{10, 12};
    default:
      return std::nullopt;
  }
}

bool IsFormal(const Offering& offering) {
  return offering.kind() == OFFERING_KIND_SCHOOL_CLASS ||
         offering.kind() == OFFERING_KIND_CONTINUING_CLASS;
}

// What is wrong with kind, level, grade and school year together; empty when nothing is.
std::string ProgrammeProblem(const Offering& offering) {
  const IscedLevel level = offering.isced_level();
  const std::string what = absl::StrCat(OfferingKind_Name(offering.kind()), " with ",
                                        IscedLevel_Name(level), ", grade ", offering.grade());
  if (!IsFormal(offering)) {
    const bool outside_levels = level == ISCED_LEVEL_UNSPECIFIED || level == ISCED_LEVEL_NON_FORMAL;
    if (outside_levels && offering.grade() == 0) return "";
    return absl::StrCat(what, ": an offering that is not formal has neither level nor grade.");
  }
  const auto grades = GradesOf(level);
  if (!grades) return absl::StrCat(what, ": give the level, ISCED_LEVEL_01 to ISCED_LEVEL_3.");
  if (grades->last == 0 && offering.grade() != 0) {
    return absl::StrCat(what, ": the level has no grades.");
  }
  if (offering.grade() < grades->first || offering.grade() > grades->last) {
    return absl::StrCat(what, ": the level has grades ", grades->first, " to ", grades->last, ".");
  }
  if (offering.grade() == 0 && offering.kind() == OFFERING_KIND_CONTINUING_CLASS) {
    return absl::StrCat(what, ": continuing education leads to grades 1 to 12.");
  }
  if (offering.school_year().empty()) return absl::StrCat(what, ": give the school year.");
  return "";
}

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
  if (!IsFormal(offering)) offering.set_isced_level(ISCED_LEVEL_NON_FORMAL);
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

OfferingEvent SeatTakenBy(const std::string& enrollment) {
  OfferingEvent event;
  event.mutable_seat_taken()->set_enrollment(enrollment);
  return event;
}

OfferingEvent SeatReleasedBy(const Enrollment& enrollment, Day free_from) {
  OfferingEvent event;
  event.mutable_seat_released()->set_enrollment(enrollment.name());
  if (free_from > DayOf(enrollment.start_date())) {
    *event.mutable_seat_released()->mutable_free_from() = ToDate(free_from);
  }
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
      return;
    case OfferingEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << offering.name();
}

}  // namespace learncity::enrollment::v1
