#include "services/learncity/demo/unit_counts.h"

#include <algorithm>
#include <cmath>

#include "services/learncity/demo/dice.h"
#include "services/learncity/demo/population.h"
#include "services/learncity/demo/request_ids.h"

namespace learncity::demo {
namespace {

// Invented.
constexpr int kCountedDaysAgo = 200;

registry::v1::UnitCount& AddCount(const std::string& unit, const Day& day, RequestIds& ids,
                                  Plan& plan) {
  auto& request = plan.counts.emplace_back();
  request.set_request_id(ids.Next());
  auto& count = *request.mutable_unit_count();
  count.set_unit(unit);
  *count.mutable_date() = ToDate(day);
  count.set_is_estimated(true);
  return count;
}

void AddHouseholds(const CityMap& map, const Scale& scale, const PlanOptions& options,
                   RequestIds& ids, Plan& plan) {
  Dice dice(options.seed, "counts");
  const Day day = std::max(map.first_day(), options.today - std::chrono::days(kCountedDaysAgo));
  const double households =
      scale.learning_families / scale.learning_families_share / options.one_in;
  for (const std::string& place : plan.places) {
    auto& count = AddCount(place, day, ids, plan);
    count.set_thing(registry::v1::COUNTED_THING_HOUSEHOLDS);
    count.set_count(
        std::max(1LL, std::llround(households / static_cast<double>(plan.places.size()) *
                                   dice.Between(80, 120) / 100)));
    count.set_source("dữ liệu mẫu / synthetic");
  }
}

// Of all inhabitants, as the city's own number is: rates by unit add up to those of the city.
void AddPopulation(const CityMap& map, const Scale& scale, RequestIds& ids, Plan& plan) {
  const auto whole = static_cast<int64_t>(scale.population_126_units);
  const std::vector<int64_t> parts = EstimatePopulation(map.units(), whole);
  for (size_t unit = 0; unit < parts.size(); ++unit) {
    auto& count = AddCount(plan.places[unit], map.units()[unit].valid_from, ids, plan);
    count.set_thing(registry::v1::COUNTED_THING_POPULATION);
    count.set_count(parts[unit]);
    count.set_source(std::string(kPopulationSource));
  }
}

}  // namespace

void AddUnitCounts(const CityMap& map, const Scale& scale, const PlanOptions& options, Plan& plan) {
  RequestIds ids(options, "counts");
  AddHouseholds(map, scale, options, ids, plan);
  AddPopulation(map, scale, ids, plan);
}

}  // namespace learncity::demo
