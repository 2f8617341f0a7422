// SQLite's own: a file of an earlier release is brought up to date when it is opened, whole or not
// at all, and nothing of it is lost.
#include "platform/ledger/sqlite_schema.h"
#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"
#include "platform/testing/draws.h"

namespace learncity::ledger {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using When = PowerLossDisk::When;

// As an earlier release kept jars: nobody looked for labels, marks or tallies, and nothing was due.
Schema OldSchema() {
  Schema schema("pantry");
  schema.Own<Jar, JarEvent>("jar").Indexed("beans",
                                           [](const Jar& jar) -> Value { return jar.beans(); });
  schema.Own<Lid, LidEvent>("lid");
  schema.Reference<Plate, PlateEvent>("plate", kKitchen);
  schema.Derived<Tally>("tally");
  return schema;
}

// The schema of now, where it makes something else of the kitchen's events than the old one did.
Schema SchemaThatFollowsAnew() {
  Schema schema = JarSchema();
  schema.FollowedVersion(2);
  return schema;
}

// A jar with a label that the rule does not look at.
OpenJarRequest OpenUnseen(std::string_view jar, std::string_view label) {
  OpenJarRequest request = Open(jar, 100, label);
  request.set_careless(true);
  return request;
}

void Execute(SqliteEngine& engine, const std::string& sql) {
  sqlite::Database database = engine.OpenDatabase();
  const absl::Status executed = database.Execute(sql);
  ASSERT_TRUE(executed.ok()) << executed.ToString();
}

int64_t Query(SqliteEngine& engine, const std::string& sql) {
  return engine.OpenDatabase().QueryInt(sql).value();
}

// Release 0.1.0 did not write down what it kept.
void AsFormat1(SqliteEngine& engine) {
  Execute(engine, "DELETE FROM ledger WHERE key IN ('columns', 'followed'); PRAGMA user_version=1");
}

constexpr Time kDue = kStart + std::chrono::hours(1);

// The life of an old ledger: jars, one of them with a due time, an answer, a plate that opened
// another jar, a tally, and a parked plate.
class OldPantry {
 public:
  explicit OldPantry(SqliteEngine& engine) : jars_(engine, {}, OldSchema()) {
    jars_.knobs.opens_by_mark = true;
    EXPECT_TRUE(jars_.Open().ok());
    for (int i = 0; i < 5; ++i) {
      OpenJarRequest request = OpenUnseen(Concat("jar", i), Concat("label", i));
      if (i == 4) request.mutable_jar()->set_due_us(kDue.time_since_epoch().count());
      EXPECT_TRUE(jars_.Ask(request).ok());
    }
    first_.request_id = jars_.NewRequestId();
    EXPECT_TRUE(jars_.Ask(Fill("jar0", 1), first_).ok());
    kitchen.Add(PlateId(1), Marked("m"));
    kitchen.Add(TallyId("jar1"), KitchenClosed());
    kitchen.AddGarbage(PlateId(2));
    kitchen.Add(TallyId("jar1"), KitchenClosed());
    EXPECT_EQ(jars_.Feed(kitchen.records()).applied, 4);
    EXPECT_EQ(jars_.AllParked().size(), 1U);
    events = jars_.Events();
    turns = jars_.Turns();
    jars_.Close();
    AsFormat1(engine);
  }

  // All that it had committed is still there.
  void ExpectKept(JarLedger& jars) const {
    const auto kept = jars.Turns();
    ASSERT_GE(kept.size(), turns.size());
    for (size_t i = 0; i < turns.size(); ++i) EXPECT_EQ(kept[i].seal, turns[i].seal);
    const auto records = jars.Events();
    ASSERT_GE(records.size(), events.size());
    for (size_t i = 0; i < events.size(); ++i) EXPECT_EQ(records[i].data, events[i].data);
    EXPECT_TRUE(jars.Ask(Fill("jar0", 1), first_).repeated);
    EXPECT_THAT(jars.Divergences(kitchen.records()), IsEmpty());
  }

  Kitchen kitchen;
  std::vector<Record> events;
  std::vector<TurnRow> turns;

