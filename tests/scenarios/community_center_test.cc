// Community learning centers: what makes them "functioning", and where they stand.
#include "gtest/gtest.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {
namespace {

using registry::v1::Placement;

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

// Two communes become one. Nobody has said yet where the center stands now: it is taken to be in
// the commune that took over the old one, and the answer says that it is taken so.
TEST(CommunityCenter, StandsInTheCommuneThatItsOwnHasBecome) {
  Hanoi hanoi("2026-04-01");
  const auto upper = hanoi.Commune("90001", "Xã Thượng");
  const auto lower = hanoi.Commune("90002", "Xã Hạ");
  const auto center = hanoi.CommunityCenter("Trung tâm học tập cộng đồng xã Thượng", upper);
  const auto weaving =
      hanoi.Course("Đan lát", center, /*seats=*/20, {.from = "2026-04-01", .to = "2026-05-31"});
  hanoi.Enrolls(hanoi.Registers({.name = "Bùi Thị Thơm", .birth_year = 1975}), weaving);

  hanoi.HasInhabitants(upper, 4000, "2026-04-01");
  hanoi.HasInhabitants(lower, 5000, "2026-04-01");

  hanoi.ItIs("2026-07-01");
  const auto merged =
      hanoi.Merges({upper, lower}, {.code = "90003", .name = "Xã Thượng Hạ", .on = "2026-07-01"});

  const auto as_it_was = hanoi.PlaceOf(center, "2026-06-30");
  EXPECT_EQ(as_it_was.unit(), upper);
  EXPECT_EQ(as_it_was.basis(), Placement::BASIS_STATED);
  const auto as_it_is = hanoi.PlaceOf(center, "2026-07-01");
  EXPECT_EQ(as_it_is.unit(), merged);
  EXPECT_EQ(as_it_is.basis(), Placement::BASIS_DEFAULT_SUCCESSOR);

  // Merging communes opens and closes no center: the city has as many that function as before.
  EXPECT_EQ(hanoi.FigureOf(kFunctioning, "2026-06-30").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf(kFunctioning, "2026-07-31").numerator(), 1);

  // Commune by commune, the figure goes from the old one to the new one on the day of the act, and
  // is divided by the inhabitants of each. Who asks for an earlier day sees what was.
  hanoi.HasInhabitants(merged, 10000, "2026-07-01", /*is_estimated=*/true);
  using Units = std::vector<std::string>;
  EXPECT_EQ(hanoi.UnitsOf(kFunctioning, "2026-06-30"), Units({upper, lower}));
  EXPECT_EQ(hanoi.FigureOfUnit(kFunctioning, upper, "2026-06-30").value(), 100000.0 / 4000);
  EXPECT_EQ(hanoi.FigureOfUnit(kFunctioning, lower, "2026-06-30").value(), 0);
  EXPECT_EQ(hanoi.UnitsOf(kFunctioning, "2026-07-01"), Units({merged}));
  EXPECT_EQ(hanoi.FigureOfUnit(kFunctioning, merged, "2026-07-01").value(), 100000.0 / 10000);
  EXPECT_EQ(hanoi.FigureOfUnit(kFunctioning, merged, "2026-07-01").status(),
            reporting::v1::OBSERVATION_STATUS_ESTIMATED);
  // Counted in place of the estimate, it is no longer marked as one.
  hanoi.HasInhabitants(merged, 8000, "2026-07-01");
  EXPECT_EQ(hanoi.FigureOfUnit(kFunctioning, merged, "2026-07-31").value(), 100000.0 / 8000);
  EXPECT_EQ(hanoi.FigureOfUnit(kFunctioning, merged, "2026-07-31").status(),
            reporting::v1::OBSERVATION_STATUS_NORMAL);

  // In August somebody states it, and July stays as it was known.
  hanoi.ItIs("2026-08-01");
  hanoi.Moves(center, merged, "2026-08-01");
  EXPECT_EQ(hanoi.PlaceOf(center, "2026-08-01").basis(), Placement::BASIS_STATED);
  EXPECT_EQ(hanoi.PlaceOf(center, "2026-07-31").basis(), Placement::BASIS_DEFAULT_SUCCESSOR);
  EXPECT_EQ(hanoi.FigureOf(kFunctioning, "2026-08-31").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOfUnit(kFunctioning, merged, "2026-08-31").numerator(), 1);
  // A report with figures by unit is computed again to the same bytes.
  hanoi.FreezesReport("Các xã", "2026-08-01");
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

}  // namespace
}  // namespace learncity::scenarios
