// A request_id has one effect, on every engine.
#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::IsEmpty;

class Answers : public ContractTest {
 protected:
  Answers() { EXPECT_TRUE(jars.Ask(Open("a", 10)).ok()); }
  Call NewCall() { return {.request_id = jars.NewRequestId()}; }
};

INSTANTIATE_TEST_SUITE_P(Engines, Answers, testing::ValuesIn(Engines()), EngineName);

TEST_P(Answers, AreRepeatedWithinTheTurn) {
  const Call call = NewCall();
  const ReplyPtr first = jars.Submit(Fill("a", 1), call);
  const ReplyPtr other = jars.Submit(Fill("a", 2));
  const ReplyPtr again = jars.Submit(Fill("a", 1), call);
  jars.Work();
  ASSERT_EQ(again->Word(), "ok");
  EXPECT_FALSE(first->repeated);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->position, first->position);
  EXPECT_EQ(again->jar->name(), "jars/a");
  EXPECT_EQ(other->Word(), "ok");
  EXPECT_EQ(jars.Beans("a"), 3);
  EXPECT_EQ(jars.Turns().size(), 2U);
}

TEST_P(Answers, AreRepeatedInLaterTurnsWithTheDocumentAsItStandsThen) {
  const Call call = NewCall();
  const Reply first = jars.Ask(Fill("a", 1), call);
  ASSERT_TRUE(jars.Ask(Fill("a", 4)).ok());
  const int64_t position = jars.ledger().head().position;
  const Reply again = jars.Ask(Fill("a", 1), call);
  ASSERT_EQ(again.Word(), "ok");
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.position, first.position);
  EXPECT_EQ(again.jar->beans(), 5);
  EXPECT_EQ(again.version, 3);
  EXPECT_EQ(jars.ledger().head().position, position);
}

TEST_P(Answers, AreRepeatedAfterReopening) {
  const Call call = NewCall();
  const Reply first = jars.Ask(Fill("a", 1), call);
  jars.Reopen();
  const Reply again = jars.Ask(Fill("a", 1), call);
  ASSERT_EQ(again.Word(), "ok");
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.position, first.position);
  EXPECT_EQ(again.jar->beans(), 1);
  EXPECT_EQ(jars.Beans("a"), 1);
}

TEST_P(Answers, AreRefusedToAnotherPayload) {
  const Call call = NewCall();
  const ReplyPtr first = jars.Submit(Fill("a", 1), call);
  const ReplyPtr other = jars.Submit(Fill("a", 2), call);
  jars.Work();
  EXPECT_EQ(first->Word(), "ok");
  ASSERT_EQ(other->Word(), "REQUEST_ID_REUSED");
  EXPECT_EQ(other->refusal->code, absl::StatusCode::kInvalidArgument);
  jars.Reopen();
  EXPECT_EQ(jars.Ask(Fill("a", 2), call).Word(), "REQUEST_ID_REUSED");
  EXPECT_EQ(jars.Beans("a"), 1);
}

TEST_P(Answers, ComeBeforeWhatTheEdgeHoldsAgainstTheRequest) {
  const Call call = NewCall();
  Call refused = call;
  refused.refusal = Refusal{.domain = "", .reason = "LID_STUCK", .message = "", .resource = ""};
  EXPECT_EQ(jars.Ask(Fill("a", 1), refused).Word(), "LID_STUCK");
  EXPECT_EQ(jars.Beans("a"), 0);
  const Reply first = jars.Ask(Fill("a", 1), call);
  const Reply again = jars.Ask(Fill("a", 1), refused);
  ASSERT_EQ(again.Word(), "ok");
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.position, first.position);
}

TEST_P(Answers, AreNotThoseOfAnotherCallerOrMethod) {
  const Call call = NewCall();
  Call other_caller = call;
  other_caller.caller = "minh";
  Call other_method = call;
  other_method.method = "/jars/refill";
  for (const Call& one : {call, other_caller, other_method}) {
    const Reply reply = jars.Ask(Fill("a", 1), one);
    EXPECT_EQ(reply.Word(), "ok");
    EXPECT_FALSE(reply.repeated);
  }
  EXPECT_EQ(jars.Beans("a"), 3);
  EXPECT_TRUE(jars.Ask(Fill("a", 1), other_caller).repeated);
}

