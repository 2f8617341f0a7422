// Administrative units. A unit has one area and one code while it exists; codes are used again, so
// code and first day together name it. The units of a code are told in the order of their days.
#pragma once

#include <optional>
#include <string>

#include "learncity/registry/v1/registry.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/ledger/decision.h"

namespace learncity::registry::v1 {

// The unique column in which the last unit of each code stands.
inline constexpr char kLastOfCode[] = "last_of_code";

// units/{code}-{first day}, as "units/00004-20250701".
std::string UnitName(const Unit& unit);

// Ward, commune or township: what centers and residential groups stand in.
bool IsCommuneLevel(UnitType type);

// What else a unit that begins is decided over.
struct UnitGround {
  // The unit that has this code and first day already, or nullptr.
  const Unit* existing;
  // The last unit that has the code, or nullptr.
  const Unit* last_of_code;
  // The unit it would be a part of; nullptr when none is named.
  const Unit* parent;
  // First day on which `last_of_code` no longer exists, when the same decision ends it.
  std::optional<Day> last_ends;
};

struct OpenUnitCase {
  UnitGround ground;

  static OpenUnitCase Gather(const OpenUnitRequest& request, Lookup& lookup);
};

Decision Decide(const OpenUnitCase& c, const OpenUnitRequest& request, const Moment& moment);

// Why the unit cannot begin; nullopt when it can.
std::optional<Decision> RefuseUnit(const Unit& unit, const UnitGround& ground);
// The unit begins, and who had its code passes it on.
Decision BeginUnit(Decision decision, const Unit& unit, const UnitGround& ground,
                   const Moment& moment);

void Evolve(Unit& unit, const UnitEvent& event);

}  // namespace learncity::registry::v1
