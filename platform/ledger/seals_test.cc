// SQLite's own: what is changed behind the ledger's back is found, and what is sound is not
// suspected.
#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

struct Tampering {
  std::string name;
  std::string sql;
  // Of the divergence that must be found; "reference" is one that needs the feed.
  std::string kind;
};
void PrintTo(const Tampering& tampering, std::ostream* out) { *out << tampering.name; }

class Seals : public testing::TestWithParam<Tampering> {
 protected:
  Seals() {
    EXPECT_TRUE(jars.Open().ok());
    OpenJarRequest due = Open("due", 9);
    due.mutable_jar()->set_due_us((kStart + std::chrono::hours(1)).time_since_epoch().count());
    jars.Ask(due);
    for (int i = 0; i < 5; ++i) {
      jars.Submit(Open(Concat("jar", i), 9, Concat("label", i)));
      jars.Submit(Fill(Concat("jar", i), i));
      if (i % 2 == 0) jars.Work();
    }
    jars.Feed({kitchen.Add(PlateId(1), Served("jar1", 1)),
               kitchen.Add(PlateId(2), Served("jar2", 1)), kitchen.AddGarbage(PlateId(3)),
               kitchen.Add(PlateId(3), Served("jar3", 1))});
    EXPECT_EQ(jars.ledger().head().position, 13);
  }

  DiskEngine engine;
  JarLedger jars{engine};
  Kitchen kitchen;
};

TEST_P(Seals, TellWhatWasChanged) {
  ASSERT_THAT(jars.Divergences(kitchen.records()), IsEmpty());
  EXPECT_EQ(jars.Proof().parked, 2);
  sqlite::Database database = engine.OpenDatabase();
  ASSERT_TRUE(database.Execute(GetParam().sql).ok());
  ASSERT_GT(database.QueryInt("SELECT changes()").value(), 0) << "nothing was tampered with";
  EXPECT_THAT(jars.Divergences(kitchen.records()), Contains(GetParam().kind));
}

INSTANTIATE_TEST_SUITE_P(
    Tamperings, Seals,
    testing::ValuesIn(std::vector<Tampering>{
        {"ByteOfAnEvent",
         "UPDATE events SET data = substr(data, 1, length(data) - 1) || x'01' WHERE position = 4",
         "seal"},
        {"TimeOfAnEvent", "UPDATE events SET time = time + 1 WHERE position = 4", "seal"},
        {"SubjectOfAnEvent",
         "UPDATE events SET subject = (SELECT subject FROM events WHERE position = 2) "
         "WHERE position = 4",
         "seal"},
        {"TypeOfAllEvents", "UPDATE names SET text = 'Other' WHERE text LIKE '%JarEvent'", "seal"},
        {"EventInTheMiddle", "DELETE FROM events WHERE position = 4", "position"},
        {"LastEvent", "DELETE FROM events WHERE position = 13", "position"},
        {"EventAppended",
         "INSERT INTO events SELECT 14, time, type, subject, version, data FROM events "
         "WHERE position = 13",
         "position"},
        {"DocumentsBytes",
         "UPDATE doc_jar SET bytes = (SELECT bytes FROM doc_jar WHERE label = CAST('label1' AS "
         "BLOB)) WHERE label = CAST('label2' AS BLOB)",
         "document"},
        {"DocumentThatDoesNotParse",
         "UPDATE doc_jar SET bytes = x'ffff' WHERE label = CAST('label2' AS BLOB)", "document"},
        {"DocumentsVersion", "UPDATE doc_jar SET version = 7 WHERE label = CAST('label2' AS BLOB)",
         "document"},
        {"DocumentsColumn", "UPDATE doc_jar SET beans = 99 WHERE label = CAST('label2' AS BLOB)",
         "document"},
        {"DocumentsDueTime", "UPDATE doc_jar SET due_at = NULL WHERE due_at IS NOT NULL",
         "document"},
        {"DocumentRemoved", "DELETE FROM doc_jar WHERE label = CAST('label2' AS BLOB)", "document"},
        {"DocumentAdded",
         "INSERT INTO doc_jar(id, version, bytes) VALUES(x'00112233445566778899aabbccddeeff', 1, "
         "x'')",
         "document"},
        {"ReferenceRemoved", "DELETE FROM doc_plate WHERE mark IS NULL", "reference"},
        {"ReferenceChanged", "UPDATE doc_plate SET bytes = x'0863'", "reference"},
        {"TurnInTheMiddle", "DELETE FROM turns WHERE turn = 2", "position"},
        {"LastTurn", "DELETE FROM turns WHERE turn = 5", "position"},
        {"TurnsTime", "UPDATE turns SET time = time + 1 WHERE turn = 2", "seal"},
        {"TurnsSeal", "UPDATE turns SET seal = zeroblob(32) WHERE turn = 2", "seal"},
        {"TurnsCursors", "UPDATE turns SET cursors = 'kitchen/1/3' WHERE turn = 5", "seal"},
        {"CursorMovedAhead", "UPDATE cursors SET position = 9", "position"},
        {"CursorMovedBack", "UPDATE cursors SET position = 1", "position"},
        {"CursorsEpoch", "UPDATE cursors SET epoch = 2", "position"},
        {"CursorRemoved", "DELETE FROM cursors", "position"},
        {"CursorAdded", "INSERT INTO cursors VALUES('canteen', 1, 5)", "position"},
        {"ParkedEventRemoved", "DELETE FROM parked WHERE position = 4", "reference"},
    }),
    [](const auto& one) { return one.param.name; });

TEST(SealsOfASoundLedger, HoldThroughReopeningAndCheckpoints) {
  DiskEngine engine;
  engine.options().checkpoint_pages = 10;
  JarLedger jars(engine);
  ASSERT_TRUE(jars.Open().ok());
  ASSERT_TRUE(jars.Ask(Open("a", 1000)).ok());
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(jars.Ask(Fill("a", 1)).ok());
    if (i % 10 == 0) jars.Reopen();
    EXPECT_TRUE(i % 7 != 0 || dynamic_cast<SqliteLedger&>(jars.ledger()).CheckpointTruncate().ok());
    jars.now += std::chrono::minutes(7);
  }
  const Verification proof = jars.Proof();
  EXPECT_THAT(proof.divergences, IsEmpty());
  EXPECT_EQ(proof.turns, 31);
  EXPECT_EQ(proof.events, 31);
  EXPECT_EQ(proof.documents, 1);
  EXPECT_EQ(proof.head.seal, jars.ledger().head().seal);
}

// Which of two histories a seal belongs to shows from the first event that differs on.
TEST(SealsOfASoundLedger, DifferAsSoonAsTheHistoriesDo) {
  std::vector<SealBytes> seals[2];
  for (int history = 0; history < 2; ++history) {
    DiskEngine engine;
    JarLedger jars(engine);
    ASSERT_TRUE(jars.Open().ok());
    jars.Ask(Open("a", 1000));
    seals[history].push_back(jars.ledger().head().seal);
    jars.Ask(Fill("a", history));
    seals[history].push_back(jars.ledger().head().seal);
    jars.Ask(Fill("a", 5));
    seals[history].push_back(jars.ledger().head().seal);
  }
  EXPECT_EQ(seals[0][0], seals[1][0]);
  EXPECT_NE(seals[0][1], seals[1][1]);
  EXPECT_NE(seals[0][2], seals[1][2]);
}

}  // namespace
}  // namespace learncity::ledger
