#include "services/learncity/import/cells.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace learncity::importing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr DateForm kYearFirst{}, kDayFirst{.day_first = true};
constexpr DateForm kPartial{.may_be_partial = true};
constexpr DateForm kPartialDayFirst{.day_first = true, .may_be_partial = true};

// "2015-9-5", or the rule by which it is none.
std::string Date(std::string_view text, const DateForm& form) {
  const auto read = ReadDate(text, form);
  if (const auto* wrong = std::get_if<Wrong>(&read)) return wrong->rule;
  const auto& date = std::get<google::type::Date>(read);
  return std::to_string(date.year()) + "-" + std::to_string(date.month()) + "-" +
         std::to_string(date.day());
}

TEST(ReadDate, TakesTheYearFirst) {
  EXPECT_EQ(Date("2015-09-05", kYearFirst), "2015-9-5");
  EXPECT_EQ(Date("2024-02-29", kYearFirst), "2024-2-29");
}

TEST(ReadDate, TakesTheDayFirstWhereTheHeaderSaysSo) {
  EXPECT_EQ(Date("05/09/2015", kDayFirst), "2015-9-5");
  EXPECT_EQ(Date("5/9/2015", kDayFirst), "2015-9-5");
  EXPECT_EQ(Date("05.09.2015", kDayFirst), "2015-9-5");
  EXPECT_EQ(Date("05/09/2015", kYearFirst), "NOT_A_DATE");
  EXPECT_EQ(Date("2015-09-05", kDayFirst), "NOT_A_DATE");
}

TEST(ReadDate, TakesAMonthOrYearWherePartOfADateWillDo) {
  EXPECT_EQ(Date("2015-09", kPartial), "2015-9-0");
  EXPECT_EQ(Date("2015", kPartial), "2015-0-0");
  EXPECT_EQ(Date("09/2015", kPartialDayFirst), "2015-9-0");
  EXPECT_EQ(Date("2015", kPartialDayFirst), "2015-0-0");
  EXPECT_EQ(Date("2015-09", kYearFirst), "NOT_A_DATE");
}

TEST(ReadDate, RefusesDaysThatAreNot) {
  EXPECT_EQ(Date("2015-02-30", kYearFirst), "IMPOSSIBLE_DATE");
  EXPECT_EQ(Date("2023-02-29", kYearFirst), "IMPOSSIBLE_DATE");
  EXPECT_EQ(Date("31/04/2015", kDayFirst), "IMPOSSIBLE_DATE");
  EXPECT_EQ(Date("2015-13-01", kYearFirst), "IMPOSSIBLE_DATE");
  EXPECT_EQ(Date("2015-00-01", kPartial), "IMPOSSIBLE_DATE");
  EXPECT_EQ(Date("2015-13", kPartial), "IMPOSSIBLE_DATE");
  EXPECT_EQ(Date("0000-01-01", kYearFirst), "IMPOSSIBLE_DATE");
}

TEST(ReadDate, RefusesWhatIsWrittenOtherwise) {
  for (const char* text : {"", "-", "2015-09-05 00:00", "15-09-05", "2015/09/05", "2015-09-",
                           "20150905", "+2015-09-05", "2015-09-05-01", "42252"}) {
    EXPECT_EQ(Date(text, kYearFirst), "NOT_A_DATE") << text;
  }
}

TEST(ReadNumber, TakesWholeNumbersOnly) {
  EXPECT_EQ(std::get<int32_t>(ReadNumber("12")), 12);
  EXPECT_EQ(std::get<int32_t>(ReadNumber("-1")), -1);
  for (const char* text : {"1.0", "1,000", "12 ", "x", "", "99999999999", "0x10"}) {
    EXPECT_TRUE(std::holds_alternative<Wrong>(ReadNumber(text))) << text;
  }
}

TEST(ReadList, TakesWhatStandsBetweenSeparators) {
  EXPECT_THAT(ReadList("a; b|c\nd"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(ReadList(" ;; "), IsEmpty());
}

}  // namespace
}  // namespace learncity::importing
