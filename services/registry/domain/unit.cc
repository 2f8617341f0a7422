#include "services/registry/domain/unit.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::registry::v1 {

std::string UnitName(const Unit& unit) {
  std::string first_day = FormatDay(DayOf(unit.valid_from()));
  std::erase(first_day, '-');
  return absl::StrCat("units/", unit.code(), "-", first_day);
}

OpenUnitCase OpenUnitCase::Gather(const OpenUnitRequest& request, Lookup& lookup) {
  return {.existing = lookup.Find<Unit>(IdOf(UnitName(request.unit())))};
}

Decision Decide(const OpenUnitCase& c, const OpenUnitRequest& request, const Moment& moment) {
  const std::string name = UnitName(request.unit());
  if (!IsEverValid(request.unit())) {
    return Refuse(VALIDITY_EMPTY, name,
                  absl::StrCat(name, " would be valid ", FormatValidity(request.unit()),
                               ": give a valid_to after valid_from, or none."));
  }
  if (c.existing != nullptr) {
    return Refuse(UNIT_EXISTS, name,
                  absl::StrCat(name, " exists: give another code or first day, or use it."));
  }
  UnitEvent event;
  Unit& unit = *event.mutable_opened()->mutable_unit();
  unit = request.unit();
  unit.set_name(name);
  *unit.mutable_create_time() = ToTimestamp(moment.now);
  return Decision().Then(name, event);
}

void Evolve(Unit& unit, const UnitEvent& event) {
  switch (event.event_case()) {
    case UnitEvent::kOpened:
      unit = event.opened().unit();
      return;
    case UnitEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << unit.name();
}

}  // namespace learncity::registry::v1
