// Due documents are inputs too, on every engine.
#include <algorithm>
#include <map>

#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DueDocuments : public ContractTest {
 protected:
  void OpenDue(std::string_view jar, seconds after, std::string_view spill = "") {
    OpenJarRequest request = Open(jar, 100);
    request.mutable_jar()->set_due_us((kStart + after).time_since_epoch().count());
    if (!spill.empty()) request.mutable_jar()->set_spill(JarName(spill));
    ASSERT_TRUE(jars.Ask(request).ok());
  }
  void OpenLabelled(std::string_view jar, std::string_view label, std::string_view spill) {
    OpenJarRequest request = Open(jar, 100, label);
    request.mutable_jar()->set_spill(JarName(spill));
    ASSERT_TRUE(jars.Ask(request).ok());
  }
  void PutLid(std::string_view lid, seconds after, std::string_view label = "") {
    PutLidRequest request;
    request.set_lid(Concat("lids/", lid));
    request.set_due_us((kStart + after).time_since_epoch().count());
    request.set_label(std::string(label));
    ASSERT_TRUE(jars.Ask(request).ok());
  }
  void BeginRound(seconds after) {
    BeginRoundRequest request;
    request.mutable_round()->set_name("rounds/1");
    request.mutable_round()->set_due_us((kStart + after).time_since_epoch().count());
    ASSERT_TRUE(jars.Ask(request).ok());
  }
  // In how many jars of these a round has found so many beans, coming by once.
  int64_t CameBy(const std::vector<std::string>& among, int64_t beans) {
    return std::count_if(among.begin(), among.end(), [&](const std::string& jar) {
      const auto tally = jars.FindTally(jar);
      return tally && tally->beans() == beans && tally->servings() == 1;
    });
  }
  int64_t LidEvents() {
    const auto events = jars.Events();
    return std::count_if(events.begin(), events.end(), [](const Record& record) {
      return record.type == LidEvent::descriptor()->full_name();
    });
  }
  int64_t Decided() { return jars.writer().counts().due; }
  bool IsDecided(std::string_view jar) { return jars.FindJar(jar)->has_last_emptied(); }
  void Later(seconds by) {
    jars.now += by;
    jars.Work();
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, DueDocuments, testing::ValuesIn(Engines()), EngineName);

TEST_P(DueDocuments, AreDecidedOnceWhenTheirTimeHasCome) {
  OpenDue("a", seconds(10));
  ASSERT_TRUE(jars.Ask(Fill("a", 3)).ok());
  Later(seconds(9));
  EXPECT_FALSE(IsDecided("a"));
  Later(seconds(1));
  EXPECT_TRUE(IsDecided("a"));
  EXPECT_EQ(jars.Beans("a"), 0);
  const size_t events = jars.Events().size();
  Later(seconds(100));
  jars.Reopen();
  Later(seconds(100));
  EXPECT_EQ(jars.Events().size(), events);
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

TEST_P(DueDocuments, AreDecidedAtTheTimeTheyWereDue) {
  OpenDue("a", seconds(10));
  Later(seconds(3600));
  const JarEvent decided = [&] {
    JarEvent event;
    EXPECT_TRUE(event.ParseFromString(jars.Events().back().data));
    return event;
  }();
  const Time due_at = kStart + seconds(10);
  const int64_t due_us = due_at.time_since_epoch().count();
  EXPECT_EQ(decided.emptied().at_us(), due_us);
  const std::string seed = Concat(JarId("a").ToString(), "/", due_us);
  EXPECT_EQ(decided.emptied().ticket(), TimeOrderedId(due_at, seed, 0).view());
  EXPECT_EQ(jars.Events().back().time, jars.now) << "the record says when it was written";
}

TEST_P(DueDocuments, GiveOutTheSameIdsWhenTheyAreDecidedElsewhereAndLater) {
  OpenDue("a", seconds(10));
  OpenDue("b", seconds(20));
  const auto other_engine = GetParam().make();
  JarLedger other(*other_engine);
  ASSERT_TRUE(other.Open().ok());
  for (const Record& record : jars.Events()) {
    JarEvent event;
    ASSERT_TRUE(event.ParseFromString(record.data));
    OpenJarRequest request;
    *request.mutable_jar() = event.opened();
    ASSERT_TRUE(other.Ask(request).ok());
  }
  Later(seconds(10));
  Later(seconds(10));
  other.now += seconds(5000);
  other.Work();
  const auto events = jars.Events(), others = other.Events();
  ASSERT_THAT(events, SizeIs(4));
  ASSERT_THAT(others, SizeIs(4));
  for (size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].data, others[i].data);
}

