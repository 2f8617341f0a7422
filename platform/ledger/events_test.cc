// Events of a followed feed take effect exactly once, on every engine.
#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FollowedEvents : public ContractTest {
 protected:
  Kitchen kitchen;

  // Positions and reasons of what is parked.
  std::vector<std::pair<int64_t, std::string>> AllParked() {
    std::vector<std::pair<int64_t, std::string>> parked;
    for (const Parked& p : jars.AllParked()) parked.emplace_back(p.record.position, p.reason);
    return parked;
  }
  int Replay(const Id& subject) {
    const DonePtr done = jars.SubmitReplay(subject);
    jars.Work();
    EXPECT_EQ(done->calls, 1);
    EXPECT_TRUE(done->status.ok()) << done->status.ToString();
    return static_cast<int>(done->applied);
  }
  void ExpectSound() { EXPECT_THAT(jars.Divergences(kitchen.records()), IsEmpty()); }
};

INSTANTIATE_TEST_SUITE_P(Engines, FollowedEvents, testing::ValuesIn(Engines()), EngineName);

constexpr char kBehind[] = "follows a parked event of the same aggregate";

TEST_P(FollowedEvents, MoveReferencesDerivedAndOwnDocumentsWithTheCursorInOneTurn) {
  const Done done =
      jars.Feed({kitchen.Add(PlateId(1), Served("a", 3)), kitchen.Add(PlateId(1), Served("a", 4))});
  EXPECT_TRUE(done.status.ok());
  EXPECT_EQ(done.applied, 2);
  EXPECT_EQ(jars.FindPlate(PlateId(1))->beans(), 7);
  EXPECT_EQ(jars.FindTally("a")->servings(), 2);
  EXPECT_EQ(jars.FindTally("a")->beans(), 7);
  EXPECT_EQ(jars.Beans("a"), 7);
  EXPECT_EQ(jars.Applied(), 2);
  const auto turns = jars.Turns();
  ASSERT_THAT(turns, SizeIs(1));
  EXPECT_EQ(turns[0].cursors, "kitchen/1/2");
  EXPECT_EQ(turns[0].last_position, 3);
  ExpectSound();
}

TEST_P(FollowedEvents, AreSkippedWhenTheCursorIsPastThem) {
  kitchen.Add(PlateId(1), Served("a", 1));
  kitchen.Add(PlateId(1), Served("a", 1));
  ASSERT_EQ(jars.Feed(kitchen.records()).applied, 2);
  kitchen.Add(PlateId(1), Served("a", 1));
  EXPECT_EQ(jars.Feed(kitchen.records()).applied, 3);
  const Head head = jars.ledger().head();
  const Done again = jars.Feed(kitchen.records());
  EXPECT_TRUE(again.status.ok());
  EXPECT_EQ(again.applied, 3);
  EXPECT_EQ(jars.ledger().head().turn, head.turn) << "a repetition wrote a turn";
  EXPECT_EQ(jars.Beans("a"), 3);
  EXPECT_EQ(jars.FindTally("a")->servings(), 3);
}

TEST_P(FollowedEvents, AreSkippedWithinTheTurnThatAppliedThem) {
  kitchen.Add(PlateId(1), Served("a", 1));
  const DonePtr first = jars.SubmitKitchen(kitchen.records());
  const DonePtr second = jars.SubmitKitchen(kitchen.records());
  jars.Work();
  EXPECT_EQ(first->applied, 1);
  EXPECT_EQ(second->applied, 1);
  EXPECT_EQ(jars.Beans("a"), 1);
}

