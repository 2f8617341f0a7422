#include "services/reporting/domain/observed_values.h"

#include <tuple>

namespace learncity::reporting {
namespace {

// Names order as time does, so that two of one microsecond have an order too.
auto RankOf(const v1::Observation& observation) {
  return std::tuple(DayOf(observation.period_end()), DayOf(observation.period_start()),
                    ToTime(observation.create_time()), observation.name());
}

}  // namespace

void ObservedValues::Add(const v1::Observation& observation) {
  if (observation.has_withdraw_time() || DayOf(observation.period_start()) > as_of_) return;
  const auto [at, is_first] = latest_.try_emplace(observation.indicator(), observation);
  if (!is_first && RankOf(at->second) < RankOf(observation)) at->second = observation;
}

const v1::Observation* ObservedValues::Of(const std::string& indicator) const {
  const auto found = latest_.find(indicator);
  return found == latest_.end() ? nullptr : &found->second;
}

}  // namespace learncity::reporting
