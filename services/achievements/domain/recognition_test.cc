#include "services/achievements/domain/recognition.h"

#include <gtest/gtest.h>

#include "platform/testing/scenario.h"
#include "services/achievements/domain/references.h"
#include "services/achievements/tables.h"

namespace learncity::achievements::v1 {
namespace {

using enrollment::v1::LearnerEvent;
using registry::v1::UnitEvent;

constexpr char kWard[] = "units/00004-20250701";
constexpr char kLan[] = "learners/01980000-0000-7000-8000-00000000001a";
constexpr char kFamily[] = "recognitions/family-00004-20250701-1203";
constexpr char kCitizen[] =
    "recognitions/citizen-00004-20250701-01980000-0000-7000-8000-00000000001a";

// The family 1203 of the ward.
Recognition Family() {
  return FromText<Recognition>(R"pb(
    name: "recognitions/family-00004-20250701-1203"
    kind: RECOGNITION_SUBJECT_FAMILY
    unit: "units/00004-20250701"
    subject: "1203"
    create_time { seconds: 1788919200 }
  )pb");
}

Recognition Citizen() {
  Recognition citizen = Family();
  citizen.set_name(kCitizen);
  citizen.set_kind(type::v1::RECOGNITION_SUBJECT_CITIZEN);
  citizen.set_subject("01980000-0000-7000-8000-00000000001a");
  return citizen;
}

RecognitionPeriod Period(const std::string& valid_from, const std::string& valid_to) {
  auto period = FromText<RecognitionPeriod>("decision: '12/QĐ-HKH' score: 85 scheme: '2021-2030'");
  *period.mutable_valid_from() = DateOf(valid_from);
  *period.mutable_valid_to() = DateOf(valid_to);
  return period;
}

// The recognition with those periods.
Recognition With(Recognition recognition, const std::vector<RecognitionPeriod>& periods) {
  for (const RecognitionPeriod& period : periods) *recognition.add_periods() = period;
  return recognition;
}

RecognitionEvent Granted(const Recognition& recognition) {
  RecognitionEvent event;
  *event.mutable_granted()->mutable_recognition() = recognition;
  return event;
}

RecognitionEvent Renewed(const Recognition& recognition) {
  RecognitionEvent event;
  *event.mutable_renewed()->mutable_recognition() = recognition;
  return event;
}

RecognitionEvent Withdrawn(const Recognition& recognition) {
  RecognitionEvent event;
  *event.mutable_withdrawn()->mutable_recognition() = recognition;
  return event;
}

LearnerEvent Erased() {
  return FromText<LearnerEvent>("erased { erase_time { seconds: 1788919200 } }");
}

UnitEvent Ended(const std::string& valid_to) {
  UnitEvent event;
  *event.mutable_ended()->mutable_valid_to() = DateOf(valid_to);
  return event;
}

// The ward exists since July 1st, 2025, and Lan is registered; it is September 9th, 2026.
class Recognising : public testing::Test {
 protected:
  Recognising() {
    s.Given(kWard, FromText<UnitEvent>("opened { unit { name: 'units/00004-20250701' "
                                       "valid_from { year: 2025 month: 7 day: 1 } } }"));
    s.Given(kLan, FromText<LearnerEvent>("registered { learner { name: "
                                         "'learners/01980000-0000-7000-8000-00000000001a' } }"));
    s.At("2026-09-09T02:00:00Z");
  }

  // What the request says of a period, all but its first day.
  template <class Request>
  static Request Until(const std::string& valid_to) {
    const RecognitionPeriod period = Period(valid_to, valid_to);
    Request request;
    request.set_decision(period.decision());
    *request.mutable_valid_to() = period.valid_to();
    request.set_score(period.score());
    request.set_scheme(period.scheme());
    return request;
  }

