#include "services/enrollment/domain/references.h"

#include "platform/runtime/check.h"

namespace learncity::enrollment::v1 {

using registry::v1::CenterEvent;
using registry::v1::UnitEvent;

void Evolve(CenterReference& center, const CenterEvent& event) {
  switch (event.event_case()) {
    case CenterEvent::kOpened: {
      const auto& opened = event.opened().center();
      center.set_name(opened.name());
      center.set_kind(opened.kind());
      *center.mutable_valid_from() = opened.valid_from();
      if (opened.has_valid_to()) *center.mutable_valid_to() = opened.valid_to();
      return;
    }
    case CenterEvent::kMoved:
      return;
    case CenterEvent::kClosed:
      *center.mutable_valid_to() = event.closed().valid_to();
      return;
    case CenterEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << center.name();
}

void Evolve(UnitReference& unit, const UnitEvent& event) {
  switch (event.event_case()) {
    case UnitEvent::kOpened: {
      const auto& opened = event.opened().unit();
      unit.set_name(opened.name());
      *unit.mutable_valid_from() = opened.valid_from();
      if (opened.has_valid_to()) *unit.mutable_valid_to() = opened.valid_to();
      return;
    }
    case UnitEvent::kEnded:
      *unit.mutable_valid_to() = event.ended().valid_to();
      return;
    case UnitEvent::kCodePassedOn:
      return;
    case UnitEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << unit.name();
}

}  // namespace learncity::enrollment::v1
