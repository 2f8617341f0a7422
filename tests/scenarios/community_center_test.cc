// Community learning centers and what makes them "functioning".
#include "gtest/gtest.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {
namespace {

constexpr char kFunctioning[] = "KF-5.1-a";

TEST(CommunityCenter, FunctionsForTwelveMonthsAfterACourse) {
  Hanoi hanoi("2026-03-02");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto center = hanoi.CommunityCenter("Trung tâm học tập cộng đồng Ba Đình", ward);
  hanoi.CommunityCenter("Trung tâm học tập cộng đồng không mở lớp", ward);

  // Nobody has come to this course yet: a course alone is no learning.
  const auto sewing = hanoi.Course("May vá cho người mới", center, /*seats=*/20,
                                   {.from = "2026-03-02", .to = "2026-04-15"});
  EXPECT_EQ(hanoi.FigureOf(kFunctioning, "2026-03-31").numerator(), 0);

  const auto lan = hanoi.Registers({.name = "Nguyễn Thị Lan", .born = "1986-03-08"});
  hanoi.Enrolls(lan, sewing);
  // A month counts once it is over.
  EXPECT_EQ(hanoi.FigureOf(kFunctioning, "2026-03-30").numerator(), 0);
  EXPECT_EQ(hanoi.FigureOf(kFunctioning, "2026-03-31").numerator(), 1);

  // The course ran until April, so April of the next year is the first month that is too late.
  hanoi.ItIs("2027-05-01");
  EXPECT_EQ(hanoi.FigureOf(kFunctioning, "2027-03-31").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf(kFunctioning, "2027-04-29").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf(kFunctioning, "2027-04-30").numerator(), 0);

  // Another course brings it back.
  const auto cooking =
      hanoi.Course("Nấu ăn", center, /*seats=*/20, {.from = "2027-05-01", .to = "2027-05-20"});
  hanoi.Enrolls(lan, cooking);
  const auto figure = hanoi.FigureOf(kFunctioning, "2027-05-31");
  EXPECT_EQ(figure.numerator(), 1);
  EXPECT_EQ(figure.denominator(), 8811473);
  EXPECT_DOUBLE_EQ(figure.value(), 100000.0 / 8811473);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

}  // namespace
}  // namespace learncity::scenarios
