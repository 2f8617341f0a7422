// What the city recognises: learning families, prizes and medals.
#include "gtest/gtest.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {
namespace {

using namespace achievements::v1;

constexpr char kFamilies[] = "KF-5.1-b";

TEST(LearningFamily, CountsOnEachDayForWhichItIsRecognised) {
  Hanoi hanoi("2026-01-05");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  // The ward knows the family by a number; nobody's name is asked for.
  const Term first = {.decision = "12/QĐ-UBND", .from = "2026-01-01", .until = "2027-01-01"};
  EXPECT_EQ(hanoi.TriesToRecogniseFamily(ward, "1203", /*points=*/60, first), "SCORE_TOO_LOW");
  const auto family = hanoi.RecognisesFamily(ward, "1203", /*points=*/85, first);
  EXPECT_EQ(hanoi.FigureOf(kFamilies, "2025-12-31").numerator(), 0);
  const auto figure = hanoi.FigureOf(kFamilies, "2026-01-01");
  EXPECT_EQ(figure.numerator(), 1);
  EXPECT_EQ(figure.denominator(), 2119403);
  EXPECT_DOUBLE_EQ(figure.value(), 100.0 / 2119403);

  // Without anything done the recognition is over on its day.
  EXPECT_EQ(hanoi.FigureOf(kFamilies, "2026-12-31").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf(kFamilies, "2027-01-01").numerator(), 0);
  hanoi.ItIs("2026-12-20");
  hanoi.Renews(family, /*points=*/90, "98/QĐ-UBND", "2028-01-01");
  EXPECT_EQ(hanoi.FigureOf(kFamilies, "2027-01-01").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf(kFamilies, "2027-12-31").numerator(), 1);

  // In May the ward takes it back. What was until then stays.
  hanoi.ItIs("2027-05-10");
  hanoi.EndsRecognition(family, "2027-05-10");
  EXPECT_EQ(hanoi.FigureOf(kFamilies, "2027-05-09").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf(kFamilies, "2027-05-10").numerator(), 0);
  EXPECT_EQ(hanoi.FigureOf(kFamilies, "2026-06-30").numerator(), 1);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

TEST(Prizes, CountFromTheYearInWhichTheyWereWonAndATeamsMedalOnce) {
  Hanoi hanoi("2026-07-20");
  const auto ha = hanoi.Registers({.name = "Lê Ngân Hà", .born = "2009-02-14"});
  const auto hai_long = hanoi.Registers({.name = "Phạm Hải Long", .born = "2009-08-01"});
  const auto prize = hanoi.Wins({.level = AWARD_LEVEL_NATIONAL,
                                 .competition = "Kỳ thi chọn học sinh giỏi quốc gia",
                                 .subject = "Toán",
                                 .year = 2026,
                                 .rank = AWARD_RANK_SECOND,
                                 .winners = {ha}});
  // Four children built the robot. The city knows two of them, and it is one medal.
  hanoi.Wins({.level = AWARD_LEVEL_INTERNATIONAL,
              .competition = "Giải robot quốc tế",
              .subject = "Robot",
              .year = 2026,
              .rank = AWARD_RANK_GOLD,
              .winners = {ha, hai_long},
              .others = 2});
  EXPECT_EQ(hanoi.FigureOf("HN-AWARDS.N", "2025-12-31").value(), 0);
  EXPECT_EQ(hanoi.FigureOf("HN-AWARDS.N", "2026-12-31").value(), 1);
  EXPECT_EQ(hanoi.FigureOf("HN-AWARDS.I", "2026-12-31").value(), 1);
  EXPECT_EQ(hanoi.FigureOf("HN-AWARDS.I", "2030-12-31").value(), 1) << "they add up over the years";

  // Two years later the prize is taken back, and counts no more from that year on.
  hanoi.ItIs("2028-03-01");
  hanoi.TakesBack(prize, "2028-03-01");
  EXPECT_EQ(hanoi.FigureOf("HN-AWARDS.N", "2027-12-31").value(), 1);
  EXPECT_EQ(hanoi.FigureOf("HN-AWARDS.N", "2028-12-31").value(), 0);
  EXPECT_EQ(hanoi.FigureOf("HN-AWARDS.I", "2028-12-31").value(), 1);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

}  // namespace
}  // namespace learncity::scenarios
