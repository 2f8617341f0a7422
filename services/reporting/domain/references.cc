#include "services/reporting/domain/references.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"
#include "services/reporting/domain/days.h"

namespace learncity::reporting {
namespace {

constexpr char kThingPrefix[] = "COUNTED_THING_";

// "residential_groups".
std::string SeriesOf(registry::v1::CountedThing thing) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(registry::v1::CountedThing_Name(thing), kThingPrefix));
}

bool IsCommuneLevel(registry::v1::UnitType type) {
  return type == registry::v1::UNIT_TYPE_WARD || type == registry::v1::UNIT_TYPE_COMMUNE ||
         type == registry::v1::UNIT_TYPE_TOWNSHIP;
}

}  // namespace

bool IsCountedOfUnits(const std::string& series) {
  registry::v1::CountedThing thing;
  return registry::v1::CountedThing_Parse(absl::StrCat(kThingPrefix, absl::AsciiStrToUpper(series)),
                                          &thing) &&
         thing != registry::v1::COUNTED_THING_UNSPECIFIED;
}

namespace v1 {

using registry::v1::UnitCountEvent;
using registry::v1::UnitEvent;

void Evolve(UnitReference& unit, const UnitEvent& event) {
  switch (event.event_case()) {
    case UnitEvent::kOpened: {
      const auto& opened = event.opened().unit();
      unit.set_name(opened.name());
      unit.set_display_name(opened.display_name());
      unit.set_from_day(DayNumber(DayOf(opened.valid_from())));
      if (opened.has_valid_to()) unit.set_to_day(DayNumber(DayOf(opened.valid_to())));
      unit.set_is_commune_level(IsCommuneLevel(opened.type()));
      unit.set_parent(opened.parent());
      return;
    }
    case UnitEvent::kEnded:
      unit.set_to_day(DayNumber(DayOf(event.ended().valid_to())));
      for (const auto& successor : event.ended().successors()) {
        if (successor.is_default()) unit.set_successor(successor.unit());
      }
      return;
    case UnitEvent::kCodePassedOn:
    case UnitEvent::kTookOver:
      return;
    case UnitEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << unit.name();
}

void Evolve(UnitCountReference& count, const UnitCountEvent& event) {
  switch (event.event_case()) {
    case UnitCountEvent::kCounted: {
      const auto& counted = event.counted().count();
      count.set_unit(counted.unit());
      count.set_series(SeriesOf(counted.thing()));
      count.set_day(DayNumber(DayOf(counted.date())));
      count.set_count(counted.count());
      count.set_source(counted.source());
      count.set_is_estimated(counted.is_estimated());
      return;
    }
    case UnitCountEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on a count of " << count.unit();
}

}  // namespace v1
}  // namespace learncity::reporting
