#include "services/reporting/domain/population.h"

#include "gmock/gmock.h"

namespace learncity::reporting {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kHeader = "place,date,population,source,status\n";

std::string Refusal(const std::string& csv) {
  const auto parsed = ParsePopulation(csv, "population.csv");
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << csv;
  return std::string(parsed.status().message());
}

TEST(Population, IsTheLatestThatIsNotDatedLater) {
  const auto population =
      ParsePopulation(kHeader +
                          "VN-HN,2025,8811473,\"sum, of \"\"units\"\"\",sourced\n"
                          "VN-HN,2027-04-01,9000000,census,estimated\r\n"
                          "VN-SG,2020,1,other,sourced\n",
                      "population.csv");
  ASSERT_TRUE(population.ok()) << population.status();
  EXPECT_EQ(population->On("VN-HN", Day(2024y / 12 / 31)), nullptr);
  const auto* first = population->On("VN-HN", Day(2027y / 3 / 31));
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->population, 8811473);
  EXPECT_EQ(first->source, "sum, of \"units\"");
  EXPECT_FALSE(first->is_estimated);
  const auto* later = population->On("VN-HN", Day(2027y / 4 / 1));
  ASSERT_NE(later, nullptr);
  EXPECT_EQ(later->population, 9000000);
  EXPECT_TRUE(later->is_estimated);
}

TEST(Population, NamesLineAndColumnOfWhatIsWrong) {
  EXPECT_EQ(Refusal("place,date\n"),
            "population.csv:1: the header must be place,date,population,source,status");
  EXPECT_EQ(Refusal(""),
            "population.csv:1: the header must be place,date,population,source,status");
  EXPECT_EQ(Refusal(kHeader + "VN-HN,2025,1\n"),
            "population.csv:2: 3 fields where the header has 5");
  EXPECT_THAT(Refusal(kHeader + ",2025,1,x,sourced\n"), HasSubstr("population.csv:2: place:"));
  EXPECT_THAT(Refusal(kHeader + "VN-HN,2025-02-30,1,x,sourced\n"),
              HasSubstr("population.csv:2: date: \"2025-02-30\""));
  EXPECT_THAT(Refusal(kHeader + "VN-HN,25,1,x,sourced\n"), HasSubstr(":2: date:"));
  EXPECT_THAT(Refusal(kHeader + "VN-HN,2025,\"8,811,473\",x,sourced\n"),
              HasSubstr(":2: population: \"8,811,473\""));
  EXPECT_THAT(Refusal(kHeader + "VN-HN,2025,0,x,sourced\n"), HasSubstr(":2: population:"));
  EXPECT_THAT(Refusal(kHeader + "VN-HN,2025,1,,sourced\n"), HasSubstr(":2: source:"));
  EXPECT_THAT(Refusal(kHeader + "VN-HN,2025,1,x,guessed\n"), HasSubstr(":2: status: \"guessed\""));
}

TEST(Population, RefusesTwoNumbersForOneDay) {
  EXPECT_EQ(Refusal(kHeader + "VN-HN,2025,1,x,sourced\n\nVN-HN,2025-01-01,2,x,sourced\n"),
            "population.csv:4: date: VN-HN has a number for 2025 already");
}

TEST(Population, RefusesCsvThatIsBroken) {
  EXPECT_EQ(Refusal(kHeader + "VN-HN,2025,1,\"x\n"), "population.csv:3: a quotation is not closed");
  EXPECT_EQ(Refusal(kHeader + "VN-HN,2025,1,\"x\"y,sourced\n"),
            "population.csv:2: a comma or the line's end must follow");
}

}  // namespace
}  // namespace learncity::reporting
