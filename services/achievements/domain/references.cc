#include "services/achievements/domain/references.h"

#include "platform/runtime/check.h"

namespace learncity::achievements::v1 {

using enrollment::v1::LearnerEvent;
using registry::v1::CenterEvent;
using registry::v1::UnitEvent;

namespace {

UnitReference ReferenceTo(const registry::v1::Unit& unit) {
  UnitReference reference;
  reference.set_name(unit.name());
  reference.set_parent(unit.parent());
  *reference.mutable_valid_from() = unit.valid_from();
  if (unit.has_valid_to()) *reference.mutable_valid_to() = unit.valid_to();
  return reference;
}

void End(UnitReference& unit, const registry::v1::UnitEnded& ended) {
  *unit.mutable_valid_to() = ended.valid_to();
  for (const auto& successor : ended.successors()) {
    if (successor.is_default()) unit.set_successor(successor.unit());
  }
}

}  // namespace

void Evolve(LearnerReference& learner, const LearnerEvent& event) {
  switch (event.event_case()) {
    case LearnerEvent::kRegistered:
      learner.set_name(event.registered().learner().name());
      return;
    case LearnerEvent::kErased:
    case LearnerEvent::kMatched:
      learner.set_is_erased(true);
      return;
    case LearnerEvent::kErasureConfirmed:
    case LearnerEvent::kUpdated:
      return;
    case LearnerEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << learner.name();
}

void Evolve(CenterReference& center, const CenterEvent& event) {
  switch (event.event_case()) {
    case CenterEvent::kOpened:
      center.set_name(event.opened().center().name());
      center.set_unit(event.opened().center().unit());
      return;
    case CenterEvent::kMoved:
      center.set_unit(event.moved().placement().unit());
      return;
    case CenterEvent::kClosed:
      return;
    case CenterEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << center.name();
}

void Evolve(UnitReference& unit, const UnitEvent& event) {
  switch (event.event_case()) {
    case UnitEvent::kOpened:
      unit = ReferenceTo(event.opened().unit());
      return;
    case UnitEvent::kEnded:
      End(unit, event.ended());
      return;
    case UnitEvent::kCodePassedOn:
    case UnitEvent::kTookOver:
      return;
    case UnitEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << unit.name();
}

}  // namespace learncity::achievements::v1
