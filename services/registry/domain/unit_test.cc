#include "services/registry/domain/unit.h"

#include <gtest/gtest.h>

#include "platform/testing/scenario.h"
#include "services/registry/tables.h"

namespace learncity::registry::v1 {
namespace {

constexpr char kBaDinh[] = "units/00004-20250701";

class OpenUnit : public testing::Test {
 protected:
  OpenUnit() { s.At("2025-06-20T02:00:00Z"); }

  static OpenUnitRequest Request() {
    return FromText<OpenUnitRequest>(R"pb(
      unit {
        code: "00004"
        display_name: "Phường Ba Đình"
        type: UNIT_TYPE_WARD
        valid_from { year: 2025 month: 7 day: 1 }
        legal_reference: "1656/NQ-UBTVQH15"
      }
    )pb");
  }
  static UnitEvent Opened() {
    return FromText<UnitEvent>(R"pb(
      opened {
        unit {
          name: "units/00004-20250701"
          code: "00004"
          display_name: "Phường Ba Đình"
          type: UNIT_TYPE_WARD
          valid_from { year: 2025 month: 7 day: 1 }
          legal_reference: "1656/NQ-UBTVQH15"
          create_time { seconds: 1750384800 }
        }
      }
    )pb");
  }

  Scenario s{RegistrySchema()};
};

TEST_F(OpenUnit, AddsAUnitNamedByCodeAndFirstDay) {
  s.When<OpenUnitCase>(Request()).Then({{kBaDinh, Opened()}});
  EXPECT_EQ(s.Get<Unit>(kBaDinh).display_name(), "Phường Ba Đình");
}

TEST_F(OpenUnit, MayUseACodeAgainOnceTheUnitBeforeHasEnded) {
  UnitEvent ended = Opened();
  *ended.mutable_opened()->mutable_unit()->mutable_valid_to() = DateOf("2030-07-01");
  s.Given(kBaDinh, ended);
  OpenUnitRequest request = Request();
  request.mutable_unit()->mutable_valid_from()->set_year(2030);
  EXPECT_FALSE(s.When<OpenUnitCase>(request).refused());
  EXPECT_EQ(s.Get<Unit>("units/00004-20300701").code(), "00004");
  EXPECT_TRUE(s.Get<Unit>(kBaDinh).code_passed_on());
}

TEST_F(OpenUnit, IsRefusedWhileAnotherHasTheCode) {
  s.Given(kBaDinh, Opened());
  OpenUnitRequest request = Request();
  request.mutable_unit()->mutable_valid_from()->set_year(2030);
  s.When<OpenUnitCase>(request).ThenRefused(UNIT_OVERLAPS);
  request.mutable_unit()->mutable_valid_from()->set_year(2020);
  s.When<OpenUnitCase>(request).ThenRefused(UNIT_OVERLAPS);
}

TEST_F(OpenUnit, MayBeAPartOfWhatContainsItsKind) {
  s.Given(kBaDinh, Opened());
  OpenUnitRequest group = Request();
  group.mutable_unit()->set_code("00004-12");
  group.mutable_unit()->set_type(UNIT_TYPE_RESIDENTIAL_GROUP);
  group.mutable_unit()->set_parent(kBaDinh);
  EXPECT_FALSE(s.When<OpenUnitCase>(group).refused());
  EXPECT_EQ(s.Get<Unit>("units/00004-12-20250701").parent(), kBaDinh);
}

TEST_F(OpenUnit, IsRefusedWithAParentThatContainsNoSuchUnits) {
  s.Given(kBaDinh, Opened());
  OpenUnitRequest ward = Request();
  ward.mutable_unit()->set_code("00008");
  ward.mutable_unit()->set_parent(kBaDinh);
  s.When<OpenUnitCase>(ward).ThenRefused(PARENT_NOT_SUITABLE);
  ward.mutable_unit()->set_type(UNIT_TYPE_RESIDENTIAL_GROUP);
  ward.mutable_unit()->clear_parent();
  s.When<OpenUnitCase>(ward).ThenRefused(PARENT_NOT_SUITABLE);
}

TEST_F(OpenUnit, IsRefusedWithAParentThatIsNotThereYetOrUnknown) {
  s.Given(kBaDinh, Opened());
  OpenUnitRequest group = Request();
  group.mutable_unit()->set_code("00004-12");
  group.mutable_unit()->set_type(UNIT_TYPE_RESIDENTIAL_GROUP);
  group.mutable_unit()->set_parent(kBaDinh);
  *group.mutable_unit()->mutable_valid_from() = DateOf("2025-06-30");
  s.When<OpenUnitCase>(group).ThenRefused(UNIT_NOT_VALID);
  group.mutable_unit()->set_parent("units/99999-20250701");
  s.When<OpenUnitCase>(group).ThenNotFound("units/99999-20250701");
}

TEST_F(OpenUnit, IsRefusedWhenTheUnitExists) {
  s.Given(kBaDinh, Opened());
  s.When<OpenUnitCase>(Request()).ThenRefused(UNIT_EXISTS);
}

TEST_F(OpenUnit, IsRefusedWhenItWouldEndAsItBegins) {
  OpenUnitRequest request = Request();
  *request.mutable_unit()->mutable_valid_to() = request.unit().valid_from();
  s.When<OpenUnitCase>(request).ThenRefused(VALIDITY_EMPTY);
}

}  // namespace
}  // namespace learncity::registry::v1
