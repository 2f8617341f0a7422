#include "services/reporting/domain/denominators.h"

#include "gmock/gmock.h"

namespace learncity::reporting {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kHeader = "series,place,date,age_min,age_max,count,source,status\n";

const DenominatorRow* On(const Denominators& denominators, Day day) {
  v1::Denominator asked;
  asked.set_series("population");
  return denominators.On(asked, "VN-HN", day);
}

std::string Refusal(const std::string& csv) {
  const auto parsed = ParseDenominators(csv, "denominators.csv");
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << csv;
  return std::string(parsed.status().message());
}

TEST(Denominators, IsTheLatestThatIsNotDatedLater) {
  const auto population =
      ParseDenominators(kHeader +
                            "population,VN-HN,2025,,,8811473,\"sum, of \"\"units\"\"\",sourced\n"
                            "population,VN-HN,2027-04-01,,,9000000,census,estimated\r\n"
                            "population,VN-SG,2020,,,1,other,sourced\n",
                        "denominators.csv");
  ASSERT_TRUE(population.ok()) << population.status();
  EXPECT_EQ(On(*population, Day(2024y / 12 / 31)), nullptr);
  const auto* first = On(*population, Day(2027y / 3 / 31));
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->count, 8811473);
  EXPECT_EQ(first->source, "sum, of \"units\"");
  EXPECT_FALSE(first->is_estimated);
  const auto* later = On(*population, Day(2027y / 4 / 1));
  ASSERT_NE(later, nullptr);
  EXPECT_EQ(later->count, 9000000);
  EXPECT_TRUE(later->is_estimated);
}

TEST(Denominators, NamesLineAndColumnOfWhatIsWrong) {
  EXPECT_EQ(Refusal("place,date\n"),
            "denominators.csv:1: the header must be "
            "series,place,date,age_min,age_max,count,source,status");
  EXPECT_EQ(Refusal(""),
            "denominators.csv:1: the header must be "
            "series,place,date,age_min,age_max,count,source,status");
  EXPECT_EQ(Refusal(kHeader + "population,VN-HN,2025\n"),
            "denominators.csv:2: 3 fields where the header has 8");
  EXPECT_THAT(Refusal(kHeader + "population,,2025,,,1,x,sourced\n"),
              HasSubstr("denominators.csv:2: place:"));
  EXPECT_THAT(Refusal(kHeader + "population,VN-HN,2025-02-30,,,1,x,sourced\n"),
              HasSubstr("denominators.csv:2: date: \"2025-02-30\""));
  EXPECT_THAT(Refusal(kHeader + "population,VN-HN,25,,,1,x,sourced\n"), HasSubstr(":2: date:"));
  EXPECT_THAT(Refusal(kHeader + "population,VN-HN,2025,,,\"8,811,473\",x,sourced\n"),
              HasSubstr(":2: count: \"8,811,473\""));
  EXPECT_THAT(Refusal(kHeader + "population,VN-HN,2025,,,0,x,sourced\n"), HasSubstr(":2: count:"));
  EXPECT_THAT(Refusal(kHeader + "population,VN-HN,2025,,,1,,sourced\n"), HasSubstr(":2: source:"));
  EXPECT_THAT(Refusal(kHeader + "population,VN-HN,2025,,,1,x,guessed\n"),
              HasSubstr(":2: status: \"guessed\""));
}

TEST(Denominators, AreOfExactlyTheAgesAskedFor) {
  const auto rows = ParseDenominators(kHeader +
                                          "population,VN-HN,2025,,,100,x,sourced\n"
                                          "population,VN-HN,2025,15,64,67,x,estimated\n",
                                      "denominators.csv");
  ASSERT_TRUE(rows.ok()) << rows.status();
  v1::Denominator asked;
  asked.set_series("population");
  asked.set_age_min(15);
  EXPECT_EQ(rows->On(asked, "VN-HN", Day(2026y / 1 / 1)), nullptr);
  asked.set_age_max(64);
  ASSERT_NE(rows->On(asked, "VN-HN", Day(2026y / 1 / 1)), nullptr);
  EXPECT_EQ(rows->On(asked, "VN-HN", Day(2026y / 1 / 1))->count, 67);
  EXPECT_TRUE(rows->Knows("population"));
  EXPECT_FALSE(rows->Knows("households"));
  EXPECT_EQ(SeriesText("population", 15, 64), "population aged 15 to 64");
  EXPECT_EQ(SeriesText("population", 5, 5), "population aged 5");
  EXPECT_EQ(SeriesText("population", 15, 0), "population aged 15 and over");
}

TEST(Denominators, RefusesAgesThatAreNone) {
  EXPECT_THAT(Refusal(kHeader + "population,VN-HN,2025,x,,1,x,sourced\n"),
              HasSubstr(":2: age_min:"));
  EXPECT_THAT(Refusal(kHeader + "population,VN-HN,2025,9,8,1,x,sourced\n"),
              HasSubstr(":2: age_max:"));
  EXPECT_THAT(Refusal(kHeader + ",VN-HN,2025,,,1,x,sourced\n"), HasSubstr(":2: series:"));
}

TEST(Denominators, RefusesTwoNumbersForOneDay) {
  EXPECT_EQ(
      Refusal(kHeader +
              "population,VN-HN,2025,,,1,x,sourced\n\npopulation,VN-HN,2025-01-01,,,2,x,sourced\n"),
      "denominators.csv:4: date: population of VN-HN has a number for 2025 already");
}

TEST(Denominators, RefusesCsvThatIsBroken) {
  EXPECT_EQ(Refusal(kHeader + "population,VN-HN,2025,,,1,\"x\n"),
            "denominators.csv:3: a quotation is not closed");
  EXPECT_EQ(Refusal(kHeader + "population,VN-HN,2025,,,1,\"x\"y,sourced\n"),
            "denominators.csv:2: a comma or the line's end must follow");
}

}  // namespace
}  // namespace learncity::reporting
