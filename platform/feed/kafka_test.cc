// What is Kafka's own: brokers that go away, topics that are changed by another's hand.
#include <chrono>
#include <functional>

#include "platform/feed/kafka_hands.h"
#include "platform/feed/kafka_topics.h"
#include "platform/feed/relay.h"
#include "platform/feed/test_feed.h"
#include "platform/feed/test_topics.h"
#include "platform/feed/topic_source.h"
#include "platform/ledger/sole_relay_lock.h"
#include "platform/testing/kafka_server.h"

namespace learncity::feed {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::chrono::seconds kPatience{60};

// A ledger, its relay, and a follower of its topic, driven by hand.
class KafkaTest : public testing::Test {
 protected:
  KafkaTest() {
    MakeRelay(std::chrono::hours(1));
    MakeSource(std::chrono::hours(1));
  }

  void MakeRelay(std::chrono::milliseconds check_interval) {
    relay = std::make_unique<Relay>(
        RelayOptions{.name = kTestFeed, .check_interval = check_interval},
        Relay::Parts{.events = ledger.AsSource(),
                     .head = [this] { return absl::StatusOr<ledger::Head>(ledger.head); },
                     .lock = std::make_unique<ledger::SoleRelayLock>(),
                     .topic = topic});
  }
  void MakeSource(std::chrono::milliseconds quiet) {
    source = std::make_unique<TopicSource>(TopicSourceOptions{.name = kTestFeed, .quiet = quiet},
                                           topic, owner.AsSource());
  }
  // One step of all; what the follower applies grows by one each.
  void Step() {
    relay->Step();
    const auto records = source->Read(applied, 256);
    if (!records.ok()) return;
    for (const auto& record : *records) {
      ASSERT_EQ(record.position, applied + 1);
      ASSERT_EQ(record.data, NumberedRecord(record.position).data);
      ++applied;
    }
  }
  void WorkUntil(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!done()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline)
          << "applied " << applied << ", delivered " << relay->counts().delivered
          << ", relay: " << relay->counts().last_fault
          << ", source: " << source->counts().last_fault;
      Step();
    }
  }
  void WorkUntilApplied(int64_t position) {
    ledger.head.position = owner.head.position = position;
    WorkUntil([&] { return applied == position && relay->counts().delivered == position; });
  }
  std::vector<int64_t> OnTopic() {
    auto reader = topic->OpenReader().value();
    const TopicEnds ends = reader->Ends().value();
    EXPECT_TRUE(reader->Seek(ends.first).ok());
    return PositionsOf(TakeAll(*reader, static_cast<size_t>(ends.next - ends.first)));
  }

  std::shared_ptr<KafkaTopic> topic = NewKafkaTopic();
  TestLedger ledger;
  // The same ledger, as it is asked by the follower.
  TestLedger owner;
  std::unique_ptr<Relay> relay;
  std::unique_ptr<TopicSource> source;
  int64_t applied = 0;
};

TEST_F(KafkaTest, CarriesAFeedToItsFollower) {
  WorkUntilApplied(5000);
  WorkUntilApplied(5001);
  EXPECT_EQ(source->counts().from_topic, 5001);
  EXPECT_EQ(owner.asked, 0);
}

