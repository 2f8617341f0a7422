// Adults who come back to school, and what the city's figures say of them.
#include "gtest/gtest.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {
namespace {

using namespace type::v1;

constexpr IscedLevel kUpperSecondary = ISCED_LEVEL_3;
constexpr IscedLevel kLowerSecondary = ISCED_LEVEL_2;

TEST(SecondChance, AFortyYearOldWithoutPapersComesBackToGradeTen) {
  Hanoi hanoi("2026-09-05");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto center = hanoi.VocationalAndContinuingCenter("Trung tâm GDNN-GDTX Ba Đình", ward);
  const auto grade_ten = hanoi.GradeClass(center, 10, /*seats=*/45, "2026-2027");

  // She has no papers and knows the year of her birth only. No address.
  const auto hoa = hanoi.Registers({.name = "Trần Thị Hoa", .birth_year = 1986, .sex = SEX_FEMALE});
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, "2026-09-05"), 0);
  const auto first_try = hanoi.Enrolls(hoa, grade_ten);
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, "2026-09-04"), 0);
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, "2026-09-05"), 1);
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, SEX_FEMALE, "2026-09-05"), 1);
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, SEX_MALE, "2026-09-05"), 0);

  // In November work does not let her, and she leaves. What was before stays as it was.
  hanoi.ItIs("2026-11-20");
  hanoi.Withdraws(first_try);
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, SEX_FEMALE, "2026-11-19"), 1);
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, SEX_FEMALE, "2026-11-20"), 0);
  EXPECT_TRUE(hanoi.CertificatesOf(first_try).empty());

  // After Tết she is back, stays to the end, and has her certificate without asking.
  hanoi.ItIs("2027-02-20");
  const auto second_try = hanoi.Enrolls(hoa, grade_ten);
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, SEX_FEMALE, "2027-02-20"), 1);
  hanoi.ItIs("2027-06-10");
  hanoi.Completes(second_try);
  const auto certificates = hanoi.CertificatesOf(second_try);
  ASSERT_EQ(certificates.size(), 1u);
  EXPECT_EQ(certificates[0].learner(), hoa);
  EXPECT_EQ(certificates[0].grade(), 10);
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, SEX_FEMALE, "2027-05-31"), 1);
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, SEX_FEMALE, "2027-06-01"), 0);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

