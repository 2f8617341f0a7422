// A school registers a class with what is known of the children; their papers come later.
#include "gtest/gtest.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {
namespace {

using namespace type::v1;

TEST(Papers, ThatComeLaterCompleteTheFiguresOfAClass) {
  Hanoi hanoi("2026-09-05");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto school = hanoi.PrimarySchool("Trường tiểu học Hoa Sen", ward);
  const auto grade_one = hanoi.GradeClass(school, 1, /*seats=*/30, "2026-2027");

  // Of four children one has papers. Of two the name is known, and of one nothing at all.
  const auto an = hanoi.Registers(
      {.name = "Lê Bình An", .born = "2020-02-11", .sex = SEX_MALE, .national_id = "999220000001"});
  const auto binh = hanoi.Registers({.name = "Đỗ Thanh Bình"});
  const auto chau = hanoi.Registers({.name = "Vũ Minh Châu"});
  const auto unknown = hanoi.Registers({});
  for (const auto& child : {an, binh, chau, unknown}) hanoi.Enrolls(child, grade_one);
  auto over_age = hanoi.FigureOf("OAEPG.1", "2026-12-31");
  EXPECT_EQ(over_age.value(), 0);
  EXPECT_DOUBLE_EQ(over_age.coverage(), 1.0 / 4) << "of one child the age is known";

  // In October papers come. One child is two years over the age of grade one.
  hanoi.ItIs("2026-10-12");
  hanoi.LearnsMoreOf(binh, {.name = "Đỗ Thanh Bình",
                            .born = "2020-07-30",
                            .sex = SEX_FEMALE,
                            .national_id = "999320000002"});
  hanoi.LearnsMoreOf(chau, {.birth_year = 2018, .ward = ward});
  hanoi.LearnsMoreOf(unknown, {.name = "Hà Gia Khang", .born = "2020-12-01"});
  EXPECT_EQ(hanoi.Sees(binh).birth_year(), 2020);
  EXPECT_EQ(hanoi.Sees(binh).person().national_id(), "999320000002");
  EXPECT_EQ(hanoi.Sees(chau).person().full_name(), "Vũ Minh Châu") << "what is not told stays";
  EXPECT_EQ(hanoi.Sees(unknown).person().full_name(), "Hà Gia Khang");

  // It is the same four children, of whom more is known now.
  EXPECT_EQ(hanoi.EnrolledAt(ISCED_LEVEL_1, "2026-12-31"), 4);
  EXPECT_EQ(hanoi.EnrolledAt(ISCED_LEVEL_1, SEX_FEMALE, "2026-12-31"), 1);
  over_age = hanoi.FigureOf("OAEPG.1", "2026-12-31");
  EXPECT_DOUBLE_EQ(over_age.coverage(), 1);
  EXPECT_EQ(over_age.numerator(), 1);
  EXPECT_EQ(over_age.denominator(), 4);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

}  // namespace
}  // namespace learncity::scenarios
