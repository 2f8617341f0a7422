// What is counted of each unit, so that rates by unit have something to divide by.
#pragma once

#include "services/learncity/demo/city_files.h"
#include "services/learncity/demo/city_map.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

// Adds a request to RecordUnitCount for each count of each unit to the plan: households, invented
// around the city's published share of learning families, one in so many as all else; and
// inhabitants, estimated, all of them.
void AddUnitCounts(const CityMap& map, const Scale& scale, const PlanOptions& options, Plan& plan);

}  // namespace learncity::demo
