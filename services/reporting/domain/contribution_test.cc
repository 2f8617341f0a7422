#include "services/reporting/domain/contribution.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "platform/testing/text.h"

namespace learncity::reporting {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "level/grade time count" for each cell of pupils, "month count" for each of spaces.
std::vector<std::string> Text(const Contributions& contributions, v1::Measure measure) {
  std::vector<std::string> lines;
  for (const auto& one : contributions) {
    if (one.key().measure() != measure) continue;
    const std::string sign = one.count() > 0 ? "+" : "";
    const std::string who =
        one.key().measure() == v1::MEASURE_PUPILS
            ? absl::StrCat("L", one.key().isced_level() - 2, "/", one.key().grade(), " ")
            : "";
    lines.push_back(absl::StrCat(who, one.key().time(), " ", sign, one.count()));
  }
  return lines;
}

std::vector<std::string> OfLearner(const std::string& seats) {
  auto fact = FromText<v1::LearnerFact>(seats);
  for (v1::Seat& seat : *fact.mutable_seats()) {
    seat.set_kind(type::v1::OFFERING_KIND_SCHOOL_CLASS);
  }
  return Text(Contribution(fact), v1::MEASURE_PUPILS);
}

// Months count from 2026-01, the month 24312.
std::vector<std::string> OfCenter(const std::string& fact) {
  return Text(Contribution(FromText<v1::CenterFact>(
                  absl::StrCat("kind: CENTER_KIND_COMMUNITY_LEARNING_CENTER ", fact))),
              v1::MEASURE_FUNCTIONING_SPACES);
}

TEST(PupilContribution, OfOneSeatIsItsFirstDayAndTheDayAfterItsLast) {
  EXPECT_THAT(OfLearner("seats { isced_level: ISCED_LEVEL_1 grade: 3 from_day: 10 to_day: 20 }"),
              ElementsAre("L1/3 10 +1", "L1/3 20 -1"));
}

TEST(PupilContribution, CarriesSexAndBirthYear) {
  const auto all = Contribution(FromText<v1::LearnerFact>(
      "birth_year: 2017 sex: SEX_FEMALE seats { kind: OFFERING_KIND_SCHOOL_CLASS "
      "  isced_level: ISCED_LEVEL_1 grade: 3 from_day: 10 to_day: 20 }"));
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0].key().measure(), v1::MEASURE_PUPILS);
  EXPECT_EQ(all[0].key().birth_year(), 2017);
  EXPECT_EQ(all[0].key().sex(), type::v1::SEX_FEMALE);
}

TEST(PupilContribution, CountsAPersonWithTwoSchoolsAtOneLevelOnce) {
  EXPECT_THAT(OfLearner("seats { isced_level: ISCED_LEVEL_1 grade: 3 from_day: 10 to_day: 20 }"
                        "seats { isced_level: ISCED_LEVEL_1 grade: 3 from_day: 15 to_day: 30 }"),
              ElementsAre("L1/3 10 +1", "L1/3 30 -1"));
}

TEST(PupilContribution, CountsAPersonAtTwoLevelsAtEach) {
  EXPECT_THAT(OfLearner("seats { isced_level: ISCED_LEVEL_2 grade: 9 from_day: 10 to_day: 20 }"
                        "seats { isced_level: ISCED_LEVEL_1 grade: 5 from_day: 15 to_day: 30 }"),
              ElementsAre("L1/5 15 +1", "L1/5 30 -1", "L2/9 10 +1", "L2/9 20 -1"));
}

TEST(PupilContribution, PutsAPersonInTheGradeOfTheSeatAdmittedLastWhileSeatsOverlap) {
  // Grade 4 from 15, and grade 3 again once the seat of grade 4 has ended.
  EXPECT_THAT(OfLearner("seats { isced_level: ISCED_LEVEL_1 grade: 3 from_day: 10 to_day: 30 }"
                        "seats { isced_level: ISCED_LEVEL_1 grade: 4 from_day: 15 to_day: 20 }"),
              ElementsAre("L1/3 10 +1", "L1/3 15 -1", "L1/3 20 +1", "L1/3 30 -1", "L1/4 15 +1",
                          "L1/4 20 -1"));
}

TEST(PupilContribution, OfATransferHasNoGap) {
  EXPECT_THAT(OfLearner("seats { isced_level: ISCED_LEVEL_1 grade: 3 from_day: 10 to_day: 15 }"
                        "seats { isced_level: ISCED_LEVEL_1 grade: 3 from_day: 15 to_day: 30 }"),
              ElementsAre("L1/3 10 +1", "L1/3 30 -1"));
}

TEST(PupilContribution, OfAReturnHasTheGap) {
  EXPECT_THAT(OfLearner("seats { isced_level: ISCED_LEVEL_1 grade: 3 from_day: 10 to_day: 15 }"
                        "seats { isced_level: ISCED_LEVEL_1 grade: 3 from_day: 25 to_day: 30 }"),
              ElementsAre("L1/3 10 +1", "L1/3 15 -1", "L1/3 25 +1", "L1/3 30 -1"));
}

