// Where things are in a plan: its units and the centers in them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/learncity/demo/city_files.h"
#include "services/learncity/demo/city_history.h"
#include "services/learncity/demo/dice.h"
#include "services/learncity/demo/request_ids.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

class CityMap {
 public:
  // Adds the units over time and the centers of today to the plan. Each unit of today has a
  // preschool, a primary and a lower secondary school, most have a community learning center, and
  // the others are spread evenly.
  CityMap(std::vector<UnitRow> units, const CityHistory& history, const Scale& scale, uint64_t seed,
          Plan& plan, RequestIds& ids);

  const std::vector<UnitRow>& units() const { return units_; }
  // From this day on every center is open.
  Day first_day() const { return first_day_; }
  // Indexes into the plan's centers, in its order.
  const std::vector<size_t>& CentersOf(type::v1::CenterKind kind) const;
  // The one of these centers whose unit is nearest; there is at least one.
  size_t Nearest(size_t unit, const std::vector<size_t>& centers) const;

 private:
  void AddUnits(const CityHistory& history, Plan& plan, RequestIds& ids);
  void AddCenters(const Scale& scale, Plan& plan, RequestIds& ids);
  void AddCenter(size_t unit, type::v1::CenterKind kind, const std::string& name, Plan& plan,
                 RequestIds& ids);

  const std::vector<UnitRow> units_;
  Day first_day_;
  Dice ownership_dice_;
  double share_private_;
  // The unit of each center.
  std::vector<size_t> unit_of_;
  std::map<type::v1::CenterKind, std::vector<size_t>> centers_of_;
};

}  // namespace learncity::demo