 private:
  JarLedger jars_;
  Call first_;
};

// The same ledger under the release of now, a minute later.
class NewPantry : public JarLedger {
 public:
  explicit NewPantry(SqliteEngine& engine, Schema schema = JarSchema())
      : JarLedger(engine, {}, std::move(schema)) {
    now += std::chrono::minutes(1);
    knobs.opens_by_mark = true;
  }
};

class Upgrade : public testing::Test {
 protected:
  SqliteEngine engine;
};

TEST_F(Upgrade, FillsTheColumnsThatAFileLacks) {
  const OldPantry old(engine);
  const telemetry::CapturedLog log;
  NewPantry jars(engine);
  ASSERT_TRUE(jars.Open().ok());
  old.ExpectKept(jars);
  EXPECT_EQ(jars.Ask(Open("other", 1, "label3")).Word(), "LABEL_TAKEN");
  EXPECT_TRUE(jars.Ask(Open("other", 1, "new label")).ok());
  const auto& column = jars.jars().columns[1];
  EXPECT_EQ(jars.ledger().LoadBy(jars.jars(), column, "label4")->size(), 1U);
  EXPECT_THAT(
      log.lines(),
      Contains(HasSubstr(R"("event":"ledger_upgraded","service":"pantry",)"
                         R"("columns_added":"jar.label plate.mark tally.jar","rows_filled":6)")));
}

TEST_F(Upgrade, MakesDueWhatWasNot) {
  const OldPantry old(engine);
  NewPantry jars(engine);
  ASSERT_TRUE(jars.Open().ok());
  jars.Work();
  EXPECT_FALSE(jars.FindJar("jar4")->has_last_emptied());
  jars.now = kDue;
  jars.Work();
  EXPECT_TRUE(jars.FindJar("jar4")->has_last_emptied());
  EXPECT_FALSE(jars.FindJar("jar0")->has_last_emptied()) << "a jar that is never due";
}

TEST_F(Upgrade, IsDoneOnce) {
  const OldPantry old(engine);
  NewPantry jars(engine);
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_EQ(jars.ledger().head().turn, static_cast<int64_t>(old.turns.size()) + 1);
  EXPECT_EQ(jars.ledger().head().position, static_cast<int64_t>(old.events.size()));
  jars.Close();
  const std::string bytes = engine.disk().ReadFile(SqliteEngine::kFile);
  ASSERT_TRUE(jars.Open().ok());
  jars.Close();
  EXPECT_TRUE(engine.disk().ReadFile(SqliteEngine::kFile) == bytes);
}

TEST_F(Upgrade, IsForWhoServesAndNotForWhoOnlyReads) {
  const OldPantry old(engine);
  const std::string bytes = engine.disk().ReadFile(SqliteEngine::kFile);
  const Schema schema = JarSchema();
  engine.options().upgrades = false;
  for (const absl::Status& refused :
       {engine.Open(schema).status(), engine.OpenReader(schema).status()}) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.message()),
                HasSubstr("ledger.db was written by an earlier release; start the service"));
  }
  EXPECT_TRUE(engine.disk().ReadFile(SqliteEngine::kFile) == bytes);
  engine.options().upgrades = true;
  EXPECT_TRUE(engine.Open(schema).ok());
  engine.options().upgrades = false;
  EXPECT_TRUE(engine.Open(schema).ok());
  EXPECT_TRUE(engine.OpenReader(schema).ok());
}

TEST_F(Upgrade, EndsAProcessOfTheReleaseBefore) {
  JarLedger old(engine, {}, OldSchema());
  ASSERT_TRUE(old.Open().ok());
  ASSERT_TRUE(old.Ask(OpenUnseen("a", "red")).ok());
  NewPantry jars(engine);
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_EQ(old.Ask(OpenUnseen("b", "blue")).Word(), "UNAVAILABLE");
  EXPECT_TRUE(old.ledger().broken());
  EXPECT_EQ(jars.Ask(Open("b", 1, "red")).Word(), "LABEL_TAKEN");
}

