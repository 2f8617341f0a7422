#include "services/learncity/demo/population.h"

#include <cmath>

#include "platform/runtime/concat.h"
#include "services/learncity/demo/apportion.h"

namespace learncity::demo {
namespace {

constexpr double kWardToCommune = 3;

double WeightOf(const UnitRow& unit) {
  const bool is_ward = unit.type == registry::v1::UNIT_TYPE_WARD;
  return std::sqrt(unit.area_km2) * (is_ward ? kWardToCommune : 1);
}

}  // namespace

std::vector<int64_t> EstimatePopulation(const std::vector<UnitRow>& units, int64_t whole) {
  std::vector<double> weights;
  for (const UnitRow& unit : units) weights.push_back(WeightOf(unit));
  return Apportion(whole, weights);
}

std::string PopulationCsv(const std::vector<UnitRow>& units, int64_t whole) {
  std::string csv = "code,name_with_type,population,date,source,is_estimated\n";
  const std::vector<int64_t> parts = EstimatePopulation(units, whole);
  for (size_t i = 0; i < units.size(); ++i) {
    csv += Concat(units[i].code, ",", units[i].name_with_type, ",", parts[i], ",",
                  FormatDay(units[i].valid_from), ",\"", kPopulationSource, "\",yes\n");
  }
  return csv;
}

}  // namespace learncity::demo
