// The figures by hand: small cities, counted in the comments.
#include "gmock/gmock.h"
#include "services/reporting/city_in_memory.h"
#include "services/reporting/domain/selection.h"

namespace learncity::reporting {
namespace {

using type::v1::ISCED_LEVEL_1;
using type::v1::ISCED_LEVEL_2;
using type::v1::SEX_FEMALE;
using type::v1::SEX_MALE;
using type::v1::SEX_UNSPECIFIED;

constexpr auto kClc = type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER;

Class Primary(int grade, const std::string& offering) {
  return {.offering = offering, .grade = grade};
}
Class LowerSecondary(int grade, const std::string& offering) {
  return {.offering = offering, .isced_level = ISCED_LEVEL_2, .grade = grade};
}
Class Course(const std::string& center, const std::string& offering, const std::string& last_day) {
  return {.offering = offering,
          .center = center,
          .kind = type::v1::OFFERING_KIND_COMMUNITY_COURSE,
          .isced_level = type::v1::ISCED_LEVEL_NON_FORMAL,
          .grade = 0,
          .last_day = last_day};
}

// The figure of a split; the total without any.
v1::Figure FigureOf(const v1::Evaluation& evaluation, const Split& split = {}) {
  for (const v1::Figure& figure : evaluation.figures()) {
    if (figure.by_isced_level() == split.isced_level.has_value() &&
        figure.by_sex() == split.sex.has_value() &&
        figure.isced_level() == split.isced_level.value_or(type::v1::ISCED_LEVEL_UNSPECIFIED) &&
        figure.sex() == split.sex.value_or(SEX_UNSPECIFIED)) {
      return figure;
    }
  }
  ADD_FAILURE() << "no such figure";
  return {};
}

class Enrollment : public testing::Test {
 protected:
  int64_t Pupils(const std::string& as_of, const Split& split = {}) {
    return FigureOf(city.Evaluate("STU.PER", as_of), split).numerator();
  }
  CityInMemory city;
};

// One child, registered as Lan by a school and without a name by another.
TEST_F(Enrollment, OfAChildRegisteredTwiceCountsOnceWhenThatIsFound) {
  city.Registered("Lan", 2016, SEX_FEMALE);
  city.Registered("Nameless", 0, SEX_UNSPECIFIED);
  city.Admitted("1", "Lan", "2026-09-05", Primary(4, "4A"));
  city.Admitted("2", "Nameless", "2026-09-05", Primary(4, "4B"));
  EXPECT_EQ(Pupils("2026-10-01"), 2);
  city.Matched("Nameless", "Lan");
  EXPECT_EQ(Pupils("2026-10-01"), 1);
  EXPECT_EQ(Pupils("2026-10-01", {.sex = SEX_FEMALE}), 1);
  // The seat that was taken under the other name goes on being hers.
  city.Completed("1", "2026-12-01");
  EXPECT_EQ(Pupils("2026-12-01"), 1);
  city.Completed("2", "2026-12-15");
  EXPECT_EQ(Pupils("2026-12-15"), 0);
  EXPECT_THAT(city.Differences(), testing::IsEmpty());
}

TEST_F(Enrollment, IsCountedByLevelAndSex) {
  // Level 1: Lan (F), An (M), Binh (not known). Level 2: Hoa (F). Level 3 and preschool: nobody.
  city.Registered("Lan", 2020, SEX_FEMALE);
  city.Registered("An", 2020, SEX_MALE);
  city.Registered("Binh", 0, SEX_UNSPECIFIED);
  city.Registered("Hoa", 2014, SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", Primary(1, "1A"));
  city.Admitted("2", "An", "2026-09-05", Primary(1, "1A"));
  city.Admitted("3", "Binh", "2026-09-05", Primary(2, "2A"));
  city.Admitted("4", "Hoa", "2026-09-05", LowerSecondary(7, "7A"));

  const auto evaluation = city.Evaluate("STU.PER", "2026-11-22");
  EXPECT_EQ(FigureOf(evaluation).value(), 4);
  EXPECT_EQ(FigureOf(evaluation, {.isced_level = ISCED_LEVEL_1}).value(), 3);
  EXPECT_EQ(FigureOf(evaluation, {.isced_level = ISCED_LEVEL_2}).value(), 1);
  EXPECT_EQ(FigureOf(evaluation, {.sex = SEX_FEMALE}).value(), 2);
  EXPECT_EQ(FigureOf(evaluation, {.sex = SEX_MALE}).value(), 1);
  EXPECT_EQ(FigureOf(evaluation, {.sex = SEX_UNSPECIFIED}).value(), 1);
  EXPECT_EQ(FigureOf(evaluation, {.isced_level = ISCED_LEVEL_1, .sex = SEX_FEMALE}).value(), 1);
  EXPECT_EQ(FigureOf(evaluation, {.isced_level = ISCED_LEVEL_2, .sex = SEX_MALE}).value(), 0);
  // One total, five levels, three sexes, each of one with each of the other.
  EXPECT_EQ(evaluation.figures_size(), 1 + 5 + 3 + 5 * 3);
  EXPECT_EQ(FigureOf(evaluation).status(), v1::OBSERVATION_STATUS_NORMAL);
  EXPECT_EQ(FigureOf(evaluation).denominator(), 0);
  ASSERT_EQ(evaluation.positions_size(), 3);
  EXPECT_EQ(evaluation.positions(1).feed(), "enrollment");
  EXPECT_EQ(evaluation.positions(1).position(), 8);
}

TEST_F(Enrollment, HoldsFromTheFirstDayToTheOfferingsLast) {
  city.Registered("Lan", 2020, SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", Primary(1, "1A"));
  EXPECT_EQ(Pupils("2026-09-04"), 0);
  EXPECT_EQ(Pupils("2026-09-05"), 1);
  EXPECT_EQ(Pupils("2027-05-31"), 1);
  EXPECT_EQ(Pupils("2027-06-01"), 0);
}

TEST_F(Enrollment, CountsAPersonWithTwoSchoolsAtOneLevelOnce) {
  city.Registered("Lan", 2020, SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", Primary(1, "1A"));
  city.Admitted("2", "Lan", "2026-10-01", Primary(1, "another school's 1A"));
  EXPECT_EQ(Pupils("2026-11-22"), 1);
  city.Withdrawn("1", "2026-12-01");
  EXPECT_EQ(Pupils("2026-12-15"), 1);
}

TEST_F(Enrollment, StaysOneThroughATransferInMidYear) {
  city.Registered("Lan", 2020, SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", Primary(1, "1A"));
  city.Withdrawn("1", "2027-01-10");
  city.Admitted("2", "Lan", "2027-01-10", Primary(1, "1B"));
  EXPECT_EQ(Pupils("2027-01-09"), 1);
  EXPECT_EQ(Pupils("2027-01-10"), 1);
  EXPECT_EQ(Pupils("2027-05-31"), 1);
}

TEST_F(Enrollment, EndsWithTheSeatAndBeginsAgainWithTheReturn) {
  city.Registered("Lan", 2020, SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", Primary(1, "1A"));
  city.Withdrawn("1", "2026-11-01");
  city.Admitted("2", "Lan", "2027-02-01", Primary(1, "1A"));
  EXPECT_EQ(Pupils("2026-10-31"), 1);
  EXPECT_EQ(Pupils("2026-11-01"), 0);
  EXPECT_EQ(Pupils("2027-02-01"), 1);
}

TEST_F(Enrollment, DoesNotChangeWhenAPersonIsErased) {
  city.Registered("Lan", 2020, SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", Primary(1, "1A"));
  city.Erased("Lan");
  EXPECT_EQ(Pupils("2026-11-22", {.isced_level = ISCED_LEVEL_1, .sex = SEX_FEMALE}), 1);
}

class OverAge : public testing::Test {
 protected:
  CityInMemory city;
};

TEST_F(OverAge, IsTheShareAtLeastTwoYearsOverTheIntendedAge) {
  // School year 2026. Grade 3 is meant for those who turn 8: born 2018. Lan, born 2016, is two
  // years over; An, born 2017, one; Binh, born 2018, none. Grade 1, meant for those born 2020: Hoa,
  // born 2010, ten. Nobody knows when Minh was born. Of 4 known, 2: 50 %; of 5 pupils 4 are known:
  // 0.8.
  city.Registered("Lan", 2016, SEX_FEMALE);
  city.Registered("An", 2017, SEX_MALE);
  city.Registered("Binh", 2018, SEX_MALE);
  city.Registered("Hoa", 2010, SEX_FEMALE);
  city.Registered("Minh", 0, SEX_MALE);
  for (const char* learner : {"Lan", "An", "Binh", "Minh"}) {
    city.Admitted(learner, learner, "2026-09-05", Primary(3, "3A"));
  }
  city.Admitted("Hoa", "Hoa", "2026-09-05", Primary(1, "1A"));

  const auto evaluation = city.Evaluate("OAEPG.1", "2026-11-22");
  ASSERT_EQ(evaluation.figures_size(), 4);
  const auto total = FigureOf(evaluation);
  EXPECT_EQ(total.numerator(), 2);
  EXPECT_EQ(total.denominator(), 4);
  EXPECT_EQ(total.value(), 50);
  EXPECT_EQ(total.coverage(), 0.8);
  EXPECT_EQ(total.status(), v1::OBSERVATION_STATUS_NORMAL);
  // Both girls are over-age; of the boys, neither of the two whose age is known, of three.
  EXPECT_EQ(FigureOf(evaluation, {.sex = SEX_FEMALE}).value(), 100);
  EXPECT_EQ(FigureOf(evaluation, {.sex = SEX_MALE}).value(), 0);
  EXPECT_EQ(FigureOf(evaluation, {.sex = SEX_MALE}).coverage(), 2.0 / 3);
  // In lower secondary nobody is.
  EXPECT_EQ(FigureOf(city.Evaluate("OAEPG.2.GPV", "2026-11-22")).status(),
            v1::OBSERVATION_STATUS_MISSING);
}

TEST_F(OverAge, OfLowerSecondaryCountsContinuingClasses) {
  // Grade 9 is meant for those who turn 14: born 2012. Lan, born 1986, comes back to school.
  city.Registered("Lan", 1986, SEX_FEMALE);
  city.Registered("An", 2012, SEX_MALE);
  Class evening = LowerSecondary(9, "9 evening");
  evening.kind = type::v1::OFFERING_KIND_CONTINUING_CLASS;
  city.Admitted("1", "Lan", "2026-09-05", evening);
  city.Admitted("2", "An", "2026-09-05", LowerSecondary(9, "9A"));
  EXPECT_EQ(FigureOf(city.Evaluate("OAEPG.2.GPV", "2026-11-22")).value(), 50);
}

TEST_F(OverAge, GoesByTheYearInWhichTheSchoolYearBegan) {
  // Born 2018 in grade 2, meant for 7: a year over in school year 2026, two in school year 2027.
  city.Registered("Lan", 2018, SEX_FEMALE);
  Class in = Primary(2, "2A");
  in.last_day = "2027-12-31";
  city.Admitted("1", "Lan", "2026-09-05", in);
  EXPECT_EQ(FigureOf(city.Evaluate("OAEPG.1", "2026-09-05")).numerator(), 0);
  EXPECT_EQ(FigureOf(city.Evaluate("OAEPG.1", "2027-08-31")).numerator(), 0);
  EXPECT_EQ(FigureOf(city.Evaluate("OAEPG.1", "2027-09-01")).numerator(), 1);
}

TEST_F(OverAge, IsMissingWhereNoBirthYearIsKnown) {
  city.Registered("Lan", 0, SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", Primary(2, "2A"));
  const auto figure = FigureOf(city.Evaluate("OAEPG.1", "2026-11-22"));
  EXPECT_EQ(figure.status(), v1::OBSERVATION_STATUS_MISSING);
  EXPECT_EQ(figure.denominator(), 0);
  EXPECT_EQ(figure.coverage(), 0);
  EXPECT_EQ(figure.comment(),
            "the denominator is 0: of none of the 1 counted is known what the formula needs");
}

class LearningSpaces : public testing::Test {
 protected:
  v1::Figure Spaces(const std::string& as_of) { return FigureOf(city.Evaluate("KF-5.1-a", as_of)); }
  CityInMemory city;
};

TEST_F(LearningSpaces, FunctionWithACourseInTwelveClosedMonthsPerPopulation) {
  // Three centers: Ba Dinh had a course in June, Tay Ho two years ago, Dong Da none. 1 of
  // 8,811,473: 100,000 / 8,811,473 = 0.0113488…
  city.Opened("Ba Dinh", kClc, "2025-07-01");
  city.Opened("Tay Ho", kClc, "2020-01-01");
  city.Opened("Dong Da", kClc, "2025-07-01");
  city.Registered("Lan", 1956, SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-06-03", Course("Ba Dinh", "sewing", "2026-06-20"));
  city.Admitted("2", "Lan", "2024-06-03", Course("Tay Ho", "sewing then", "2024-06-20"));

  const auto evaluation = city.Evaluate("KF-5.1-a", "2026-11-22");
  const auto figure = FigureOf(evaluation);
  EXPECT_EQ(figure.numerator(), 1);
  EXPECT_EQ(figure.denominator(), 8811473);
  EXPECT_DOUBLE_EQ(figure.value(), 100000.0 / 8811473);
  EXPECT_EQ(figure.status(), v1::OBSERVATION_STATUS_NORMAL);
  // The total, then each of the three kinds of space; last what stands in a unit nobody told of.
  EXPECT_EQ(evaluation.figures_size(), 1 + 3 + 1);
  // October is the last closed month.
  EXPECT_EQ(evaluation.as_of().month(), 10);
  EXPECT_EQ(evaluation.as_of().day(), 31);
  EXPECT_THAT(evaluation.denominator_source(),
              testing::StartsWith("population VN-HN 2025: 8811473 (sum of"));
  // Non-formal courses are nobody's school enrollment.
  EXPECT_EQ(FigureOf(city.Evaluate("STU.PER", "2026-06-10")).numerator(), 0);
}

TEST_F(LearningSpaces, FunctionOnceTheMonthOfTheRunIsClosedAndForElevenMore) {
  // A run across New Year, 2026-12 to 2027-01: counted from the end of December to that of 2027-12.
  city.Opened("Ba Dinh", kClc, "2025-07-01");
  city.Admitted("1", "Lan", "2026-12-10", Course("Ba Dinh", "sewing", "2027-01-20"));
  EXPECT_EQ(Spaces("2026-12-30").numerator(), 0);
  EXPECT_EQ(Spaces("2026-12-31").numerator(), 1);
  EXPECT_EQ(Spaces("2027-12-31").numerator(), 1);
  EXPECT_EQ(Spaces("2028-01-30").numerator(), 1);
  EXPECT_EQ(Spaces("2028-01-31").numerator(), 0);
}

TEST_F(LearningSpaces, FunctionWhenTheCenterIsHeardOfAfterItsCourse) {
  city.Admitted("1", "Lan", "2026-06-03", Course("Ba Dinh", "sewing", "2026-06-20"));
  EXPECT_EQ(Spaces("2026-11-22").numerator(), 0);
  city.Opened("Ba Dinh", kClc, "2025-07-01");
  EXPECT_EQ(Spaces("2026-11-22").numerator(), 1);
}

TEST_F(LearningSpaces, DoNotFunctionAfterTheyAreClosed) {
  city.Opened("Ba Dinh", kClc, "2025-07-01", "2026-09-15");
  city.Admitted("1", "Lan", "2026-06-03", Course("Ba Dinh", "sewing", "2026-06-20"));
  EXPECT_EQ(Spaces("2026-08-31").numerator(), 1);
  EXPECT_EQ(Spaces("2026-09-30").numerator(), 0);
}

TEST_F(LearningSpaces, AreMissingBeforeTheFirstPopulation) {
  const auto figure = Spaces("2024-12-31");
  EXPECT_EQ(figure.status(), v1::OBSERVATION_STATUS_MISSING);
  EXPECT_EQ(figure.comment(), "there is no population of VN-HN for this date");
}

}  // namespace
}  // namespace learncity::reporting
