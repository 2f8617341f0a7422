#include "services/learncity/demo/population.h"

#include <numeric>

#include "gmock/gmock.h"
#include "services/learncity/demo/planned_hanoi.h"
#include "services/reporting/domain/denominators.h"

namespace learncity::demo {
namespace {

using testing::ElementsAre;

std::vector<UnitRow> UnitsOf2025() {
  auto units = ParseUnits(DataFile("units_2025.csv"));
  EXPECT_TRUE(units.ok()) << units.status();
  return units.value_or(std::vector<UnitRow>());
}

// The city's sourced population, which rates divide by.
int64_t WholePopulation() {
  const auto denominators =
      reporting::ParseDenominators(DataFile("denominators.csv"), "denominators.csv");
  EXPECT_TRUE(denominators.ok()) << denominators.status();
  reporting::v1::Denominator asked;
  asked.set_series("population");
  google::type::Date date;
  date.set_year(2025);
  date.set_month(7);
  date.set_day(1);
  const auto* row = denominators->On(asked, "VN-HN", DayOf(date));
  EXPECT_NE(row, nullptr);
  return row == nullptr ? 0 : row->count;
}

UnitRow Unit(registry::v1::UnitType type, double area_km2) {
  return {.code = {},
          .name = {},
          .name_with_type = {},
          .type = type,
          .area_km2 = area_km2,
          .valid_from = {}};
}

TEST(Population, IsSharedOutByTypeAndRootOfTheArea) {
  const auto ward = registry::v1::UNIT_TYPE_WARD;
  const auto commune = registry::v1::UNIT_TYPE_COMMUNE;
  // Weights 3, 1 and 2.
  EXPECT_THAT(EstimatePopulation({Unit(ward, 4), Unit(commune, 4), Unit(commune, 16)}, 600),
              ElementsAre(300, 100, 200));
}

TEST(Population, LosesAndInventsNobody) {
  const auto ward = registry::v1::UNIT_TYPE_WARD;
  // Equal remainders: the earlier unit gets the one that is left.
  EXPECT_THAT(EstimatePopulation({Unit(ward, 1), Unit(ward, 1), Unit(ward, 1)}, 10),
              ElementsAre(4, 3, 3));
  const auto parts = EstimatePopulation(UnitsOf2025(), WholePopulation());
  EXPECT_EQ(parts.size(), 126u);
  EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), int64_t{0}), WholePopulation());
}

TEST(Population, OfTheDataFolderIsWhatTheFormulaGives) {
  EXPECT_EQ(DataFile("population_2025_estimated.csv"),
            PopulationCsv(UnitsOf2025(), WholePopulation()));
}

}  // namespace
}  // namespace learncity::demo