// What the rules of an earlier release have let through stays, and nothing is added to it.
TEST_F(Upgrade, LeavesDocumentsThatShareAUniqueValue) {
  {
    JarLedger old(engine, {}, OldSchema());
    ASSERT_TRUE(old.Open().ok());
    for (const char* jar : {"a", "b"}) ASSERT_TRUE(old.Ask(OpenUnseen(jar, "red")).ok());
  }
  AsFormat1(engine);
  const telemetry::CapturedLog log;
  NewPantry jars(engine);
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
TEST_F(Upgrade, FillsAgainWhatAReleaseInBetweenDidNotWrite) {
  NewPantry jars(engine);
  ASSERT_TRUE(jars.Open().ok());
  ASSERT_TRUE(jars.Ask(Open("a", 1, "red")).ok());
  ASSERT_TRUE(jars.Ask(Open("b", 1, "blue")).ok());
  jars.Close();
  {
    NewPantry old(engine, OldSchema());
    old.now += std::chrono::minutes(1);
    ASSERT_TRUE(old.Open().ok());
    EXPECT_EQ(Query(engine, "SELECT count(*) FROM sqlite_schema WHERE name='doc_jar_label'"), 0);
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

TEST_F(Upgrade, LeavesADocumentThatDoesNotParseToWhoAsksForIt) {
  const OldPantry old(engine);
  Execute(engine,
          "UPDATE doc_jar SET bytes=x'ffff' WHERE id IN "
          "(SELECT subject FROM events WHERE position=1)");
  NewPantry jars(engine);
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_EQ(jars.Ask(Fill("jar0", 1)).Word(), "DATA_LOSS");
  EXPECT_EQ(jars.Ask(Open("other", 1, "label1")).Word(), "LABEL_TAKEN");
}

TEST_F(Upgrade, WaitsForRoomOnTheDisk) {
  const OldPantry old(engine);
  engine.disk().SetFull(true);
  NewPantry jars(engine);
  EXPECT_EQ(jars.Open().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Query(engine, "PRAGMA user_version"), 1);
  engine.disk().SetFull(false);
  ASSERT_TRUE(jars.Open().ok());
  old.ExpectKept(jars);
}

TEST_F(Upgrade, FollowsAnewWhereTheSchemaSaysSo) {
  const OldPantry old(engine);
  const telemetry::CapturedLog log;
  NewPantry jars(engine, SchemaThatFollowsAnew());
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

TEST_F(Upgrade, IsRefusedWhereANewerReleaseHasFollowed) {
  {
    JarLedger newer(engine, {}, SchemaThatFollowsAnew());
    ASSERT_TRUE(newer.Open().ok());
  }
  NewPantry jars(engine);
  const absl::Status refused = jars.Open();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("keeps version 2 of what pantry follows, this release makes 1"));
}

// The file after a loss of power: all of the upgrade or nothing. 2 if it is there.
int64_t ExpectWholeOrNothing(SqliteEngine& engine, const OldPantry& old) {
  const int64_t format = Query(engine, "PRAGMA user_version");
  const bool done = format == kFormatVersion;
  EXPECT_EQ(Query(engine, "SELECT count(*) FROM pragma_table_info('doc_jar') WHERE name='label'"),
            done ? 1 : 0);
  EXPECT_EQ(Query(engine, "SELECT count(*) FROM sqlite_schema WHERE name='doc_jar_due_at'"),
            done ? 1 : 0);
  EXPECT_EQ(Query(engine, "SELECT count(*) FROM doc_jar WHERE due_at IS NOT NULL"), done ? 1 : 0);
  EXPECT_EQ(Query(engine, "SELECT count(*) FROM doc_plate"), done ? 0 : 1);
  EXPECT_EQ(Query(engine, "SELECT count(*) FROM parked"), done ? 0 : 1);
  EXPECT_EQ(Query(engine, "SELECT position FROM cursors"), done ? 0 : 4);
  EXPECT_EQ(Query(engine, "SELECT max(turn) FROM turns"),
            static_cast<int64_t>(old.turns.size()) + (done ? 1 : 0));
  return format;
}

TEST(UpgradePowerLoss, LeavesAllOfItOrNothing) {
  Draws draws(4711);
  std::set<int64_t> formats;
  bool died = true;
  for (int64_t nth = 1; died; ++nth) {
    for (const When when : {When::kBefore, When::kAfter}) {
      SCOPED_TRACE(Concat("crash at operation ", nth, ", seed ", draws.seed()));
      SqliteEngine engine(draws.seed() + static_cast<uint64_t>(nth));
      const OldPantry old(engine);
      engine.disk().CrashAt(engine.disk().operations() + nth, when);
      NewPantry jars(engine, SchemaThatFollowsAnew());
      (void)jars.Open();
      jars.Close();
      died = engine.disk().dead();
      engine.disk().LosePower();
      formats.insert(ExpectWholeOrNothing(engine, old));
      ASSERT_TRUE(jars.Open().ok());
      old.ExpectKept(jars);
      EXPECT_EQ(jars.Feed(old.kitchen.records()).applied, 4);
      EXPECT_EQ(jars.FindTally("jar1")->closings(), 2);
      EXPECT_EQ(jars.Ask(Open("other", 1, "label3")).Word(), "LABEL_TAKEN");
      EXPECT_THAT(jars.Divergences(old.kitchen.records()), IsEmpty());
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_THAT(formats, testing::ElementsAre(1, kFormatVersion));
}

}  // namespace
}  // namespace learncity::ledger
