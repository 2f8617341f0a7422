#include "platform/testing/scenario.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "google/protobuf/wrappers.pb.h"
#include "google/rpc/code.pb.h"

// A jar counts its coins; an event puts some in or takes some out; a request asks to move coins
// from one jar, named by the request, to the jar "jars/mine". Well-known types stand for the
// messages.
namespace google::protobuf {

void Evolve(Int64Value& jar, const Int32Value& coins) {
  jar.set_value(jar.value() + coins.value());
}

}  // namespace google::protobuf

namespace learncity {
namespace {

using Jar = google::protobuf::Int64Value;
using Coins = google::protobuf::Int32Value;
using Request = google::protobuf::StringValue;
using google::rpc::NOT_FOUND;
using google::rpc::RESOURCE_EXHAUSTED;

constexpr char kMine[] = "jars/mine";
constexpr char kYours[] = "jars/yours";

const ledger::Schema& Shelf() {
  static const auto* const schema = [] {
    auto* const shelf = new ledger::Schema("shelf");
    shelf->Own<Jar, Coins>("jar")
        .Unique("label",
                [](const Jar& jar) {
                  return jar.value() < 100 ? ledger::Value() : ledger::Value("hundreds");
                })
        .DueAt([](const Jar& jar) {
          return jar.value() < 10 ? std::nullopt : std::optional<Time>(Time(std::chrono::days(1)));
        });
    return shelf;
  }();
  return *schema;
}

Coins Of(int coins) {
  Coins event;
  event.set_value(coins);
  return event;
}

Request From(const std::string& jar) {
  Request request;
  request.set_value(jar);
  return request;
}

struct MoveCase {
  const Jar* from;
  const Jar* mine;

  static MoveCase Gather(const Request& request, Lookup& lookup) {
    return {lookup.Require<Jar>(request.value()), lookup.Find<Jar>(IdOf(kMine))};
  }
};

Decision Decide(const MoveCase& c, const Request& request, const Moment&) {
  const int coins = static_cast<int>(c.from->value());
  if (coins == 0) return Refuse(RESOURCE_EXHAUSTED, request.value(), "The jar is empty: fill it.");
  return Decision().Then(request.value(), Of(-coins)).Then(kMine, Of(coins));
}

struct ForgetfulCase {
  static ForgetfulCase Gather(const Request&, Lookup&) { return {}; }
};

Decision Decide(const ForgetfulCase&, const Request& request, const Moment&) {
  return Decision().Then(request.value(), Of(1));
}

Decision Spill(const Jar& jar, const Moment& moment) {
  EXPECT_EQ(moment.now, Time(std::chrono::days(1)));
  return Decision().Then(kMine, Of(-static_cast<int>(jar.value())));
}

struct SpillCase {
  const Jar* mine;

  static SpillCase Gather(const Jar&, Lookup& lookup) { return {lookup.Find<Jar>(IdOf(kMine))}; }
};

// Mine has the coins first: for a moment both jars do.
Decision Decide(const SpillCase& c, const Jar& jar, const Moment& moment) {
  EXPECT_EQ(moment.now, Time(std::chrono::days(1)));
  if (c.mine == nullptr) return Decision();
  const int coins = static_cast<int>(jar.value());
  return Decision().Then(kMine, Of(coins)).Then(kYours, Of(-coins));
}

class ScenarioTest : public testing::Test {
 protected:
  ScenarioTest() { s.Given(kYours, Of(3)).At("2026-09-05T08:00:00Z"); }

  Outcome Move() { return s.When<MoveCase>(From(kYours)); }

