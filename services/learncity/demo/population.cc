#include "services/learncity/demo/population.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "platform/runtime/concat.h"

namespace learncity::demo {
namespace {

constexpr double kWardToCommune = 3;

double WeightOf(const UnitRow& unit) {
  const bool is_ward = unit.type == registry::v1::UNIT_TYPE_WARD;
  return std::sqrt(unit.area_km2) * (is_ward ? kWardToCommune : 1);
}

}  // namespace

std::vector<int64_t> EstimatePopulation(const std::vector<UnitRow>& units, int64_t whole) {
  double all = 0;
  for (const UnitRow& unit : units) all += WeightOf(unit);
  std::vector<int64_t> parts;
  std::vector<double> remainders;
  for (const UnitRow& unit : units) {
    const double exact = static_cast<double>(whole) * WeightOf(unit) / all;
    parts.push_back(static_cast<int64_t>(std::floor(exact)));
    remainders.push_back(exact - std::floor(exact));
  }
  std::vector<size_t> order(units.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  const int64_t rest = whole - std::accumulate(parts.begin(), parts.end(), int64_t{0});
  for (int64_t i = 0; i < rest; ++i) ++parts[order[static_cast<size_t>(i)]];
  return parts;
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