  Scenario s{AchievementsSchema()};
};

class GrantRecognition : public Recognising {
 protected:
  static GrantRecognitionRequest Request(const Recognition& recognition,
                                         const std::string& valid_from,
                                         const std::string& valid_to) {
    auto request = Until<GrantRecognitionRequest>(valid_to);
    *request.mutable_recognition() = recognition;
    *request.mutable_valid_from() = DateOf(valid_from);
    return request;
  }
  Outcome WhenGranted(const std::string& valid_from, const std::string& valid_to) {
    return s.When<GrantCase>(Request(Family(), valid_from, valid_to));
  }
};

TEST_F(GrantRecognition, HappensForTheFirstTime) {
  WhenGranted("2026-09-09", "2027-09-09")
      .Then({{kFamily, Granted(With(Family(), {Period("2026-09-09", "2027-09-09")}))}});
}

TEST_F(GrantRecognition, HappensAgainAfterTheLastPeriodEnded) {
  const auto first = Period("2025-07-01", "2026-07-01");
  s.Given(kFamily, Granted(With(Family(), {first})));
  WhenGranted("2026-07-01", "2027-07-01")
      .Then({{kFamily, Granted(With(Family(), {first, Period("2026-07-01", "2027-07-01")}))}});
}

TEST_F(GrantRecognition, KnowsASubjectHoweverItsNumberIsWritten) {
  Recognition group = Family();
  group.set_kind(type::v1::RECOGNITION_SUBJECT_RESIDENTIAL_GROUP);
  group.set_subject("TDP-7");
  Recognition expected = With(group, {Period("2026-01-01", "2027-01-01")});
  expected.set_name("recognitions/residential-group-00004-20250701-tdp-7");
  expected.set_subject("tdp-7");
  s.When<GrantCase>(Request(group, "2026-01-01", "2027-01-01"))
      .Then({{expected.name(), Granted(expected)}});
  group.set_subject("tdp-7");
  s.When<GrantCase>(Request(group, "2026-01-01", "2027-01-01")).ThenRefused(ALREADY_RECOGNISED);
}

TEST_F(GrantRecognition, IsOfALearnerWhenACitizenIsRecognised) {
  Recognition citizen = Citizen();
  citizen.set_subject("01980000-0000-7000-8000-00000000001A");
  s.When<GrantCase>(Request(citizen, "2026-01-01", "2027-01-01"))
      .Then({{kCitizen, Granted(With(Citizen(), {Period("2026-01-01", "2027-01-01")}))}});
}

TEST_F(GrantRecognition, IsRefusedOnDaysThatAreRecognisedAlready) {
  s.Given(kFamily, Granted(With(Family(), {Period("2026-01-01", "2026-06-01")})));
  WhenGranted("2026-05-31", "2027-01-01").ThenRefused(ALREADY_RECOGNISED);
  WhenGranted("2026-01-01", "2026-06-01").ThenRefused(ALREADY_RECOGNISED);
}

TEST_F(GrantRecognition, IsRefusedBeforeAPeriodThatIsRecognised) {
  s.Given(kFamily, Granted(With(Family(), {Period("2026-01-01", "2026-06-01")})));
  WhenGranted("2025-07-01", "2026-01-01").ThenRefused(ALREADY_RECOGNISED);
}

TEST_F(GrantRecognition, IsRefusedOnceAsManyPeriodsAreKeptAsMayBe) {
  const std::vector<RecognitionPeriod> most(kPeriodsMax, Period("2025-07-01", "2026-07-01"));
  s.Given(kFamily, Granted(With(Family(), most)));
  WhenGranted("2026-07-01", "2027-07-01").ThenRefused(ALREADY_RECOGNISED);
}

TEST_F(GrantRecognition, IsRefusedForNoDays) {
  WhenGranted("2026-09-09", "2026-09-09").ThenRefused(PERIOD_EMPTY);
  WhenGranted("2026-09-09", "2026-09-08").ThenRefused(PERIOD_EMPTY);
}

TEST_F(GrantRecognition, IsRefusedFromADayToComeOn) {
  WhenGranted("2026-09-10", "2027-09-10").ThenRefused(DATE_IN_FUTURE);
}

TEST_F(GrantRecognition, IsRefusedWhenTheUnitIsNotThereOnTheFirstDay) {
  WhenGranted("2025-06-30", "2026-06-30").ThenRefused(UNIT_NOT_VALID);
  EXPECT_FALSE(WhenGranted("2025-07-01", "2026-06-30").refused());
  s.Given(kWard, FromText<UnitEvent>("code_passed_on { unit: 'units/00004-20260901' }"));
  s.Given(kWard, Ended("2026-09-01"));
  WhenGranted("2026-09-01", "2027-09-01").ThenRefused(UNIT_NOT_VALID);
  EXPECT_FALSE(WhenGranted("2026-08-31", "2027-08-31").refused());
}

TEST_F(GrantRecognition, IsRefusedWithTooFewPoints) {
  auto request = Request(Family(), "2026-09-09", "2027-09-09");
  request.set_score(79);
  s.When<GrantCase>(request).ThenRefused(SCORE_TOO_LOW);
  request.set_score(80);
  EXPECT_FALSE(s.When<GrantCase>(request).refused());
}

TEST_F(GrantRecognition, IsRefusedToACitizenWhoIsNoLearner) {
  Recognition citizen = Citizen();
  citizen.set_subject("1203");
  s.When<GrantCase>(Request(citizen, "2026-01-01", "2027-01-01"))
      .ThenRefused(SUBJECT_NOT_A_LEARNER);
}

TEST_F(GrantRecognition, IsRefusedToACitizenWhoIsErased) {
  s.Given(kLan, Erased());
  s.When<GrantCase>(Request(Citizen(), "2026-01-01", "2027-01-01")).ThenRefused(LEARNER_ERASED);
}

TEST_F(GrantRecognition, IsRefusedWhenTheLearnerIsUnknown) {
  Recognition citizen = Citizen();
  citizen.set_subject("01980000-0000-7000-8000-0000000000ff");
  s.When<GrantCase>(Request(citizen, "2026-01-01", "2027-01-01"))
      .ThenNotFound("learners/" + citizen.subject());
}

TEST_F(GrantRecognition, IsRefusedWhenTheUnitIsUnknown) {
  Recognition family = Family();
  family.set_unit("units/00007-20250701");
  s.When<GrantCase>(Request(family, "2026-01-01", "2027-01-01")).ThenNotFound(family.unit());
}

// The family is recognised for a year from October 10th, 2025 on, where a test says that it is.
class RenewRecognition : public Recognising {
 protected:
  static RenewRecognitionRequest Request(const std::string& name, const std::string& valid_to) {
    auto request = Until<RenewRecognitionRequest>(valid_to);
    request.set_name(name);
    return request;
  }
  Outcome WhenRenewed(const std::string& valid_to) {
    return s.When<RenewCase>(Request(kFamily, valid_to));
  }
  void GivenItRuns(const Recognition& recognition = Family()) {
    s.Given(recognition.name(), Granted(With(recognition, {running})));
  }

