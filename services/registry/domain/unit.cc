#include "services/registry/domain/unit.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/runtime/check.h"

namespace learncity::registry::v1 {
namespace {

bool IsDistrictLevel(UnitType type) {
  return type == UNIT_TYPE_URBAN_DISTRICT || type == UNIT_TYPE_RURAL_DISTRICT ||
         type == UNIT_TYPE_TOWN || type == UNIT_TYPE_PROFESSIONAL_CLUSTER;
}

// Whether a unit of one type may be a part of one of the other.
bool CanBePartOf(UnitType part, UnitType whole) {
  return (IsCommuneLevel(part) && IsDistrictLevel(whole)) ||
         (part == UNIT_TYPE_RESIDENTIAL_GROUP && IsCommuneLevel(whole));
}

std::optional<Decision> RefuseParent(const Unit& unit, const Unit* parent) {
  const std::string name = UnitName(unit);
  if (parent == nullptr) {
    if (unit.type() != UNIT_TYPE_RESIDENTIAL_GROUP) return std::nullopt;
    return Refuse(PARENT_NOT_SUITABLE, name,
                  absl::StrCat(name, " is a residential group: name its commune as parent."));
  }
  if (!CanBePartOf(unit.type(), parent->type())) {
    return Refuse(PARENT_NOT_SUITABLE, parent->name(),
                  absl::StrCat(name, ", ", UnitType_Name(unit.type()), ", cannot be a part of ",
                               parent->name(), ", ", UnitType_Name(parent->type()), "."));
  }
  const Day first_day = DayOf(unit.valid_from());
  if (!IsValidOn(*parent, first_day)) {
    return Refuse(UNIT_NOT_VALID, parent->name(),
                  absl::StrCat(parent->name(), " is valid ", FormatValidity(*parent), ", ", name,
                               " begins on ", FormatDay(first_day),
                               ": name the parent that is there on that day."));
  }
  return std::nullopt;
}

}  // namespace

std::string UnitName(const Unit& unit) {
  std::string first_day = FormatDay(DayOf(unit.valid_from()));
  std::erase(first_day, '-');
  return absl::StrCat("units/", unit.code(), "-", first_day);
}

bool IsCommuneLevel(UnitType type) {
  return type == UNIT_TYPE_WARD || type == UNIT_TYPE_COMMUNE || type == UNIT_TYPE_TOWNSHIP;
}

std::optional<Decision> RefuseUnit(const Unit& unit, const UnitGround& ground) {
  const std::string name = UnitName(unit);
  if (!IsEverValid(unit)) {
    return Refuse(VALIDITY_EMPTY, name,
                  absl::StrCat(name, " would be valid ", FormatValidity(unit),
                               ": give a valid_to after valid_from, or none."));
  }
  if (ground.existing != nullptr) {
    return Refuse(UNIT_EXISTS, name,
                  absl::StrCat(name, " exists: give another code or first day, or use it."));
  }
  if (const Unit* last = ground.last_of_code; last != nullptr) {
    std::optional<Day> ends = ground.last_ends;
    if (!ends && last->has_valid_to()) ends = DayOf(last->valid_to());
    if (!ends || *ends > DayOf(unit.valid_from())) {
      return Refuse(
          UNIT_OVERLAPS, last->name(),
          absl::StrCat(last->name(), " has the code ", unit.code(), " ", FormatValidity(*last),
                       ": end it first, or let ", name, " begin after it."));
    }
  }
  return RefuseParent(unit, ground.parent);
}

Decision BeginUnit(Decision decision, const Unit& unit, const UnitGround& ground,
                   const Moment& moment) {
  UnitEvent opened;
  Unit& begun = *opened.mutable_opened()->mutable_unit();
  begun = unit;
  begun.set_name(UnitName(unit));
  *begun.mutable_create_time() = ToTimestamp(moment.now);
  const std::string name = begun.name();
  decision = std::move(decision).Then(name, std::move(opened));
  if (ground.last_of_code == nullptr) return decision;
  UnitEvent passed_on;
  passed_on.mutable_code_passed_on()->set_unit(name);
  return std::move(decision).Then(ground.last_of_code->name(), std::move(passed_on));
}

OpenUnitCase OpenUnitCase::Gather(const OpenUnitRequest& request, Lookup& lookup) {
  const Unit& unit = request.unit();
  return {
      .ground = {.existing = lookup.Find<Unit>(IdOf(UnitName(unit))),
                 .last_of_code = lookup.FindBy<Unit>(kLastOfCode, unit.code()),
                 .parent = unit.parent().empty() ? nullptr : lookup.Require<Unit>(unit.parent()),
                 .last_ends = std::nullopt}};
}

Decision Decide(const OpenUnitCase& c, const OpenUnitRequest& request, const Moment& moment) {
  if (auto refusal = RefuseUnit(request.unit(), c.ground)) return std::move(*refusal);
  return BeginUnit(Decision(), request.unit(), c.ground, moment);
}

void Evolve(Unit& unit, const UnitEvent& event) {
  switch (event.event_case()) {
    case UnitEvent::kOpened:
      unit = event.opened().unit();
      return;
    case UnitEvent::kEnded:
      *unit.mutable_valid_to() = event.ended().valid_to();
      *unit.mutable_successors() = event.ended().successors();
      unit.set_ended_by(event.ended().act());
      return;
    case UnitEvent::kCodePassedOn:
      unit.set_code_passed_on(true);
      return;
    case UnitEvent::kTookOver:
      *unit.mutable_last_takeover() = event.took_over().date();
      return;
    case UnitEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << unit.name();
}

}  // namespace learncity::registry::v1
