#include "platform/feed/relay.h"

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
using ::testing::SizeIs;

// What a ledger's database keeps for its relays.
struct Kept {
  std::optional<int64_t> saved;
  bool is_held = true;
};

class TestLock : public ledger::RelayLock {
 public:
  explicit TestLock(Kept& kept) : kept_(kept) {}
  bool Hold() override { return kept_.is_held; }
  absl::StatusOr<std::optional<int64_t>> Saved() override { return kept_.saved; }
  absl::Status Save(int64_t position) override {
    kept_.saved = position;
    return absl::OkStatus();
  }

 private:
  Kept& kept_;
};

class RelayTest : public testing::Test {
 protected:
  std::unique_ptr<Relay> NewRelay(Kept& of) {
    return std::make_unique<Relay>(
        RelayOptions{.name = kTestFeed,
                     .batch_records_max = 10,
                     .retry_after = std::chrono::milliseconds(0),
                     .save_interval = std::chrono::milliseconds(0),
                     .check_interval = std::chrono::milliseconds(0)},
        Relay::Parts{.events = ledger.AsSource(),
                     .head = [this] { return absl::StatusOr<ledger::Head>(ledger.head); },
                     .lock = std::make_unique<TestLock>(of),
                     .topic = topic});
  }
  void Restart() { relay = NewRelay(kept); }
  // Until there is nothing more to do.
  void Work() {
    for (int i = 0; i < 1000; ++i) relay->Step();
  }
  std::vector<int64_t> OnTopic() { return PositionsOf(topic->messages()); }
  void ExpectAllCarried() {
    Work();
    EXPECT_TRUE(IsWhole(OnTopic())) << testing::PrintToString(OnTopic());
    EXPECT_EQ(relay->counts().delivered, ledger.head.position) << relay->counts().last_fault;
    const std::vector<int64_t> positions = OnTopic();
    EXPECT_EQ(std::ranges::count(positions, ledger.head.position) > 0, ledger.head.position > 0);
    EXPECT_EQ(kept.saved.value_or(0), ledger.head.position);
  }

  TestLedger ledger{.head = {.position = 25}};
  Kept kept;
  std::shared_ptr<MemoryTopic> topic = std::make_shared<MemoryTopic>(kTestFeed.Topic());
  std::unique_ptr<Relay> relay = NewRelay(kept);
};

TEST_F(RelayTest, CarriesEverythingOnceAndThenWhatComes) {
  ExpectAllCarried();
  EXPECT_THAT(OnTopic(), SizeIs(25));
  ledger.head.position = 31;
  ExpectAllCarried();
  EXPECT_THAT(OnTopic(), SizeIs(31));
}

TEST_F(RelayTest, GoesOnWhereTheTopicEnds) {
  ExpectAllCarried();
  ledger.head.position = 30;
  Restart();
  ExpectAllCarried();
  EXPECT_THAT(OnTopic(), SizeIs(30));
}

TEST_F(RelayTest, GoesOnWhereItSavedWhenTheTopicWasEmptied) {
  ExpectAllCarried();
  topic->ForgetBefore(25);
  ledger.head.position = 27;
  Restart();
  Work();
  EXPECT_THAT(OnTopic(), ElementsAre(26, 27));
}

TEST_F(RelayTest, CarriesEverythingAgainWhenTheTopicWasMadeAnew) {
  ExpectAllCarried();
  topic->Recreate();
  ExpectAllCarried();
  EXPECT_THAT(OnTopic(), SizeIs(25));
}

TEST_F(RelayTest, CarriesEverythingAgainWhenTheTopicWasMadeAnewAndHasNewEventsAlone) {
  ExpectAllCarried();
  topic->Recreate();
  topic->Append(ToMessage(kTestFeed, 1, NumberedRecord(25)));
  Restart();
  Work();
  EXPECT_EQ(PositionsOf({topic->messages()[1]}), std::vector<int64_t>{1});
  EXPECT_THAT(OnTopic(), SizeIs(26));
}

TEST_F(RelayTest, FillsAHoleAtTheEndOfTheTopic) {
  for (const int64_t position : {1, 2, 3, 5, 6}) {
    topic->Append(ToMessage(kTestFeed, 1, NumberedRecord(position)));
  }
  ledger.head.position = 6;
  Work();
  EXPECT_THAT(OnTopic(), ElementsAre(1, 2, 3, 5, 6, 4, 5, 6));
}