  Scenario s{Shelf()};
};

TEST_F(ScenarioTest, FoldsWhatHappens) {
  Move().Then({{kYours, Of(-3)}, {kMine, Of(3)}});
  EXPECT_EQ(s.Get<Jar>(kYours).value(), 0);
  EXPECT_EQ(s.Get<Jar>(kMine).value(), 3);
  Move().ThenRefused(RESOURCE_EXHAUSTED);
  s.ExpectReplays();
}

TEST_F(ScenarioTest, PrintsBothSidesWhenEventsDiffer) {
  const Outcome outcome = Move();
  EXPECT_NONFATAL_FAILURE(outcome.Then({{kYours, Of(-3)}, {kMine, Of(4)}}), "jars/mine");
  EXPECT_NONFATAL_FAILURE(outcome.Then({{kYours, Of(-3)}, {kMine, Of(4)}}), "+  value: 3");
}

TEST_F(ScenarioTest, FailsWhenTheOrderDiffers) {
  const Outcome outcome = Move();
  EXPECT_NONFATAL_FAILURE(outcome.Then({{kMine, Of(3)}, {kYours, Of(-3)}}), "expected here");
}

TEST_F(ScenarioTest, FailsWhenMoreHappensThanExpected) {
  const Outcome outcome = Move();
  EXPECT_NONFATAL_FAILURE(outcome.Then({{kYours, Of(-3)}}), "+  value: 3");
  EXPECT_NONFATAL_FAILURE(outcome.ThenNothing(), "nothing");
}

TEST_F(ScenarioTest, FailsWhenARefusalWasExpected) {
  const Outcome outcome = Move();
  EXPECT_NONFATAL_FAILURE(outcome.ThenRefused(RESOURCE_EXHAUSTED), "refused: RESOURCE_EXHAUSTED");
}

TEST_F(ScenarioTest, FailsWhenTheRefusalIsAnother) {
  s.Given(kYours, Of(-3));
  const Outcome outcome = Move();
  EXPECT_NONFATAL_FAILURE(outcome.ThenRefused(NOT_FOUND), "The jar is empty: fill it.");
  EXPECT_NONFATAL_FAILURE(outcome.Then({{kMine, Of(0)}}), "refused: RESOURCE_EXHAUSTED");
  EXPECT_NONFATAL_FAILURE(outcome.ThenNothing(), "refused: RESOURCE_EXHAUSTED");
}

TEST_F(ScenarioTest, TellsWhatIsMissing) {
  const Outcome outcome = s.When<MoveCase>(From("jars/nobodys"));
  outcome.ThenNotFound("jars/nobodys");
  EXPECT_NONFATAL_FAILURE(outcome.ThenNotFound(kMine), "not found: jars/nobodys");
}

TEST_F(ScenarioTest, FailsWhenAnEventFoldsIntoADocumentThatNobodyAskedFor) {
  EXPECT_NONFATAL_FAILURE((void)s.When<ForgetfulCase>(From(kYours)), "did not ask");
}

TEST_F(ScenarioTest, FailsWhenAUniqueValueRepeats) {
  s.Given(kYours, Of(100));
  EXPECT_NONFATAL_FAILURE(s.Given(kMine, Of(100)), "have the same label");
}

TEST_F(ScenarioTest, RunsWhatIsDueAtItsTime) {
  s.Given(kMine, Of(10));
  s.WhenDue<Jar>(kMine, Spill).Then({{kMine, Of(-10)}});
  const Outcome outcome = s.WhenDue<Jar>(kMine, Spill);
  EXPECT_NONFATAL_FAILURE(outcome.ThenNothing(), "not due");
}

TEST_F(ScenarioTest, RunsWhatIsDueOverItsCase) {
  s.Given(kYours, Of(97));
  s.WhenDue<SpillCase, Jar>(kYours).ThenNothing();
  s.Given(kMine, Of(2));
  s.WhenDue<SpillCase, Jar>(kYours).Then({{kMine, Of(100)}, {kYours, Of(-100)}});
  const Outcome outcome = s.WhenDue<SpillCase, Jar>(kYours);
  EXPECT_NONFATAL_FAILURE(outcome.ThenNothing(), "not due");
}

TEST_F(ScenarioTest, FailsWhenTheSchemaKeepsNothingOfAnEvent) {
  EXPECT_NONFATAL_FAILURE(s.Given(kMine, From("")), "shelf keeps nothing");
}

}  // namespace
}  // namespace learncity
