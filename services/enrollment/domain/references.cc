#include "services/enrollment/domain/references.h"

#include "absl/strings/str_cat.h"
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
      center.set_unit(opened.unit());
      *center.mutable_valid_from() = opened.valid_from();
      if (opened.has_valid_to()) *center.mutable_valid_to() = opened.valid_to();
      return;
    }
    case CenterEvent::kMoved:
      center.set_unit(event.moved().placement().unit());
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
      unit.set_parent(opened.parent());
      *unit.mutable_valid_from() = opened.valid_from();
      if (opened.has_valid_to()) *unit.mutable_valid_to() = opened.valid_to();
      return;
    }
    case UnitEvent::kEnded:
      *unit.mutable_valid_to() = event.ended().valid_to();
      for (const auto& successor : event.ended().successors()) {
        if (successor.is_default()) unit.set_successor(successor.unit());
      }
      return;
    case UnitEvent::kCodePassedOn:
    case UnitEvent::kTookOver:
      return;
    case UnitEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << unit.name();
}

const CenterReference* CenterOf(const Offering* offering, Lookup& lookup) {
  return offering == nullptr ? nullptr : lookup.Find<CenterReference>(IdOf(offering->center()));
}

std::optional<Decision> RefuseShut(const CenterReference* center, Day day) {
  if (center == nullptr || IsValidOn(*center, day)) return std::nullopt;
  return Refuse(CENTER_NOT_OPEN, center->name(),
                absl::StrCat(center->name(), " is open ", FormatValidity(*center), ", not on ",
                             FormatDay(day), ": choose an offering of another center."));
}

}  // namespace learncity::enrollment::v1
