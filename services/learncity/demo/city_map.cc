#include "services/learncity/demo/city_map.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "services/learncity/demo/apportion.h"

namespace learncity::demo {
namespace {

using namespace type::v1;

// Invented: no source says how many houses of culture there are.
constexpr double kCultureHouses = 126;

struct CenterSort {
  CenterKind kind;
  // Before the unit's name.
  const char* name;
  double Scale::*count;
};

// Their shares come from memory, so they are scaled to how many schools there are in truth.
constexpr std::array<CenterSort, 5> kSchools = {
    {{CENTER_KIND_PRESCHOOL, "Trường Mầm non", &Scale::schools_preschool},
     {CENTER_KIND_PRIMARY_SCHOOL, "Trường Tiểu học", &Scale::schools_primary},
     {CENTER_KIND_LOWER_SECONDARY_SCHOOL, "Trường THCS", &Scale::schools_lower_secondary},
     {CENTER_KIND_UPPER_SECONDARY_SCHOOL, "Trường THPT", &Scale::schools_upper_secondary},
     {CENTER_KIND_MULTI_LEVEL_SCHOOL, "Trường Phổ thông nhiều cấp học",
      &Scale::schools_multilevel}}};
constexpr std::array<CenterSort, 4> kOthers = {
    {{CENTER_KIND_COMMUNITY_LEARNING_CENTER, "Trung tâm học tập cộng đồng", &Scale::clc},
     {CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER, "Trung tâm GDNN-GDTX",
      &Scale::gdnn_gdtx_centres},
     {CENTER_KIND_VOCATIONAL_INSTITUTION, "Trường Trung cấp", &Scale::vocational_institutions},
     {CENTER_KIND_LIBRARY, "Thư viện", &Scale::libraries}}};

struct CentersOfAKind {
  CenterKind kind;
  const char* name;
  int64_t count;
};

std::vector<CentersOfAKind> HowMany(const Scale& scale, int one_in) {
  std::vector<double> weights;
  for (const CenterSort& sort : kSchools) weights.push_back(scale.*sort.count);
  const auto schools = Apportion(OneIn(one_in, scale.schools_total), weights);
  std::vector<CentersOfAKind> all;
  for (size_t i = 0; i < kSchools.size(); ++i) {
    all.push_back({kSchools[i].kind, kSchools[i].name, std::max<int64_t>(1, schools[i])});
  }
  for (const CenterSort& sort : kOthers) {
    all.push_back({sort.kind, sort.name, OneIn(one_in, scale.*sort.count)});
  }
  all.push_back({CENTER_KIND_CULTURE_HOUSE, "Nhà văn hóa", OneIn(one_in, kCultureHouses)});
  return all;
}

}  // namespace

CityMap::CityMap(std::vector<UnitRow> units, const CityHistory& history, const Scale& scale,
                 const PlanOptions& options, Plan& plan)
    : units_(std::move(units)) {
  AddUnits(history, options, plan);
  AddCenters(scale, options, plan);
}

const std::vector<size_t>& CityMap::CentersOf(CenterKind kind) const {
  const auto found = centers_of_.find(kind);
  LEARNCITY_CHECK(found != centers_of_.end()) << "no " << CenterKind_Name(kind);
  return found->second;
}

void CityMap::AddUnits(const CityHistory& history, const PlanOptions& options, Plan& plan) {
  RequestIds ids(options, "units");
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

void CityMap::AddCenters(const Scale& scale, const PlanOptions& options, Plan& plan) {
  RequestIds ids(options, "centers");
  const auto kinds = HowMany(scale, options.one_in);
  const auto all_units = static_cast<int64_t>(units_.size());
  int64_t schools = 0;
  for (size_t k = 0; k < kSchools.size(); ++k) schools += kinds[k].count;
  const auto private_schools =
      static_cast<int64_t>(scale.schools_private / scale.schools_total * schools + 0.5);
  for (size_t k = 0; k < kinds.size(); ++k) {
    for (int64_t i = 0; i < kinds[k].count; ++i) {
      // Kinds of which there are few begin in different units.
      const int64_t place = Boundary(all_units, i, kinds[k].count) + static_cast<int64_t>(k) * 29;
      const auto unit = static_cast<size_t>(place % all_units);
      const auto index = static_cast<int64_t>(plan.centers.size());
      PlannedCenter& planned = plan.centers.emplace_back();
      planned.unit = unit;
      planned.request.set_request_id(ids.Next());
      registry::v1::Center& center = *planned.request.mutable_center();
      center.set_display_name(
          Concat(kinds[k].name, " ", units_[unit].name, " số ", i + 1, " (mẫu)"));
      center.set_kind(kinds[k].kind);
      const bool is_private = k < kSchools.size() && IsChosen(index, private_schools, schools);
      center.set_ownership(is_private ? OWNERSHIP_PRIVATE : OWNERSHIP_PUBLIC);
      *center.mutable_valid_from() = ToDate(units_[unit].valid_from);
      centers_of_[kinds[k].kind].push_back(static_cast<size_t>(index));
    }
  }
}

}  // namespace learncity::demo
