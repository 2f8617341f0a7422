#include "services/reporting/domain/report.h"

#include "gmock/gmock.h"
#include "platform/testing/scenario.h"
#include "services/reporting/tables.h"

namespace learncity::reporting {
namespace {

const std::string kInput =
    "request { display_name: 'Learning in Hanoi' as_of { year: 2026 month: 11 day: 22 } }"
    "content: 'bytes' content_digest: 'digest' heads { feed: 'reporting' position: 7 }";

class FreezeReport : public testing::Test {
 protected:
  Scenario s{ReportingSchema()};
  v1::FreezeReportInput input = FromText<v1::FreezeReportInput>(kInput);
};

TEST_F(FreezeReport, KeepsTheBytesThatWereComputed) {
  s.At("2026-11-22T03:00:00Z");
  s.When<FreezeCase>(input).Then(
      {{s.New("reports"),
        FromText<v1::ReportEvent>(
            "frozen { report { name: '" + s.New("reports") +
            "' display_name: 'Learning in Hanoi' content: 'bytes' content_digest: 'digest'"
            "  heads { feed: 'reporting' position: 7 } create_time { seconds: 1795316400 } } }")}});
  EXPECT_EQ(s.Get<v1::Report>(s.New("reports")).content(), "bytes");
  s.ExpectReplays();
}

TEST_F(FreezeReport, IsRefusedAsOfADayAfterTheCitysToday) {
  // In Hanoi the 22nd begins at 17:00 UTC on the 21st.
  s.At("2026-11-21T16:59:59Z");
  s.When<FreezeCase>(input).ThenRefused(v1::AS_OF_IN_FUTURE);
  s.At("2026-11-21T17:00:00Z");
  EXPECT_FALSE(s.When<FreezeCase>(input).refused());
}

}  // namespace
}  // namespace learncity::reporting
