#include "platform/runtime/time.h"

#include <gtest/gtest.h>

namespace learncity {
namespace {

using namespace std::chrono_literals;

TEST(FormatTime, WritesUtcWithSixDigits) {
  const Time opening = std::chrono::sys_days(std::chrono::year(2025) / 9 / 5) + 1h + 2min + 3s;
  EXPECT_EQ(FormatTime(opening), "2025-09-05T01:02:03.000000Z");
  EXPECT_EQ(FormatTime(opening + 45us), "2025-09-05T01:02:03.000045Z");
}

TEST(FormatTime, KeepsTheDayBefore1970) {
  EXPECT_EQ(FormatTime(Time(-1us)), "1969-12-31T23:59:59.999999Z");
  const Time birth = std::chrono::sys_days(std::chrono::year(1924) / 2 / 29);
  EXPECT_EQ(FormatTime(birth), "1924-02-29T00:00:00.000000Z");
}

TEST(FormatTimeDeathTest, AbortsOnAYearWithoutFourDigits) {
  const Time late = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);
  EXPECT_DEATH(FormatTime(late), "year 10000");
}

TEST(ParseTime, ReadsWhatFormatTimeWrites) {
  for (const Time time : {Time(-1us), Time(0us), Time(1'745'999'300'000'250us)}) {
    EXPECT_EQ(ParseTime(FormatTime(time)), time);
  }
}

TEST(ParseTime, ReadsNothingElse) {
  for (const char* text :
       {"", "2025-09-05T01:02:03Z", "2025-09-05T01:02:03.000045+", "2025-02-30T01:02:03.000045Z",
        "2025-09-05T24:02:03.000045Z", "2025-09-05 01:02:03.000045Z", "2025-09-05T01:02:60.000045Z",
        "2025-09-05T01:-2:03.000045Z", "-025-09-05T01:02:03.000045Z", "2025-09-05T01:02:03.00004xZ",
        "2025-09-05T01:02:03.000045Z "}) {
    EXPECT_EQ(ParseTime(text), std::nullopt) << text;
  }
}

TEST(SystemNow, IsAfterThisWasWritten) {
  EXPECT_GT(SystemNow(), Time(std::chrono::sys_days(std::chrono::year(2024) / 1 / 1)));
}

}  // namespace
}  // namespace learncity
