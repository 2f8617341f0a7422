#include "services/achievements/domain/award.h"

#include <gtest/gtest.h>

#include "platform/testing/scenario.h"
#include "services/achievements/domain/references.h"
#include "services/achievements/tables.h"

namespace learncity::achievements::v1 {
namespace {

using enrollment::v1::LearnerEvent;

constexpr char kLan[] = "learners/01980000-0000-7000-8000-00000000001a";
constexpr char kMinh[] = "learners/01980000-0000-7000-8000-00000000002b";
constexpr char kPrize[] = "awards/01980000-0000-7000-8000-0000000000a1";

LearnerEvent Registered(const std::string& name) {
  LearnerEvent event;
  event.mutable_registered()->mutable_learner()->set_name(name);
  return event;
}

AwardEvent Recorded(const std::string& name, const Award& award) {
  AwardEvent event;
  *event.mutable_recorded()->mutable_award() = award;
  event.mutable_recorded()->mutable_award()->set_name(name);
  event.mutable_recorded()->mutable_award()->mutable_create_time()->set_seconds(1788919200);
  return event;
}

// Lan's first prize in mathematics, of this year.
Award FirstPrize() {
  return FromText<Award>(R"pb(
    level: AWARD_LEVEL_NATIONAL
    competition: "Kỳ thi chọn học sinh giỏi quốc gia"
    subject: "Toán"
    year: 2026
    rank: AWARD_RANK_FIRST
    learners: "learners/01980000-0000-7000-8000-00000000001a"
  )pb");
}

// Lan and Minh are registered; it is September 9th, 2026.
class RecordAward : public testing::Test {
 protected:
  RecordAward() {
    s.Given(kLan, Registered(kLan)).Given(kMinh, Registered(kMinh));
    s.At("2026-09-09T02:00:00Z");
  }

  Outcome WhenRecorded(const Award& award) {
    RecordAwardRequest request;
    *request.mutable_award() = award;
    return s.When<RecordAwardCase>(request);
  }
  Outcome WhenRecorded(AwardLevel level, AwardRank rank) {
    Award award = prize;
    award.set_level(level);
    award.set_rank(rank);
    return WhenRecorded(award);
  }

  // What a test changes and records.
  Award prize = FirstPrize();
  Scenario s{AchievementsSchema()};
};

TEST_F(RecordAward, HappensForALearner) {
  const auto outcome = WhenRecorded(prize);
  const std::string name = s.New("awards");
  outcome.Then({{name, Recorded(name, prize)}});
}

TEST_F(RecordAward, HappensForOneWhomTheCityDoesNotKnow) {
  prize.clear_learners();
  prize.set_unknown_learners(1);
  prize.set_year(1974);
  EXPECT_FALSE(WhenRecorded(prize).refused());
}

TEST_F(RecordAward, IsOneForATeam) {
  prize.add_learners(kMinh);
  prize.set_unknown_learners(4);
  prize.set_is_team(true);
  const auto outcome = WhenRecorded(prize);
  const std::string name = s.New("awards");
  outcome.Then({{name, Recorded(name, prize)}});
}

TEST_F(RecordAward, NamesLearnersAsTheyAreNamedElsewhere) {
  prize.set_learners(0, "learners/01980000-0000-7000-8000-00000000001A");
  const auto outcome = WhenRecorded(prize);
  const std::string name = s.New("awards");
  outcome.Then({{name, Recorded(name, FirstPrize())}});
}

TEST_F(RecordAward, IsRefusedWhenNobodyWonIt) {
  prize.clear_learners();
  WhenRecorded(prize).ThenRefused(AWARD_OF_NOBODY);
  prize.set_is_team(true);
  WhenRecorded(prize).ThenRefused(AWARD_OF_NOBODY);
}

TEST_F(RecordAward, IsRefusedWhenSeveralWonItAndNoTeam) {
  prize.add_learners(kMinh);
  WhenRecorded(prize).ThenRefused(AWARD_WINNERS_CONTRADICT);
  prize = FirstPrize();
  prize.set_unknown_learners(1);
  WhenRecorded(prize).ThenRefused(AWARD_WINNERS_CONTRADICT);
}

TEST_F(RecordAward, IsRefusedToATeamOfOne) {
  prize.set_is_team(true);
  WhenRecorded(prize).ThenRefused(AWARD_WINNERS_CONTRADICT);
}

TEST_F(RecordAward, IsRefusedWhenALearnerStandsInItTwice) {
  prize.add_learners("learners/01980000-0000-7000-8000-00000000001A");
  prize.set_is_team(true);
  WhenRecorded(prize).ThenRefused(AWARD_WINNERS_CONTRADICT);
}

TEST_F(RecordAward, TakesPrizesAsNationalAndMedalsAsInternational) {
  for (const AwardRank rank :
       {AWARD_RANK_FIRST, AWARD_RANK_SECOND, AWARD_RANK_THIRD, AWARD_RANK_CONSOLATION}) {
    EXPECT_FALSE(WhenRecorded(AWARD_LEVEL_NATIONAL, rank).refused());
    WhenRecorded(AWARD_LEVEL_INTERNATIONAL, rank).ThenRefused(RANK_NOT_OF_LEVEL);
  }
  for (const AwardRank rank :
       {AWARD_RANK_GOLD, AWARD_RANK_SILVER, AWARD_RANK_BRONZE, AWARD_RANK_HONOURABLE_MENTION}) {
    EXPECT_FALSE(WhenRecorded(AWARD_LEVEL_INTERNATIONAL, rank).refused());
    WhenRecorded(AWARD_LEVEL_NATIONAL, rank).ThenRefused(RANK_NOT_OF_LEVEL);
  }
}

TEST_F(RecordAward, IsRefusedForAYearToCome) {
  prize.set_year(2027);
  WhenRecorded(prize).ThenRefused(DATE_IN_FUTURE);
  s.At("2026-12-31T17:00:00Z");  // January 1st, 2027 in the city.
  EXPECT_FALSE(WhenRecorded(prize).refused());
}

TEST_F(RecordAward, IsRefusedWhenALearnerIsErased) {
  s.Given(kLan, FromText<LearnerEvent>("erased { erase_time { seconds: 1788919200 } }"));
  WhenRecorded(prize).ThenRefused(LEARNER_ERASED);
  s.Given(kLan, FromText<LearnerEvent>("erasure_confirmed {}"));
  WhenRecorded(prize).ThenRefused(LEARNER_ERASED);
}

TEST_F(RecordAward, IsRefusedWhenALearnerIsUnknown) {
  prize.set_learners(0, "learners/01980000-0000-7000-8000-0000000000ff");
  WhenRecorded(prize).ThenNotFound(prize.learners(0));
}

// Lan's prize is recorded; it is September 9th, 2026.
class WithdrawAward : public RecordAward {
 protected:
  WithdrawAward() { s.Given(kPrize, Recorded(kPrize, FirstPrize())); }

