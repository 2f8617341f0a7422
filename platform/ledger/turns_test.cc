// What one turn promises, on every engine.
#include <set>

#include "google/protobuf/util/message_differencer.h"
#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"
#include "platform/testing/draws.h"

namespace learncity::ledger {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

class Turns : public ContractTest {
 protected:
  // How many events each turn committed.
  std::vector<int64_t> EventsPerTurn() {
    std::vector<int64_t> events;
    for (const TurnRow& turn : jars.Turns()) {
      events.push_back(turn.last_position - turn.first_position + 1);
    }
    return events;
  }
  // Opens the jars of these names in turns of their own.
  void Given(const std::vector<std::string>& names, int64_t limit) {
    for (const std::string& name : names) ASSERT_TRUE(jars.Ask(Open(name, limit)).ok());
  }
  std::vector<std::string> Words(const std::vector<ReplyPtr>& replies) {
    std::vector<std::string> words;
    for (const ReplyPtr& reply : replies) words.push_back(reply->Word());
    return words;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, Turns, testing::ValuesIn(Engines()), EngineName);

bool operator==(const Head& a, const Head& b) {
  return a.epoch == b.epoch && a.position == b.position && a.turn == b.turn && a.seal == b.seal;
}

TEST_P(Turns, GiveEventsPositionsWithoutHoles) {
  Given({"a", "b"}, 100);
  for (int i = 0; i < 5; ++i) jars.Submit(Pour("a", "b", 0));
  jars.Submit(Fill("a", 1));
  jars.Submit(Fill("missing", 1));
  jars.Work();
  const auto events = jars.Events();
  ASSERT_THAT(events, SizeIs(13));
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].position, static_cast<int64_t>(i) + 1);
  }
  EXPECT_EQ(jars.ledger().head().position, 13);
  EXPECT_THAT(EventsPerTurn(), ElementsAre(1, 1, 11));
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

TEST_P(Turns, LeaveDocumentsThatAreTheFoldOfTheirEvents) {
  Draws draws(20260101);
  const std::vector<std::string> names = {"a", "b", "c", "d", "e"};
  for (int i = 0; i < 400; ++i) {
    const std::string& name = draws.OneOf(names);
    switch (draws.Below(5)) {
      case 0:
        jars.Submit(Open(name, 20 + draws.Below(20)));
        break;
      case 1:
        jars.Submit(Pour(name, draws.OneOf(names), draws.Below(4)));
        break;
      case 2:
        jars.Submit(Label(name, Concat("label ", draws.Below(6))));
        break;
      default:
        jars.Submit(Fill(name, draws.Below(3)));
        break;
    }
    if (draws.Below(4) == 0) jars.Work();
    if (draws.Below(50) == 0) jars.Reopen();
  }
  jars.Work();
  std::map<Id, std::pair<Jar, int64_t>> folded;
  for (const Record& record : jars.Events()) {
    JarEvent event;
    ASSERT_TRUE(event.ParseFromString(record.data));
    auto& [jar, version] = folded[record.subject];
    Evolve(jar, event);
    EXPECT_EQ(record.version, ++version);
  }
  EXPECT_EQ(jars.reader().Count(jars.jars()).value(), static_cast<int64_t>(folded.size()));
  for (const auto& [id, expected] : folded) {
    const auto row = jars.reader().Get(jars.jars(), id).value();
    ASSERT_TRUE(row.has_value());
    Jar stored;
    ASSERT_TRUE(stored.ParseFromString(row->bytes));
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(stored, expected.first));
    EXPECT_EQ(row->version, expected.second);
  }
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

TEST_P(Turns, LetInputsOfOneTurnSeeEachOther) {
  const ReplyPtr opened = jars.Submit(Open("a", 5));
  std::vector<ReplyPtr> fills;
  for (int i = 0; i < 8; ++i) fills.push_back(jars.Submit(Fill("a", 1)));
  jars.Work();
  EXPECT_EQ(opened->Word(), "ok");
  EXPECT_THAT(Words(fills),
              ElementsAre("ok", "ok", "ok", "ok", "ok", "JAR_FULL", "JAR_FULL", "JAR_FULL"));
  EXPECT_EQ(jars.Beans("a"), 5);
  EXPECT_THAT(EventsPerTurn(), ElementsAre(6));
}