TEST_F(KafkaTest, LosesAndDoublesNothingWhenTheBrokerIsKilled) {
  WorkUntilApplied(1000);
  KafkaServer::OfThisProgram().Kill();
  ledger.head.position = owner.head.position = 30'000;
  for (int i = 0; i < 5; ++i) Step();
  EXPECT_LT(applied, 30'000);
  KafkaServer::OfThisProgram().Start();
  WorkUntilApplied(30'000);
  const std::vector<int64_t> positions = OnTopic();
  EXPECT_TRUE(IsWhole(positions));
  EXPECT_EQ(positions.back(), 30'000);
}

TEST_F(KafkaTest, GoesOnWithoutABroker) {
  WorkUntilApplied(10);
  MakeSource(std::chrono::milliseconds(100));
  KafkaServer::OfThisProgram().Kill();
  ledger.head.position = owner.head.position = 2000;
  WorkUntil([&] { return applied == 2000; });
  EXPECT_EQ(source->counts().from_owner, 1990);
  KafkaServer::OfThisProgram().Start();
  WorkUntilApplied(2000);
}

TEST_F(KafkaTest, FillsATopicThatWasDeletedAndMadeAnew) {
  MakeRelay(std::chrono::milliseconds(200));
  WorkUntilApplied(500);
  DeleteTopic(topic->name());
  ledger.head.position = owner.head.position = 600;
  for (int i = 0; i < 10; ++i) Step();
  MakeTopic(topic->name());
  MakeSource(std::chrono::milliseconds(100));
  WorkUntilApplied(600);
  WorkUntil([&] { return IsWhole(OnTopic()) && OnTopic().size() >= 600; });
}

TEST_F(KafkaTest, AsksTheOwnerForWhatTheTopicHasForgotten) {
  ledger.head.position = owner.head.position = 1000;
  WorkUntil([&] { return relay->counts().delivered == 1000; });
  DeleteRecordsBefore(topic->name(), 900);
  MakeSource(std::chrono::hours(1));
  applied = 0;
  WorkUntilApplied(1000);
  EXPECT_GE(source->counts().from_owner, 900);
}

TEST_F(KafkaTest, RefusesATopicOfSeveralPartitions) {
  const std::string name = NewTopicName();
  MakeTopic(name, 2);
  KafkaTopic wide(TestKafka(), name);
  for (const absl::Status& refused : {wide.OpenWriter().status(), wide.OpenReader().status()}) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.message()), HasSubstr("has 2 partitions; a feed is one"));
  }
}

TEST_F(KafkaTest, TellsThatNoBrokerIsThere) {
  KafkaTopic nowhere({.brokers = "127.0.0.1:1", .timeout = std::chrono::milliseconds(300)}, "a");
  EXPECT_EQ(nowhere.OpenWriter().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(nowhere.OpenReader().status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(KafkaTest, TellsASettingThatDoesNotExist) {
  KafkaOptions options = TestKafka();
  options.settings = {{"security.protocl", "SSL"}};
  const absl::Status refused = KafkaTopic(options, "a").OpenWriter().status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("security.protocl"));
}

TEST(ApplyTopics, MakesSetsAndThenFindsNothingToDo) {
  std::vector<TopicPlan> plans = {
      {.name = NewTopicName(), .settings = {{"retention.ms", "86400000"}}},
      {.name = NewTopicName(), .settings = {{"cleanup.policy", "delete"}}}};
  auto changes = ApplyTopics(TestKafka(), plans).value();
  ASSERT_EQ(changes.size(), 2);
  EXPECT_EQ(changes[0].what, TopicChange::What::kMade);
  EXPECT_TRUE(KafkaTopic(TestKafka(), plans[0].name).OpenWriter().ok());

  plans[0].settings["retention.ms"] = "-1";
  changes = ApplyTopics(TestKafka(), plans).value();
  EXPECT_EQ(changes[0].what, TopicChange::What::kSettings);
  EXPECT_THAT(changes[0].settings, ElementsAre("retention.ms: 86400000 -> -1"));
  EXPECT_EQ(changes[1].what, TopicChange::What::kNone);

  changes = ApplyTopics(TestKafka(), plans).value();
  EXPECT_EQ(changes[0].what, TopicChange::What::kNone);
  EXPECT_THAT(changes[0].settings, IsEmpty());
}

TEST(ApplyTopics, RefusesWhatCannotCarryAFeedWithAllReasonsAndChangesNothing) {
  const std::string wide = NewTopicName();
  MakeTopic(wide, 3);
  const std::vector<TopicPlan> plans = {
      {.name = NewTopicName()},
      {.name = wide},
      {.name = NewTopicName(), .settings = {{"cleanup.policy", "compact"}}}};
  const absl::Status refused = ApplyTopics(TestKafka(), plans).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("has 3 partitions"), HasSubstr("cleanup.policy is compact")));
  EXPECT_EQ(KafkaTopic(TestKafka(), plans[0].name).OpenWriter().status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace learncity::feed
