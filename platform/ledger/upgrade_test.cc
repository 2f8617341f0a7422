// SQLite's own: a file is upgraded whole or not at all, one of release 0.1.0 too, which did not say
// what it kept.
#include "platform/ledger/sqlite_schema.h"
#include "platform/ledger/test_pantry.h"
#include "platform/testing/draws.h"

namespace learncity::ledger {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using When = PowerLossDisk::When;

void Execute(DiskEngine& engine, const std::string& sql) {
  sqlite::Database database = engine.OpenDatabase();
  const absl::Status executed = database.Execute(sql);
  ASSERT_TRUE(executed.ok()) << executed.ToString();
}

int64_t Query(DiskEngine& engine, const std::string& sql) {
  return engine.OpenDatabase().QueryInt(sql).value();
}

// Release 0.1.0 did not write down what it kept.
void AsFormat1(DiskEngine& engine) {
  Execute(engine, "DELETE FROM ledger WHERE key IN ('columns', 'followed'); PRAGMA user_version=1");
}

class Upgrade : public testing::Test {
 protected:
  DiskEngine engine;
};

TEST_F(Upgrade, IsDoneOnce) {
  const OldPantry old(engine);
  AsFormat1(engine);
  NewPantry jars(engine);
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_EQ(jars.ledger().head().turn, static_cast<int64_t>(old.turns.size()) + 1);
  EXPECT_EQ(jars.ledger().head().position, static_cast<int64_t>(old.events.size()));
  jars.Close();
  const std::string bytes = engine.disk().ReadFile(DiskEngine::kFile);
  ASSERT_TRUE(jars.Open().ok());
  jars.Close();
  EXPECT_TRUE(engine.disk().ReadFile(DiskEngine::kFile) == bytes);
}

TEST_F(Upgrade, IsForWhoServesAndNotForWhoOnlyReads) {
  const OldPantry old(engine);
  AsFormat1(engine);
  const std::string bytes = engine.disk().ReadFile(DiskEngine::kFile);
  const Schema schema = JarSchema();
  engine.options().upgrades = false;
  for (const absl::Status& refused :
       {engine.Open(schema).status(), engine.OpenReader(schema).status()}) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.message()),
                HasSubstr("ledger.db was written by an earlier release; start the service"));
  }
  EXPECT_TRUE(engine.disk().ReadFile(DiskEngine::kFile) == bytes);
  engine.options().upgrades = true;
  EXPECT_TRUE(engine.Open(schema).ok());
  engine.options().upgrades = false;
  EXPECT_TRUE(engine.Open(schema).ok());
  EXPECT_TRUE(engine.OpenReader(schema).ok());
}

TEST_F(Upgrade, LeavesADocumentThatDoesNotParseToWhoAsksForIt) {
  const OldPantry old(engine);
  AsFormat1(engine);
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
  AsFormat1(engine);
  engine.disk().SetFull(true);
  NewPantry jars(engine);
  EXPECT_EQ(jars.Open().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Query(engine, "PRAGMA user_version"), 1);
  engine.disk().SetFull(false);
  ASSERT_TRUE(jars.Open().ok());
  old.ExpectKept(jars);
}

// The file after a loss of power: all of the upgrade or nothing. 2 if it is there.
int64_t ExpectWholeOrNothing(DiskEngine& engine, const OldPantry& old) {
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
      DiskEngine engine(draws.seed() + static_cast<uint64_t>(nth));
      const OldPantry old(engine);
      AsFormat1(engine);
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