TEST_F(RelayTest, PassesByWhatIsNoEventOfItsFeed) {
  ExpectAllCarried();
  topic->Append({.key = "somebody", .value = "else's"});
  ledger.head.position = 26;
  Restart();
  Work();
  EXPECT_EQ(OnTopic().back(), 26);
  EXPECT_THAT(OnTopic(), SizeIs(27));
}

TEST_F(RelayTest, BeginsAnewAfterAFailureAndLeavesNothingOut) {
  int failures = 0;
  topic->SetFate([&](int64_t position) {
    if (position % 10 != 3 || failures >= 6) return Fate::kArrives;
    return ++failures % 2 == 0 ? Fate::kFails : Fate::kArrivesUnheard;
  });
  ExpectAllCarried();
  EXPECT_GE(failures, 3);
  EXPECT_EQ(relay->counts().faults, failures);
  EXPECT_EQ(relay->counts().begun, failures + 1);
  EXPECT_EQ(relay->counts().last_fault, "");
}

TEST_F(RelayTest, WaitsForABrokerThatIsDownAndDrainsByItself) {
  topic->SetDown(true);
  Work();
  EXPECT_THAT(relay->counts().last_fault, HasSubstr("the broker is down"));
  topic->SetDown(false);
  ExpectAllCarried();
  topic->SetDown(true);
  ledger.head.position = 40'000;
  Work();
  EXPECT_EQ(relay->counts().delivered, 25);
  topic->SetDown(false);
  for (int i = 0; i < 10; ++i) Work();
  ExpectAllCarried();
  EXPECT_THAT(OnTopic(), SizeIs(40'000));
}

TEST_F(RelayTest, KeepsNoMoreInMemoryThanMayBeOnItsWay) {
  topic->SetFate([](int64_t) { return Fate::kWaits; });
  ledger.head.position = 100'000;
  for (int i = 0; i < 10; ++i) Work();
  EXPECT_LE(ledger.read, static_cast<int64_t>(MemoryTopic::kOnTheirWayMax) + 10);
}

TEST_F(RelayTest, StandsByWhileAnotherHoldsTheLock) {
  kept.is_held = false;
  Work();
  EXPECT_FALSE(relay->counts().holds);
  EXPECT_THAT(OnTopic(), IsEmpty());
  kept.is_held = true;
  ExpectAllCarried();
  EXPECT_TRUE(relay->counts().holds);
}

TEST_F(RelayTest, RefusesALedgerThatIsBehindItsTopic) {
  ExpectAllCarried();
  ledger.head.position = 20;
  Restart();
  Work();
  EXPECT_TRUE(relay->counts().is_behind_topic);
  EXPECT_THAT(relay->counts().last_fault, HasSubstr("put back to an earlier state"));
  EXPECT_THAT(OnTopic(), SizeIs(25));
}

TEST_F(RelayTest, CarriesANewEpochFromItsStart) {
  ExpectAllCarried();
  ledger.head.epoch = 2;
  ledger.head.position = 22;
  Restart();
  Work();
  EXPECT_FALSE(relay->counts().is_behind_topic);
  const auto messages = topic->messages();
  ASSERT_THAT(messages, SizeIs(25 + 22));
  EXPECT_EQ(FromMessage(kTestFeed, messages.back())->epoch, 2);
}

// Two at once, writers that fail in every way, restarts, a broker that comes and goes.
TEST_F(RelayTest, LeavesNothingOutWhateverHappens) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(Concat("seed ", seed));
    std::mt19937_64 draws(seed);
    const auto one_in = [&](uint64_t n) { return draws() % n == 0; };
    topic = std::make_shared<MemoryTopic>(kTestFeed.Topic());
    kept = {};
    ledger = {.head = {.position = 5}};
    Restart();
    Kept other_kept;
    auto other = NewRelay(other_kept);
    topic->SetFate([&](int64_t) {
      if (one_in(10)) return Fate::kWaits;
      if (one_in(20)) return Fate::kFails;
      if (one_in(20)) return Fate::kArrivesUnheard;
      return Fate::kArrives;
    });
    for (int step = 0; step < 300; ++step) {
      ledger.head.position += one_in(3) ? static_cast<int64_t>(draws() % 20) : 0;
      if (one_in(40)) Restart();
      if (one_in(40)) topic->SetDown(one_in(2));
      kept.is_held = !one_in(10);
      other_kept.is_held = !kept.is_held || one_in(5);
      relay->Step();
      other->Step();
    }
    topic->SetDown(false);
    topic->SetFate({});
    kept.is_held = true;
    ExpectAllCarried();
  }
}

}  // namespace
}  // namespace learncity::feed
