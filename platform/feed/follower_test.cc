#include "platform/feed/follower.h"

#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"

namespace learncity::feed {
namespace {

using ledger::JarLedger;
using ledger::Kitchen;
using ledger::kKitchen;
using ledger::PlateId;
using ledger::Record;
using ledger::Served;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A ledger of jars that follows the kitchen, driven by hand.
class FollowerTest : public testing::Test {
 protected:
  FollowerTest() {
    EXPECT_TRUE(jars.Open().ok());
    for (int i = 1; i <= 10; ++i) kitchen.Add(PlateId(i), Served("a", 1));
    source = [this](int64_t after, int limit) -> absl::StatusOr<std::vector<Record>> {
      return kitchen.After(after, limit);
    };
  }

  // A follower as a process starts it.
  void Start(int batch = 4) { Start(batch, jars.Applied()); }
  void Start(int batch, int64_t applied) {
    follower = std::make_unique<Follower>(
        FollowerOptions{.feed = kKitchen, .epoch = 1, .batch_records_max = batch},
        [this](int64_t after, int limit) {
          asked.push_back(after);
          return source(after, limit);
        },
        jars.writer(), applied, [this](int64_t position) { moved.push_back(position); });
  }
  // A step of the follower, then the writer's turns. What the step said.
  bool Step() {
    const bool more = follower->Step();
    jars.Work();
    return more;
  }
  void StepUntilIdle() {
    for (int i = 0; Step(); ++i) ASSERT_LT(i, 1000);
  }
  void ExpectCaughtUp() {
    const auto all = static_cast<int64_t>(kitchen.records().size());
    EXPECT_EQ(follower->counts().applied, all);
    EXPECT_EQ(jars.Applied(), all);
    EXPECT_EQ(jars.Beans("a"), all);
    EXPECT_EQ(jars.FindTally("a")->servings(), all);
    EXPECT_THAT(jars.Divergences(kitchen.records()), IsEmpty());
  }

