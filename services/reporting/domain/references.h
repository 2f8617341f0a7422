// What reporting keeps of registry's units and of what was counted in them. Moved by registry's
// feed alone, and as late as the feed is.
#pragma once

#include <string>

#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/reporting/v1/facts.pb.h"

namespace learncity::reporting {

// Whether units count what a series of the denominators is of: "population", "households" and so
// on, as registry's CountedThing has them.
bool IsCountedOfUnits(const std::string& series);

}  // namespace learncity::reporting

namespace learncity::reporting::v1 {

void Evolve(UnitReference& unit, const registry::v1::UnitEvent& event);
// The count for a day is the one that was recorded last.
void Evolve(UnitCountReference& count, const registry::v1::UnitCountEvent& event);

}  // namespace learncity::reporting::v1