TEST_P(Answers, AreKeptForAcceptedWritesOnly) {
  const Call call = NewCall();
  ASSERT_TRUE(jars.Ask(Open("b", 1)).ok());
  EXPECT_EQ(jars.Ask(Pour("a", "b", 1), call).Word(), "TOO_FEW_BEANS");
  ASSERT_TRUE(jars.Ask(Fill("a", 1)).ok());
  const Reply reply = jars.Ask(Pour("a", "b", 1), call);
  EXPECT_EQ(reply.Word(), "ok");
  EXPECT_FALSE(reply.repeated);
}

TEST_P(Answers, AreKeptForSevenDays) {
  const Call call = NewCall();
  ASSERT_TRUE(jars.Ask(Fill("a", 1), call).ok());
  jars.now += hours(7 * 24);
  jars.Work();
  EXPECT_TRUE(jars.Ask(Fill("a", 1), call).repeated);
  EXPECT_EQ(jars.Beans("a"), 1);
}

TEST_P(Answers, AreForgottenAfterSevenDays) {
  const Call call = NewCall();
  const Reply first = jars.Ask(Fill("a", 1), call);
  jars.now += hours(7 * 24) + seconds(1);
  // Before any sweep has come by.
  const Reply later = jars.Ask(Fill("a", 1), call);
  ASSERT_EQ(later.Word(), "ok");
  EXPECT_FALSE(later.repeated);
  EXPECT_GT(later.position, first.position);
  EXPECT_EQ(jars.Beans("a"), 2);
  EXPECT_TRUE(jars.Ask(Fill("a", 1), call).repeated) << "the new answer counts";
}

TEST_P(Answers, AreSweptByAnIdleWriter) {
  const Call call = NewCall();
  ASSERT_TRUE(jars.Ask(Fill("a", 1), call).ok());
  const Head head = jars.ledger().head();
  jars.now += hours(7 * 24) + seconds(1);
  EXPECT_FALSE(jars.writer().Step());
  ASSERT_TRUE(jars.ledger().Begin().ok());
  const std::vector<AnswerKey> keys = {
      {call.request_id, call.caller, "/jars/learncity.ledger_testing.v1.FillJarRequest"}};
  const auto found = jars.ledger().FindAnswers(keys);
  jars.ledger().Rollback();
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(*found, testing::IsEmpty());
  EXPECT_EQ(jars.ledger().head().turn, head.turn);
}

TEST_P(Answers, AreSweptFasterThanTheyCome) {
  jars.limits.answers_kept = hours(1);
  jars.Reopen();
  const auto fill = [&](int count) {
    for (int i = 0; i < count; ++i) jars.Submit(Fill("a", 0));
    jars.Work();
  };
  for (int i = 0; i < 12; ++i) fill(1000);
  jars.now += hours(2);
  const int64_t swept = jars.writer().counts().inputs;
  for (int i = 0; i < 5; ++i) fill(1000);
  EXPECT_EQ(jars.writer().counts().inputs, swept + 5000);
  ASSERT_TRUE(jars.ledger().ForgetAnswers(jars.now - hours(1), 0).ok());
  // Everything that could be forgotten is: what is left belongs to the last hour.
  auto* sqlite = dynamic_cast<DiskEngine*>(engine.get());
  if (sqlite == nullptr) return;
  EXPECT_EQ(sqlite->OpenDatabase().QueryInt("SELECT count(*) FROM answers").value(), 5000);
}

TEST_P(Answers, RefuseAWriteThatKnowsAnotherVersion) {
  FillJarRequest request = Fill("a", 1);
  request.set_etag("\"v7\"");
  const Reply reply = jars.Ask(request);
  ASSERT_EQ(reply.Word(), "ETAG_MISMATCH");
  EXPECT_EQ(reply.refusal->code, absl::StatusCode::kAborted);
  EXPECT_EQ(jars.Beans("a"), 0);
}

TEST_P(Answers, LetOneOfTwoWritesThroughThatKnowTheSameVersion) {
  FillJarRequest request = Fill("a", 1);
  request.set_etag("\"v1\"");
  const ReplyPtr first = jars.Submit(request);
  const ReplyPtr second = jars.Submit(request);
  jars.Work();
  EXPECT_EQ(first->Word(), "ok");
  EXPECT_EQ(second->Word(), "ETAG_MISMATCH");
  EXPECT_EQ(jars.Beans("a"), 1);
}

}  // namespace
}  // namespace learncity::ledger
