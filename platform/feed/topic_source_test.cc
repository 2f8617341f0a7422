#include "platform/feed/topic_source.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/feed/memory_topic.h"
#include "platform/feed/test_feed.h"
#include "platform/runtime/concat.h"

namespace learncity::feed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TopicSourceTest : public testing::Test {
 protected:
  TopicSourceTest() { MakeSource(std::chrono::hours(1)); }

  void MakeSource(std::chrono::milliseconds quiet) {
    source = std::make_unique<TopicSource>(TopicSourceOptions{.name = kTestFeed, .quiet = quiet},
                                           topic, owner.AsSource());
  }
  void Carry(std::initializer_list<int64_t> positions, int64_t epoch = 1) {
    for (const int64_t position : positions) {
      topic->Append(ToMessage(kTestFeed, epoch, NumberedRecord(position)));
      owner.head.position = std::max(owner.head.position, position);
    }
  }
  std::vector<int64_t> Read(int limit = 10) {
    const auto records = source->Read(applied, limit);
    EXPECT_TRUE(records.ok()) << records.status();
    std::vector<int64_t> positions;
    for (const auto& record : *records) {
      EXPECT_EQ(record.data, NumberedRecord(record.position).data);
      positions.push_back(record.position);
      if (record.position == applied + 1) ++applied;
    }
    return positions;
  }

  TestLedger owner;
  std::shared_ptr<MemoryTopic> topic = std::make_shared<MemoryTopic>(kTestFeed.Topic());
  std::unique_ptr<TopicSource> source;
  // As the follower's fence does.
  int64_t applied = 0;
};

TEST_F(TopicSourceTest, GivesWhatIsOnTheTopic) {
  Carry({1, 2, 3});
  EXPECT_THAT(Read(2), ElementsAre(1, 2));
  EXPECT_THAT(Read(2), ElementsAre(3));
  Carry({4});
  EXPECT_THAT(Read(), ElementsAre(4));
  EXPECT_EQ(owner.asked, 0);
  EXPECT_EQ(source->counts().from_topic, 4);
}

TEST_F(TopicSourceTest, BeginsWhereTheFollowerIs) {
  Carry({1, 2, 3, 4});
  applied = 2;
  EXPECT_THAT(Read(), ElementsAre(3, 4));
  EXPECT_EQ(owner.asked, 0);
}

TEST_F(TopicSourceTest, WaitsAtTheEndOfATopicThatIsNotAsFarAsTheFollower) {
  Carry({1, 2, 3});
  applied = 5;
  EXPECT_THAT(Read(), IsEmpty());
  // What it has passed by already is read once, as it comes.
  Carry({4, 5, 6});
  EXPECT_THAT(Read(), ElementsAre(6));
  EXPECT_EQ(source->counts().from_topic, 1);
  EXPECT_EQ(source->counts().passed_by, 2);
}

TEST_F(TopicSourceTest, PassesByWhatWasSentAgain) {
  Carry({1, 2, 3, 2, 3, 4, 1, 5});
  EXPECT_THAT(Read(), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(owner.asked, 0);
}

TEST_F(TopicSourceTest, AsksTheOwnerForAHole) {
  Carry({1, 2, 5, 6});
  EXPECT_THAT(Read(), ElementsAre(1, 2));
  EXPECT_THAT(Read(2), ElementsAre(3, 4));
  EXPECT_THAT(Read(), ElementsAre(5, 6));
  EXPECT_EQ(source->counts().from_owner, 4);
}

TEST_F(TopicSourceTest, AsksTheOwnerForWhatTheTopicHasForgotten) {
  Carry({1, 2, 3, 4, 5});
  topic->ForgetBefore(4);
  while (applied < 5) ASSERT_THAT(Read(2), testing::Not(IsEmpty()));
  EXPECT_GE(source->counts().from_owner, 4);
}

TEST_F(TopicSourceTest, AsksTheOwnerWhenTheBrokerIsDown) {
  MakeSource(std::chrono::milliseconds(0));
  topic->SetDown(true);
  owner.head.position = 5;
  while (applied < 5) ASSERT_THAT(Read(2), testing::Not(IsEmpty()));
  EXPECT_THAT(source->counts().last_fault, HasSubstr("the broker is down"));
  topic->SetDown(false);
  Carry({1, 2, 3, 4, 5, 6});
  while (applied < 6) Read(2);
  EXPECT_EQ(source->counts().last_fault, "");
}

TEST_F(TopicSourceTest, TellsWhenTheOwnerCannotBeAskedEither) {
  source = std::make_unique<TopicSource>(
      TopicSourceOptions{.name = kTestFeed, .quiet = std::chrono::milliseconds(0)}, topic,
      [](int64_t, int) { return absl::UnavailableError("registry does not answer"); });
  EXPECT_THAT(std::string(source->Read(0, 10).status().message()),
              HasSubstr("registry does not answer"));
}

TEST_F(TopicSourceTest, PassesByWhatIsNoEventOfTheFeed) {
  topic->Append({.key = "somebody", .value = "else's"});
  topic->Append(ToMessage({.city = "test", .feed = "cellar"}, 1, NumberedRecord(1)));
  Carry({1});
  EXPECT_THAT(Read(), ElementsAre(1));
  EXPECT_EQ(source->counts().foreign, 2);
}

TEST_F(TopicSourceTest, PassesByAnotherEpoch) {
  Carry({1}, 2);
  Carry({1}, 1);
  EXPECT_THAT(Read(), ElementsAre(1));
}

TEST_F(TopicSourceTest, GoesOnAfterTheTopicWasMadeAnew) {
  MakeSource(std::chrono::milliseconds(0));
  Carry({1, 2, 3});
  EXPECT_THAT(Read(), ElementsAre(1, 2, 3));
  topic->Recreate();
  Carry({1, 2, 3, 4, 5});
  while (applied < 5) Read();
  EXPECT_EQ(applied, 5);
}

// Whatever stands on the topic, the follower gets each position, and in order.
TEST_F(TopicSourceTest, LeavesNothingOutWhateverIsOnTheTopic) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(Concat("seed ", seed));
    std::mt19937_64 draws(seed);
    topic = std::make_shared<MemoryTopic>(kTestFeed.Topic());
    owner = {};
    applied = 0;
    MakeSource(std::chrono::milliseconds(0));
    for (int step = 0; step < 200; ++step) {
      if (draws() % 3 == 0) ++owner.head.position;
      if (owner.head.position > 0 && draws() % 2 == 0) {
        Carry({1 + static_cast<int64_t>(draws() % static_cast<uint64_t>(owner.head.position))});
      }
      if (draws() % 30 == 0) topic->SetDown(draws() % 2 == 0);
      if (draws() % 30 == 0) topic->ForgetBefore(static_cast<int64_t>(draws() % 50));
      if (draws() % 60 == 0) topic->Recreate();
      Read(1 + static_cast<int>(draws() % 5));
    }
    for (int step = 0; step < 400; ++step) Read(3);
    EXPECT_EQ(applied, owner.head.position);
  }
}

}  // namespace
}  // namespace learncity::feed