TEST(SecondChance, WhoIsOverAgeForTheGradeShowsInTheFigure) {
  Hanoi hanoi("2026-10-15");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto center = hanoi.VocationalAndContinuingCenter("Trung tâm GDNN-GDTX Ba Đình", ward);
  const auto grade_nine = hanoi.GradeClass(center, 9, /*seats=*/45, "2026-2027");

  // Grade nine is meant for those who turn fourteen in the year in which it begins.
  for (const std::string born : {"2012-01-01", "2012-12-31", "2011-06-15"}) {
    hanoi.Enrolls(hanoi.Registers({.born = born, .sex = SEX_MALE}), grade_nine);
  }
  EXPECT_EQ(hanoi.FigureOf("OAEPG.2.GPV", "2026-10-15").value(), 0);

  // Two years older is over age; so is a mother of forty.
  hanoi.Enrolls(hanoi.Registers({.born = "2010-12-31", .sex = SEX_MALE}), grade_nine);
  EXPECT_EQ(hanoi.FigureOf("OAEPG.2.GPV", "2026-10-15").value(), 25);
  hanoi.Enrolls(hanoi.Registers({.birth_year = 1986, .sex = SEX_FEMALE}), grade_nine);
  EXPECT_EQ(hanoi.FigureOf("OAEPG.2.GPV", "2026-10-15").value(), 40);

  // Whose year of birth nobody knows is enrolled like anybody, and in neither number.
  hanoi.Enrolls(hanoi.Registers({.name = "Không rõ"}), grade_nine);
  EXPECT_EQ(hanoi.EnrolledAt(kLowerSecondary, "2026-10-15"), 6);
  const auto figure = hanoi.FigureOf("OAEPG.2.GPV", "2026-10-15");
  EXPECT_EQ(figure.value(), 40);
  EXPECT_EQ(figure.numerator(), 2);
  EXPECT_EQ(figure.denominator(), 5);
  EXPECT_DOUBLE_EQ(figure.coverage(), 5.0 / 6);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

TEST(SecondChance, AFullClassTakesTheNextWhenSomebodyLeaves) {
  Hanoi hanoi("2026-10-15");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto center = hanoi.VocationalAndContinuingCenter("Trung tâm GDNN-GDTX Ba Đình", ward);
  const auto grade_ten = hanoi.GradeClass(center, 10, /*seats=*/2, "2026-2027");
  const auto lan = hanoi.Registers({.name = "Lan", .born = "1986-03-08", .sex = SEX_FEMALE});
  const auto minh = hanoi.Registers({.name = "Minh", .born = "1990-04-30", .sex = SEX_MALE});
  const auto an = hanoi.Registers({.name = "An", .born = "2001-09-02"});
  const auto lans_seat = hanoi.Enrolls(lan, grade_ten);
  hanoi.Enrolls(minh, grade_ten);
  EXPECT_EQ(hanoi.TriesToEnroll(an, grade_ten), "OFFERING_FULL");
  hanoi.Withdraws(lans_seat);
  EXPECT_EQ(hanoi.TriesToEnroll(an, grade_ten), "");
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

TEST(SecondChance, AManWithADisabilityResumesGradeTenAtForty) {
  Hanoi hanoi("2026-09-05");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto center = hanoi.VocationalAndContinuingCenter("Trung tâm GDNN-GDTX Ba Đình", ward);
  const auto grade_ten = hanoi.GradeClass(center, 10, /*seats=*/45, "2026-2027");
  const auto son = hanoi.Registers(
      {.name = "Vũ Văn Sơn", .born = "1986-05-19", .sex = SEX_MALE, .has_disability = YES_NO_YES});
  const auto in_ten = hanoi.Enrolls(son, grade_ten);
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, SEX_MALE, "2026-09-05"), 1);

  // He left grade ten as a boy. He takes part like anybody, once the month is over.
  EXPECT_EQ(hanoi.FigureOf("KF-4.3-a", "2026-09-29").numerator(), 0);
  const auto taking_part = hanoi.FigureOf("KF-4.3-a", "2026-09-30");
  EXPECT_EQ(taking_part.numerator(), 1);
  EXPECT_DOUBLE_EQ(taking_part.value(), 100.0 / 5903687);

  // And as a person with a disability. How many there are in the city nobody has counted, so the
  // rate is missing, and says so; it is not zero.
  EXPECT_EQ(hanoi.FigureOf("KF-4.3-a.D", "2026-09-30").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf("KF-4.3-a.ND", "2026-09-30").numerator(), 0);
  EXPECT_EQ(hanoi.FigureOf("KF-4.5-a", "2026-09-30").status(),
            reporting::v1::OBSERVATION_STATUS_MISSING);

  // Grade ten does not end a level: his certificate says that he completed it.
  hanoi.ItIs("2027-05-31");
  hanoi.Completes(in_ten);
  EXPECT_EQ(hanoi.Credentials(CREDENTIAL_KIND_COMPLETION, "2027-05-31"), 1);
  EXPECT_EQ(hanoi.Credentials(CREDENTIAL_KIND_EQUIVALENCY, "2027-05-31"), 0);

  // He took part in May, the last of the twelve months until April of the next year.
  EXPECT_EQ(hanoi.FigureOf("KF-4.3-a.D", "2028-04-30").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf("KF-4.3-a.D", "2028-05-31").numerator(), 0);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

TEST(SecondChance, AMotherLearnsATradeAndFinishesGradeTwelveBesideIt) {
  Hanoi hanoi("2026-09-05");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto center = hanoi.VocationalAndContinuingCenter("Trung tâm GDNN-GDTX Ba Đình", ward);
  const auto mai = hanoi.Registers({.name = "Đỗ Thị Mai", .born = "1994-11-02", .sex = SEX_FEMALE});
  const auto in_twelve =
      hanoi.Enrolls(mai, hanoi.GradeClass(center, 12, /*seats=*/45, "2026-2027"));
  const auto in_wiring =
      hanoi.Enrolls(mai, hanoi.VocationalCourse("Điện dân dụng", center, /*seats=*/20,
                                                {.from = "2026-10-01", .to = "2027-03-31"}));

  // A trade is no level of school, and whoever sits in two classes is one person.
  EXPECT_EQ(hanoi.EnrolledAt(kUpperSecondary, "2026-10-15"), 1);
  EXPECT_EQ(hanoi.FigureOf("STU.PER", "2026-10-15").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf("KF-4.3-a", "2026-10-31").numerator(), 1);
  EXPECT_EQ(hanoi.FigureOf("KF-7.3-a", "2026-10-31").denominator(), 2) << "two enrollments";

  hanoi.ItIs("2027-03-31");
  hanoi.Completes(in_wiring);
  EXPECT_EQ(hanoi.Credentials(CREDENTIAL_KIND_VOCATIONAL, "2027-03-31"), 1);
  hanoi.ItIs("2027-05-31");
  hanoi.Completes(in_twelve);
  const auto certificates = hanoi.CertificatesOf(in_twelve);
  ASSERT_EQ(certificates.size(), 1u);
  EXPECT_EQ(certificates[0].credential_kind(), CREDENTIAL_KIND_EQUIVALENCY);
  EXPECT_EQ(hanoi.Credentials(CREDENTIAL_KIND_EQUIVALENCY, "2027-05-31"), 1);
  EXPECT_EQ(hanoi.FigureOf("KF-9.3-a", "2027-05-31").numerator(), 2);
  EXPECT_EQ(hanoi.FigureOf("KF-9.3-a", "2026-12-31").numerator(), 0);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

}  // namespace
}  // namespace learncity::scenarios
