// Administrative units. A unit has one area and one code while it exists; codes are used again, so
// code and first day together name it.
#pragma once

#include <string>

#include "learncity/registry/v1/registry.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::registry::v1 {

// units/{code}-{first day}, as "units/00004-20250701".
std::string UnitName(const Unit& unit);

struct OpenUnitCase {
  // The unit that has this code and first day already, or nullptr.
  const Unit* existing;

  static OpenUnitCase Gather(const OpenUnitRequest& request, Lookup& lookup);
};

Decision Decide(const OpenUnitCase& c, const OpenUnitRequest& request, const Moment& moment);

void Evolve(Unit& unit, const UnitEvent& event);

}  // namespace learncity::registry::v1
