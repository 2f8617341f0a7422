// People who learn to read and write, in a class without fees at a place without licence.
#include "gtest/gtest.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {
namespace {

using namespace type::v1;

constexpr char kTakePart[] = "KF-1.1-b";

// The class is for children and adults, none of whom has papers. Of the eldest nobody knows when
// she was born.
TEST(Literacy, IsLearntInTwoStagesOverTwoYears) {
  Hanoi hanoi("2026-02-02");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto class_of_love = hanoi.LiteracyProvider("Lớp học tình thương bãi giữa", ward);
  const auto tuan = hanoi.Registers({.name = "Tuấn", .birth_year = 2016, .sex = SEX_MALE});
  const auto man = hanoi.Registers({.name = "Mận", .birth_year = 1988, .sex = SEX_FEMALE});
  const auto tu = hanoi.Registers({.name = "Tư", .birth_year = 1960, .sex = SEX_MALE});
  const auto sau = hanoi.Registers({.name = "Sáu", .sex = SEX_FEMALE});

  const auto first = hanoi.LiteracyClass(LITERACY_STAGE_1, class_of_love, /*seats=*/15,
                                         {.from = "2026-02-02", .to = "2026-11-30"});
  const auto tuan_in_first = hanoi.Enrolls(tuan, first);
  const auto man_in_first = hanoi.Enrolls(man, first);
  const auto tu_in_first = hanoi.Enrolls(tu, first);
  hanoi.Enrolls(sau, first);

  // The figure is of those aged 15 and over. The child is not among them, and of the eldest it is
  // not known: that is what coverage says.
  const auto figure = hanoi.FigureOf(kTakePart, "2026-02-02");
  EXPECT_EQ(figure.numerator(), 2);
  EXPECT_EQ(figure.denominator(), 53574);
  EXPECT_DOUBLE_EQ(figure.value(), 100.0 * 2 / 53574);
  EXPECT_DOUBLE_EQ(figure.coverage(), 3.0 / 4);
  EXPECT_EQ(hanoi.FigureOf("STU.PER", "2026-03-01").numerator(), 0) << "it is no school";

  hanoi.ItIs("2026-11-30");
  for (const auto& enrollment : {tuan_in_first, man_in_first, tu_in_first}) {
    hanoi.Completes(enrollment);
  }
  EXPECT_EQ(hanoi.Credentials(CREDENTIAL_KIND_LITERACY_LEVEL_1, "2026-12-31"), 3);

  // Two of them go on in the second year.
  hanoi.ItIs("2027-02-01");
  const auto second = hanoi.LiteracyClass(LITERACY_STAGE_2, class_of_love, /*seats=*/15,
                                          {.from = "2027-02-01", .to = "2027-11-30"});
  const auto tuan_in_second = hanoi.Enrolls(tuan, second);
  const auto man_in_second = hanoi.Enrolls(man, second);
  EXPECT_EQ(hanoi.FigureOf(kTakePart, "2027-02-01").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf(kTakePart, "2026-12-31").numerator(), 2) << "last year stays as it was";

  hanoi.ItIs("2027-11-30");
  hanoi.Completes(tuan_in_second);
  hanoi.Completes(man_in_second);
  EXPECT_EQ(hanoi.Credentials(CREDENTIAL_KIND_LITERACY_LEVEL_2, "2027-12-31"), 2);
  EXPECT_EQ(hanoi.Credentials(CREDENTIAL_KIND_LITERACY_LEVEL_1, "2027-12-31"), 0);
  EXPECT_EQ(hanoi.FigureOf(kTakePart, "2028-01-01").numerator(), 0);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

}  // namespace
}  // namespace learncity::scenarios
