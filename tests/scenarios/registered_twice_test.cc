// A child whom two places know under two names, until somebody finds out.
#include "gtest/gtest.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {
namespace {

using namespace type::v1;

constexpr char kInLiteracyClasses[] = "KF-1.1-b";
constexpr char kTakesPart[] = "KF-4.3-a";

TEST(RegisteredTwice, AChildCountsOnceFromThenOn) {
  Hanoi hanoi("2026-02-02");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto class_of_love = hanoi.LiteracyProvider("Lớp học tình thương bãi giữa", ward);
  const auto center = hanoi.VocationalAndContinuingCenter("Trung tâm GDNN-GDTX Ba Đình", ward);

  // In February a child comes to the class of love, without papers: fifteen, and called Tuấn.
  const auto tuan = hanoi.Registers({.name = "Tuấn", .birth_year = 2011, .sex = SEX_MALE});
  const auto reading = hanoi.LiteracyClass(LITERACY_STAGE_1, class_of_love, /*seats=*/15,
                                           {.from = "2026-02-02", .to = "2026-11-30"});
  const auto tuan_reads = hanoi.Enrolls(tuan, reading);

  // In March a course begins at the center. Its pupil Nguyễn Văn Tuấn has papers, and nobody there
  // knows of the class of love.
  hanoi.ItIs("2026-03-02");
  const auto pupil = hanoi.Registers({.name = "Nguyễn Văn Tuấn",
                                      .born = "2011-04-30",
                                      .sex = SEX_MALE,
                                      .national_id = "999211000001"});
  const auto course = hanoi.VocationalCourse("Điện dân dụng", center, /*seats=*/20,
                                             {.from = "2026-03-02", .to = "2026-12-20"});
  hanoi.Enrolls(pupil, course);

  // One child, and the city counts two.
  hanoi.ItIs("2026-05-04");
  EXPECT_EQ(hanoi.FigureOf(kTakesPart, "2026-05-04").numerator(), 2);

  // The teacher of the class of love meets him at the center. His sister is another child, whatever
  // somebody has written down.
  const auto sister = hanoi.Registers({.name = "Mận", .birth_year = 2012, .sex = SEX_FEMALE});
  EXPECT_EQ(hanoi.TriesToBe(tuan, sister), "MATCH_CONTRADICTS");
  hanoi.IsFoundToBe(tuan, pupil);
  EXPECT_EQ(hanoi.FigureOf(kTakesPart, "2026-05-04").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf(kInLiteracyClasses, "2026-05-04").numerator(), 1)
      << "he still reads, as Nguyễn Văn Tuấn";

  // What was known of the child without papers is gone; the name leads to the pupil.
  EXPECT_EQ(hanoi.Sees(tuan).person().full_name(), "");
  EXPECT_EQ(hanoi.Sees(tuan).matched_to(), pupil);
  EXPECT_EQ(hanoi.Sees(pupil).person().full_name(), "Nguyễn Văn Tuấn");
  EXPECT_EQ(hanoi.TriesToEnroll(tuan, course), "LEARNER_MATCHED");

  // The seat under the first name is his too: he finishes the class, and the certificate is his.
  hanoi.ItIs("2026-11-30");
  hanoi.Completes(tuan_reads);
  EXPECT_EQ(hanoi.Credentials(CREDENTIAL_KIND_LITERACY_LEVEL_1, "2026-12-31"), 1);
  hanoi.ItIs("2027-01-04");
  EXPECT_EQ(hanoi.FigureOf(kTakesPart, "2027-01-04").numerator(), 1);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

}  // namespace
}  // namespace learncity::scenarios
