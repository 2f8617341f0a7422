#include "services/reporting/domain/catalogue.h"

#include "gmock/gmock.h"

namespace learncity::reporting {
namespace {

using testing::HasSubstr;

// A definition that is in order; a test replaces one line of it.
std::string Definition(const std::string& was = "", const std::string& is = "") {
  std::string text =
      "indicators {\n"                                                   // Line 1.
      "  code: 'A'\n"                                                    // 2
      "  title_en: 'a'\n"                                                // 3
      "  title_vi: 'a'\n"                                                // 4
      "  numerator { measure: MEASURE_PUPILS years_over_age_min: 2 }\n"  // 5
      "  selection { measure: MEASURE_PUPILS }\n"                        // 6
      "  factor: 100\n"                                                  // 7
      "  unit_measure: 'PT'\n"                                           // 8
      "  disaggregation: DIMENSION_SEX\n"                                // 9
      "  source: 's'\n"                                                  // 10
      "  verification: VERIFICATION_SOURCED\n"                           // 11
      "}\n";
  const auto at = text.find(was);
  EXPECT_NE(at, std::string::npos) << was;
  return text.replace(at, was.size(), is);
}

std::string Refusal(const std::string& text) {
  const auto parsed = ParseCatalogue(text, "c.txtpb");
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(parsed.status().message());
}

TEST(Catalogue, IsFoundByName) {
  const auto catalogue = ParseCatalogue(Definition(), "c.txtpb");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  const auto* found = FindIndicator(*catalogue, "indicators/A");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(IndicatorName(*found), "indicators/A");
  EXPECT_EQ(FindIndicator(*catalogue, "indicators/B"), nullptr);
}

TEST(Catalogue, IsRefusedWithTheLineOfWhatDoesNotParse) {
  EXPECT_THAT(Refusal(Definition("factor: 100", "factor: much")), HasSubstr("c.txtpb:7: "));
  EXPECT_THAT(Refusal(Definition("factor", "faktor")), HasSubstr("c.txtpb:7: "));
  EXPECT_THAT(Refusal(Definition("measure: MEASURE_PUPILS", "measure: MEASURE_CATS")),
              HasSubstr("c.txtpb:5: "));
  EXPECT_THAT(Refusal(""), HasSubstr("c.txtpb:1: the catalogue has no indicators"));
}

TEST(Catalogue, IsRefusedWhenADefinitionLacksAPart) {
  EXPECT_EQ(Refusal(Definition("measure: MEASURE_PUPILS ", "")),
            "c.txtpb:5: A: numerator: is of no known measure");
  EXPECT_THAT(
      Refusal(Definition("  numerator { measure: MEASURE_PUPILS years_over_age_min: 2 }\n", "")),
      HasSubstr("c.txtpb:1: A: numerator: an indicator counts something"));
  EXPECT_EQ(Refusal(Definition("  unit_measure: 'PT'\n", "")),
            "c.txtpb:1: A: unit_measure: is missing");
  EXPECT_THAT(Refusal(Definition("  code: 'A'\n", "")), HasSubstr("c.txtpb:1: indicator: code:"));
  EXPECT_THAT(Refusal(Definition("'A'", "'A/B'")), HasSubstr("c.txtpb:2: A/B: code:"));
  EXPECT_THAT(Refusal(Definition("  title_en: 'a'\n", "")), HasSubstr("title_en: is missing"));
  EXPECT_THAT(Refusal(Definition("  title_vi: 'a'\n", "")), HasSubstr("title_vi: is missing"));
  EXPECT_THAT(Refusal(Definition("  source: 's'\n", "")), HasSubstr("source: is missing"));
  EXPECT_THAT(Refusal(Definition("  verification: VERIFICATION_SOURCED\n", "")),
              HasSubstr("verification: is missing"));
}

TEST(Catalogue, IsRefusedByUnitWhereUnitsCountNoSuchThing) {
  const auto of_centers = [](const std::string& divisor) {
    std::string text = Definition("  numerator { measure: MEASURE_PUPILS years_over_age_min: 2 }",
                                  "  numerator { measure: MEASURE_CENTERS }");
    const auto replace = [&](const std::string& was, const std::string& is) {
      text.replace(text.find(was), was.size(), is);
    };
    replace("selection { measure: MEASURE_PUPILS }", divisor);
    replace("DIMENSION_SEX", "DIMENSION_UNIT");
    return text;
  };
  const auto parsed = ParseCatalogue(of_centers("denominator { series: 'population' }"), "c.txtpb");
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(Refusal(of_centers("denominator { series: 'illiterate' }")),
            "c.txtpb:9: A: disaggregation: units count no such denominator");
  EXPECT_EQ(Refusal(of_centers("denominator { series: 'population' age_max: 5 }")),
            "c.txtpb:9: A: disaggregation: units count no such denominator");
  EXPECT_EQ(Refusal(of_centers("selection { measure: MEASURE_PUPILS }")),
            "c.txtpb:9: A: disaggregation: the measure has no DIMENSION_UNIT");
}

TEST(Catalogue, IsRefusedWhenTwoHaveOneCode) {
  EXPECT_EQ(Refusal(Definition() + Definition()),
            "c.txtpb:14: A: code: is the code of an indicator before");
}

TEST(Catalogue, IsRefusedWhenTheDivisionMakesNoSense) {
  EXPECT_THAT(Refusal(Definition("selection { measure: MEASURE_PUPILS }",
                                 "selection { measure: MEASURE_PUPILS }\n"
                                 "denominator { series: 'population' }")),
              HasSubstr("c.txtpb:7: "));
  EXPECT_THAT(Refusal(Definition("  selection { measure: MEASURE_PUPILS }\n", "")),
              HasSubstr("c.txtpb:6: A: factor: needs a selection or a denominator"));
  EXPECT_THAT(Refusal(Definition("selection { measure: MEASURE_PUPILS }", "denominator {}")),
              HasSubstr("c.txtpb:6: A: denominator: names no series"));
  EXPECT_THAT(Refusal(Definition("'PT'", "'PERCENT'")),
              HasSubstr("c.txtpb:8: A: unit_measure: must be PER, PT, NB or GPIA"));
  EXPECT_THAT(Refusal(Definition("100", "-1")), HasSubstr("c.txtpb:7: A: factor: is below 0"));
}

TEST(Catalogue, IsRefusedWhenAMeasureLacksWhatIsAskedOfIt) {
  EXPECT_THAT(Refusal(Definition("selection { measure: MEASURE_PUPILS }",
                                 "denominator { series: 'population' }")),
              HasSubstr("c.txtpb:9: A: disaggregation: the denominator has no DIMENSION_SEX"));
  EXPECT_THAT(
      Refusal(Definition("years_over_age_min: 2", "center_kinds: CENTER_KIND_PRIMARY_SCHOOL")),
      HasSubstr("c.txtpb:5: A: numerator: MEASURE_PUPILS has no center_kind, which center_kinds "
                "asks for"));
  const std::string spaces = Refusal(Definition(
      "MEASURE_PUPILS years_over_age_min: 2", "MEASURE_FUNCTIONING_SPACES birth_year_known: true"));
  EXPECT_THAT(spaces,
              HasSubstr("c.txtpb:5: A: numerator: MEASURE_FUNCTIONING_SPACES has no birth_year"));
  EXPECT_THAT(spaces, HasSubstr("c.txtpb:9: A: disaggregation: the measure has no DIMENSION_SEX"));
  EXPECT_THAT(Refusal(Definition("DIMENSION_SEX", "DIMENSION_SEX\ndisaggregation: DIMENSION_SEX")),
              HasSubstr("c.txtpb:10: A: disaggregation: DIMENSION_SEX stands twice"));
}

std::string Parity(const std::string& code, const std::string& group, const std::string& others) {
  return "indicators { code: '" + code + "' title_en: 'p' title_vi: 'p' unit_measure: 'GPIA'\n" +
         "source: 's' verification: VERIFICATION_SOURCED\n" + "parity { group: '" + group +
         "' others: '" + others + "' } }\n";
}

TEST(Catalogue, TakesAParityOfTwoOthers) {
  EXPECT_TRUE(ParseCatalogue(Definition() + Parity("P", "A", "A"), "c.txtpb").ok());
}

TEST(Catalogue, IsRefusedWithAParityOfWhatIsNoneOrGoesInACircle) {
  EXPECT_EQ(Refusal(Definition() + Parity("P", "A", "B")),
            "c.txtpb:15: P: parity: there is no indicator \"B\"");
  EXPECT_THAT(Refusal(Definition() + Parity("P", "A", "P")),
              HasSubstr("c.txtpb:15: P: parity: P is a parity itself"));
}

std::string Observed(const std::string& limits, const std::string& also = "") {
  return "indicators { code: 'O' title_en: 'o' title_vi: 'o' unit_measure: 'PT'\n"
         "source: 's' verification: VERIFICATION_SOURCED\n"
         "observed { " +
         limits + " }\n" + also + " }\n";
}

TEST(Catalogue, TakesAnObservedValueInPlaceOfANumerator) {
  EXPECT_TRUE(ParseCatalogue(Observed("min: 0 max: 100"), "c.txtpb").ok());
}

TEST(Catalogue, IsRefusedWithLimitsThatNoValueLiesBetween) {
  for (const std::string limits : {"min: 5 max: 5", "min: 6 max: 5", "", "max: nan"}) {
    EXPECT_THAT(Refusal(Observed(limits)),
                HasSubstr("c.txtpb:3: O: observed: min must be below max"));
  }
  for (const std::string limits : {"max: 100.5", "min: -1 max: 100"}) {
    EXPECT_EQ(Refusal(Observed(limits)), "c.txtpb:3: O: observed: a percentage lies from 0 to 100");
  }
}

TEST(Catalogue, IsRefusedWhenAnObservedValueIsCountedDividedOrSplitToo) {
  for (const std::string also :
       {"numerator { measure: MEASURE_PUPILS }", "selection { measure: MEASURE_PUPILS }",
        "denominator { series: 'population' }"}) {
    EXPECT_EQ(Refusal(Observed("max: 1", also)),
              "c.txtpb:3: O: observed: stands in place of a numerator and a divisor");
  }
  EXPECT_THAT(Refusal(Observed("max: 1", "parity { group: 'O' others: 'O' }")),
              HasSubstr("c.txtpb:3: O: observed: stands in place of a parity"));
  EXPECT_THAT(Refusal(Observed("max: 1", "factor: 100")), HasSubstr("c.txtpb:4: O: factor: "));
  EXPECT_THAT(Refusal(Observed("max: 1", "disaggregation: DIMENSION_SEX")),
              HasSubstr("c.txtpb:4: O: disaggregation: an observed indicator is not split"));
}

TEST(Catalogue, IsRefusedWithAnAgeThatEndsBeforeItBegins) {
  EXPECT_THAT(Refusal(Definition("years_over_age_min: 2", "age_min: 20 age_max: 19")),
              HasSubstr("c.txtpb:5: A: numerator: age_max is below age_min"));
}

}  // namespace
}  // namespace learncity::reporting
