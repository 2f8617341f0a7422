#include "platform/calendar/calendar.h"

#include <gtest/gtest.h>

namespace learncity {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;

google::type::Date Date(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

TEST(Calendar, CountsDaysFromTheEpoch) {
  EXPECT_EQ(DayOf(Date(1970, 1, 1)), Day(days(0)));
  EXPECT_EQ(DayOf(Date(2026, 9, 5)), Day(days(20701)));
}

TEST(Calendar, KnowsLeapYears) {
  EXPECT_TRUE(ToDay(Date(2028, 2, 29)));
  EXPECT_FALSE(ToDay(Date(2026, 2, 29)));
  EXPECT_FALSE(ToDay(Date(2100, 2, 29)));
}

TEST(Calendar, HasNoDayForWhatIsIncompleteOrImpossible) {
  EXPECT_FALSE(ToDay(Date(2026, 0, 0)));
  EXPECT_FALSE(ToDay(Date(2026, 9, 0)));
  EXPECT_FALSE(ToDay(Date(0, 9, 5)));
  EXPECT_FALSE(ToDay(Date(2026, 13, 1)));
  EXPECT_FALSE(ToDay(Date(2026, 4, 31)));
  EXPECT_FALSE(ToDay(Date(2026, 1, -1)));
  EXPECT_FALSE(ToDay(Date(2026, 1, 257)));
}

TEST(Calendar, GivesBackTheDateOfEveryDay) {
  for (Day day = DayOf(Date(1890, 1, 1)); day < DayOf(Date(2200, 1, 1)); day += days(1)) {
    ASSERT_EQ(DayOf(ToDate(day)), day) << FormatDay(day);
  }
}

TEST(Calendar, GoesOnAfterTheLastDateThatARequestMayName) {
  const Day after = DayOf(Date(9999, 12, 31)) + days(1);
  EXPECT_EQ(DayOf(ToDate(after)), after);
  EXPECT_EQ(FormatDay(after), "10000-01-01");
}

TEST(Calendar, BeginsTheCitysDayAtSeventeenHoursUtc) {
  const Time midnight = Day(days(20701));
  EXPECT_EQ(FormatDay(Today(midnight + hours(17) - microseconds(1))), "2026-09-05");
  EXPECT_EQ(FormatDay(Today(midnight + hours(17))), "2026-09-06");
}

TEST(Calendar, KeepsInstantsToTheMicrosecond) {
  for (const int64_t count : {0L, 1L, -1L, 1788595200123456L, -62135596800000000L}) {
    const Time time{microseconds(count)};
    const auto timestamp = ToTimestamp(time);
    EXPECT_GE(timestamp.nanos(), 0);
    EXPECT_EQ(ToTime(timestamp), time);
  }
}

struct Validity {
  google::type::Date from, to;
  bool ends = true;

  const google::type::Date& valid_from() const { return from; }
  const google::type::Date& valid_to() const { return to; }
  bool has_valid_to() const { return ends; }
};

TEST(Calendar, TakesTheFirstDayOfAValidityAndLeavesTheLast) {
  const Validity july{Date(2026, 7, 1), Date(2026, 8, 1)};
  EXPECT_FALSE(IsValidOn(july, DayOf(Date(2026, 6, 30))));
  EXPECT_TRUE(IsValidOn(july, DayOf(Date(2026, 7, 1))));
  EXPECT_TRUE(IsValidOn(july, DayOf(Date(2026, 7, 31))));
  EXPECT_FALSE(IsValidOn(july, DayOf(Date(2026, 8, 1))));
  const Validity still{Date(2026, 7, 1), {}, false};
  EXPECT_TRUE(IsValidOn(still, DayOf(Date(2226, 7, 1))));
  EXPECT_TRUE(IsEverValid(july));
  EXPECT_TRUE(IsEverValid(still));
  EXPECT_FALSE(IsEverValid(Validity{Date(2026, 7, 1), Date(2026, 7, 1)}));
  EXPECT_EQ(FormatValidity(july), "from 2026-07-01 to 2026-07-31");
  EXPECT_EQ(FormatValidity(still), "from 2026-07-01 on");
}

}  // namespace
}  // namespace learncity
