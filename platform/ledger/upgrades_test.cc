// A ledger of an earlier release is brought up to date when it is opened, and nothing of it is
// lost.
#include "platform/ledger/test_pantry.h"
#include "platform/telemetry/log.h"

namespace learncity::ledger {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Upgrades : public testing::TestWithParam<EngineKind> {
 protected:
  const std::unique_ptr<Engine> engine = GetParam().make();
};

TEST_P(Upgrades, FillsTheColumnsThatAFileLacks) {
  const OldPantry old(*engine);
  const telemetry::CapturedLog log;
  NewPantry jars(*engine);
  ASSERT_TRUE(jars.Open().ok());
  old.ExpectKept(jars);
  EXPECT_EQ(jars.Ask(Open("other", 1, "label3")).Word(), "LABEL_TAKEN");
  EXPECT_TRUE(jars.Ask(Open("other", 1, "new label")).ok());
  const auto& column = jars.jars().columns[1];
  const std::vector<std::string> labels = {"label4"};
  EXPECT_EQ(jars.ledger().LoadBy(jars.jars(), column, labels)->size(), 1U);
  EXPECT_THAT(
      log.lines(),
      Contains(HasSubstr(R"("event":"ledger_upgraded","service":"pantry",)"
                         R"("columns_added":"jar.label plate.mark tally.jar","rows_filled":6)")));
}

TEST_P(Upgrades, MakesDueWhatWasNot) {
  const OldPantry old(*engine);
  NewPantry jars(*engine);
  ASSERT_TRUE(jars.Open().ok());
  jars.Work();
  EXPECT_FALSE(jars.FindJar("jar4")->has_last_emptied());
  jars.now = kDue;
  jars.Work();
  EXPECT_TRUE(jars.FindJar("jar4")->has_last_emptied());
  EXPECT_FALSE(jars.FindJar("jar0")->has_last_emptied()) << "a jar that is never due";
}

TEST_P(Upgrades, EndsAProcessOfTheReleaseBefore) {
  JarLedger old(*engine, {}, OldSchema());
  ASSERT_TRUE(old.Open().ok());
  ASSERT_TRUE(old.Ask(OpenUnseen("a", "red")).ok());
  NewPantry jars(*engine);
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_EQ(old.Ask(OpenUnseen("b", "blue")).Word(), "UNAVAILABLE");
  EXPECT_TRUE(old.ledger().broken());
  EXPECT_EQ(jars.Ask(Open("b", 1, "red")).Word(), "LABEL_TAKEN");
}

// What the rules of an earlier release have let through stays, and nothing is added to it.
TEST_P(Upgrades, LeavesDocumentsThatShareAUniqueValue) {
  {
    JarLedger old(*engine, {}, OldSchema());
    ASSERT_TRUE(old.Open().ok());
    for (const char* jar : {"a", "b"}) ASSERT_TRUE(old.Ask(OpenUnseen(jar, "red")).ok());
  }
  const telemetry::CapturedLog log;
  NewPantry jars(*engine);
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_THAT(log.lines(), Contains(HasSubstr(R"("column":"jar.label")")));
  EXPECT_THAT(jars.Divergences(), IsEmpty());
  EXPECT_EQ(jars.Ask(Open("c", 1, "red")).Word(), "LABEL_TAKEN");
  // Whichever of them is found, the other is when that one gives the value up in the same turn.
  for (const char* jar : {"a", "b"}) {
    ASSERT_TRUE(jars.Ask(Fill(jar, 1)).ok());
    EXPECT_EQ(jars.Ask(Open("c", 1, "red")).Word(), "LABEL_TAKEN");
    const ReplyPtr relabeled = jars.Submit(Label(jar, Concat("not red but ", jar)));
    const ReplyPtr opened = jars.Submit(Open("c", 1, "red"));
    jars.Work();
    EXPECT_EQ(relabeled->Word(), "ok");
    EXPECT_EQ(opened->Word(), std::string_view(jar) == "a" ? "LABEL_TAKEN" : "ok");
  }
  jars.Reopen();
  EXPECT_EQ(jars.Ask(Open("d", 1, "red")).Word(), "LABEL_TAKEN");
  EXPECT_THAT(jars.Divergences(), IsEmpty());
}

// A release that goes back to the one before and forth again, both of which say what they keep.
TEST_P(Upgrades, FillsAgainWhatAReleaseInBetweenDidNotWrite) {
  NewPantry jars(*engine);
  ASSERT_TRUE(jars.Open().ok());
  ASSERT_TRUE(jars.Ask(Open("a", 1, "red")).ok());
  ASSERT_TRUE(jars.Ask(Open("b", 1, "blue")).ok());
  jars.Close();
  {
    NewPantry old(*engine, OldSchema());
    old.now += std::chrono::minutes(1);
    ASSERT_TRUE(old.Open().ok());
    ASSERT_TRUE(old.Ask(Label("a", "green")).ok());
    ASSERT_TRUE(old.Ask(Label("b", "red")).ok());
    ASSERT_TRUE(old.Ask(OpenUnseen("c", "blue")).ok());
    EXPECT_THAT(old.Divergences(), IsEmpty());
  }
  jars.now += std::chrono::minutes(2);
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_THAT(jars.Divergences(), IsEmpty());
  for (const char* label : {"red", "blue", "green"}) {
    EXPECT_EQ(jars.Ask(Open("d", 1, label)).Word(), "LABEL_TAKEN") << label;
  }
}

TEST_P(Upgrades, FollowsAnewWhereTheSchemaSaysSo) {
  const OldPantry old(*engine);
  const telemetry::CapturedLog log;
  NewPantry jars(*engine, SchemaThatFollowsAnew());
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_EQ(jars.Applied(), 0);
  EXPECT_FALSE(jars.FindPlate(PlateId(1)));
  EXPECT_FALSE(jars.FindTally("jar1"));
  EXPECT_THAT(jars.AllParked(), IsEmpty());
  EXPECT_EQ(jars.Turns().back().cursors, "kitchen/1/0");
  EXPECT_THAT(
      log.lines(),
      Contains(HasSubstr(R"("follows_anew":true,"documents_removed":2,"parked_removed":1)")));
  old.ExpectKept(jars);

  EXPECT_EQ(jars.Feed(old.kitchen.records()).applied, 4);
  EXPECT_EQ(jars.FindPlate(PlateId(1))->mark(), "m");
  EXPECT_EQ(jars.FindTally("jar1")->closings(), 2);
  EXPECT_EQ(jars.AllParked().size(), 1U);
  EXPECT_EQ(jars.Events().size(), old.events.size()) << "the reaction has happened again";
  old.ExpectKept(jars);
  jars.Reopen();
  EXPECT_EQ(jars.Applied(), 4) << "followed anew once more";
}

TEST_P(Upgrades, IsRefusedWhereANewerReleaseHasFollowed) {
  {
    JarLedger newer(*engine, {}, SchemaThatFollowsAnew());
    ASSERT_TRUE(newer.Open().ok());
  }
  NewPantry jars(*engine);
  const absl::Status refused = jars.Open();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("keeps version 2 of what pantry follows, this release makes 1"));
}

INSTANTIATE_TEST_SUITE_P(Engines, Upgrades, testing::ValuesIn(Engines()), EngineName);

}  // namespace
}  // namespace learncity::ledger
