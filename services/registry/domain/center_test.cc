#include "services/registry/domain/center.h"

#include <gtest/gtest.h>

#include "platform/testing/scenario.h"
#include "services/registry/tables.h"

namespace learncity::registry::v1 {
namespace {

constexpr char kTrucBach[] = "units/00010-20200301";

// A unit that ends with June 2025.
UnitEvent UnitOpened() {
  return FromText<UnitEvent>(R"pb(
    opened {
      unit {
        name: "units/00010-20200301"
        code: "00010"
        valid_from { year: 2020 month: 3 day: 1 }
        valid_to { year: 2025 month: 7 day: 1 }
      }
    }
  )pb");
}

class OpenCenter : public testing::Test {
 protected:
  OpenCenter() { s.Given(kTrucBach, UnitOpened()).At("2025-06-20T02:00:00Z"); }

  // For a learning center that opens on this day of June or July 2025.
  static OpenCenterRequest Request(int month, int day) {
    auto request = FromText<OpenCenterRequest>(R"pb(
      center {
        display_name: "Trung tâm học tập cộng đồng phường Trúc Bạch"
        kind: CENTER_KIND_COMMUNITY_LEARNING_CENTER
        unit: "units/00010-20200301"
        valid_from { year: 2025 }
      }
    )pb");
    request.mutable_center()->mutable_valid_from()->set_month(month);
    request.mutable_center()->mutable_valid_from()->set_day(day);
    return request;
  }

  Scenario s{RegistrySchema()};
};

TEST_F(OpenCenter, AddsACenterInItsUnit) {
  const auto outcome = s.When<OpenCenterCase>(Request(6, 30));
  CenterEvent opened;
  *opened.mutable_opened()->mutable_center() = Request(6, 30).center();
  opened.mutable_opened()->mutable_center()->set_name(s.New("centers"));
  opened.mutable_opened()->mutable_center()->mutable_create_time()->set_seconds(1750384800);
  outcome.Then({{s.New("centers"), opened}});
}

TEST_F(OpenCenter, IsRefusedWhenTheUnitNoLongerExistsOnItsFirstDay) {
  s.When<OpenCenterCase>(Request(7, 1)).ThenRefused(UNIT_NOT_VALID);
}

TEST_F(OpenCenter, IsRefusedWhenItWouldEndBeforeItBegins) {
  OpenCenterRequest request = Request(6, 30);
  *request.mutable_center()->mutable_valid_to() = Request(6, 1).center().valid_from();
  s.When<OpenCenterCase>(request).ThenRefused(VALIDITY_EMPTY);
}

TEST_F(OpenCenter, IsRefusedWhenTheUnitIsUnknown) {
  OpenCenterRequest request = Request(6, 30);
  request.mutable_center()->set_unit("units/99999-20250701");
  s.When<OpenCenterCase>(request).ThenNotFound("units/99999-20250701");
}

}  // namespace
}  // namespace learncity::registry::v1
