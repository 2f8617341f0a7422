#include "services/learncity/demo/city_map.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::demo {
namespace {

using namespace type::v1;

// Invented: one unit in so many has no community learning center.
constexpr size_t kWithoutClcEvery = 18;
constexpr double kUpperSecondaryPerUnit = 0.4;
constexpr size_t kLibraryEvery = 4;
constexpr size_t kCultureHouseEvery = 6;

bool IsSchool(CenterKind kind) {
  return kind >= CENTER_KIND_PRESCHOOL && kind <= CENTER_KIND_MULTI_LEVEL_SCHOOL;
}

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

CityMap::CityMap(std::vector<UnitRow> units, const CityHistory& history, const Scale& scale,
                 uint64_t seed, Plan& plan, RequestIds& ids)
    : units_(std::move(units)),
      ownership_dice_(seed, "ownership"),
      share_private_(scale.schools_private / scale.schools_total) {
  AddUnits(history, plan, ids);
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

void CityMap::AddUnits(const CityHistory& history, Plan& plan, RequestIds& ids) {
  const auto open = [&](const auto& units, auto& requests) {
    for (const registry::v1::Unit& unit : units) {
      auto& request = requests.emplace_back();
      request.set_request_id(ids.Next());
      *request.mutable_unit() = unit;
    }
  };
  open(history.districts, plan.districts);
  open(history.communes, plan.units);
  for (const registry::v1::UnitAct& act : history.acts) {
    auto& request = plan.acts.emplace_back();
    request.set_request_id(ids.Next());
    *request.mutable_unit_act() = act;
  }
  for (const UnitRow& row : units_) {
    std::string day = FormatDay(row.valid_from);
    std::erase(day, '-');
    plan.places.push_back(Concat("units/", row.code, "-", day));
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
    if (i % kLibraryEvery == 0) add(CENTER_KIND_LIBRARY, "Thư viện", name);
    if (i % kCultureHouseEvery == 0) add(CENTER_KIND_CULTURE_HOUSE, "Nhà văn hóa", name);
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
  const bool is_private = IsSchool(kind) && ownership_dice_.Happens(share_private_);
  center.set_ownership(is_private ? OWNERSHIP_PRIVATE : OWNERSHIP_PUBLIC);
  *center.mutable_valid_from() = ToDate(units_[unit].valid_from);
  unit_of_.push_back(unit);
  centers_of_[kind].push_back(plan.centers.size() - 1);
}

}  // namespace learncity::demo
