// What happens at one center of a city: who comes, to what, and how it ends. Pure, and independent
// of what happens anywhere else.
#pragma once

#include <cstdint>

#include "services/learncity/demo/adults.h"
#include "services/learncity/demo/city_files.h"
#include "services/learncity/demo/city_map.h"
#include "services/learncity/demo/offerings.h"
#include "services/learncity/demo/pupils.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

// How many pupils of one age, and learners of grades 10 to 12 at GDNN-GDTX centers, there may be:
// each has a national id of its own.
constexpr int64_t kPupilsOfAnAgeMax = 200'000;
constexpr int64_t kContinuingMax = 100'000;

// What activities are planned from; small, whatever the scale.
struct CityParts {
  const Scale& scale;
  const PlanOptions& options;
  const CityMap& map;
  const SchoolYear& school_year;
  const Pupils& pupils;
  const Adults& adults;
};

// `center` is one of the plan's centers, `home` its unit.
CenterActivity PlanActivity(const CityParts& city, size_t center, size_t home);

}  // namespace learncity::demo
