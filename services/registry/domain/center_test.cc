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
        type: UNIT_TYPE_WARD
        valid_from { year: 2020 month: 3 day: 1 }
        valid_to { year: 2025 month: 7 day: 1 }
      }
    }
  )pb");
}

Placement Stated(const std::string& unit, const std::string& from) {
  Placement placement;
  placement.set_unit(unit);
  *placement.mutable_from() = DateOf(from);
  placement.set_basis(Placement::BASIS_STATED);
  return placement;
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
  *opened.mutable_opened()->mutable_center()->add_placements() = Stated(kTrucBach, "2025-06-30");
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

TEST_F(OpenCenter, IsRefusedInAUnitThatHoldsNoCenters) {
  UnitEvent district = UnitOpened();
  district.mutable_opened()->mutable_unit()->set_type(UNIT_TYPE_URBAN_DISTRICT);
  s.Given(kTrucBach, district);
  s.When<OpenCenterCase>(Request(6, 30)).ThenRefused(PARENT_NOT_SUITABLE);
}

TEST_F(OpenCenter, IsRefusedWithTheCodeOfAnother) {
  OpenCenterRequest request = Request(6, 30);
  request.mutable_center()->set_code("01001501");
  EXPECT_FALSE(s.When<OpenCenterCase>(request).refused());
  s.When<OpenCenterCase>(request).ThenRefused(CENTER_CODE_TAKEN);
}

constexpr char kBaDinh[] = "units/00004-20250701";
constexpr char kCenter[] = "centers/01980000-0000-7000-8000-0000000000c1";
constexpr char kOther[] = "centers/01980000-0000-7000-8000-0000000000c2";

CenterEvent Opened(const std::string& name) {
  CenterEvent event;
  Center& center = *event.mutable_opened()->mutable_center();
  center.set_name(name);
  center.set_kind(type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER);
  center.set_unit(kTrucBach);
  *center.mutable_valid_from() = DateOf("2020-03-01");
  *center.add_placements() = Stated(kTrucBach, "2020-03-01");
  return event;
}

// Two centers of Trúc Bạch, which became a part of Ba Đình on July 1st, 2025.
class ExistingCenter : public testing::Test {
 protected:
  ExistingCenter() {
    UnitEvent ba_dinh = UnitOpened();
    Unit& unit = *ba_dinh.mutable_opened()->mutable_unit();
    unit.set_name(kBaDinh);
    unit.set_code("00004");
    *unit.mutable_valid_from() = DateOf("2025-07-01");
    unit.clear_valid_to();
    s.Given(kTrucBach, UnitOpened()).Given(kBaDinh, ba_dinh);
    s.Given(kCenter, Opened(kCenter)).Given(kOther, Opened(kOther)).At("2025-08-01T02:00:00Z");
  }

  static MoveCenterRequest Move(const std::string& unit, const std::string& from) {
    MoveCenterRequest request;
    request.set_name(kCenter);
    request.set_unit(unit);
    *request.mutable_from_date() = DateOf(from);
    return request;
  }
  static CloseCenterRequest Close(const std::string& valid_to, const std::string& successor = "") {
    CloseCenterRequest request;
    request.set_name(kCenter);
    *request.mutable_valid_to() = DateOf(valid_to);
    if (!successor.empty()) request.add_successors(successor);
    return request;
  }

  Scenario s{RegistrySchema()};
};

using MoveCenter = ExistingCenter;
using CloseCenter = ExistingCenter;

TEST_F(MoveCenter, StandsInTheOtherUnitAndRemembersTheFirst) {
  CenterEvent moved;
  *moved.mutable_moved()->mutable_placement() = Stated(kBaDinh, "2025-07-01");
  s.When<MoveCenterCase>(Move(kBaDinh, "2025-07-01")).Then({{kCenter, moved}});
  EXPECT_EQ(s.Get<Center>(kCenter).unit(), kBaDinh);
  EXPECT_EQ(s.Get<Center>(kCenter).placements_size(), 2);
}

TEST_F(MoveCenter, IsRefusedBeforeItsLastMove) {
  EXPECT_FALSE(s.When<MoveCenterCase>(Move(kBaDinh, "2025-07-02")).refused());
  s.When<MoveCenterCase>(Move(kBaDinh, "2025-07-02")).ThenRefused(MOVE_OUT_OF_ORDER);
}

TEST_F(MoveCenter, IsRefusedIntoAUnitThatIsNotThere) {
  s.When<MoveCenterCase>(Move(kBaDinh, "2025-06-30")).ThenRefused(UNIT_NOT_VALID);
}

TEST_F(MoveCenter, IsRefusedBeforeItOpens) {
  s.When<MoveCenterCase>(Move(kBaDinh, "2019-06-30")).ThenRefused(CENTER_NOT_OPEN);
}

TEST_F(CloseCenter, EndsItAndNamesWhoCarriesOn) {
  CenterEvent closed;
  *closed.mutable_closed()->mutable_valid_to() = DateOf("2025-07-01");
  closed.mutable_closed()->add_successors(kOther);
  s.When<CloseCenterCase>(Close("2025-07-01", kOther)).Then({{kCenter, closed}});
  EXPECT_EQ(s.Get<Center>(kCenter).successors(0), kOther);
}

TEST_F(CloseCenter, IsRefusedWhenItIsClosed) {
  EXPECT_FALSE(s.When<CloseCenterCase>(Close("2025-07-01")).refused());
  s.When<CloseCenterCase>(Close("2025-07-02")).ThenRefused(CENTER_NOT_OPEN);
}

TEST_F(CloseCenter, IsRefusedBeforeItOpens) {
  s.When<CloseCenterCase>(Close("2020-03-01")).ThenRefused(VALIDITY_EMPTY);
}

TEST_F(CloseCenter, IsRefusedWithASuccessorThatIsNotOpenThen) {
  s.When<CloseCenterCase>(Close("2025-07-01", kCenter)).ThenRefused(CENTER_NOT_OPEN);
}

}  // namespace
}  // namespace learncity::registry::v1
