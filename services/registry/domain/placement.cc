#include "services/registry/domain/placement.h"

namespace learncity::registry::v1 {

std::optional<Placement> PlacementOn(const Center& center, Day day, const UnitByName& unit) {
  if (!IsValidOn(center, day)) return std::nullopt;
  Placement placement;
  placement.set_unit(center.unit());
  *placement.mutable_from() = center.valid_from();
  placement.set_basis(Placement::BASIS_STATED);
  for (const Placement& stated : center.placements()) {
    if (DayOf(stated.from()) <= day) placement = stated;
  }
  // A unit that took over another ends later than that one. Where acts that were told out of order
  // say otherwise, going on could lead round.
  for (const Unit* at = unit(placement.unit()); at != nullptr; at = unit(placement.unit())) {
    if (!at->has_valid_to() || DayOf(at->valid_to()) > day || at->successors().empty()) break;
    const bool took_over = placement.basis() == Placement::BASIS_DEFAULT_SUCCESSOR;
    if (took_over && DayOf(at->valid_to()) <= DayOf(placement.from())) break;
    placement.set_unit(at->successors(0).unit());
    *placement.mutable_from() = at->valid_to();
    placement.set_basis(Placement::BASIS_DEFAULT_SUCCESSOR);
  }
  return placement;
}

}  // namespace learncity::registry::v1
