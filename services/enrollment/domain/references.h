// What enrollment keeps of registry's centers and units: the few facts that its rules need. Moved
// by registry's feed alone, and as late as the feed is.
#pragma once

#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"

namespace learncity::enrollment::v1 {

void Evolve(CenterReference& center, const registry::v1::CenterEvent& event);
void Evolve(UnitReference& unit, const registry::v1::UnitEvent& event);

}  // namespace learncity::enrollment::v1
