#include "services/enrollment/domain/match.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/testing/scenario.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment::v1 {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kSecond[] = "learners/01980000-0000-7000-8000-00000000001a";
constexpr char kFirst[] = "learners/01980000-0000-7000-8000-00000000001b";
constexpr char kThird[] = "learners/01980000-0000-7000-8000-00000000001c";

LearnerEvent Registered(const std::string& name, const std::string& known = "") {
  auto event = FromText<LearnerEvent>(
      "registered { learner { state: STATE_ACTIVE sealed_person: "
      "'sealed' " +
      known + " } }");
  event.mutable_registered()->mutable_learner()->set_name(name);
  return event;
}

MatchLearnerRequest Request(const std::string& name = kSecond, const std::string& into = kFirst) {
  MatchLearnerRequest request;
  request.set_name(name);
  request.set_into(into);
  return request;
}

LearnerEvent Matched(const std::string& to) {
  auto event = FromText<LearnerEvent>("matched { match_time { seconds: 1772330400 } }");
  event.mutable_matched()->set_matched_to(to);
  return event;
}

class MatchLearner : public testing::Test {
 protected:
  MatchLearner() { s.At("2026-03-01T02:00:00Z"); }

  // Both as known.
  void Given(const std::string& second, const std::string& first) {
    s.Given(kSecond, Registered(kSecond, second)).Given(kFirst, Registered(kFirst, first));
  }

  Scenario s{EnrollmentSchema()};
};

TEST_F(MatchLearner, SaysWhomTheSecondIs) {
  Given("birth_year: 2016 sex: SEX_FEMALE", "birth_year: 2016 sex: SEX_FEMALE");
  s.When<MatchCase>(Request()).Then({{kSecond, Matched(kFirst)}});
}

TEST_F(MatchLearner, AsksForNothingToBeKnown) {
  Given("", "birth_year: 2016 sex: SEX_FEMALE");
  EXPECT_FALSE(s.When<MatchCase>(Request()).refused());
}

TEST_F(MatchLearner, MayKeepTheOneOfWhomLessIsKnown) {
  Given("", "birth_year: 2016 sex: SEX_FEMALE");
  EXPECT_FALSE(s.When<MatchCase>(Request(kFirst, kSecond)).refused());
}

TEST_F(MatchLearner, ErasesTheSecondAndItsKey) {
  Given("", "");
  s.Given(kSecond, Matched(kFirst));
  const Learner second = s.Get<Learner>(kSecond);
  EXPECT_EQ(second.state(), Learner::STATE_MATCHED);
  EXPECT_EQ(second.matched_to(), kFirst);
  EXPECT_EQ(second.sealed_person(), "");
  EXPECT_TRUE(ErasureDue(second).has_value());
  EXPECT_EQ(s.Get<Learner>(kFirst).sealed_person(), "sealed");
}

TEST_F(MatchLearner, IsRefusedWhenTheBirthYearsDiffer) {
  Given("birth_year: 2016", "birth_year: 2015");
  s.When<MatchCase>(Request()).ThenRefused(MATCH_CONTRADICTS);
}

TEST_F(MatchLearner, IsRefusedWhenTheSexesDiffer) {
  Given("sex: SEX_FEMALE", "sex: SEX_MALE");
  s.When<MatchCase>(Request()).ThenRefused(MATCH_CONTRADICTS);
}

TEST_F(MatchLearner, IsRefusedForOneLearnerAlone) {
  Given("", "");
  s.When<MatchCase>(Request(kFirst, kFirst)).ThenRefused(MATCH_CONTRADICTS);
}

TEST_F(MatchLearner, IsRefusedWhenEitherIsErased) {
  Given("", "");
  s.Given(kFirst, FromText<LearnerEvent>("erased { erase_time { seconds: 1772330000 } }"));
  s.When<MatchCase>(Request()).ThenRefused(LEARNER_ERASED);
  s.When<MatchCase>(Request(kFirst, kSecond)).ThenRefused(LEARNER_ERASED);
}

TEST_F(MatchLearner, IsRefusedOnceTheSecondIsMatched) {
  Given("", "");
  s.Given(kThird, Registered(kThird)).Given(kSecond, Matched(kFirst));
  s.When<MatchCase>(Request(kSecond, kThird)).ThenRefused(LEARNER_MATCHED);
}

TEST_F(MatchLearner, IsRefusedIntoWhoIsMatchedAndNamesWhomToUse) {
  Given("", "");
  s.Given(kThird, Registered(kThird)).Given(kSecond, Matched(kFirst));
  s.When<MatchCase>(Request(kThird, kSecond)).ThenRefused(LEARNER_MATCHED);
  // And not in a circle.
  s.When<MatchCase>(Request(kFirst, kSecond)).ThenRefused(LEARNER_MATCHED);
}

TEST_F(MatchLearner, IsRefusedWhenOneIsUnknown) {
  s.Given(kSecond, Registered(kSecond));
  s.When<MatchCase>(Request()).ThenNotFound(kFirst);
}

// What the caller is told to do.
std::string Advice(const Learner& learner, const Learner& into) {
  const Decision decision = Decide({.learner = &learner, .into = &into}, Request(), {});
  return decision.refusal() ? decision.refusal()->message : "";
}

TEST_F(MatchLearner, SaysInWordsWhyItIsRefused) {
  auto first = FromText<Learner>("state: STATE_ACTIVE birth_year: 2016 sex: SEX_FEMALE");
  first.set_name(kFirst);
  Learner second = first;
  second.set_name(kSecond);
  second.set_birth_year(2015);
  EXPECT_THAT(Advice(second, first), AllOf(HasSubstr("2015"), HasSubstr("2016")));
  second.clear_birth_year();
  second.set_sex(type::v1::SEX_MALE);
  EXPECT_THAT(Advice(second, first), HasSubstr("SEX_MALE"));
  Evolve(first, Matched(kThird));
  EXPECT_THAT(Advice(second, first), HasSubstr(std::string("use ") + kThird));
}

TEST_F(MatchLearner, LeavesNothingToErase) {
  Given("", "");
  s.Given(kSecond, Matched(kFirst));
  EraseLearnerRequest erase;
  erase.set_name(kSecond);
  s.When<EraseCase>(erase).ThenRefused(LEARNER_MATCHED);
}

}  // namespace
}  // namespace learncity::enrollment::v1
