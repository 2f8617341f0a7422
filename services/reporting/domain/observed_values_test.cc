#include "services/reporting/domain/observed_values.h"

#include "gmock/gmock.h"
#include "platform/testing/text.h"

namespace learncity::reporting {
namespace {

// An observation of the literacy rate for a period, recorded at a second.
v1::Observation Observed(const std::string& name, const std::string& start, const std::string& end,
                         int64_t second = 0) {
  v1::Observation observation;
  observation.set_name(name);
  observation.set_indicator("indicators/LR");
  *observation.mutable_period_start() = DateOf(start);
  *observation.mutable_period_end() = DateOf(end);
  observation.mutable_create_time()->set_seconds(second);
  return observation;
}

// The name of the one that is the figure, whichever of them comes first.
std::string FigureOf(const std::vector<v1::Observation>& all, const std::string& as_of) {
  ObservedValues forward(DayOf(DateOf(as_of))), backward(DayOf(DateOf(as_of)));
  for (size_t i = 0; i < all.size(); ++i) {
    forward.Add(all[i]);
    backward.Add(all[all.size() - 1 - i]);
  }
  const auto* found = forward.Of("indicators/LR");
  const auto* again = backward.Of("indicators/LR");
  EXPECT_EQ(found == nullptr ? "" : found->name(), again == nullptr ? "" : again->name());
  return found == nullptr ? "" : found->name();
}

TEST(ObservedValues, AreThoseOfTheLatestPeriodThatHasBegun) {
  const std::vector all = {Observed("of 2024", "2024-01-01", "2025-01-01", 9),
                           Observed("of 2025", "2025-01-01", "2026-01-01", 8)};
  EXPECT_EQ(FigureOf(all, "2023-12-31"), "");
  EXPECT_EQ(FigureOf(all, "2024-01-01"), "of 2024");
  EXPECT_EQ(FigureOf(all, "2024-12-31"), "of 2024");
  EXPECT_EQ(FigureOf(all, "2025-01-01"), "of 2025");
}

TEST(ObservedValues, AreOfThePeriodThatEndsLast) {
  EXPECT_EQ(FigureOf({Observed("of 2025", "2025-01-01", "2026-01-01"),
                      Observed("of its summer", "2025-07-01", "2025-10-01", 5)},
                     "2026-03-01"),
            "of 2025");
  EXPECT_EQ(FigureOf({Observed("of 2025", "2025-01-01", "2026-01-01", 5),
                      Observed("of its last quarter", "2025-10-01", "2026-01-01")},
                     "2026-03-01"),
            "of its last quarter");
}

TEST(ObservedValues, AreThoseRecordedLastForAPeriod) {
  EXPECT_EQ(FigureOf({Observed("first", "2025-01-01", "2026-01-01", 1),
                      Observed("second", "2025-01-01", "2026-01-01", 2)},
                     "2026-03-01"),
            "second");
  // Names order what was recorded at one time.
  EXPECT_EQ(FigureOf({Observed("a", "2025-01-01", "2026-01-01"),
                      Observed("b", "2025-01-01", "2026-01-01")},
                     "2026-03-01"),
            "b");
}

TEST(ObservedValues, PassOverWhatIsWithdrawnOrOfAnotherIndicator) {
  auto withdrawn = Observed("withdrawn", "2025-01-01", "2026-01-01");
  withdrawn.mutable_withdraw_time()->set_seconds(7);
  auto other = Observed("other", "2025-01-01", "2026-01-01");
  other.set_indicator("indicators/BUDGET");
  EXPECT_EQ(FigureOf({withdrawn, other}, "2026-03-01"), "");
  EXPECT_EQ(
      FigureOf({withdrawn, other, Observed("of 2024", "2024-01-01", "2025-01-01")}, "2026-03-01"),
      "of 2024");
}

TEST(ObservedValues, AreNoneWithoutADay) {
  ObservedValues none;
  none.Add(Observed("a", "2025-01-01", "2026-01-01"));
  EXPECT_EQ(none.Of("indicators/LR"), nullptr);
}

}  // namespace
}  // namespace learncity::reporting
