#include "services/learncity/demo/unit_counts.h"

#include <algorithm>
#include <cmath>

#include "services/learncity/demo/dice.h"
#include "services/learncity/demo/request_ids.h"

namespace learncity::demo {
namespace {

// Invented.
constexpr int kCountedDaysAgo = 200;

}  // namespace

void AddUnitCounts(const CityMap& map, const Scale& scale, const PlanOptions& options, Plan& plan) {
  Dice dice(options.seed, "counts");
  RequestIds ids(options, "counts");
  const Day day = std::max(map.first_day(), options.today - std::chrono::days(kCountedDaysAgo));
  const double households =
      scale.learning_families / scale.learning_families_share / options.one_in;
  for (const std::string& place : plan.places) {
    auto& request = plan.counts.emplace_back();
    request.set_request_id(ids.Next());
    auto& count = *request.mutable_unit_count();
    count.set_unit(place);
    count.set_thing(registry::v1::COUNTED_THING_HOUSEHOLDS);
    *count.mutable_date() = ToDate(day);
    count.set_count(
        std::max(1LL, std::llround(households / static_cast<double>(plan.places.size()) *
                                   dice.Between(80, 120) / 100)));
    count.set_source("dữ liệu mẫu / synthetic");
    count.set_is_estimated(true);
  }
}

}  // namespace learncity::demo