  ledger::DiskEngine engine;
  JarLedger jars{engine};
  Kitchen kitchen;
  Source source;
  std::vector<int64_t> asked;
  std::vector<int64_t> moved;
  std::unique_ptr<Follower> follower;
};

TEST_F(FollowerTest, CatchesUpFromTheBeginning) {
  Start();
  StepUntilIdle();
  ExpectCaughtUp();
  EXPECT_THAT(asked, ElementsAre(0, 4, 8, 10));
  EXPECT_THAT(moved, ElementsAre(4, 8, 10));
  EXPECT_EQ(follower->counts().batches, 3);
  EXPECT_EQ(follower->counts().faults, 0);
  kitchen.Add(PlateId(1), Served("a", 1));
  StepUntilIdle();
  ExpectCaughtUp();
}

TEST_F(FollowerTest, GoesOnAtItsCursorAfterARestart) {
  Start();
  EXPECT_TRUE(Step());
  follower.reset();
  jars.Reopen();
  asked.clear();
  Start();
  EXPECT_EQ(follower->counts().applied, 4);
  StepUntilIdle();
  ExpectCaughtUp();
  EXPECT_THAT(asked, ElementsAre(4, 8, 10));
}

TEST_F(FollowerTest, HasTwoStretchesOnTheirWayAtATime) {
  Start();
  EXPECT_TRUE(follower->Step());
  EXPECT_TRUE(follower->Step());
  EXPECT_FALSE(follower->Step());
  EXPECT_THAT(asked, ElementsAre(0, 4));
  EXPECT_EQ(jars.writer().queued(), 2);
  jars.Work();
  StepUntilIdle();
  ExpectCaughtUp();
}

TEST_F(FollowerTest, ReadsTheSecondStretchAgainWhenTheFirstFails) {
  Start();
  engine.disk().SetFull(true);
  EXPECT_TRUE(follower->Step());
  EXPECT_TRUE(follower->Step());
  jars.Work();
  EXPECT_GE(follower->counts().faults, 1);
  engine.disk().SetFull(false);
  StepUntilIdle();
  ExpectCaughtUp();
}

TEST_F(FollowerTest, IsNotMisledByASourceThatRepeats) {
  source = [this](int64_t after, int limit) -> absl::StatusOr<std::vector<Record>> {
    if (after == 10) return std::vector<Record>();
    return kitchen.After(std::max<int64_t>(after - 3, 0), limit);
  };
  Start();
  StepUntilIdle();
  ExpectCaughtUp();
  EXPECT_EQ(follower->counts().faults, 0);
}

TEST_F(FollowerTest, AppliesNothingBehindAHoleUntilItIsFilled) {
  const Source whole = source;
  source = [this](int64_t after, int limit) -> absl::StatusOr<std::vector<Record>> {
    auto records = kitchen.After(after, limit);
    std::erase_if(records, [](const Record& record) { return record.position == 6; });
    return records;
  };
  Start();
  for (int i = 0; i < 5; ++i) Step();
  EXPECT_EQ(jars.Applied(), 5);
  EXPECT_EQ(follower->counts().applied, 5);
  EXPECT_THAT(follower->counts().last_fault, HasSubstr("OUT_OF_RANGE"));
  EXPECT_GT(follower->counts().faults, 0);
  source = whole;
  StepUntilIdle();
  ExpectCaughtUp();
  EXPECT_EQ(follower->counts().last_fault, "");
}

TEST_F(FollowerTest, TriesAgainWhenTheSourceFails) {
  const Source whole = source;
  source = [](int64_t, int) -> absl::StatusOr<std::vector<Record>> {
    return absl::UnavailableError("registry is away");
  };
  Start();
  EXPECT_FALSE(Step());
  EXPECT_THAT(follower->counts().last_fault, HasSubstr("registry is away"));
  source = whole;
  StepUntilIdle();
  ExpectCaughtUp();
}

TEST_F(FollowerTest, TriesAgainWhenTheWriterRefuses) {
  jars.limits.queue_requests_max = 1;
  jars.Reopen();
  Start();
  jars.Submit(ledger::Open("b", 1));
  EXPECT_FALSE(follower->Step());
  EXPECT_THAT(follower->counts().last_fault, HasSubstr("RESOURCE_EXHAUSTED"));
  jars.Work();
  StepUntilIdle();
  ExpectCaughtUp();
}

TEST_F(FollowerTest, TriesAgainWhenTheLedgerCannotCommit) {
  Start();
  engine.disk().SetFull(true);
  EXPECT_TRUE(Step());
  EXPECT_EQ(follower->counts().applied, 0);
  EXPECT_THAT(follower->counts().last_fault, HasSubstr("RESOURCE_EXHAUSTED"));
  EXPECT_THAT(moved, IsEmpty());
  engine.disk().SetFull(false);
  StepUntilIdle();
  ExpectCaughtUp();
  EXPECT_THAT(jars.AllParked(), IsEmpty());
}

TEST_F(FollowerTest, IsHeldUpByNoPoison) {
  kitchen.AddGarbage(PlateId(77));
  kitchen.Add(PlateId(77), Served("b", 1));
  kitchen.Add(PlateId(1), Served("a", 1));
  Start();
  StepUntilIdle();
  EXPECT_EQ(jars.Applied(), 13);
  EXPECT_EQ(jars.Beans("a"), 11);
  EXPECT_EQ(jars.Proof().parked, 2);
  EXPECT_EQ(follower->counts().faults, 0);
}

TEST_F(FollowerTest, TakesTheLedgersCursorForTheTruth) {
  Start(4, 7);
  Step();
  EXPECT_EQ(follower->counts().applied, 0) << "the stretch after 7 was a gap";
  StepUntilIdle();
  ExpectCaughtUp();
  // And where the ledger is ahead.
  Start(4, 0);
  StepUntilIdle();
  ExpectCaughtUp();
}

TEST_F(FollowerTest, AppliesNothingOfAnotherEpoch) {
  follower = std::make_unique<Follower>(FollowerOptions{.feed = kKitchen, .epoch = 2}, source,
                                        jars.writer(), 0, nullptr);
  Step();
  EXPECT_EQ(jars.Applied(), 0);
  EXPECT_THAT(follower->counts().last_fault, HasSubstr("ABORTED"));
}

TEST_F(FollowerTest, MayGoWhileAStretchIsOnItsWay) {
  Start();
  EXPECT_TRUE(follower->Step());
  follower.reset();
  jars.Work();
  EXPECT_EQ(jars.Applied(), 4);
  EXPECT_THAT(moved, ElementsAre(4));
}

}  // namespace
}  // namespace learncity::feed
