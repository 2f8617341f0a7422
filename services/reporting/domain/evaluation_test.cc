#include "services/reporting/domain/evaluation.h"

#include "gmock/gmock.h"
#include "platform/testing/text.h"

namespace learncity::reporting {
namespace {

const auto kAsOf = DateOf("2026-11-22");

// What a definition makes of 30 pupils in a city of `population` inhabitants.
v1::Evaluation Evaluated(const std::string& definition, int64_t population, bool is_estimated) {
  CellSums cells(kAsOf);
  cells.Add(
      FromText<v1::Cell>("key { measure: MEASURE_PUPILS isced_level: ISCED_LEVEL_1 } count: 30"));
  cells.Add(FromText<v1::Cell>("key { measure: MEASURE_PUPILS time: 99999 } count: 7"));
  cells.Add(FromText<v1::Cell>("key { measure: MEASURE_PUPILS time: 1 }"));
  const Denominators inhabitants({{.series = "population",
                                   .place = "VN-HN",
                                   .date = "2025",
                                   .from = Day(std::chrono::days(0)),
                                   .count = population,
                                   .source = "a census",
                                   .is_estimated = is_estimated}});
  return Evaluate(
      FromText<v1::IndicatorDefinition>(definition), v1::Catalogue(),
      Basis{.place = "VN-HN", .cells = cells, .denominators = inhabitants, .units = Units()});
}

const std::string kPercentOfPopulation =
    "code: 'P' numerator { measure: MEASURE_PUPILS } denominator { series: 'population' } "
    "factor: 100 unit_measure: 'PT'";

TEST(Evaluation, SaysFromWhatItIsComputed) {
  const auto evaluation = Evaluated(kPercentOfPopulation, 40, false);
  EXPECT_EQ(evaluation.indicator(), "indicators/P");
  EXPECT_EQ(evaluation.figures(0).value(), 75);
  EXPECT_EQ(evaluation.figures(0).coverage(), 1);
  EXPECT_EQ(evaluation.figures(0).comment(), "");
  EXPECT_EQ(evaluation.denominator_source(), "population VN-HN 2025: 40 (a census)");
  // A cell of a later day and a cell of 0 are not in the figure.
  EXPECT_EQ(evaluation.cells(), 1);
}

TEST(Evaluation, IsMarkedWhenTheDenominatorIsEstimated) {
  const auto figure = Evaluated(kPercentOfPopulation, 40, true).figures(0);
  EXPECT_EQ(figure.status(), v1::OBSERVATION_STATUS_ESTIMATED);
  EXPECT_EQ(figure.comment(), "the population is an estimate");
}

TEST(Evaluation, IsNotClippedAboveAHundredPercent) {
  const auto figure = Evaluated(kPercentOfPopulation, 20, true).figures(0);
  EXPECT_EQ(figure.value(), 150);
  EXPECT_EQ(figure.comment(),
            "the population is an estimate; "
            "above 100 %: more are counted than the denominator holds");
}

TEST(Evaluation, SplitsOnlyByTheLevelsThatAreSelected) {
  const auto evaluation = Evaluated(
      "code: 'L' numerator { measure: MEASURE_PUPILS isced_levels: [ISCED_LEVEL_3, ISCED_LEVEL_1] }"
      "disaggregation: DIMENSION_ISCED_LEVEL",
      40, false);
  ASSERT_EQ(evaluation.figures_size(), 3);
  EXPECT_FALSE(evaluation.figures(0).by_isced_level());
  EXPECT_EQ(evaluation.figures(1).isced_level(), type::v1::ISCED_LEVEL_1);
  EXPECT_EQ(evaluation.figures(1).value(), 30);
  EXPECT_EQ(evaluation.figures(2).isced_level(), type::v1::ISCED_LEVEL_3);
  EXPECT_EQ(evaluation.figures(2).value(), 0);
}

}  // namespace
}  // namespace learncity::reporting