  const RecognitionPeriod running = Period("2025-10-10", "2026-10-10");
};

TEST_F(RenewRecognition, ContinuesFromTheEndOfTheRunningPeriod) {
  GivenItRuns();
  WhenRenewed("2027-10-10")
      .Then({{kFamily, Renewed(With(Family(), {running, Period("2026-10-10", "2027-10-10")}))}});
}

TEST_F(RenewRecognition, HappensOnTheDayAfterTheLastOne) {
  GivenItRuns();
  s.At("2026-10-10T02:00:00Z");
  EXPECT_FALSE(WhenRenewed("2027-10-10").refused());
}

TEST_F(RenewRecognition, HappensAgainOnceItHasBegun) {
  GivenItRuns();
  EXPECT_FALSE(WhenRenewed("2027-10-10").refused());
  WhenRenewed("2028-10-10").ThenRefused(ALREADY_RECOGNISED);
  s.At("2026-10-10T02:00:00Z");
  EXPECT_FALSE(WhenRenewed("2028-10-10").refused());
  EXPECT_EQ(s.Get<Recognition>(kFamily).periods_size(), 3);
}

TEST_F(RenewRecognition, IsRefusedWhenThePeriodIsOver) {
  GivenItRuns();
  s.At("2026-10-11T02:00:00Z");
  WhenRenewed("2027-10-10").ThenRefused(NOT_RECOGNISED);
}

TEST_F(RenewRecognition, IsRefusedWhenNoPeriodIsLeft) {
  s.Given(kFamily, Granted(With(Family(), {running}))).Given(kFamily, Withdrawn(Family()));
  WhenRenewed("2027-10-10").ThenRefused(NOT_RECOGNISED);
}

TEST_F(RenewRecognition, IsRefusedForNoDays) {
  GivenItRuns();
  WhenRenewed("2026-10-10").ThenRefused(PERIOD_EMPTY);
}

TEST_F(RenewRecognition, IsRefusedOnceAsManyPeriodsAreKeptAsMayBe) {
  s.Given(kFamily, Granted(With(Family(), std::vector(kPeriodsMax, running))));
  WhenRenewed("2027-10-10").ThenRefused(ALREADY_RECOGNISED);
}

TEST_F(RenewRecognition, IsRefusedWhenTheUnitIsGoneByThen) {
  GivenItRuns();
  s.Given(kWard, Ended("2026-10-10"));
  WhenRenewed("2027-10-10").ThenRefused(UNIT_NOT_VALID);
}

TEST_F(RenewRecognition, IsRefusedWithTooFewPoints) {
  GivenItRuns();
  auto request = Request(kFamily, "2027-10-10");
  request.set_score(79);
  s.When<RenewCase>(request).ThenRefused(SCORE_TOO_LOW);
}

TEST_F(RenewRecognition, IsRefusedToACitizenWhoIsErased) {
  GivenItRuns(Citizen());
  EXPECT_FALSE(s.When<RenewCase>(Request(kCitizen, "2027-10-10")).refused());
  s.At("2026-10-10T02:00:00Z");
  s.Given(kLan, Erased());
  s.When<RenewCase>(Request(kCitizen, "2028-10-10")).ThenRefused(LEARNER_ERASED);
}

TEST_F(RenewRecognition, IsRefusedWhenItWasNeverGranted) {
  WhenRenewed("2027-10-10").ThenNotFound(kFamily);
}

// The family was recognised for the first half of 2026 and is again from September 1st on, with the
// next year granted too.
class WithdrawRecognition : public Recognising {
 protected:
  WithdrawRecognition() { s.Given(kFamily, Renewed(With(Family(), {before, running, next}))); }

