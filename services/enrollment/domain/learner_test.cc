#include "services/enrollment/domain/learner.h"

#include <gtest/gtest.h>

#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/testing/scenario.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment::v1 {
namespace {

constexpr char kLan[] = "learners/01980000-0000-7000-8000-00000000001a";
constexpr char kTrucBach[] = "units/00010-20200301";

// A unit that ends with June 2025.
registry::v1::UnitEvent UnitOpened() {
  return FromText<registry::v1::UnitEvent>(R"pb(
    opened {
      unit {
        name: "units/00010-20200301"
        valid_from { year: 2020 month: 3 day: 1 }
        valid_to { year: 2025 month: 7 day: 1 }
      }
    }
  )pb");
}

LearnerEvent Registered() {
  return FromText<LearnerEvent>(R"pb(
    registered {
      learner {
        name: "learners/01980000-0000-7000-8000-00000000001a"
        sealed_person: "sealed"
        birth_year: 1986
        sex: SEX_FEMALE
        unit: "units/00010-20200301"
        state: STATE_ACTIVE
        create_time { seconds: 1751295600 }
      }
    }
  )pb");
}

class RegisterLearner : public testing::Test {
 protected:
  RegisterLearner() { s.Given(kTrucBach, UnitOpened()).At("2025-06-30T15:00:00Z"); }

  static RegisterLearnerRequest Request() {
    return FromText<RegisterLearnerRequest>(R"pb(
      learner {
        name: "learners/01980000-0000-7000-8000-00000000001a"
        sealed_person: "sealed"
        birth_year: 1986
        sex: SEX_FEMALE
        unit: "units/00010-20200301"
      }
    )pb");
  }

