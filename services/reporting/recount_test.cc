#include "services/reporting/recount.h"

#include "gmock/gmock.h"
#include "platform/testing/draws.h"
#include "platform/testing/text.h"
#include "services/reporting/city_in_memory.h"

namespace learncity::reporting {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A learner's or a center's own story: its steps keep their order, stories mix as they like.
using Story = std::vector<std::function<void(CityInMemory&)>>;

std::string DrawDay(Draws& draws) {
  return FormatDay(DayOf(DateOf("2026-01-01")) + std::chrono::days(draws.Below(900)));
}

// Learners take seats, formal or not, overlapping or not, and give some of them up.
Story DrawLearner(Draws& draws, int n) {
  const std::string learner = std::to_string(n);
  const int birth_year = draws.Below(4) == 0 ? 0 : 2005 + draws.Below(15);
  const auto sex = static_cast<type::v1::Sex>(draws.Below(3));
  Story story = {[=](CityInMemory& city) { city.Registered(learner, birth_year, sex); }};
  for (int seat = draws.Below(5); seat > 0; --seat) {
    const std::string enrollment = learner + "." + std::to_string(seat);
    const std::string first_day = DrawDay(draws);
    const Day last = DayOf(DateOf(first_day)) + std::chrono::days(draws.Below(300));
    const int offering = draws.Below(12);
    const Class in = {.offering = std::to_string(offering),
                      .center = std::to_string(offering % 4),
                      .kind = static_cast<type::v1::OfferingKind>(1 + draws.Below(3)),
                      .isced_level = static_cast<type::v1::IscedLevel>(2 + draws.Below(3)),
                      .grade = 1 + draws.Below(3),
                      .last_day = FormatDay(last)};
    story.push_back([=](CityInMemory& city) { city.Admitted(enrollment, learner, first_day, in); });
    const std::string end = DrawDay(draws);
    switch (draws.Below(4)) {
      case 0:
        story.push_back([=](CityInMemory& city) { city.Withdrawn(enrollment, end); });
        break;
      case 1:
        story.push_back([=](CityInMemory& city) { city.Completed(enrollment, end); });
        break;
    }
  }
  if (draws.Below(3) == 0) story.push_back([=](CityInMemory& city) { city.Erased(learner); });
  return story;
}

Story DrawCenter(Draws& draws, int n) {
  const auto kind = n % 4 == 3 ? type::v1::CENTER_KIND_PRIMARY_SCHOOL
                               : type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER;
  const std::string from = DrawDay(draws);
  const std::string to = draws.Below(2) == 0
                             ? ""
                             : FormatDay(DayOf(DateOf(from)) + std::chrono::days(draws.Below(700)));
  return {[=](CityInMemory& city) { city.Opened(std::to_string(n), kind, from, to); }};
}

std::vector<Story> DrawStories(Draws& draws) {
  std::vector<Story> stories;
  for (int n = 0; n < 8; ++n) stories.push_back(DrawLearner(draws, n));
  for (int n = 0; n < 4; ++n) stories.push_back(DrawCenter(draws, n));
  return stories;
}

// Lets every story happen, mixed anew; `after` is called after each step.
void Tell(Draws& draws, const std::vector<Story>& stories, CityInMemory& city,
          const std::function<void()>& after) {
  std::vector<size_t> next(stories.size());
  std::vector<size_t> open;
  for (size_t i = 0; i < stories.size(); ++i) open.push_back(i);
  while (!open.empty()) {
    const size_t turn = static_cast<size_t>(draws.Below(static_cast<int>(open.size())));
    const size_t i = open[turn];
    stories[i][next[i]++](city);
    if (next[i] == stories[i].size()) open.erase(open.begin() + static_cast<ptrdiff_t>(turn));
    after();
  }
}

TEST(Recount, EqualsTheCellsAfterEveryEvent) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Draws draws(seed);
    CityInMemory city;
    Tell(draws, DrawStories(draws), city, [&] { ASSERT_THAT(city.Differences(), IsEmpty()); });
    if (HasFatalFailure()) return;
  }
}

TEST(Recount, IsTheSameInWhateverOrderLearnersAndCentersCome) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Draws draws(seed);
    const auto stories = DrawStories(draws);
    CityInMemory one, other;
    Tell(draws, stories, one, [] {});
    Tell(draws, stories, other, [] {});
    for (const char* day : {"2026-06-30", "2027-01-15", "2028-12-31"}) {
      ASSERT_EQ(ContentBytes(one.Report(day)), ContentBytes(other.Report(day))) << day;
    }
  }
}