  Outcome WhenWithdrawn(const std::string& valid_to) {
    WithdrawRecognitionRequest request;
    request.set_name(kFamily);
    *request.mutable_valid_to() = DateOf(valid_to);
    return s.When<WithdrawRecognitionCase>(request);
  }

  const RecognitionPeriod before = Period("2026-01-01", "2026-07-01");
  const RecognitionPeriod running = Period("2026-09-01", "2027-09-01");
  const RecognitionPeriod next = Period("2027-09-01", "2028-09-01");
};

TEST_F(WithdrawRecognition, CutsTheRunningPeriodAndDropsWhatFollows) {
  WhenWithdrawn("2026-09-09")
      .Then({{kFamily, Withdrawn(With(Family(), {before, Period("2026-09-01", "2026-09-09")}))}});
}

TEST_F(WithdrawRecognition, DropsAPeriodThatBeginsOnTheDay) {
  WhenWithdrawn("2026-09-01").Then({{kFamily, Withdrawn(With(Family(), {before}))}});
}

TEST_F(WithdrawRecognition, MayReachBackToAnEarlierPeriod) {
  WhenWithdrawn("2026-01-01").Then({{kFamily, Withdrawn(Family())}});
}

TEST_F(WithdrawRecognition, LeavesTheDaysFreeToBeGrantedAgain) {
  EXPECT_FALSE(WhenWithdrawn("2026-09-05").refused());
  auto request = Until<GrantRecognitionRequest>("2027-01-01");
  *request.mutable_recognition() = Family();
  *request.mutable_valid_from() = DateOf("2026-09-05");
  EXPECT_FALSE(s.When<GrantCase>(request).refused());
}

TEST_F(WithdrawRecognition, TakesTodayAsTheLastDayAtMost) {
  WhenWithdrawn("2026-09-11").ThenRefused(DATE_IN_FUTURE);
  EXPECT_FALSE(WhenWithdrawn("2026-09-10").refused());
}

TEST_F(WithdrawRecognition, IsRefusedOnADayWithoutRecognition) {
  WhenWithdrawn("2025-12-31").ThenRefused(NOT_RECOGNISED);
  WhenWithdrawn("2026-07-01").ThenRefused(NOT_RECOGNISED);
}

TEST_F(WithdrawRecognition, HappensOnce) {
  EXPECT_FALSE(WhenWithdrawn("2026-09-09").refused());
  WhenWithdrawn("2026-09-09").ThenRefused(NOT_RECOGNISED);
}

TEST_F(WithdrawRecognition, IsRefusedWhenItWasNeverGranted) {
  WithdrawRecognitionRequest request;
  request.set_name("recognitions/clan-00004-20250701-3");
  *request.mutable_valid_to() = DateOf("2026-09-09");
  s.When<WithdrawRecognitionCase>(request).ThenNotFound(request.name());
}

TEST_F(WithdrawRecognition, ReplaysWithAllThatHappened) {
  EXPECT_FALSE(WhenWithdrawn("2026-09-09").refused());
  s.ExpectReplays();
}

}  // namespace
}  // namespace learncity::achievements::v1
