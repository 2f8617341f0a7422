#include "services/registry/domain/unit_count.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::registry::v1 {

std::string UnitCountName(const UnitCount& count) {
  std::string thing = CountedThing_Name(count.thing());
  thing = absl::AsciiStrToLower(absl::StripPrefix(thing, "COUNTED_THING_"));
  std::string day = FormatDay(DayOf(count.date()));
  std::erase(day, '-');
  return absl::StrCat("unitCounts/", thing, "-", absl::StripPrefix(count.unit(), "units/"), "-",
                      day);
}

RecordUnitCountCase RecordUnitCountCase::Gather(const RecordUnitCountRequest& request,
                                                Lookup& lookup) {
  // The name is that of the count before, if there is one: its document is folded into.
  (void)lookup.Find<UnitCount>(IdOf(UnitCountName(request.unit_count())));
  return {.unit = lookup.Require<Unit>(request.unit_count().unit())};
}

Decision Decide(const RecordUnitCountCase& c, const RecordUnitCountRequest& request,
                const Moment& moment) {
  const Day day = DayOf(request.unit_count().date());
  if (!IsValidOn(*c.unit, day)) {
    return Refuse(UNIT_NOT_VALID, c.unit->name(),
                  absl::StrCat(c.unit->name(), " is valid ", FormatValidity(*c.unit), ", not on ",
                               FormatDay(day), ": name the unit that was there on that day."));
  }
  if (day > Today(moment.now)) {
    return Refuse(DATE_IN_FUTURE, c.unit->name(),
                  absl::StrCat("Nobody has counted on ", FormatDay(day),
                               " yet: give the day of the "
                               "count."));
  }
  UnitCountEvent event;
  UnitCount& count = *event.mutable_counted()->mutable_count();
  count = request.unit_count();
  count.set_name(UnitCountName(count));
  *count.mutable_create_time() = ToTimestamp(moment.now);
  return Decision().Then(count.name(), event);
}

void Evolve(UnitCount& count, const UnitCountEvent& event) {
  switch (event.event_case()) {
    case UnitCountEvent::kCounted:
      count = event.counted().count();
      return;
    case UnitCountEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << count.name();
}

}  // namespace learncity::registry::v1