TEST(PupilContribution, OfASeatGivenUpBeforeItsFirstDayIsNothing) {
  EXPECT_THAT(OfLearner("seats { isced_level: ISCED_LEVEL_1 grade: 3 from_day: 10 to_day: 10 }"),
              IsEmpty());
  EXPECT_THAT(OfLearner("seats { isced_level: ISCED_LEVEL_1 grade: 3 from_day: 10 to_day: 7 }"),
              IsEmpty());
}

TEST(SpaceContribution, OfACenterWithoutARunIsNothing) { EXPECT_THAT(OfCenter(""), IsEmpty()); }

TEST(SpaceContribution, LastsElevenMonthsLongerThanTheRun) {
  // A run from November 2026 to February 2027 is among the last twelve months until January 2028.
  EXPECT_THAT(OfCenter("runs { from_month: 24322 to_month: 24325 }"),
              ElementsAre("24322 +1", "24337 -1"));
}

TEST(SpaceContribution, JoinsRunsThatAreAtMostAYearApart) {
  EXPECT_THAT(OfCenter("runs { from_month: 24330 to_month: 24330 }"
                       "runs { from_month: 24320 to_month: 24320 }"
                       "runs { from_month: 24332 to_month: 24332 }"),
              ElementsAre("24320 +1", "24344 -1"));
  EXPECT_THAT(OfCenter("runs { from_month: 24320 to_month: 24320 }"
                       "runs { from_month: 24332 to_month: 24332 }"),
              ElementsAre("24320 +1", "24344 -1"));
  EXPECT_THAT(OfCenter("runs { from_month: 24320 to_month: 24320 }"
                       "runs { from_month: 24333 to_month: 24333 }"),
              ElementsAre("24320 +1", "24332 -1", "24333 +1", "24345 -1"));
}

TEST(SpaceContribution, IsCutToTheMonthsInWhichTheCenterIsOpenAtTheEnd) {
  // Open from 2026-10-15 (day 20741, month 24321) to 2027-01-31: closed from 2027-02-01 (day
  // 20850).
  EXPECT_THAT(OfCenter("open_from_day: 20741 open_to_day: 20850 "
                       "runs { from_month: 24320 to_month: 24323 }"),
              ElementsAre("24321 +1", "24325 -1"));
  // Closed from 2027-01-31 on: not open at the end of January.
  EXPECT_THAT(OfCenter("open_from_day: 20741 open_to_day: 20849 "
                       "runs { from_month: 24320 to_month: 24323 }"),
              ElementsAre("24321 +1", "24324 -1"));
}

TEST(SpaceContribution, OfASchoolOrOfAnUnknownCenterIsNothing) {
  EXPECT_THAT(Contribution(FromText<v1::CenterFact>("runs { from_month: 9 to_month: 9 }")),
              IsEmpty());
  EXPECT_THAT(Text(Contribution(FromText<v1::CenterFact>("kind: CENTER_KIND_PRIMARY_SCHOOL "
                                                         "runs { from_month: 9 to_month: 9 }")),
                   v1::MEASURE_FUNCTIONING_SPACES),
              IsEmpty());
}

std::vector<std::string> Of(v1::Measure measure, const std::string& learner) {
  return Text(Contribution(FromText<v1::LearnerFact>(learner)), measure);
}

TEST(ParticipantContribution, LastsElevenMonthsLongerThanTheSeatAndCountsAPersonOnce) {
  // 2026-10-15 is day 20741 of month 24321, 2026-12-01 day 20788; months 24321 and 24322 are
  // touched.
  EXPECT_THAT(Of(v1::MEASURE_PARTICIPANTS, "seats { from_day: 20741 to_day: 20788 }"),
              ElementsAre("24321 +1", "24334 -1"));
  EXPECT_THAT(Of(v1::MEASURE_PARTICIPANTS,
                 "seats { from_day: 20741 to_day: 20788 } "
                 "seats { from_day: 20750 to_day: 20760 }"),
              ElementsAre("24321 +1", "24334 -1"));
  EXPECT_THAT(Of(v1::MEASURE_PARTICIPANTS, "seats { from_day: 20741 to_day: 20741 }"), IsEmpty());
}

TEST(LiteracyContribution, CountsAPersonOnceInEachYearOfAClass) {
  // From 2026-10-15 to 2027-01-31, and another class within 2027.
  const std::string classes =
      "seats { kind: OFFERING_KIND_LITERACY_CLASS from_day: 20741 to_day: 20850 } "
      "seats { kind: OFFERING_KIND_LITERACY_CLASS from_day: 20860 to_day: 20870 } "
      "seats { kind: OFFERING_KIND_COMMUNITY_COURSE from_day: 21900 to_day: 21950 }";
  EXPECT_THAT(Of(v1::MEASURE_LITERACY_LEARNERS, classes), ElementsAre("2026 +1", "2028 -1"));
}

