#include "services/registry/domain/unit_act.h"

#include <gtest/gtest.h>

#include "platform/testing/scenario.h"
#include "services/registry/tables.h"

namespace learncity::registry::v1 {
namespace {

constexpr char kPhucXa[] = "units/00001-20200301";
constexpr char kTrucBach[] = "units/00004-20200301";
constexpr char kHongHa[] = "units/00097-20250701";
constexpr char kBaDinh[] = "units/00004-20250701";

UnitEvent Opened(const std::string& name, const std::string& code) {
  auto event = FromText<UnitEvent>(R"pb(
    opened {
      unit {
        type: UNIT_TYPE_WARD
        valid_from { year: 2020 month: 3 day: 1 }
      }
    }
  )pb");
  event.mutable_opened()->mutable_unit()->set_name(name);
  event.mutable_opened()->mutable_unit()->set_code(code);
  return event;
}

// Phúc Xá goes to Hồng Hà; Trúc Bạch, code 00004, to Ba Đình, which takes its code, and in part to
// Hồng Hà.
class RecordUnitAct : public testing::Test {
 protected:
  RecordUnitAct() {
    s.Given(kPhucXa, Opened(kPhucXa, "00001")).Given(kTrucBach, Opened(kTrucBach, "00004"));
    s.At("2025-06-20T02:00:00Z");
  }

  static RecordUnitActRequest Request() {
    return FromText<RecordUnitActRequest>(R"pb(
      unit_act {
        legal_reference: "1656/NQ-UBTVQH15"
        effective_date { year: 2025 month: 7 day: 1 }
        opened {
          code: "00097"
          display_name: "Phường Hồng Hà"
          type: UNIT_TYPE_WARD
          valid_from { year: 2025 month: 7 day: 1 }
        }
        opened {
          code: "00004"
          display_name: "Phường Ba Đình"
          type: UNIT_TYPE_WARD
          valid_from { year: 2025 month: 7 day: 1 }
        }
        ended {
          unit: "units/00001-20200301"
          successors { unit: "units/00097-20250701" whole: true is_default: true }
        }
        ended {
          unit: "units/00004-20200301"
          successors { unit: "units/00097-20250701" }
          successors { unit: "units/00004-20250701" is_default: true }
        }
      }
    )pb");
  }

