#include "services/registry/domain/center.h"

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::registry::v1 {

OpenCenterCase OpenCenterCase::Gather(const OpenCenterRequest& request, Lookup& lookup) {
  return {.unit = lookup.Require<Unit>(request.center().unit())};
}

Decision Decide(const OpenCenterCase& c, const OpenCenterRequest& request, const Moment& moment) {
  if (!IsEverValid(request.center())) {
    return Refuse(VALIDITY_EMPTY, "",
                  absl::StrCat("The center would be valid ", FormatValidity(request.center()),
                               ": give a valid_to after valid_from, or none."));
  }
  const Day first_day = DayOf(request.center().valid_from());
  if (!IsValidOn(*c.unit, first_day)) {
    return Refuse(
        UNIT_NOT_VALID, c.unit->name(),
        absl::StrCat(c.unit->name(), " is valid ", FormatValidity(*c.unit), ", the center from ",
                     FormatDay(first_day), " on: name the unit that is there on that day."));
  }
  CenterEvent event;
  Center& center = *event.mutable_opened()->mutable_center();
  center = request.center();
  center.set_name(absl::StrCat("centers/", moment.NewId().ToString()));
  *center.mutable_create_time() = ToTimestamp(moment.now);
  return Decision().Then(center.name(), event);
}

void Evolve(Center& center, const CenterEvent& event) {
  switch (event.event_case()) {
    case CenterEvent::kOpened:
      center = event.opened().center();
      return;
    case CenterEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << center.name();
}

}  // namespace learncity::registry::v1
