// Where a center stands on a day: as last stated before it, or, when that unit has ended since, in
// the default successor, and so on.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "learncity/registry/v1/registry.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::registry::v1 {

// The unit of that name, or nullptr.
using UnitByName = std::function<const Unit*(const std::string& name)>;

// Nullopt when the center is not open on that day.
std::optional<Placement> PlacementOn(const Center& center, Day day, const UnitByName& unit);

}  // namespace learncity::registry::v1
