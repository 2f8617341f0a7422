#include "services/registry/domain/center.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"
#include "services/registry/domain/unit.h"

namespace learncity::registry::v1 {
namespace {

// Why the center cannot stand in the unit from that day on; nullopt when it can.
std::optional<Decision> RefusePlace(const Unit& unit, Day from) {
  if (!IsCommuneLevel(unit.type()) && unit.type() != UNIT_TYPE_RESIDENTIAL_GROUP) {
    return Refuse(PARENT_NOT_SUITABLE, unit.name(),
                  absl::StrCat(unit.name(), " is ", UnitType_Name(unit.type()),
                               ": name the ward, commune, township or residential group."));
  }
  if (IsValidOn(unit, from)) return std::nullopt;
  return Refuse(UNIT_NOT_VALID, unit.name(),
                absl::StrCat(unit.name(), " is valid ", FormatValidity(unit),
                             ", the center stands there from ", FormatDay(from),
                             " on: name the unit that is there on that day."));
}

Placement Stated(const std::string& unit, const google::type::Date& from) {
  Placement placement;
  placement.set_unit(unit);
  *placement.mutable_from() = from;
  placement.set_basis(Placement::BASIS_STATED);
  return placement;
}

Decision NotOpen(const Center& center, Day day) {
  return Refuse(CENTER_NOT_OPEN, center.name(),
                absl::StrCat(center.name(), " is open ", FormatValidity(center), ", not on ",
                             FormatDay(day), "."));
}

}  // namespace

OpenCenterCase OpenCenterCase::Gather(const OpenCenterRequest& request, Lookup& lookup) {
  const Center& center = request.center();
  return {.unit = lookup.Require<Unit>(center.unit()),
          .same_code =
              center.code().empty() ? nullptr : lookup.FindBy<Center>(kCenterCode, center.code())};
}

Decision Decide(const OpenCenterCase& c, const OpenCenterRequest& request, const Moment& moment) {
  if (!IsEverValid(request.center())) {
    return Refuse(VALIDITY_EMPTY, "",
                  absl::StrCat("The center would be valid ", FormatValidity(request.center()),
                               ": give a valid_to after valid_from, or none."));
  }
  if (c.same_code != nullptr) {
    return Refuse(CENTER_CODE_TAKEN, c.same_code->name(),
                  absl::StrCat("The code ", request.center().code(), " is that of ",
                               c.same_code->name(), ": use that center, or another code."));
  }
  if (auto refusal = RefusePlace(*c.unit, DayOf(request.center().valid_from()))) {
    return std::move(*refusal);
  }
  CenterEvent event;
  Center& center = *event.mutable_opened()->mutable_center();
  center = request.center();
  center.set_name(absl::StrCat("centers/", moment.NewId().ToString()));
  *center.add_placements() = Stated(center.unit(), center.valid_from());
  *center.mutable_create_time() = ToTimestamp(moment.now);
  return Decision().Then(center.name(), event);
}

MoveCenterCase MoveCenterCase::Gather(const MoveCenterRequest& request, Lookup& lookup) {
  return {.center = lookup.Require<Center>(request.name()),
          .unit = lookup.Require<Unit>(request.unit())};
}

Decision Decide(const MoveCenterCase& c, const MoveCenterRequest& request, const Moment&) {
  const Center& center = *c.center;
  const Day from = DayOf(request.from_date());
  if (!IsValidOn(center, from)) return NotOpen(center, from);
  // A center of the first release has no placements: it stands where it opened.
  const Day last = center.placements().empty() ? DayOf(center.valid_from())
                                               : DayOf(center.placements().rbegin()->from());
  if (from <= last) {
    return Refuse(MOVE_OUT_OF_ORDER, center.name(),
                  absl::StrCat(center.name(), " stands in ", center.unit(), " since ",
                               FormatDay(last), ": give a later from_date."));
  }
  if (auto refusal = RefusePlace(*c.unit, from)) return std::move(*refusal);
  CenterEvent event;
  *event.mutable_moved()->mutable_placement() = Stated(request.unit(), request.from_date());
  return Decision().Then(center.name(), event);
}

CloseCenterCase CloseCenterCase::Gather(const CloseCenterRequest& request, Lookup& lookup) {
  CloseCenterCase c{.center = lookup.Require<Center>(request.name()), .successors = {}};
  for (const std::string& successor : request.successors()) {
    c.successors.push_back(lookup.Require<Center>(successor));
  }
  return c;
}

Decision Decide(const CloseCenterCase& c, const CloseCenterRequest& request, const Moment&) {
  const Center& center = *c.center;
  const Day valid_to = DayOf(request.valid_to());
  if (center.has_valid_to()) return NotOpen(center, valid_to);
  if (valid_to <= DayOf(center.valid_from())) {
    return Refuse(VALIDITY_EMPTY, center.name(),
                  absl::StrCat(center.name(), " opened on ", FormatDay(DayOf(center.valid_from())),
                               ": give a valid_to after that day."));
  }
  for (const Center* successor : c.successors) {
    if (successor == c.center || !IsValidOn(*successor, valid_to)) {
      return NotOpen(*successor, valid_to);
    }
  }
  CenterEvent event;
  *event.mutable_closed()->mutable_valid_to() = request.valid_to();
  *event.mutable_closed()->mutable_successors() = request.successors();
  return Decision().Then(center.name(), event);
}

void Evolve(Center& center, const CenterEvent& event) {
  switch (event.event_case()) {
    case CenterEvent::kOpened:
      center = event.opened().center();
      return;
    case CenterEvent::kMoved:
      if (center.placements().empty()) {
        *center.add_placements() = Stated(center.unit(), center.valid_from());
      }
      *center.add_placements() = event.moved().placement();
      center.set_unit(event.moved().placement().unit());
      return;
    case CenterEvent::kClosed:
      *center.mutable_valid_to() = event.closed().valid_to();
      *center.mutable_successors() = event.closed().successors();
      return;
    case CenterEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << center.name();
}

}  // namespace learncity::registry::v1
