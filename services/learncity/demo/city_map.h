// Where things are in a plan: its units and the centers in them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/learncity/demo/city_files.h"
#include "services/learncity/demo/city_history.h"
#include "services/learncity/demo/request_ids.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

class CityMap {
 public:
  // Adds the units over time and the centers of today to the plan. Centers of each kind are spread
  // evenly over the units.
  CityMap(std::vector<UnitRow> units, const CityHistory& history, const Scale& scale,
          const PlanOptions& options, Plan& plan);

  const std::vector<UnitRow>& units() const { return units_; }
  // From this day on every center is open.
  Day first_day() const { return first_day_; }
  // Indexes into the plan's centers, in its order; there is at least one.
  const std::vector<size_t>& CentersOf(type::v1::CenterKind kind) const;

 private:
  void AddUnits(const CityHistory& history, const PlanOptions& options, Plan& plan);
  void AddCenters(const Scale& scale, const PlanOptions& options, Plan& plan);

  const std::vector<UnitRow> units_;
  Day first_day_;
  std::map<type::v1::CenterKind, std::vector<size_t>> centers_of_;
};

}  // namespace learncity::demo
