#include "services/reporting/recount_slice.h"

#include "gmock/gmock.h"
#include "platform/testing/text.h"
#include "services/reporting/city_in_memory.h"

namespace learncity::reporting {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

bool IsDone(const v1::Recount& recount) { return recount.state() == v1::Recount::STATE_DONE; }

// Goes on until the recount is done.
v1::Recount Recounted(CityInMemory& city) {
  while (true) {
    const v1::Recount& recount = city.AdvanceRecount();
    if (IsDone(recount)) return recount;
  }
}

v1::CellKey SomeCell() {
  v1::CellKey key;
  key.set_measure(v1::MEASURE_PUPILS);
  key.set_time(1);
  return key;
}

const v1::RecountMark& MarkOf(CityInMemory& city) {
  return static_cast<const v1::RecountMark&>(
      *city.draft().Of(v1::RecountMark::descriptor()).at(RecountMarkId()));
}

TEST(RecountInSlices, IsDueAgainAfterAPauseUntilItIsDone) {
  CityInMemory city({.facts = 1, .cells = 100});
  city.Registered("Lan", 2020, type::v1::SEX_FEMALE);
  const Time first = ToTime(city.AdvanceRecount().due_time());
  EXPECT_EQ(first, Time() + kRecountPause);
  EXPECT_EQ(ToTime(city.AdvanceRecount().due_time()), first + kRecountPause);
  const v1::Recount& done = city.AdvanceRecount();
  EXPECT_FALSE(done.has_due_time());
  EXPECT_EQ(ToTime(done.end_time()), first + kRecountPause);
}

TEST(RecountInSlices, FindsACellThatIsWrongAndOneThatNoFactMakes) {
  CityInMemory city;
  city.Registered("Lan", 2020, type::v1::SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", {});
  ASSERT_EQ(Recounted(city).differences(), 0);
  city.draft().Disturb(SomeCell(), 2);
  const auto& cells = city.draft().Of(v1::Cell::descriptor());
  for (const auto& [id, cell] : cells) {
    const auto& one = static_cast<const v1::Cell&>(*cell);
    if (one.key().measure() != v1::MEASURE_ENROLLMENTS) continue;
    city.draft().Disturb(one.key(), -1);
    break;
  }
  const v1::Recount recount = Recounted(city);
  EXPECT_EQ(recount.differences(), 2);
  EXPECT_THAT(MarkOf(city).differing(), SizeIs(2));
  for (const v1::CellDifference& one : MarkOf(city).differing()) {
    const bool is_made = one.key().measure() == v1::MEASURE_ENROLLMENTS;
    EXPECT_EQ(one.stored() - one.recounted(), is_made ? -1 : 2) << one.ShortDebugString();
  }
}

// What a fact says it contributed is not believed.
TEST(RecountInSlices, CountsWhatFactsContributeNow) {
  CityInMemory city({.facts = 1, .cells = 1000});
  city.Registered("Lan", 2020, type::v1::SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", {});
  auto& fact = const_cast<v1::LearnerFact&>(static_cast<const v1::LearnerFact&>(
      *city.draft().Of(v1::LearnerFact::descriptor()).begin()->second));
  const int forgotten = fact.contributed_size();
  fact.clear_contributed();
  city.AdvanceRecount();
  // It is counted. Now it contributes once more what it had forgotten.
  city.Withdrawn("1", "2027-05-01");
  EXPECT_THAT(city.Differences(), testing::Not(IsEmpty()));
  const v1::Recount recount = Recounted(city);
  EXPECT_EQ(static_cast<size_t>(recount.differences()), city.Differences().size());
  EXPECT_LE(recount.differences(), forgotten);
}

TEST(RecountInSlices, TellsTheFirstCellsThatDifferAndCountsAll) {
  CityInMemory city({.facts = 10, .cells = 7});
  v1::CellKey key = SomeCell();
  for (int time = 1; time <= kDifferingMax + 5; ++time) {
    key.set_time(time);
    city.draft().Disturb(key, 1);
  }
  const v1::Recount recount = Recounted(city);
  EXPECT_EQ(recount.differences(), kDifferingMax + 5);
  EXPECT_THAT(MarkOf(city).differing(), SizeIs(kDifferingMax));
}

}  // namespace
}  // namespace learncity::reporting
