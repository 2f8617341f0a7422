#include "services/reporting/domain/observation.h"

#include <limits>

#include "gmock/gmock.h"
#include "platform/testing/scenario.h"
#include "services/reporting/tables.h"

namespace learncity::reporting {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kOfLastYear =
    "indicator: 'indicators/LR' value: 98.5 evidence { source: 'Decision 12' }"
    "period_start { year: 2025 month: 1 day: 1 } period_end { year: 2026 month: 1 day: 1 }";

const auto kCatalogue = FromText<v1::Catalogue>(
    "indicators { code: 'STU' numerator { measure: MEASURE_PUPILS } }"
    "indicators { code: 'LR' unit_measure: 'PT' observed { max: 100 } }"
    "indicators { code: 'BUDGET' unit_measure: 'PT' observed { max: 100 } }");

std::string Reason(const std::optional<Refusal>& refusal) { return refusal ? refusal->reason : ""; }

class Observations : public testing::Test {
 protected:
  Outcome Records(const std::string& observation) {
    return s.When<RecordObservationCase>(
        FromText<v1::RecordObservationRequest>("observation { " + observation + " }"));
  }
  Outcome RecordsPeriod(const std::string& start, const std::string& end) {
    auto request = FromText<v1::RecordObservationRequest>("observation { " + kOfLastYear + " }");
    *request.mutable_observation()->mutable_period_start() = DateOf(start);
    *request.mutable_observation()->mutable_period_end() = DateOf(end);
    return s.When<RecordObservationCase>(request);
  }

  Scenario s{ReportingSchema()};
};

TEST_F(Observations, AreRecordedWithTheirEvidence) {
  s.At("2026-11-22T03:00:00Z");
  Records(kOfLastYear)
      .Then({{s.New("observations"),
              FromText<v1::ObservationEvent>("recorded { observation { name: '" +
                                             s.New("observations") + "' " + kOfLastYear +
                                             " create_time { seconds: 1795316400 } } }")}});
  s.ExpectReplays();
}

TEST_F(Observations, AreRefusedForAPeriodThatIsEmptyOrNotOver) {
  s.At("2026-11-22T03:00:00Z");
  RecordsPeriod("2026-01-01", "2026-01-01").ThenRefused(v1::PERIOD_NOT_SUITABLE);
  RecordsPeriod("2026-01-02", "2026-01-01").ThenRefused(v1::PERIOD_NOT_SUITABLE);
  // Its last day is tomorrow.
  RecordsPeriod("2026-01-01", "2026-11-24").ThenRefused(v1::PERIOD_NOT_SUITABLE);
  EXPECT_FALSE(RecordsPeriod("2026-01-01", "2026-11-23").refused());
}

TEST_F(Observations, AreWithdrawnOnce) {
  s.At("2026-11-22T03:00:00Z");
  ASSERT_FALSE(Records(kOfLastYear).refused());
  const std::string name = s.New("observations");
  v1::WithdrawObservationRequest request;
  request.set_name(name);
  s.When<WithdrawObservationCase>(request).Then(
      {{name,
        FromText<v1::ObservationEvent>("withdrawn { withdraw_time { seconds: 1795316400 } }")}});
  EXPECT_EQ(s.Get<v1::Observation>(name).value(), 98.5);
  s.When<WithdrawObservationCase>(request).ThenRefused(v1::OBSERVATION_WITHDRAWN);
  s.ExpectReplays();
}

TEST_F(Observations, ThatAreNotThereAreNotFound) {
  s.At("2026-11-22T03:00:00Z");
  v1::WithdrawObservationRequest request;
  request.set_name("observations/0198c0de-0000-7000-8000-000000000000");
  s.When<WithdrawObservationCase>(request).ThenNotFound(request.name());
}

TEST(ObservationsByCatalogue, AreRefusedOfWhatIsCountedOrUnknown) {
  auto observation = FromText<v1::Observation>(kOfLastYear);
  EXPECT_EQ(Reason(RefusalByCatalogue(kCatalogue, observation)), "");
  for (const char* indicator : {"indicators/STU", "indicators/NONE"}) {
    observation.set_indicator(indicator);
    const auto refusal = RefusalByCatalogue(kCatalogue, observation);
    EXPECT_EQ(Reason(refusal), "INDICATOR_NOT_OBSERVED");
    EXPECT_THAT(refusal->message,
                AllOf(HasSubstr(indicator), HasSubstr("indicators/LR, indicators/BUDGET")));
  }
}

TEST(ObservationsByCatalogue, AreRefusedOutsideOfWhatCanBeTrue) {
  auto observation = FromText<v1::Observation>(kOfLastYear);
  for (const double value : {0.0, 100.0}) {
    observation.set_value(value);
    EXPECT_EQ(Reason(RefusalByCatalogue(kCatalogue, observation)), "");
  }
  for (const double value : {-0.01, 100.01, std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()}) {
    observation.set_value(value);
    const auto refusal = RefusalByCatalogue(kCatalogue, observation);
    EXPECT_EQ(Reason(refusal), "VALUE_OUT_OF_RANGE") << value;
    EXPECT_THAT(refusal->message, HasSubstr("from 0 to 100, in PT"));
  }
}

}  // namespace
}  // namespace learncity::reporting