TEST_P(Turns, FindWhatEarlierInputsOfTheTurnLabelled) {
  const ReplyPtr first = jars.Submit(Open("a", 5, "red"));
  const ReplyPtr second = jars.Submit(Open("b", 5, "red"));
  const ReplyPtr freed = jars.Submit(Label("a", "blue"));
  const ReplyPtr third = jars.Submit(Open("c", 5, "red"));
  const ReplyPtr fourth = jars.Submit(Open("d", 5, "blue"));
  jars.Work();
  EXPECT_THAT(Words({first, second, freed, third, fourth}),
              ElementsAre("ok", "LABEL_TAKEN", "ok", "ok", "LABEL_TAKEN"));
  EXPECT_EQ(jars.FindJar("c")->label(), "red");
}

TEST_P(Turns, TakeALabelOverThatAnotherInputFreed) {
  ASSERT_TRUE(jars.Ask(Open("a", 5, "red")).ok());
  ASSERT_TRUE(jars.Ask(Open("b", 5)).ok());
  // b is written before a where the turn keeps the order of first changes.
  const std::vector<ReplyPtr> replies = {jars.Submit(Fill("b", 1)), jars.Submit(Label("a", "")),
                                         jars.Submit(Label("b", "red"))};
  jars.Work();
  EXPECT_THAT(Words(replies), Each("ok"));
  EXPECT_EQ(jars.Ask(Open("c", 5, "red")).Word(), "LABEL_TAKEN");
  EXPECT_EQ(jars.FindJar("b")->label(), "red");
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

// The label passes from a to b, though b takes it first: what counts is how the turn leaves them.
TEST_P(Turns, KnowWhoHoldsALabelThatTwoHadForAMoment) {
  ASSERT_TRUE(jars.Ask(Open("a", 5, "red")).ok());
  ASSERT_TRUE(jars.Ask(Open("b", 5)).ok());
  const std::vector<ReplyPtr> replies = {jars.Submit(Fill("a", 1)), jars.Submit(Label("b", "red")),
                                         jars.Submit(Label("a", "")),
                                         jars.Submit(Open("c", 5, "red"))};
  jars.Work();
  EXPECT_THAT(Words(replies), ElementsAre("ok", "ok", "ok", "LABEL_TAKEN"));
  EXPECT_EQ(jars.FindJar("b")->label(), "red");
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

// In one input too, in either order of its events.
TEST_P(Turns, PassALabelOnToANewJar) {
  ASSERT_TRUE(jars.Ask(Open("a", 5, "red")).ok());
  ASSERT_TRUE(jars.Ask(PassLabel("a", "b")).ok());
  PassLabelRequest back = PassLabel("b", "c");
  back.set_loses_first(true);
  ASSERT_TRUE(jars.Ask(back).ok());
  EXPECT_EQ(jars.Ask(Open("d", 5, "red")).Word(), "LABEL_TAKEN");
  jars.Reopen();
  EXPECT_EQ(jars.Ask(Open("d", 5, "red")).Word(), "LABEL_TAKEN");
  EXPECT_EQ(jars.FindJar("a")->label(), "");
  EXPECT_EQ(jars.FindJar("b")->label(), "");
  EXPECT_EQ(jars.FindJar("c")->label(), "red");
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

// The jars are written in the order of their first changes, each before the one it takes from.
TEST_P(Turns, PassLabelsOnAlongARowOfJars) {
  ASSERT_TRUE(jars.Ask(Open("a", 5, "red")).ok());
  ASSERT_TRUE(jars.Ask(Open("b", 5, "blue")).ok());
  ASSERT_TRUE(jars.Ask(Open("c", 5)).ok());
  const std::vector<ReplyPtr> replies = {
      jars.Submit(Fill("c", 1)), jars.Submit(Fill("b", 1)), jars.Submit(Label("a", "")),
      jars.Submit(Label("b", "red")), jars.Submit(Label("c", "blue"))};
  jars.Work();
  EXPECT_THAT(Words(replies), Each("ok"));
  EXPECT_THAT(EventsPerTurn(), ElementsAre(1, 1, 1, 5)) << "the turn failed and ran again";
  EXPECT_EQ(jars.FindJar("b")->label(), "red");
  EXPECT_EQ(jars.FindJar("c")->label(), "blue");
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

TEST_P(Turns, ChangeNothingForARefusedRequest) {
  Given({"a"}, 1);
  const Head before = jars.ledger().head();
  const size_t commits = jars.commits.size();
  EXPECT_EQ(jars.Ask(Fill("a", 2)).Word(), "JAR_FULL");
  EXPECT_TRUE(jars.ledger().head() == before);
  EXPECT_TRUE(jars.reader().ReadHead().value() == before);
  EXPECT_EQ(jars.commits.size(), commits) << "told of a commit that was none";
  EXPECT_EQ(jars.FindJar("a")->beans(), 0);
}

TEST_P(Turns, RefuseARequestThatNamesAMissingDocument) {
  const Reply reply = jars.Ask(Fill("a", 1));
  ASSERT_EQ(reply.Word(), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(reply.refusal->code, absl::StatusCode::kNotFound);
  EXPECT_EQ(reply.refusal->resource, "jars/a");
}

TEST_P(Turns, RefuseOneRequestAndCommitTheOthers) {
  const std::vector<ReplyPtr> replies = {jars.Submit(Open("a", 3)), jars.Submit(Fill("a", 9)),
                                         jars.Submit(Fill("a", 3))};
  jars.Work();
  EXPECT_THAT(Words(replies), ElementsAre("ok", "JAR_FULL", "ok"));
  EXPECT_EQ(replies[2]->position, 2);
  EXPECT_EQ(replies[2]->version, 2);
  EXPECT_EQ(replies[2]->jar->beans(), 3);
  EXPECT_EQ(jars.writer().counts().refused, 1);
}

TEST_P(Turns, TakeNoMoreInputsThanTheLimit) {
  jars.limits.turn_inputs_max = 3;
  jars.Reopen();
  std::vector<ReplyPtr> replies;
  for (int i = 0; i < 7; ++i) replies.push_back(jars.Submit(Open(Concat("jar", i), 1)));
  jars.Work();
  EXPECT_THAT(Words(replies), Each("ok"));
  EXPECT_THAT(EventsPerTurn(), ElementsAre(3, 3, 1));
}

TEST_P(Turns, ChangeNoMoreDocumentsThanTheLimit) {
  jars.limits.turn_documents_max = 2;
  jars.Reopen();
  std::vector<ReplyPtr> replies;
  for (int i = 0; i < 5; ++i) replies.push_back(jars.Submit(Open(Concat("jar", i), 1)));
  EXPECT_TRUE(jars.writer().Step());
  EXPECT_THAT(Words(replies),
              ElementsAre("ok", "ok", "called 0 times", "called 0 times", "called 0 times"));
  jars.Work();
  EXPECT_THAT(Words(replies), Each("ok"));
  EXPECT_THAT(EventsPerTurn(), ElementsAre(2, 2, 1));
}

TEST_P(Turns, WriteNoMoreBytesThanTheLimit) {
  jars.limits.turn_bytes_max = 2500;
  jars.Reopen();
  std::vector<ReplyPtr> replies;
  for (int i = 0; i < 7; ++i) {
    OpenJarRequest request = Open(Concat("jar", i), 1);
    request.mutable_jar()->set_note(std::string(1000, 'n'));
    replies.push_back(jars.Submit(request));
  }
  jars.Work();
  EXPECT_THAT(Words(replies), Each("ok"));
  EXPECT_THAT(EventsPerTurn(), ElementsAre(3, 3, 1));
}

TEST_P(Turns, CutAStretchOfEventsAtTheLimit) {
  jars.limits.turn_documents_max = 7;
  jars.Reopen();
  Kitchen kitchen;
  for (int i = 0; i < 10; ++i) kitchen.Add(PlateId(i), Served(Concat("jar", i), 1));
  const ReplyPtr before = jars.Submit(Open("a", 1));
  const DonePtr done = jars.SubmitKitchen(kitchen.records());
  const ReplyPtr behind = jars.Submit(Open("b", 1));
  EXPECT_TRUE(jars.writer().Step());
  EXPECT_EQ(before->Word(), "ok");
  EXPECT_EQ(done->calls, 0);
  EXPECT_EQ(jars.Applied(), 2) << "a plate, a jar and a tally each, on top of the opened jar";
  jars.Work();
  EXPECT_EQ(done->calls, 1);
  EXPECT_TRUE(done->status.ok()) << done->status.ToString();
  EXPECT_EQ(done->applied, 10);
  EXPECT_EQ(behind->Word(), "ok");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(jars.Beans(Concat("jar", i)), 1);
  // Each event opens a jar and fills it.
  EXPECT_THAT(EventsPerTurn(), Each(Le(6)));
  EXPECT_THAT(jars.Divergences(kitchen.records()), IsEmpty());
}

TEST_P(Turns, ShedWhatDoesNotFitTheQueue) {
  jars.limits.queue_requests_max = 2;
  jars.Reopen();
  const std::vector<ReplyPtr> replies = {jars.Submit(Open("a", 1)), jars.Submit(Open("b", 1)),
                                         jars.Submit(Open("c", 1))};
  EXPECT_EQ(replies[2]->fault.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(jars.writer().queued(), 2);
  jars.Work();
  EXPECT_THAT(Words(replies), ElementsAre("ok", "ok", "called 0 times"));
  EXPECT_EQ(jars.writer().counts().shed, 1);
  EXPECT_TRUE(jars.Ask(Open("c", 1)).ok()) << "there is room again";
}

TEST_P(Turns, DoNotRunARequestWhoseDeadlineHasPassed) {
  const ReplyPtr late =
      jars.Submit(Open("a", 1), {.request_id = jars.NewRequestId(), .deadline = jars.now});
  const ReplyPtr early = jars.Submit(
      Open("b", 1),
      {.request_id = jars.NewRequestId(), .deadline = jars.now + std::chrono::seconds(1)});
  jars.now += std::chrono::seconds(1);
  jars.Work();
  EXPECT_EQ(late->Word(), "DEADLINE_EXCEEDED");
  EXPECT_EQ(early->Word(), "ok");
  EXPECT_FALSE(jars.FindJar("a").has_value());
}

TEST_P(Turns, AnswerWhatIsQueuedAfterClose) {
  const ReplyPtr queued = jars.Submit(Open("a", 1));
  jars.writer().Close();
  const ReplyPtr late = jars.Submit(Open("b", 1));
  EXPECT_EQ(late->fault.code(), absl::StatusCode::kUnavailable);
  jars.Work();
  EXPECT_EQ(queued->Word(), "ok");
  EXPECT_EQ(late->calls, 0);
}

TEST_P(Turns, AnswerEverythingWhenAbandoned) {
  Kitchen kitchen;
  const DonePtr events = jars.SubmitKitchen({kitchen.Add(PlateId(1), Served("a", 1))});
  const DonePtr replay = jars.SubmitReplay(PlateId(1));
  const ReplyPtr request = jars.Submit(Open("a", 1));
  jars.writer().Abandon();
  EXPECT_EQ(request->Word(), "UNAVAILABLE");
  for (const DonePtr& done : {events, replay}) {
    EXPECT_EQ(done->calls, 1);
    EXPECT_EQ(done->status.code(), absl::StatusCode::kUnavailable);
  }
  EXPECT_FALSE(jars.writer().Step());
  EXPECT_EQ(jars.ledger().head().turn, 0);
}

TEST_P(Turns, ThatCannotCommitHarmOnlyTheBadInput) {
  OpenJarRequest careless = Open("b", 5, "red");
  careless.set_careless(true);
  Kitchen kitchen;
  bool checked = false;
  const std::vector<ReplyPtr> replies = {jars.Submit(Open("a", 5, "red")), jars.Submit(careless),
                                         jars.Submit(Open("c", 5, "blue")),
                                         jars.Submit(Fill("c", 6)), jars.Submit(Fill("a", 2))};
  const ReplyPtr late = jars.Submit(Fill("a", 1), {.request_id = jars.NewRequestId(),
                                                   .deadline = jars.now - std::chrono::seconds(1)});
  const DonePtr events = jars.SubmitKitchen({kitchen.Add(PlateId(1), Served("a", 1))});
  const DonePtr replay = jars.SubmitReplay(PlateId(1));
  ASSERT_TRUE(jars.writer()
                  .Submit(CheckInput{.kind = Jar::descriptor(),
                                     .id = JarId("a"),
                                     .act = [&](bool present) { checked = present; }})
                  .ok());
  jars.Work();
  EXPECT_THAT(Words(replies), ElementsAre("ok", "ALREADY_EXISTS", "ok", "JAR_FULL", "ok"));
  EXPECT_EQ(late->Word(), "DEADLINE_EXCEEDED");
  EXPECT_EQ(events->calls, 1);
  EXPECT_EQ(events->applied, 1);
  EXPECT_EQ(replay->calls, 1);
  EXPECT_TRUE(checked);
  EXPECT_EQ(jars.Beans("a"), 3);
  EXPECT_THAT(jars.Divergences(kitchen.records()), IsEmpty());
  EXPECT_EQ(jars.ledger().head().position, static_cast<int64_t>(jars.Events().size()));
}

TEST_P(Turns, ForgetWhatATurnThatFailedHadMadeUp) {
  OpenJarRequest careless = Open("b", 5, "red");
  careless.set_careless(true);
  ASSERT_TRUE(jars.Ask(Open("a", 5, "red")).ok());
  EXPECT_EQ(jars.Ask(careless).Word(), "ALREADY_EXISTS");
  EXPECT_EQ(jars.Ask(Fill("b", 1)).Word(), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(jars.Ask(Open("c", 5, "red")).Word(), "LABEL_TAKEN");
  ASSERT_TRUE(jars.Ask(Label("a", "blue")).ok());
  EXPECT_EQ(jars.Ask(Open("b", 5, "red")).Word(), "ok");
  EXPECT_EQ(jars.FindJar("b")->label(), "red");
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

// A caller that only a failed turn had named is named anew by the next.
TEST_P(Turns, ForgetTheCallersOfATurnThatFailed) {
  ASSERT_TRUE(jars.Ask(Open("a", 5, "red")).ok());
  OpenJarRequest careless = Open("b", 5, "red");
  careless.set_careless(true);
  EXPECT_EQ(jars.Ask(careless, {.request_id = jars.NewRequestId(), .caller = "minh"}).Word(),
            "ALREADY_EXISTS");
  const Call call{.request_id = jars.NewRequestId(), .caller = "minh"};
  EXPECT_EQ(jars.Ask(Fill("a", 1), call).Word(), "ok");
  jars.Reopen();
  EXPECT_TRUE(jars.Ask(Fill("a", 1), call).repeated);
  EXPECT_EQ(jars.Beans("a"), 1);
}

// What is acted upon outside of the ledger must not rest on a turn that may still fail.
TEST_P(Turns, DoNotCheckWhatTheyHaveMadeThemselves) {
  std::vector<bool> seen;
  const auto check = [&] {
    return CheckInput{.kind = Jar::descriptor(), .id = JarId("a"), .act = [&](bool present) {
                        seen.push_back(present);
                      }};
  };
  ASSERT_TRUE(jars.writer().Submit(check()).ok());
  jars.Submit(Open("a", 1));
  ASSERT_TRUE(jars.writer().Submit(check()).ok());
  EXPECT_THAT(seen, IsEmpty());
  jars.writer().Step();
  EXPECT_THAT(seen, ElementsAre(false));
  EXPECT_THAT(EventsPerTurn(), ElementsAre(1));
  ASSERT_TRUE(jars.writer().Submit(check()).ok());
  jars.writer().Step();
  EXPECT_THAT(seen, ElementsAre(false, true));
  jars.Reopen();
  ASSERT_TRUE(jars.writer().Submit(check()).ok());
  jars.Work();
  EXPECT_THAT(seen, ElementsAre(false, true, true));
}

}  // namespace
}  // namespace learncity::ledger