  static WithdrawAwardRequest Request(const std::string& withdrawn_date = "") {
    WithdrawAwardRequest request;
    request.set_name(kPrize);
    if (!withdrawn_date.empty()) *request.mutable_withdrawn_date() = DateOf(withdrawn_date);
    return request;
  }
  static AwardEvent Withdrawn(const std::string& withdrawn_date) {
    AwardEvent event;
    *event.mutable_withdrawn()->mutable_award() = Recorded(kPrize, FirstPrize()).recorded().award();
    *event.mutable_withdrawn()->mutable_withdrawn_date() = DateOf(withdrawn_date);
    return event;
  }
};

TEST_F(WithdrawAward, TakesItOutFromADayOn) {
  s.When<WithdrawAwardCase>(Request("2026-09-09")).Then({{kPrize, Withdrawn("2026-09-09")}});
  EXPECT_EQ(s.Get<Award>(kPrize).withdrawn_date().day(), 9);
}

TEST_F(WithdrawAward, TakesItOutOfEveryCountWithoutADay) {
  s.When<WithdrawAwardCase>(Request()).Then({{kPrize, Withdrawn("2026-01-01")}});
}

TEST_F(WithdrawAward, IsFromTheFirstDayOfItsYearAtTheEarliest) {
  s.When<WithdrawAwardCase>(Request("2025-12-31")).Then({{kPrize, Withdrawn("2026-01-01")}});
}

TEST_F(WithdrawAward, IsRefusedForADayToCome) {
  s.When<WithdrawAwardCase>(Request("2026-09-10")).ThenRefused(DATE_IN_FUTURE);
}

TEST_F(WithdrawAward, HappensOnce) {
  s.Given(kPrize, Withdrawn("2026-05-01"));
  s.When<WithdrawAwardCase>(Request()).ThenRefused(AWARD_WITHDRAWN);
}

TEST_F(WithdrawAward, IsRefusedWhenTheAwardIsUnknown) {
  auto request = Request();
  request.set_name("awards/01980000-0000-7000-8000-0000000000ff");
  s.When<WithdrawAwardCase>(request).ThenNotFound(request.name());
}

}  // namespace
}  // namespace learncity::achievements::v1
