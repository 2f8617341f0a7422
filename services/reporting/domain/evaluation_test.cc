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

v1::Observation ObservedOf(const std::string& code, double value, bool is_estimated) {
  auto observation = FromText<v1::Observation>(
      "period_start { year: 2025 month: 1 day: 1 } period_end { year: 2026 month: 1 day: 1 }"
      "evidence { source: 'Decision 12, table 3' }");
  observation.set_name("observations/" + code);
  observation.set_indicator("indicators/" + code);
  observation.set_value(value);
  observation.set_is_estimated(is_estimated);
  return observation;
}

// The total of an indicator of these observed ones and their parity, P.
v1::Figure FigureOf(const std::string& code, const std::vector<v1::Observation>& observations) {
  const auto catalogue = FromText<v1::Catalogue>(
      "indicators { code: 'A' unit_measure: 'PT' observed { max: 100 } }"
      "indicators { code: 'B' unit_measure: 'PT' observed { max: 100 } }"
      "indicators { code: 'P' unit_measure: 'GPIA' parity { group: 'A' others: 'B' } }");
  ObservedValues observed(DayOf(kAsOf));
  for (const auto& observation : observations) observed.Add(observation);
  const CellSums cells(kAsOf);
  const Denominators none;
  const Units units;
  const Basis basis{.place = "VN-HN",
                    .cells = cells,
                    .denominators = none,
                    .units = units,
                    .positions = {},
                    .observed = observed};
  for (const auto& definition : catalogue.indicators()) {
    if (definition.code() == code) return Evaluate(definition, catalogue, basis).figures(0);
  }
  return {};
}

TEST(Evaluation, OfWhatIsObservedIsTheValueWithItsPeriodAndSource) {
  const auto figure = FigureOf("A", {ObservedOf("A", 98.5, false)});
  EXPECT_EQ(figure.value(), 98.5);
  EXPECT_EQ(figure.status(), v1::OBSERVATION_STATUS_REPORTED);
  EXPECT_EQ(figure.comment(), "entered for 2025-01-01 to 2025-12-31: Decision 12, table 3");
  EXPECT_EQ(figure.observation(), "observations/A");
  EXPECT_EQ(FigureOf("A", {ObservedOf("A", 98.5, true)}).status(),
            v1::OBSERVATION_STATUS_ESTIMATED);
}

TEST(Evaluation, OfWhatIsObservedIsMissingWhereNobodyHasEnteredIt) {
  const auto figure = FigureOf("A", {ObservedOf("B", 1, false)});
  EXPECT_EQ(figure.status(), v1::OBSERVATION_STATUS_MISSING);
  EXPECT_EQ(figure.comment(), "no value was entered for a period that has begun by this date");
  EXPECT_EQ(figure.observation(), "");
}

TEST(Evaluation, OfAParityIsAsSureAsTheLessSureOfItsParts) {
  const auto status = [](bool a_is_estimated, bool b_is_estimated) {
    return FigureOf("P", {ObservedOf("A", 50, a_is_estimated), ObservedOf("B", 60, b_is_estimated)})
        .status();
  };
  EXPECT_EQ(status(false, false), v1::OBSERVATION_STATUS_REPORTED);
  EXPECT_EQ(status(true, false), v1::OBSERVATION_STATUS_ESTIMATED);
  EXPECT_EQ(status(false, true), v1::OBSERVATION_STATUS_ESTIMATED);
  EXPECT_EQ(FigureOf("P", {ObservedOf("B", 60, true)}).status(), v1::OBSERVATION_STATUS_MISSING);
}

}  // namespace
}  // namespace learncity::reporting