  Scenario s{EnrollmentSchema()};
};

TEST_F(RegisterLearner, KeepsWhatIsKnown) {
  s.When<RegisterCase>(Request()).Then({{kLan, Registered()}});
}

TEST_F(RegisterLearner, AsksForNothing) {
  RegisterLearnerRequest request;
  request.mutable_learner()->set_name(kLan);
  s.When<RegisterCase>(request).Then({{kLan, FromText<LearnerEvent>(R"pb(
                                         registered {
                                           learner {
                                             name: "learners/01980000-0000-7000-8000-00000000001a"
                                             state: STATE_ACTIVE
                                             create_time { seconds: 1751295600 }
                                           }
                                         }
                                       )pb")}});
}

TEST_F(RegisterLearner, IsRefusedWhenTheUnitOfResidenceIsGoneToday) {
  s.At("2025-06-30T17:00:00Z");  // July 1st in the city.
  s.When<RegisterCase>(Request()).ThenRefused(UNIT_NOT_VALID);
}

TEST_F(RegisterLearner, IsRefusedOnceTheUnitIsKnownToEnd) {
  s.Given(kTrucBach,
          FromText<registry::v1::UnitEvent>("ended { valid_to { year: 2025 month: 6 day: 30 } }"));
  s.When<RegisterCase>(Request()).ThenRefused(UNIT_NOT_VALID);
}

TEST_F(RegisterLearner, DoesNotMindWhoHasTheUnitsCodeNow) {
  s.Given(kTrucBach,
          FromText<registry::v1::UnitEvent>("code_passed_on { unit: 'units/00010-20250701' }"));
  EXPECT_FALSE(s.When<RegisterCase>(Request()).refused());
}

TEST_F(RegisterLearner, IsRefusedWhenTheUnitIsUnknown) {
  auto request = Request();
  request.mutable_learner()->set_unit("units/99999-20250701");
  s.When<RegisterCase>(request).ThenNotFound("units/99999-20250701");
}

// The ledger has forgotten its answer, and the key store gives the same request the same person.
TEST_F(RegisterLearner, IsRefusedWhenTheRequestRegisteredTheLearnerBefore) {
  s.Given(kLan, Registered());
  s.When<RegisterCase>(Request()).ThenRefused(LEARNER_EXISTS);
}

class UpdateLearner : public testing::Test {
 protected:
  UpdateLearner() {
    s.Given(kTrucBach, UnitOpened()).Given(kLan, Registered()).At("2025-06-30T15:00:00Z");
  }

  // States everything anew; the mask says what of it counts.
  static UpdateLearnerRequest Request(const std::vector<std::string>& paths) {
    auto request = FromText<UpdateLearnerRequest>(R"pb(
      learner {
        name: "learners/01980000-0000-7000-8000-00000000001a"
        sealed_person: "sealed anew"
        birth_year: 1987
        unit: "units/00010-20200301"
        has_disability: YES_NO_YES
        is_disadvantaged: YES_NO_NO
      }
    )pb");
    for (const auto& path : paths) request.mutable_update_mask()->add_paths(path);
    return request;
  }

  Scenario s{EnrollmentSchema()};
};

TEST_F(UpdateLearner, StatesAnewWhatTheMaskNamesAndLeavesTheRest) {
  LearnerEvent expected;
  *expected.mutable_updated()->mutable_learner() = Registered().registered().learner();
  expected.mutable_updated()->mutable_learner()->set_birth_year(1987);
  s.When<UpdateCase>(Request({"birth_year"})).Then({{kLan, expected}});
  EXPECT_EQ(s.Get<Learner>(kLan).sealed_person(), "sealed");
  EXPECT_FALSE(s.When<UpdateCase>(Request({"person", "has_disability"})).refused());
  const auto& lan = s.Get<Learner>(kLan);
  EXPECT_EQ(lan.sealed_person(), "sealed anew");
  EXPECT_EQ(lan.has_disability(), type::v1::YES_NO_YES);
  EXPECT_EQ(lan.is_disadvantaged(), type::v1::YES_NO_UNSPECIFIED);
  EXPECT_EQ(lan.state(), Learner::STATE_ACTIVE);
}

TEST_F(UpdateLearner, MayStateThatSomethingIsNotKnown) {
  EXPECT_FALSE(s.When<UpdateCase>(Request({"sex"})).refused());
  EXPECT_EQ(s.Get<Learner>(kLan).sex(), type::v1::SEX_UNSPECIFIED);
  auto request = Request({"unit"});
  request.mutable_learner()->clear_unit();
  EXPECT_FALSE(s.When<UpdateCase>(request).refused());
  EXPECT_EQ(s.Get<Learner>(kLan).unit(), "");
}

TEST_F(UpdateLearner, MayStateWhatIsKnownAlready) {
  auto request = Request({"birth_year"});
  request.mutable_learner()->set_birth_year(1986);
  EXPECT_FALSE(s.When<UpdateCase>(request).refused());
}

TEST_F(UpdateLearner, IsRefusedAUnitThatIsGoneToday) {
  s.At("2025-06-30T17:00:00Z");  // July 1st in the city.
  s.When<UpdateCase>(Request({"unit"})).ThenRefused(UNIT_NOT_VALID);
  EXPECT_FALSE(s.When<UpdateCase>(Request({"birth_year"})).refused());
}

TEST_F(UpdateLearner, IsRefusedAUnitThatIsUnknown) {
  auto request = Request({"unit"});
  request.mutable_learner()->set_unit("units/99999-20250701");
  s.When<UpdateCase>(request).ThenNotFound("units/99999-20250701");
}

TEST_F(UpdateLearner, IsRefusedWhenTheLearnerIsErased) {
  s.Given(kLan, FromText<LearnerEvent>("erased { erase_time { seconds: 1772330400 } }"));
  s.When<UpdateCase>(Request({"birth_year"})).ThenRefused(LEARNER_ERASED);
}

TEST_F(UpdateLearner, IsRefusedWhenTheLearnerWasFoundToBeAnother) {
  s.Given(kLan, FromText<LearnerEvent>(
                    "matched { matched_to: 'learners/01980000-0000-7000-8000-00000000001b' }"));
  s.When<UpdateCase>(Request({"birth_year"})).ThenRefused(LEARNER_MATCHED);
}

TEST_F(UpdateLearner, IsRefusedWhenTheLearnerIsUnknown) {
  auto request = Request({"birth_year"});
  request.mutable_learner()->set_name("learners/01980000-0000-7000-8000-0000000000ff");
  s.When<UpdateCase>(request).ThenNotFound(request.learner().name());
}

class EraseLearner : public testing::Test {
 protected:
  EraseLearner() { s.Given(kLan, Registered()).At("2026-03-01T02:00:00Z"); }

  static EraseLearnerRequest Request() {
    EraseLearnerRequest request;
    request.set_name(kLan);
    return request;
  }
  static LearnerEvent Erased() {
    return FromText<LearnerEvent>("erased { erase_time { seconds: 1772330400 } }");
  }

  Scenario s{EnrollmentSchema()};
};

TEST_F(EraseLearner, DropsTheSealedPersonAndKeepsWhatFiguresNeed) {
  s.When<EraseCase>(Request()).Then({{kLan, Erased()}});
  const auto& lan = s.Get<Learner>(kLan);
  EXPECT_EQ(lan.state(), Learner::STATE_ERASED);
  EXPECT_EQ(lan.sealed_person(), "");
  EXPECT_EQ(lan.birth_year(), 1986);
  EXPECT_EQ(lan.unit(), kTrucBach);
}

TEST_F(EraseLearner, IsDueUntilTheKeyIsGone) {
  EXPECT_EQ(ErasureDue(s.Get<Learner>(kLan)), std::nullopt);
  s.Given(kLan, Erased());
  s.WhenDue<Learner>(kLan, DecideErasureConfirmed)
      .Then({{kLan, FromText<LearnerEvent>("erasure_confirmed {}")}});
  EXPECT_EQ(ErasureDue(s.Get<Learner>(kLan)), std::nullopt);
}

TEST_F(EraseLearner, IsRefusedWhenTheLearnerIsErased) {
  s.Given(kLan, Erased());
  s.When<EraseCase>(Request()).ThenRefused(LEARNER_ERASED);
}

TEST_F(EraseLearner, IsRefusedWhenTheLearnerIsUnknown) {
  EraseLearnerRequest request;
  request.set_name("learners/01980000-0000-7000-8000-0000000000ff");
  s.When<EraseCase>(request).ThenNotFound(request.name());
}

}  // namespace
}  // namespace learncity::enrollment::v1