TEST_P(FollowedEvents, BehindAGapAreNotApplied) {
  for (int i = 0; i < 4; ++i) kitchen.Add(PlateId(i), Served("a", 1));
  const auto& all = kitchen.records();
  const Done ahead = jars.Feed({all[1], all[2]});
  EXPECT_EQ(ahead.status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(ahead.applied, 0);
  EXPECT_EQ(jars.ledger().head().turn, 0);
  const Done holed = jars.Feed({all[0], all[2], all[3]});
  EXPECT_EQ(holed.status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(holed.applied, 1) << "what stands before the gap is applied";
  EXPECT_EQ(jars.Beans("a"), 1);
  EXPECT_EQ(jars.Applied(), 1);
  EXPECT_EQ(jars.Feed(all).applied, 4);
  EXPECT_EQ(jars.Beans("a"), 4);
}

TEST_P(FollowedEvents, OfAnotherEpochAreNotApplied) {
  const Done done = jars.Feed({kitchen.Add(PlateId(1), Served("a", 1))}, 2);
  EXPECT_EQ(done.status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(jars.Applied(), 0);
  EXPECT_FALSE(jars.FindJar("a").has_value());
}

TEST_P(FollowedEvents, ThatNobodyWantsMoveTheCursor) {
  Record unwanted = kitchen.Add(PlateId(1), Served("a", 1));
  unwanted.type = "kitchen.StoveLit";
  EXPECT_EQ(jars.Feed({unwanted}).applied, 1);
  EXPECT_EQ(jars.Applied(), 1);
  EXPECT_FALSE(jars.FindPlate(PlateId(1)).has_value());
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

TEST_P(FollowedEvents, SurviveReopening) {
  kitchen.Add(PlateId(1), Served("a", 1));
  ASSERT_EQ(jars.Feed(kitchen.records()).applied, 1);
  jars.Reopen();
  kitchen.Add(PlateId(1), Served("a", 1));
  EXPECT_EQ(jars.Feed(kitchen.records()).applied, 2);
  EXPECT_EQ(jars.FindPlate(PlateId(1))->beans(), 2);
  EXPECT_EQ(jars.FindTally("a")->servings(), 2);
  ExpectSound();
}

TEST_P(FollowedEvents, GiveOutTheSameIdsWhenTheyAreReplayed) {
  for (int i = 0; i < 5; ++i) kitchen.Add(PlateId(i), Served(Concat("jar", i), 1));
  // Elsewhere: another time, and in other turns.
  const auto other_engine = GetParam().make();
  JarLedger other(*other_engine);
  other.now = kStart + std::chrono::hours(5);
  ASSERT_TRUE(other.Open().ok());
  for (const Record& record : kitchen.records())
    ASSERT_EQ(other.Feed({record}).applied, record.position);
  ASSERT_EQ(jars.Feed(kitchen.records()).applied, 5);
  const auto events = jars.Events(), others = other.Events();
  ASSERT_EQ(events.size(), others.size());
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].subject, others[i].subject);
    EXPECT_EQ(events[i].data, others[i].data);
  }
  JarEvent opened;
  ASSERT_TRUE(opened.ParseFromString(events[0].data));
  EXPECT_EQ(opened.opened().note(),
            TimeOrderedId(kitchen.records()[0].time, "kitchen/1/1", 0).view());
}

TEST_P(FollowedEvents, ThatDoNotDecodeParkTheirAggregateAndNothingElse) {
  kitchen.Add(PlateId(1), Served("a", 1));
  kitchen.AddGarbage(PlateId(1));
  kitchen.Add(PlateId(2), Served("b", 1));
  kitchen.Add(PlateId(1), Served("a", 1));
  const Done done = jars.Feed(kitchen.records());
  EXPECT_TRUE(done.status.ok());
  EXPECT_EQ(done.applied, 4);
  EXPECT_THAT(AllParked(), ElementsAre(std::pair(2, "not a learncity.ledger_testing.v1.PlateEvent"),
                                       std::pair(4, kBehind)));
  EXPECT_EQ(jars.Beans("a"), 1);
  EXPECT_EQ(jars.Beans("b"), 1);
  jars.Reopen();
  kitchen.Add(PlateId(1), Served("a", 1));
  kitchen.Add(PlateId(2), Served("b", 1));
  ASSERT_EQ(jars.Feed(kitchen.records()).applied, 6);
  EXPECT_THAT(AllParked(), SizeIs(3));
  EXPECT_EQ(jars.Beans("b"), 2);
  EXPECT_EQ(jars.Proof().parked, 3);
  ExpectSound();
}

TEST_P(FollowedEvents, OfALaterReleaseAreParked) {
  kitchen.AddUnknown(PlateId(1));
  EXPECT_EQ(jars.Feed(kitchen.records()).applied, 1);
  ASSERT_THAT(jars.AllParked(), SizeIs(1));
  EXPECT_THAT(jars.AllParked()[0].reason, HasSubstr("does not know"));
  EXPECT_EQ(jars.AllParked()[0].record.data, kitchen.records()[0].data);
  EXPECT_EQ(Replay(PlateId(1)), 0);
  EXPECT_THAT(jars.AllParked(), SizeIs(1));
}

TEST_P(FollowedEvents, WithoutAOneofAreNotTakenForThoseOfALaterRelease) {
  EXPECT_EQ(jars.Feed({kitchen.Add(PlateId(1), KitchenClosed())}).applied, 1);
  EXPECT_THAT(jars.AllParked(), IsEmpty());
  EXPECT_EQ(jars.reader().Count(*jars.schema().ByDocument(Tally::descriptor())).value(), 1);
}

TEST_P(FollowedEvents, WhoseEffectCannotCommitAreParkedAndDoNotBlockTheFeed) {
  kitchen.Add(PlateId(1), Marked("red"));
  kitchen.Add(PlateId(2), Marked("red"));
  kitchen.Add(PlateId(3), Served("c", 1));
  kitchen.Add(PlateId(2), Served("b", 1));
  const ReplyPtr beside = jars.Submit(Open("x", 1));
  const Done done = jars.Feed(kitchen.records());
  EXPECT_TRUE(done.status.ok()) << done.status.ToString();
  EXPECT_EQ(done.applied, 4);
  EXPECT_EQ(beside->Word(), "ok");
  const auto parked = AllParked();
  ASSERT_THAT(parked, SizeIs(2));
  EXPECT_EQ(parked[0].first, 2);
  EXPECT_THAT(parked[0].second, HasSubstr("ALREADY_EXISTS"));
  EXPECT_EQ(parked[1], std::pair(int64_t{4}, std::string(kBehind)));
  EXPECT_EQ(jars.FindPlate(PlateId(1))->mark(), "red");
  EXPECT_EQ(jars.Beans("c"), 1);
  EXPECT_EQ(jars.Beans("b"), -1);
  EXPECT_EQ(jars.writer().counts().parked, 2);
  ExpectSound();
}

TEST_P(FollowedEvents, ThatWereParkedAreReplayedInOrderAfterTheRepair) {
  kitchen.Add(PlateId(1), Marked("red"));
  kitchen.Add(PlateId(2), Marked("red"));
  kitchen.Add(PlateId(2), Served("b", 1));
  kitchen.Add(PlateId(2), Served("b", 2));
  ASSERT_EQ(jars.Feed(kitchen.records()).applied, 4);
  ASSERT_THAT(jars.AllParked(), SizeIs(3));
  const DonePtr early = jars.SubmitReplay(PlateId(2));
  jars.Work();
  EXPECT_EQ(early->status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(early->applied, 0);
  EXPECT_THAT(jars.AllParked(), SizeIs(3)) << "a replay that failed changed something";
  kitchen.Add(PlateId(1), Marked("blue"));
  ASSERT_EQ(jars.Feed(kitchen.records()).applied, 5);
  EXPECT_EQ(Replay(PlateId(2)), 3);
  EXPECT_THAT(jars.AllParked(), IsEmpty());
  EXPECT_EQ(jars.FindPlate(PlateId(2))->mark(), "red");
  EXPECT_EQ(jars.FindPlate(PlateId(2))->beans(), 3);
  EXPECT_EQ(jars.Beans("b"), 3);
  EXPECT_EQ(jars.Proof().parked, 0);
  EXPECT_EQ(Replay(PlateId(2)), 0);
  kitchen.Add(PlateId(2), Served("b", 4));
  ASSERT_EQ(jars.Feed(kitchen.records()).applied, 6);
  EXPECT_EQ(jars.Beans("b"), 7);
  ExpectSound();
}

TEST_P(FollowedEvents, AreReplayedUpToTheOneThatStillFails) {
  kitchen.Add(PlateId(1), Marked("red"));
  kitchen.Add(PlateId(3), Marked("green"));
  kitchen.Add(PlateId(2), Marked("red"));
  kitchen.Add(PlateId(2), Marked("green"));
  kitchen.Add(PlateId(2), Served("b", 1));
  kitchen.Add(PlateId(1), Marked("blue"));
  ASSERT_EQ(jars.Feed(kitchen.records()).applied, 6);
  const DonePtr replay = jars.SubmitReplay(PlateId(2));
  jars.Work();
  EXPECT_EQ(replay->calls, 1);
  EXPECT_EQ(replay->status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(replay->applied, 1);
  EXPECT_EQ(jars.FindPlate(PlateId(2))->mark(), "red");
  EXPECT_THAT(jars.AllParked(), SizeIs(2));
  ExpectSound();
}

TEST_P(FollowedEvents, AreParkedAndReplayedWithinOneTurn) {
  kitchen.AddGarbage(PlateId(1));
  ASSERT_EQ(jars.Feed(kitchen.records()).applied, 1);
  kitchen.Add(PlateId(1), Served("a", 1));
  kitchen.Add(PlateId(2), Served("b", 1));
  const DonePtr events = jars.SubmitKitchen(kitchen.records());
  const DonePtr replay = jars.SubmitReplay(PlateId(1));
  const DonePtr again = jars.SubmitReplay(PlateId(1));
  jars.Work();
  EXPECT_EQ(events->applied, 3);
  EXPECT_EQ(replay->applied, 0);
  EXPECT_EQ(again->applied, 0);
  EXPECT_THAT(AllParked(), SizeIs(2)) << "parked twice, or lost";
  ExpectSound();
}

// A replay that moves no document still takes its events out of the parked ones.
TEST_P(FollowedEvents, ThatNobodyWantsAnyMoreAreReplayedToNothing) {
  const Record record = kitchen.Add(PlateId(1), Served("a", 1));
  ASSERT_TRUE(jars.ledger().Begin().ok());
  Parked parked{.feed = kKitchen, .record = record, .reason = "an older release parked it"};
  parked.record.type = "kitchen.StoveLit";
  TurnWrites writes{.time = jars.now};
  writes.parked = {parked};
  writes.cursors = {{.feed = kKitchen, .epoch = 1, .position = 1}};
  ASSERT_TRUE(jars.ledger().Commit(writes).ok());
  EXPECT_EQ(Replay(PlateId(1)), 1);
  EXPECT_THAT(jars.AllParked(), IsEmpty());
}

TEST_P(FollowedEvents, AreParkedFeedByFeed) {
  kitchen.AddGarbage(PlateId(1));
  ASSERT_EQ(jars.Feed(kitchen.records()).applied, 1);
  Record record = kitchen.records()[0];
  record.data = Served("a", 1).SerializeAsString();
  const DonePtr done =
      jars.Submit(EventInput{.feed = "canteen", .epoch = 1, .records = {record}, .done = {}});
  jars.Work();
  EXPECT_EQ(done->applied, 1);
  EXPECT_EQ(jars.Beans("a"), 1);
  EXPECT_THAT(jars.AllParked(), SizeIs(1));
  EXPECT_EQ(jars.Applied(), 1);
}

}  // namespace
}  // namespace learncity::ledger
