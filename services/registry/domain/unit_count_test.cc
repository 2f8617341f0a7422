#include "services/registry/domain/unit_count.h"

#include <gtest/gtest.h>

#include "platform/testing/scenario.h"
#include "services/registry/tables.h"

namespace learncity::registry::v1 {
namespace {

constexpr char kBaDinh[] = "units/00004-20250701";
constexpr char kName[] = "unitCounts/households-00004-20250701-20251231";

class RecordUnitCount : public testing::Test {
 protected:
  RecordUnitCount() {
    UnitEvent opened;
    opened.mutable_opened()->mutable_unit()->set_name(kBaDinh);
    *opened.mutable_opened()->mutable_unit()->mutable_valid_from() = DateOf("2025-07-01");
    s.Given(kBaDinh, opened).At("2026-01-10T02:00:00Z");
  }

  static RecordUnitCountRequest Request(int64_t count) {
    auto request = FromText<RecordUnitCountRequest>(R"pb(
      unit_count {
        unit: "units/00004-20250701"
        thing: COUNTED_THING_HOUSEHOLDS
        date { year: 2025 month: 12 day: 31 }
        source: "phường Ba Đình, báo cáo tổng kết năm 2025"
      }
    )pb");
    request.mutable_unit_count()->set_count(count);
    return request;
  }

  Scenario s{RegistrySchema()};
};

TEST_F(RecordUnitCount, KeepsTheNumberWithItsDayAndSource) {
  UnitCountEvent counted;
  UnitCount& count = *counted.mutable_counted()->mutable_count();
  count = Request(18204).unit_count();
  count.set_name(kName);
  count.mutable_create_time()->set_seconds(1768010400);
  s.When<RecordUnitCountCase>(Request(18204)).Then({{kName, counted}});
}

TEST_F(RecordUnitCount, TakesThePlaceOfTheCountForTheSameDay) {
  EXPECT_FALSE(s.When<RecordUnitCountCase>(Request(18204)).refused());
  EXPECT_FALSE(s.When<RecordUnitCountCase>(Request(18211)).refused());
  EXPECT_EQ(s.Get<UnitCount>(kName).count(), 18211);
}

TEST_F(RecordUnitCount, IsRefusedForADayOnWhichTheUnitWasNotThere) {
  auto request = Request(1);
  *request.mutable_unit_count()->mutable_date() = DateOf("2025-06-30");
  s.When<RecordUnitCountCase>(request).ThenRefused(UNIT_NOT_VALID);
}

TEST_F(RecordUnitCount, IsRefusedForADayThatHasNotCome) {
  auto request = Request(1);
  *request.mutable_unit_count()->mutable_date() = DateOf("2026-01-11");
  s.When<RecordUnitCountCase>(request).ThenRefused(DATE_IN_FUTURE);
}

}  // namespace
}  // namespace learncity::registry::v1