TEST(Recount, TellsACellThatIsWrong) {
  CityInMemory city;
  city.Registered("Lan", 2020, type::v1::SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", {});
  EXPECT_THAT(city.Differences(), IsEmpty());
  v1::CellKey key;
  key.set_measure(v1::MEASURE_PUPILS);
  key.set_time(1);
  city.draft().Disturb(key, 2);
  EXPECT_THAT(city.Differences(), ElementsAre(HasSubstr("holds 2, the facts give 0")));
}

TEST(Recount, TellsAFactThatHasNotContributed) {
  v1::LearnerFact fact;
  auto& seat = *fact.add_seats();
  seat.set_isced_level(type::v1::ISCED_LEVEL_1);
  seat.set_to_day(1);
  Recount recount;
  recount.Add(IdOf("learners/Lan"), fact);
  EXPECT_THAT(recount.Differences(), testing::Contains(HasSubstr("has not contributed")));
}

TEST(Refold, GivesAFrozenReportsBytesHoweverMuchHasHappenedSince) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Draws draws(seed);
    CityInMemory city;
    std::vector<v1::ReportContent> frozen;
    Tell(draws, DrawStories(draws), city, [&] {
      if (draws.Below(10) == 0) frozen.push_back(city.Report(DrawDay(draws)));
    });
    for (const auto& report : frozen) {
      const auto again = city.Recomputed(report);
      ASSERT_TRUE(again.ok()) << again.status();
      ASSERT_EQ(ContentBytes(*again), ContentBytes(report));
    }
  }
}

TEST(Refold, UsesTheObservationsAndTextsThatTheReportKeeps) {
  CityInMemory city;
  city.Observed("LR.AG15T99", 2025, 98.5);
  city.Observed("KF-12.1-a", 2027, 21);
  auto frozen = city.Report("2026-11-22");
  frozen.add_sections()->set_title("Literacy");
  // What was of a later period is no figure, and so is not kept.
  ASSERT_EQ(frozen.observations_size(), 1);
  EXPECT_EQ(frozen.observations(0).value(), 98.5);
  city.Observed("LR.AG15T99", 2026, 98.7);
  EXPECT_NE(city.Report("2026-11-22").observations(0).value(), 98.5);
  EXPECT_EQ(ContentBytes(*city.Recomputed(frozen)), ContentBytes(frozen));
  frozen.mutable_observations(0)->set_value(99);
  EXPECT_NE(ContentBytes(*city.Recomputed(frozen)), ContentBytes(frozen));
}

TEST(Refold, IsRefusedWithAnotherCatalogue) {
  CityInMemory city;
  const auto frozen = city.Report("2026-11-22");
  city.digests().catalogue = "another";
  EXPECT_EQ(city.Recomputed(frozen).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Refold, ParksWhatDoesNotDecodeAndWhatFollowsItOfTheSameAggregate) {
  CityInMemory city;
  city.Registered("Lan", 2020, type::v1::SEX_FEMALE);
  city.Registered("An", 2019, type::v1::SEX_MALE);
  auto records = city.feed("enrollment");
  Refold refold;
  auto poison = records[0];
  poison.data = "\xff";
  refold.Apply("enrollment", poison);
  for (const auto& record : records) refold.Apply("enrollment", record);
  EXPECT_EQ(refold.parked(), 2);
  ASSERT_EQ(refold.Of<v1::LearnerFact>().size(), 1u);
  EXPECT_EQ(refold.Of<v1::LearnerFact>().begin()->second.birth_year(), 2019);
}

// As an event whose effect could not commit: it is neither applied nor lost.
TEST(Refold, PassesOverWhatStandsParked) {
  CityInMemory city;
  city.Registered("Lan", 2020, type::v1::SEX_FEMALE);
  city.Registered("An", 2019, type::v1::SEX_MALE);
  Refold refold;
  refold.PassOver("enrollment", 1);
  for (const auto& record : city.feed("enrollment")) refold.Apply("enrollment", record);
  EXPECT_EQ(refold.parked(), 1);
  ASSERT_EQ(refold.Of<v1::LearnerFact>().size(), 1u);
  EXPECT_EQ(refold.Of<v1::LearnerFact>().begin()->second.birth_year(), 2019);
}

}  // namespace
}  // namespace learncity::reporting
