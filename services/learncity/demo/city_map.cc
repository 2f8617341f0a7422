#include "services/learncity/demo/city_map.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::demo {
namespace {

using namespace type::v1;

// The resolution that formed the units of 2025-07-01.
constexpr char kLegalReference[] = "1656/NQ-UBTVQH15";
// Invented: one unit in so many has no community learning center.
constexpr size_t kWithoutClcEvery = 18;
constexpr double kUpperSecondaryPerUnit = 0.4;

// Whether the i-th of `all` is one of `chosen` that are spread evenly over them.
bool IsChosen(size_t i, size_t chosen, size_t all) {
  return (i + 1) * chosen / all > i * chosen / all;
}

// How far apart two seats are, squared, in degrees of latitude. A degree of longitude is 0.93 of
// that at 21° north.
double Distance(const UnitRow& a, const UnitRow& b) {
  const double north = a.latitude - b.latitude;
  const double east = (a.longitude - b.longitude) * 0.93;
  return north * north + east * east;
}

}  // namespace

CityMap::CityMap(std::vector<UnitRow> units, const Scale& scale, Plan& plan, RequestIds& ids)
    : units_(std::move(units)) {
  AddUnits(plan, ids);
  AddCenters(scale, plan, ids);
}

const std::vector<size_t>& CityMap::CentersOf(CenterKind kind) const {
  const auto found = centers_of_.find(kind);
  LEARNCITY_CHECK(found != centers_of_.end()) << "no " << CenterKind_Name(kind);
  return found->second;
}

size_t CityMap::Nearest(size_t unit, const std::vector<size_t>& centers) const {
  LEARNCITY_CHECK(!centers.empty());
  return *std::min_element(centers.begin(), centers.end(), [&](size_t a, size_t b) {
    return Distance(units_[unit], units_[unit_of_[a]]) <
           Distance(units_[unit], units_[unit_of_[b]]);
  });
}

void CityMap::AddUnits(Plan& plan, RequestIds& ids) {
  for (const UnitRow& row : units_) {
    auto& request = plan.units.emplace_back();
    request.set_request_id(ids.Next());
    registry::v1::Unit& unit = *request.mutable_unit();
    unit.set_code(row.code);
    unit.set_display_name(row.name_with_type);
    unit.set_type(row.type);
    unit.set_legal_reference(kLegalReference);
    *unit.mutable_valid_from() = ToDate(row.valid_from);
    first_day_ = std::max(first_day_, row.valid_from);
  }
}

void CityMap::AddCenters(const Scale& scale, Plan& plan, RequestIds& ids) {
  const size_t all = units_.size();
  const auto per_unit = [all](double count) {
    return std::clamp(static_cast<size_t>(std::lround(count)), size_t{1}, all);
  };
  const size_t upper_secondary = per_unit(kUpperSecondaryPerUnit * static_cast<double>(all));
  const size_t continuing = per_unit(scale.gdnn_gdtx_centres);
  for (size_t i = 0; i < all; ++i) {
    const auto add = [&](CenterKind kind, const char* what, const std::string& where) {
      AddCenter(i, kind, Concat(what, " ", where, " (mẫu)"), plan, ids);
    };
    const std::string& name = units_[i].name;
    add(CENTER_KIND_PRESCHOOL, "Trường Mầm non", name);
    add(CENTER_KIND_PRIMARY_SCHOOL, "Trường Tiểu học", name);
    add(CENTER_KIND_LOWER_SECONDARY_SCHOOL, "Trường THCS", name);
    if (IsChosen(i, upper_secondary, all)) {
      add(CENTER_KIND_UPPER_SECONDARY_SCHOOL, "Trường THPT", name);
    }
    if (i % kWithoutClcEvery != kWithoutClcEvery - 1) {
      add(CENTER_KIND_COMMUNITY_LEARNING_CENTER, "Trung tâm học tập cộng đồng",
          units_[i].name_with_type);
    }
    if (IsChosen(i, continuing, all)) {
      add(CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER, "Trung tâm GDNN-GDTX", name);
    }
  }
}

void CityMap::AddCenter(size_t unit, CenterKind kind, const std::string& name, Plan& plan,
                        RequestIds& ids) {
  PlannedCenter& planned = plan.centers.emplace_back();
  planned.unit = unit;
  planned.request.set_request_id(ids.Next());
  registry::v1::Center& center = *planned.request.mutable_center();
  center.set_display_name(name);
  center.set_kind(kind);
  *center.mutable_valid_from() = ToDate(units_[unit].valid_from);
  unit_of_.push_back(unit);
  centers_of_[kind].push_back(plan.centers.size() - 1);
}

}  // namespace learncity::demo
