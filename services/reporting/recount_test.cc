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
constexpr int kLearners = 8;
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

// Some are issued certificates, and some are found to be others, whatever else happens to them.
// Nobody is found to be who was found to be them.
void DrawMatches(Draws& draws, int learners, std::vector<Story>& stories) {
  const auto insert = [&](int n, std::function<void(CityInMemory&)> step) {
    Story& story = stories[static_cast<size_t>(n)];
    const int at = 1 + draws.Below(static_cast<int>(story.size()));
    story.insert(story.begin() + at, std::move(step));
  };
  for (int n = 0; n < learners; ++n) {
    const std::string learner = std::to_string(n);
    const std::string day = DrawDay(draws);
    const auto kind = static_cast<type::v1::CredentialKind>(1 + draws.Below(3));
    insert(n, [=](CityInMemory& city) { city.Certified("of " + learner, learner, kind, day); });
    if (n == 0 || draws.Below(3) == 0) continue;
    const std::string into = std::to_string(draws.Below(n));
    insert(n, [=](CityInMemory& city) { city.Matched(learner, into); });
  }
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
  for (int n = 0; n < kLearners; ++n) stories.push_back(DrawLearner(draws, n));
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
    auto stories = DrawStories(draws);
    DrawMatches(draws, kLearners, stories);
    Tell(draws, stories, city, [&] { ASSERT_THAT(city.Differences(), IsEmpty()); });
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
    auto stories = DrawStories(draws);
    DrawMatches(draws, kLearners, stories);
    Tell(draws, stories, city, [&] {
      if (draws.Below(10) == 0) frozen.push_back(city.Report(DrawDay(draws)));
    });
    for (const auto& report : frozen) {
      const auto again = city.Recomputed(report);
      ASSERT_TRUE(again.ok()) << again.status();
      ASSERT_EQ(ContentBytes(*again), ContentBytes(report));
    }
  }
}

// As proof compares them: by their bytes, and by feed, whichever comes first.
TEST(Refold, GivesTheSameFactsWhereverAMatchStandsAmongCertificates) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Draws draws(seed);
    CityInMemory city;
    auto stories = DrawStories(draws);
    DrawMatches(draws, kLearners, stories);
    Tell(draws, stories, city, [] {});
    Refold one, other;
    for (const auto& record : city.feed("enrollment")) one.Apply("enrollment", record);
    for (const auto& record : city.feed("achievements")) one.Apply("achievements", record);
    for (const auto& record : city.feed("achievements")) other.Apply("achievements", record);
    for (const auto& record : city.feed("enrollment")) other.Apply("enrollment", record);
    for (const auto& [id, message] : city.draft().Of(v1::LearnerFact::descriptor())) {
      v1::LearnerFact fact = static_cast<const v1::LearnerFact&>(*message);
      fact.clear_contributed();
      const std::string bytes = fact.SerializeAsString();
      ASSERT_EQ(one.Of<v1::LearnerFact>().at(id).SerializeAsString(), bytes) << seed;
      ASSERT_EQ(other.Of<v1::LearnerFact>().at(id).SerializeAsString(), bytes) << seed;
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

template <class Document>
int64_t CountOf(CityInMemory& city) {
  return static_cast<int64_t>(city.draft().Of(Document::descriptor()).size());
}

// Facts come and change before the mark and behind it, while facts are counted and while cells are
// compared, and one recount follows the other.
TEST(RecountInSlices, IsExactWhateverChangesMeanwhile) {
  int done = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Draws draws(seed);
    CityInMemory city({.facts = 1 + draws.Below(4), .cells = 1 + draws.Below(12)});
    const int pace = 1 + draws.Below(6);
    Tell(draws, DrawStories(draws), city, [&] {
      for (int slices = draws.Below(pace); slices > 0; --slices) {
        const v1::Recount& recount = city.AdvanceRecount();
        ASSERT_EQ(recount.differences(), 0);
        if (recount.state() == v1::Recount::STATE_DONE) ++done;
      }
    });
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(done, 200);
}

TEST(RecountInSlices, ComesByEveryFactAndCellOnce) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Draws draws(seed);
    CityInMemory city({.facts = 3, .cells = 7});
    Tell(draws, DrawStories(draws), city, [] {});
    v1::Recount recount;
    int slices = 0;
    while (recount.state() != v1::Recount::STATE_DONE) {
      recount = city.AdvanceRecount();
      ++slices;
    }
    EXPECT_EQ(recount.facts(), CountOf<v1::LearnerFact>(city) + CountOf<v1::CenterFact>(city));
    EXPECT_EQ(recount.cells(), CountOf<v1::Cell>(city));
    EXPECT_EQ(recount.differences(), 0);
    EXPECT_GT(slices, recount.cells() / 7);
    for (const auto& [id, cell] : city.draft().Of(v1::RecountedCell::descriptor())) {
      EXPECT_EQ(static_cast<const v1::RecountedCell&>(*cell).count(), 0);
    }
  }
}

}  // namespace
}  // namespace learncity::reporting
