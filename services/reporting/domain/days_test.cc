#include "services/reporting/domain/days.h"

#include "gtest/gtest.h"

namespace learncity::reporting {
namespace {

using namespace std::chrono_literals;

TEST(Days, MonthsAreNumberedThroughTheYears) {
  EXPECT_EQ(MonthNumber(Day(2026y / 12 / 31)) + 1, MonthNumber(Day(2027y / 1 / 1)));
  EXPECT_EQ(LastDayOfMonth(MonthNumber(Day(2028y / 2 / 3))), Day(2028y / 2 / 29));
}

TEST(Days, AMonthIsClosedAtTheEndOfItsLastDay) {
  EXPECT_EQ(LastClosedMonth(Day(2026y / 9 / 29)), MonthNumber(Day(2026y / 8 / 1)));
  EXPECT_EQ(LastClosedMonth(Day(2026y / 9 / 30)), MonthNumber(Day(2026y / 9 / 1)));
  EXPECT_EQ(LastClosedMonth(Day(2026y / 10 / 1)), MonthNumber(Day(2026y / 9 / 1)));
}

TEST(Days, ASchoolYearBeginsInSeptember) {
  EXPECT_EQ(SchoolYearStart(Day(2026y / 8 / 31)), 2025);
  EXPECT_EQ(SchoolYearStart(Day(2026y / 9 / 1)), 2026);
  EXPECT_EQ(SchoolYearStart(Day(2027y / 1 / 1)), 2026);
}

}  // namespace
}  // namespace learncity::reporting
