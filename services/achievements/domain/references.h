// What achievements keeps of enrollment's learners and registry's centers and units: the few facts
// that its rules and the scopes of callers need. Moved by their feeds alone, and as late as these
// are.
#pragma once

#include "learncity/achievements/v1/achievements_events.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"

namespace learncity::achievements::v1 {

void Evolve(LearnerReference& learner, const enrollment::v1::LearnerEvent& event);
void Evolve(CenterReference& center, const registry::v1::CenterEvent& event);
void Evolve(UnitReference& unit, const registry::v1::UnitEvent& event);

}  // namespace learncity::achievements::v1