TEST_P(DueDocuments, MoveOtherDocumentsThatWereNotLoaded) {
  ASSERT_TRUE(jars.Ask(Open("floor", 100)).ok());
  ASSERT_TRUE(jars.Ask(Fill("floor", 1)).ok());
  OpenDue("a", seconds(10), "floor");
  ASSERT_TRUE(jars.Ask(Fill("a", 7)).ok());
  jars.Reopen();
  Later(seconds(10));
  EXPECT_TRUE(IsDecided("a"));
  EXPECT_EQ(jars.Beans("floor"), 8);
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

TEST_P(DueDocuments, AreDecidedOverTheDocumentsOfTheirCase) {
  ASSERT_TRUE(jars.Ask(Open("floor", 100)).ok());
  OpenLabelled("a", "red", "floor");
  PutLid("on a", seconds(10), "red");
  PutLid("on nothing", seconds(10), "blue");
  jars.Reopen();
  Later(seconds(10));
  EXPECT_EQ(LidEvents(), 4);
  EXPECT_EQ(jars.Beans("floor"), 1);
  EXPECT_EQ(jars.Beans("a"), 0);
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

// Each is decided over what the one before it has left.
TEST_P(DueDocuments, OfOneTurnSeeEachOther) {
  OpenLabelled("a", "red", "b");
  OpenDue("b", seconds(10), "c");
  ASSERT_TRUE(jars.Ask(Open("c", 100)).ok());
  PutLid("1", seconds(10), "red");
  PutLid("2", seconds(10), "red");
  jars.Reopen();
  jars.now += seconds(10);
  jars.writer().Step();
  EXPECT_EQ(Decided(), 3);
  EXPECT_EQ(jars.Beans("b") + jars.Beans("c"), 2);
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

TEST_P(DueDocuments, WhoseCaseRequiresWhatIsNotThereAreTriedAgain) {
  OpenLabelled("a", "red", "floor");
  PutLid("on a", seconds(10), "red");
  Later(seconds(10));
  EXPECT_EQ(LidEvents(), 1);
  EXPECT_EQ(Decided(), 0);
  ASSERT_TRUE(jars.Ask(Open("floor", 100)).ok());
  Later(seconds(10));
  EXPECT_EQ(LidEvents(), 2);
  EXPECT_EQ(jars.Beans("floor"), 1);
}

TEST_P(DueDocuments, WhoseEffectFailsAreTriedAgainAndDoNotHinderOthers) {
  std::map<std::string, int> effects;
  bool broken = true;
  jars.knobs.effect = [&](const Jar& jar) -> absl::Status {
    ++effects[jar.name()];
    if (broken && jar.name() == "jars/a") return absl::UnavailableError("no");
    return absl::OkStatus();
  };
  jars.limits.turn_due_max = 1;
  jars.Reopen();
  OpenDue("a", seconds(10));
  OpenDue("b", seconds(11));
  OpenDue("c", seconds(12));
  Later(seconds(12));
  EXPECT_FALSE(IsDecided("a"));
  EXPECT_TRUE(IsDecided("b"));
  EXPECT_TRUE(IsDecided("c"));
  EXPECT_EQ(effects["jars/a"], 1) << "tried again at once";
  Later(seconds(9));
  EXPECT_EQ(effects["jars/a"], 1);
  broken = false;
  Later(seconds(1));
  EXPECT_EQ(effects["jars/a"], 2);
  EXPECT_TRUE(IsDecided("a"));
  EXPECT_EQ(Decided(), 3);
}

TEST_P(DueDocuments, OnWhichNothingIsDecidedAreLeftAloneForAWhile) {
  jars.knobs.idle = true;
  OpenDue("a", seconds(10));
  Later(seconds(10));
  EXPECT_FALSE(jars.writer().Step());
  EXPECT_EQ(Decided(), 0);
  jars.knobs.idle = false;
  Later(seconds(10));
  EXPECT_TRUE(IsDecided("a"));
}

TEST_P(DueDocuments, HaveTheirShareWhenTheQueueIsAlwaysFull) {
  jars.limits.turn_inputs_max = 4;
  jars.limits.turn_due_max = 2;
  jars.Reopen();
  ASSERT_TRUE(jars.Ask(Open("busy", 1'000'000)).ok());
  for (int i = 0; i < 10; ++i) OpenDue(Concat("due", i), seconds(10));
  jars.now += seconds(10);
  for (int turn = 1; turn <= 5; ++turn) {
    while (jars.writer().queued() < 100) jars.Submit(Fill("busy", 1));
    jars.writer().Step();
    EXPECT_EQ(Decided(), 2 * turn);
    EXPECT_EQ(jars.Beans("busy"), 4 * turn) << "requests have their share too";
  }
}

TEST_P(DueDocuments, OfOneKindDoNotTakeAllPlaces) {
  jars.limits.turn_due_max = 2;
  jars.Reopen();
  for (int i = 0; i < 20; ++i) OpenDue(Concat("due", i), seconds(10));
  PutLid("a", seconds(11));
  jars.now += seconds(60);
  int turns = 0;
  do {
    ASSERT_TRUE(jars.writer().Step());
    ++turns;
  } while (LidEvents() < 2 && turns < 10);
  EXPECT_LE(turns, 3);
}

TEST_P(DueDocuments, LeaveRoomForAnInputInATurnTheyFill) {
  jars.limits.turn_documents_max = 2;
  jars.Reopen();
  ASSERT_TRUE(jars.Ask(Open("busy", 100)).ok());
  for (int i = 0; i < 6; ++i) OpenDue(Concat("due", i), seconds(10));
  jars.now += seconds(10);
  const ReplyPtr reply = jars.Submit(Fill("busy", 1));
  jars.writer().Step();
  EXPECT_EQ(reply->Word(), "ok");
  EXPECT_EQ(Decided(), 2);
  jars.Work();
  EXPECT_EQ(Decided(), 6);
}

TEST_P(DueDocuments, DoNotWaitForAClockThatWasSetBack) {
  jars.now += std::chrono::hours(1);
  jars.Work();
  jars.now = kStart;
  OpenDue("a", seconds(1));
  Later(seconds(1));
  EXPECT_TRUE(IsDecided("a"));
}

TEST_P(DueDocuments, AreDecidedInATurnThatAnotherInputSpoils) {
  OpenDue("a", seconds(10));
  OpenDue("b", seconds(10));
  jars.now += seconds(10);
  const ReplyPtr good = jars.Submit(Open("c", 1, "red"));
  OpenJarRequest taken = Open("d", 1, "red");
  taken.set_careless(true);
  const ReplyPtr bad = jars.Submit(taken);
  jars.Work();
  EXPECT_EQ(good->Word(), "ok");
  EXPECT_EQ(bad->Word(), "ALREADY_EXISTS");
  EXPECT_TRUE(IsDecided("a"));
  EXPECT_TRUE(IsDecided("b"));
  EXPECT_EQ(Decided(), 2);
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

TEST_P(DueDocuments, ThatWalkComeByEachDocumentOnceASliceAtATime) {
  const std::vector<std::string> five = {"a", "b", "c", "d", "e"};
  for (const std::string& jar : five) {
    ASSERT_TRUE(jars.Ask(Open(jar, 100)).ok());
    ASSERT_TRUE(jars.Ask(Fill(jar, 7)).ok());
  }
  BeginRound(seconds(10));
  jars.now += seconds(10);
  for (const int64_t jars_so_far : {2, 4, 5}) {
    jars.writer().Step();
    EXPECT_EQ(CameBy(five, 7), jars_so_far);
    jars.Reopen();
  }
  const size_t events = jars.Events().size();
  Later(seconds(100));
  EXPECT_EQ(jars.Events().size(), events);
  EXPECT_EQ(Decided(), 0) << "since it was opened again";
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

// A due document before it in the turn has filled the floor.
TEST_P(DueDocuments, ThatWalkSeeWhatTheirTurnHasChanged) {
  ASSERT_TRUE(jars.Ask(Open("floor", 100)).ok());
  OpenDue("a", seconds(9), "floor");
  ASSERT_TRUE(jars.Ask(Fill("a", 7)).ok());
  jars.knobs.slice = 10;
  BeginRound(seconds(10));
  jars.Reopen();
  jars.now += seconds(10);
  // Each look begins with another table: with that of the jars here.
  jars.writer().Step();
  EXPECT_EQ(Decided(), 2);
  EXPECT_EQ(CameBy({"floor"}, 7), 1);
  EXPECT_EQ(CameBy({"a"}, 0), 1);
}

TEST_P(DueDocuments, ThatWalkAndDecideNothingLeaveNothingWritten) {
  ASSERT_TRUE(jars.Ask(Open("a", 100)).ok());
  BeginRound(seconds(10));
  jars.knobs.idle = true;
  jars.now += seconds(10);
  const ReplyPtr reply = jars.Submit(Fill("a", 7));
  jars.Work();
  EXPECT_EQ(reply->Word(), "ok");
  EXPECT_EQ(jars.FindTally("a"), std::nullopt);
  EXPECT_EQ(Decided(), 0);
  jars.knobs.idle = false;
  Later(seconds(10));
  EXPECT_EQ(CameBy({"a"}, 7), 1);
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

}  // namespace
}  // namespace learncity::ledger
