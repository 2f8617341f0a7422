#include "services/registry/domain/accreditation.h"

#include <gtest/gtest.h>

#include "platform/testing/scenario.h"
#include "services/registry/tables.h"

namespace learncity::registry::v1 {
namespace {

constexpr char kSchool[] = "centers/01980000-0000-7000-8000-0000000000c1";
constexpr char kGranted[] = "accreditations/01980000-0000-7000-8000-0000000000a1";

CenterEvent Opened(type::v1::CenterKind kind) {
  CenterEvent event;
  Center& center = *event.mutable_opened()->mutable_center();
  center.set_name(kSchool);
  center.set_kind(kind);
  center.set_unit("units/00004-20250701");
  *center.mutable_valid_from() = DateOf("2025-07-01");
  return event;
}

class Accredit : public testing::Test {
 protected:
  Accredit() {
    s.Given(kSchool, Opened(type::v1::CENTER_KIND_PRIMARY_SCHOOL)).At("2026-10-15T02:00:00Z");
  }

  static GrantAccreditationRequest Request() {
    auto request = FromText<GrantAccreditationRequest>(R"pb(
      accreditation {
        decision: "2154/QĐ-UBND"
        level: 1
        valid_from { year: 2026 month: 1 day: 15 }
        valid_to { year: 2031 month: 1 day: 15 }
      }
    )pb");
    request.mutable_accreditation()->set_center(kSchool);
    return request;
  }
  static AccreditationEvent Granted() {
    AccreditationEvent event;
    Accreditation& accreditation = *event.mutable_granted()->mutable_accreditation();
    accreditation = Request().accreditation();
    accreditation.set_name(kGranted);
    return event;
  }
  static WithdrawAccreditationRequest From(const std::string& day) {
    WithdrawAccreditationRequest request;
    request.set_name(kGranted);
    *request.mutable_valid_to() = DateOf(day);
    return request;
  }

  Scenario s{RegistrySchema()};
};

using GrantAccreditation = Accredit;
using WithdrawAccreditation = Accredit;

TEST_F(GrantAccreditation, HoldsForTheDaysOfTheDecision) {
  const auto outcome = s.When<GrantAccreditationCase>(Request());
  AccreditationEvent granted = Granted();
  granted.mutable_granted()->mutable_accreditation()->set_name(s.New("accreditations"));
  granted.mutable_granted()->mutable_accreditation()->mutable_create_time()->set_seconds(
      1792029600);
  outcome.Then({{s.New("accreditations"), granted}});
}

TEST_F(GrantAccreditation, IsRefusedTwiceByTheSameDecision) {
  s.Given(kGranted, Granted());
  s.When<GrantAccreditationCase>(Request()).ThenRefused(ACCREDITATION_EXISTS);
}

TEST_F(GrantAccreditation, IsRefusedForWhatIsNoSchool) {
  s.Given(kSchool, Opened(type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER));
  s.When<GrantAccreditationCase>(Request()).ThenRefused(KIND_NOT_ACCREDITED);
}

TEST_F(GrantAccreditation, IsRefusedBeforeTheSchoolOpens) {
  auto request = Request();
  *request.mutable_accreditation()->mutable_valid_from() = DateOf("2025-06-30");
  s.When<GrantAccreditationCase>(request).ThenRefused(CENTER_NOT_OPEN);
}

TEST_F(GrantAccreditation, IsRefusedWhenItWouldNeverHold) {
  auto request = Request();
  *request.mutable_accreditation()->mutable_valid_to() = request.accreditation().valid_from();
  s.When<GrantAccreditationCase>(request).ThenRefused(VALIDITY_EMPTY);
}

TEST_F(WithdrawAccreditation, EndsItBeforeItsTime) {
  s.Given(kGranted, Granted());
  AccreditationEvent withdrawn;
  *withdrawn.mutable_withdrawn()->mutable_accreditation() = Granted().granted().accreditation();
  *withdrawn.mutable_withdrawn()->mutable_valid_to() = DateOf("2026-10-16");
  s.When<WithdrawAccreditationCase>(From("2026-10-16")).Then({{kGranted, withdrawn}});
  s.When<WithdrawAccreditationCase>(From("2026-10-16")).ThenRefused(ACCREDITATION_NOT_VALID);
}

TEST_F(WithdrawAccreditation, IsRefusedAfterTomorrow) {
  s.Given(kGranted, Granted());
  s.When<WithdrawAccreditationCase>(From("2026-10-17")).ThenRefused(DATE_IN_FUTURE);
}

TEST_F(WithdrawAccreditation, IsRefusedOnADayOnWhichItDoesNotHold) {
  s.Given(kGranted, Granted());
  s.When<WithdrawAccreditationCase>(From("2026-01-14")).ThenRefused(ACCREDITATION_NOT_VALID);
}

}  // namespace
}  // namespace learncity::registry::v1
