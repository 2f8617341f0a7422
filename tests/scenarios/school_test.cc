// Schools: a child who changes to another, and the standard that a school meets.
#include "gtest/gtest.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {
namespace {

using namespace type::v1;
using enrollment::v1::Enrollment;

TEST(School, AChildWhoMovesInMidYearMissesNoDayAndTheNextGetsTheSeat) {
  Hanoi hanoi("2026-09-05");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto other_ward = hanoi.Ward("00008", "Phường Ngọc Hà");
  const auto old_class = hanoi.GradeClass(hanoi.PrimarySchool("Trường tiểu học Hoa Sen", ward), 3,
                                          /*seats=*/1, "2026-2027");
  const auto new_class = hanoi.GradeClass(
      hanoi.PrimarySchool("Trường tiểu học Hoa Mai", other_ward), 3, /*seats=*/1, "2026-2027");
  const auto bao = hanoi.Registers({.name = "Trần Gia Bảo", .born = "2018-06-01"});
  const auto in_old = hanoi.Enrolls(bao, old_class);

  // The class is full. Two children wait for a seat, in the order in which their parents came.
  const auto chi = hanoi.Registers({.name = "Ngô Khánh Chi", .born = "2018-03-09"});
  const auto dat = hanoi.Registers({.name = "Hồ Tiến Đạt", .born = "2018-10-30"});
  const auto chi_waits = hanoi.WaitsFor(chi, old_class);
  const auto dat_waits = hanoi.WaitsFor(dat, old_class);
  EXPECT_EQ(hanoi.EnrolledAt(ISCED_LEVEL_1, "2026-12-31"), 1) << "who waits is no pupil yet";

  // In January the family moves, and the child goes on in the other school from that day.
  hanoi.ItIs("2027-01-11");
  const auto in_new = hanoi.Transfers(in_old, new_class);
  hanoi.GetsSeat(chi_waits);
  EXPECT_EQ(hanoi.StateOf(in_old), Enrollment::STATE_TRANSFERRED);
  EXPECT_EQ(hanoi.StateOf(in_new), Enrollment::STATE_ENROLLED);
  EXPECT_EQ(hanoi.StateOf(dat_waits), Enrollment::STATE_WAITING);
  EXPECT_EQ(hanoi.SeatsOf(old_class).taken(), 1);
  EXPECT_EQ(hanoi.SeatsOf(old_class).waiting(), 1);

  // No day is missing from the figure: one child until the 10th, from the 11th on two.
  EXPECT_EQ(hanoi.EnrolledAt(ISCED_LEVEL_1, "2027-01-10"), 1);
  EXPECT_EQ(hanoi.EnrolledAt(ISCED_LEVEL_1, "2027-01-11"), 2);
  EXPECT_EQ(hanoi.EnrolledAt(ISCED_LEVEL_1, "2027-05-31"), 2);
  EXPECT_EQ(hanoi.EnrolledAt(ISCED_LEVEL_1, "2027-06-01"), 0);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

TEST(School, IsOfTheStandardUntilTheDecisionLapsesWhileNothingHappens) {
  Hanoi hanoi("2026-01-15");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto lotus = hanoi.PrimarySchool("Trường tiểu học Hoa Sen", ward);
  hanoi.LowerSecondarySchool("Trường trung học cơ sở Hoa Mai", ward);
  hanoi.Accredits(lotus, {.decision = "2154/QĐ-UBND", .from = "2026-01-15", .until = "2031-01-15"});
  EXPECT_EQ(hanoi.FigureOf("HN-STANDARD", "2026-01-14").value(), 0);
  EXPECT_EQ(hanoi.FigureOf("HN-STANDARD", "2026-01-15").value(), 50);

  // Five years later nobody has done anything, and no ledger has moved.
  const auto as_it_stood = hanoi.city().Heads();
  hanoi.ItIs("2031-01-15");
  EXPECT_EQ(hanoi.city().Heads(), as_it_stood);
  EXPECT_EQ(hanoi.FigureOf("HN-STANDARD", "2031-01-14").value(), 50);
  const auto lapsed = hanoi.FigureOf("HN-STANDARD", "2031-01-15");
  EXPECT_EQ(lapsed.value(), 0);
  EXPECT_EQ(lapsed.denominator(), 2);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

}  // namespace
}  // namespace learncity::scenarios
