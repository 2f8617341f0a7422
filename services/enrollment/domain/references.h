// What enrollment keeps of registry's centers and units: the few facts that its rules need. Moved
// by registry's feed alone, and as late as the feed is.
#pragma once

#include <optional>

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/ledger/decision.h"

namespace learncity::enrollment::v1 {

void Evolve(CenterReference& center, const registry::v1::CenterEvent& event);
void Evolve(UnitReference& unit, const registry::v1::UnitEvent& event);

// The center that holds an offering; nullptr when registry's feed has not told of it.
const CenterReference* CenterOf(const Offering* offering, Lookup& lookup);
// Why nobody can come to the center on that day: it is closed by then. nullopt when it is not, or
// when nothing is known of it.
std::optional<Decision> RefuseShut(const CenterReference* center, Day day);

}  // namespace learncity::enrollment::v1