  Scenario s{RegistrySchema()};
};

TEST_F(RecordUnitAct, EndsUnitsAndBeginsOthersAtOnce) {
  EXPECT_FALSE(s.When<RecordUnitActCase>(Request()).refused());
  const std::string act = s.New("unitActs");
  EXPECT_EQ(s.Get<UnitAct>(act).ended_size(), 2);
  const auto& truc_bach = s.Get<Unit>(kTrucBach);
  EXPECT_EQ(FormatDay(DayOf(truc_bach.valid_to())), "2025-07-01");
  EXPECT_EQ(truc_bach.ended_by(), act);
  ASSERT_EQ(truc_bach.successors_size(), 2);
  EXPECT_EQ(truc_bach.successors(0).unit(), kBaDinh) << "the default comes first";
  EXPECT_TRUE(truc_bach.code_passed_on());
  EXPECT_EQ(s.Get<Unit>(kBaDinh).legal_reference(), "1656/NQ-UBTVQH15");
  EXPECT_FALSE(s.Get<Unit>(kPhucXa).code_passed_on());
  EXPECT_EQ(s.Get<Unit>(kHongHa).display_name(), "Phường Hồng Hà");
}

TEST_F(RecordUnitAct, MayLetAUnitThatStaysTakeOver) {
  s.Given(kHongHa, Opened(kHongHa, "00097"));
  auto request = Request();
  request.mutable_unit_act()->mutable_opened()->DeleteSubrange(0, 1);
  EXPECT_FALSE(s.When<RecordUnitActCase>(request).refused());
  EXPECT_EQ(FormatDay(DayOf(s.Get<Unit>(kHongHa).last_takeover())), "2025-07-01");
}

TEST_F(RecordUnitAct, IsRefusedForAUnitThatTookOverAnotherOnALaterDay) {
  UnitEvent took_over;
  *took_over.mutable_took_over()->mutable_date() = DateOf("2025-07-01");
  s.Given(kPhucXa, took_over);
  s.When<RecordUnitActCase>(Request()).ThenRefused(ACT_OUT_OF_ORDER);
  *took_over.mutable_took_over()->mutable_date() = DateOf("2025-06-30");
  s.Given(kPhucXa, took_over);
  EXPECT_FALSE(s.When<RecordUnitActCase>(Request()).refused());
}

TEST_F(RecordUnitAct, MayOpenWhatItsOtherUnitsAreAPartOf) {
  auto request = Request();
  Unit& cluster = *request.mutable_unit_act()->add_opened();
  cluster = request.unit_act().opened(0);
  cluster.set_code("001");
  cluster.set_type(UNIT_TYPE_PROFESSIONAL_CLUSTER);
  request.mutable_unit_act()->mutable_opened(0)->set_parent("units/001-20250701");
  EXPECT_FALSE(s.When<RecordUnitActCase>(request).refused());
  EXPECT_EQ(s.Get<Unit>(kHongHa).parent(), "units/001-20250701");
}

TEST_F(RecordUnitAct, IsRefusedTwice) {
  EXPECT_FALSE(s.When<RecordUnitActCase>(Request()).refused());
  s.When<RecordUnitActCase>(Request()).ThenRefused(UNIT_EXISTS);
}

TEST_F(RecordUnitAct, IsRefusedForAUnitThatHasEnded) {
  UnitEvent ended;
  *ended.mutable_ended()->mutable_valid_to() = DateOf("2025-01-01");
  s.Given(kPhucXa, ended);
  s.When<RecordUnitActCase>(Request()).ThenRefused(UNIT_ENDED);
}

TEST_F(RecordUnitAct, IsRefusedWithoutExactlyOneDefaultSuccessor) {
  auto request = Request();
  request.mutable_unit_act()->mutable_ended(1)->mutable_successors(0)->set_is_default(true);
  s.When<RecordUnitActCase>(request).ThenRefused(ACT_CONTRADICTS_ITSELF);
  request.mutable_unit_act()->mutable_ended(0)->mutable_successors(0)->set_is_default(false);
  s.When<RecordUnitActCase>(request).ThenRefused(ACT_CONTRADICTS_ITSELF);
}

TEST_F(RecordUnitAct, IsRefusedWhenItSaysAUnitTwice) {
  auto request = Request();
  *request.mutable_unit_act()->add_ended() = request.unit_act().ended(0);
  s.When<RecordUnitActCase>(request).ThenRefused(ACT_CONTRADICTS_ITSELF);
  request = Request();
  *request.mutable_unit_act()->add_opened() = request.unit_act().opened(0);
  s.When<RecordUnitActCase>(request).ThenRefused(ACT_CONTRADICTS_ITSELF);
}

TEST_F(RecordUnitAct, IsRefusedWhenAUnitBeginsOnAnotherDay) {
  auto request = Request();
  request.mutable_unit_act()->mutable_opened(0)->mutable_valid_from()->set_day(2);
  request.mutable_unit_act()->mutable_ended(0)->mutable_successors(0)->set_unit(kBaDinh);
  request.mutable_unit_act()->mutable_ended(1)->mutable_successors()->DeleteSubrange(0, 1);
  s.When<RecordUnitActCase>(request).ThenRefused(ACT_CONTRADICTS_ITSELF);
}

TEST_F(RecordUnitAct, IsRefusedWhileAUnitThatStaysHasTheCode) {
  auto request = Request();
  request.mutable_unit_act()->mutable_ended()->DeleteSubrange(1, 1);
  s.When<RecordUnitActCase>(request).ThenRefused(UNIT_OVERLAPS);
}

TEST_F(RecordUnitAct, IsRefusedForAnUnknownSuccessor) {
  auto request = Request();
  request.mutable_unit_act()->mutable_ended(0)->mutable_successors(0)->set_unit(
      "units/99999-20250701");
  s.When<RecordUnitActCase>(request).ThenNotFound("units/99999-20250701");
}

}  // namespace
}  // namespace learncity::registry::v1
