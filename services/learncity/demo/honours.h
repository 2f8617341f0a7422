// What a plan's schools, learners and neighbourhoods are honoured by, and what rates of it divide
// by: accreditations, awards, recognitions, counts. All of it synthetic, at the city's published
// totals.
#pragma once

#include "services/learncity/demo/city_files.h"
#include "services/learncity/demo/city_map.h"
#include "services/learncity/demo/dice.h"
#include "services/learncity/demo/request_ids.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

// Adds them to the plan. Awards are as many as the city has won since 2008, whatever the plan's
// size; recognitions are in proportion to its learners.
void AddHonours(const CityMap& map, const Scale& scale, const PlanOptions& options, Plan& plan,
                RequestIds& ids);

}  // namespace learncity::demo