TEST(EnrollmentContribution, CountsEachSeatInTheSchoolYearInWhichItBegan) {
  const std::string seats =
      "seats { from_day: 20741 to_day: 20850 mode: OFFERING_MODE_ONLINE } "
      "seats { from_day: 20742 to_day: 20850 mode: OFFERING_MODE_ONLINE }";
  EXPECT_THAT(Of(v1::MEASURE_ENROLLMENTS, seats), ElementsAre("2026 +2", "2027 -2"));
}

TEST(CredentialContribution, CountsInTheYearOfTheCompletion) {
  EXPECT_THAT(Of(v1::MEASURE_CREDENTIALS, "credentials { year: 2026 } credentials { year: 2027 }"),
              ElementsAre("2026 +1", "2028 -1"));
}

TEST(CenterContribution, MovesWithUnitStandardAndTheLapseOfIt) {
  const auto all = Contribution(FromText<v1::CenterFact>(
      "kind: CENTER_KIND_PRIMARY_SCHOOL open_from_day: 100 open_to_day: 900 "
      "places { unit: 'units/a' from_day: 100 } places { unit: 'units/b' from_day: 300 } "
      "standards { level: 1 from_day: 200 to_day: 500 } "
      "standards { level: 2 from_day: 400 to_day: 600 }"));
  std::vector<std::string> stretches;
  for (const auto& one : all) {
    stretches.push_back(absl::StrCat(one.key().unit(), " ", one.key().standard_level(), " ",
                                     one.key().time(), one.count() > 0 ? " +" : " -"));
  }
  EXPECT_THAT(stretches, ElementsAre("units/a 0 100 +", "units/a 0 200 -", "units/b 0 600 +",
                                     "units/b 0 900 -", "units/a 1 200 +", "units/a 1 300 -",
                                     "units/b 1 300 +", "units/b 1 400 -", "units/b 2 400 +",
                                     "units/b 2 600 -"));
}

TEST(SpaceContribution, FollowsTheCenterIntoAnotherUnit) {
  // The move is on day 20750, in month 24321: at its end the center stands in b.
  const auto all = Contribution(FromText<v1::CenterFact>(
      "kind: CENTER_KIND_LIBRARY places { unit: 'units/a' from_day: 0 } "
      "places { unit: 'units/b' from_day: 20750 } runs { from_month: 24320 to_month: 24320 }"));
  std::vector<std::string> stretches;
  for (const auto& one : all) {
    if (one.key().measure() != v1::MEASURE_FUNCTIONING_SPACES) continue;
    stretches.push_back(absl::StrCat(one.key().unit(), " ", one.key().time(), " ", one.count()));
  }
  EXPECT_THAT(stretches, ElementsAre("units/a 24320 1", "units/a 24321 -1", "units/b 24321 1",
                                     "units/b 24332 -1"));
}

TEST(RecognitionContribution, CountsOnTheDaysOfItsPeriods) {
  EXPECT_THAT(Text(Contribution(FromText<v1::RecognitionFact>(
                       "kind: RECOGNITION_SUBJECT_FAMILY periods { from_day: 10 to_day: 20 } "
                       "periods { from_day: 20 to_day: 30 } periods { from_day: 40 to_day: 50 }")),
                   v1::MEASURE_RECOGNITIONS),
              ElementsAre("10 +1", "30 -1", "40 +1", "50 -1"));
}

TEST(AwardContribution, CountsFromItsYearOnUntilItIsWithdrawn) {
  const auto of = [](const std::string& fact) {
    return Text(Contribution(FromText<v1::AwardFact>(fact)), v1::MEASURE_AWARDS);
  };
  EXPECT_THAT(of("year: 2024"), ElementsAre("2024 +1"));
  EXPECT_THAT(of("year: 2024 withdrawn_year: 2026"), ElementsAre("2024 +1", "2026 -1"));
  EXPECT_THAT(of("year: 2024 withdrawn_year: 2024"), IsEmpty());
}

TEST(Difference, IsAfterLessBeforeWithoutWhatStays) {
  const auto before = FromText<v1::LearnerFact>(
      "contributed { key { grade: 1 time: 1 } count: 1 }"
      "contributed { key { grade: 1 time: 9 } count: -1 }"
      "contributed { key { grade: 2 time: 3 } count: 1 }");
  const auto after = FromText<v1::LearnerFact>(
      "contributed { key { grade: 1 time: 1 } count: 1 }"
      "contributed { key { grade: 1 time: 5 } count: -1 }"
      "contributed { key { grade: 2 time: 3 } count: 3 }");
  const Contributions deltas =
      Difference(before.contributed(), {after.contributed().begin(), after.contributed().end()});
  ASSERT_EQ(deltas.size(), 3u);
  EXPECT_EQ(deltas[0].key().time(), 5);
  EXPECT_EQ(deltas[0].count(), -1);
  EXPECT_EQ(deltas[1].key().time(), 9);
  EXPECT_EQ(deltas[1].count(), 1);
  EXPECT_EQ(deltas[2].key().grade(), 2);
  EXPECT_EQ(deltas[2].count(), 2);
}

}  // namespace
}  // namespace learncity::reporting
