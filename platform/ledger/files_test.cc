// SQLite's own: which files are refused at Open, and how a disk that fails is met.
#include "platform/ledger/sqlite_schema.h"
#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kFile[] = "ledger.db";

class LedgerFile : public testing::Test {
 protected:
  LedgerFile() { EXPECT_TRUE(jars.Open().ok()); }

  // A sound ledger of some pages, closed.
  void GivenALedger() {
    for (int i = 0; i < 40; ++i) {
      OpenJarRequest request = Open(Concat("jar", i), 100);
      request.mutable_jar()->set_note(std::string(500, 'n'));
      jars.Submit(request);
    }
    jars.Work();
    jars.Close();
    ASSERT_GT(engine.disk().ReadFile(kFile).size(), 40'000U);
  }
  void Change(const std::string& sql) {
    sqlite::Database database = engine.OpenDatabase();
    const absl::Status changed = database.Execute(sql);
    ASSERT_TRUE(changed.ok()) << changed.ToString();
  }
  // Open refuses the file and leaves every byte of it.
  void ExpectRefused(absl::StatusCode code, const std::string& words) {
    const std::string bytes = engine.disk().ReadFile(kFile);
    const auto names = engine.disk().FileNames();
    const absl::Status refused = jars.Open();
    EXPECT_EQ(refused.code(), code) << refused.ToString();
    EXPECT_THAT(std::string(refused.message()), HasSubstr(words));
    EXPECT_THAT(std::string(refused.message()), HasSubstr(kFile));
    EXPECT_TRUE(engine.disk().ReadFile(kFile) == bytes) << "the file was written to";
    EXPECT_EQ(engine.disk().FileNames(), names);
  }

  DiskEngine engine;
  JarLedger jars{engine};
};

TEST_F(LedgerFile, IsRefusedWhenItIsNoDatabase) {
  jars.Close();
  engine.disk().WriteFile(kFile, "id;name\n1;Hoàn Kiếm\n" + std::string(5000, ' '));
  ExpectRefused(absl::StatusCode::kDataLoss, "not a database");
}

TEST_F(LedgerFile, IsRefusedWhenItIsAnotherApplications) {
  jars.Close();
  engine.disk().WriteFile(kFile, "");
  Change("CREATE TABLE bookmarks(url TEXT); INSERT INTO bookmarks VALUES('x')");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "not a ledger");
}

TEST_F(LedgerFile, IsRefusedWhenAnotherApplicationHasOnlyMarkedIt) {
  jars.Close();
  engine.disk().WriteFile(kFile, "");
  Change("PRAGMA application_id=7");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "not a ledger");
}

TEST_F(LedgerFile, IsRefusedWhenItIsAnotherServices) {
  GivenALedger();
  const Schema schema = JarSchema("cellar");
  const std::string bytes = engine.disk().ReadFile(kFile);
  const auto refused = engine.Open(schema);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("is the ledger of pantry, not of cellar"));
  EXPECT_TRUE(engine.disk().ReadFile(kFile) == bytes);
}

TEST_F(LedgerFile, IsLeftWithItsWalWhenItIsAnotherServices) {
  ASSERT_TRUE(jars.Ask(Open("a", 1)).ok());
  // As a process leaves them that was killed.
  const std::string file = engine.disk().ReadFile(kFile);
  const std::string wal = engine.disk().ReadFile("ledger.db-wal");
  ASSERT_FALSE(wal.empty());
  jars.Close();
  engine.disk().WriteFile(kFile, file);
  engine.disk().WriteFile("ledger.db-wal", wal);
  const Schema schema = JarSchema("cellar");
  EXPECT_EQ(engine.Open(schema).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(engine.disk().ReadFile(kFile) == file);
  EXPECT_TRUE(engine.disk().ReadFile("ledger.db-wal") == wal);
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_EQ(jars.Beans("a"), 0);
}

TEST_F(LedgerFile, IsRefusedWhenItsFormatIsNewer) {
  GivenALedger();
  Change(Concat("PRAGMA user_version=", kFormatVersion + 1));
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "run the newer release");
}

TEST_F(LedgerFile, IsRefusedWhenItIsReadOnly) {
  GivenALedger();
  engine.disk().SetReadOnly(true);
  ExpectRefused(absl::StatusCode::kPermissionDenied, "");
}

TEST_F(LedgerFile, IsRefusedWhenItIsTruncated) {
  GivenALedger();
  for (const int64_t size : {100, 4096, 20'480, 40'000}) {
    const std::string whole = engine.disk().ReadFile(kFile);
    engine.disk().TruncateFile(kFile, size);
    ExpectRefused(absl::StatusCode::kDataLoss, "");
    engine.disk().WriteFile(kFile, whole);
  }
  EXPECT_TRUE(jars.Open().ok());
}

TEST_F(LedgerFile, IsRefusedWhenTheHeadOfAPageIsDamaged) {
  GivenALedger();
  const auto pages = static_cast<int64_t>(engine.disk().ReadFile(kFile).size() / 4096);
  for (int64_t page = 1; page < pages; ++page) {
    engine.disk().FlipByte(kFile, page * 4096);
    const absl::Status refused = jars.Open();
    EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss)
        << "page " << page + 1 << " " << refused.ToString();
    ExpectRefused(absl::StatusCode::kDataLoss, "");
    engine.disk().FlipByte(kFile, page * 4096);
  }
  EXPECT_TRUE(jars.Open().ok());
}

// SQLite has no sums over its pages: damage to what stands in a row is seen by verify.
TEST_F(LedgerFile, OpensWhenOnlyAnEventIsDamagedAndVerifyTells) {
  GivenALedger();
  const size_t offset = engine.disk().ReadFile(kFile).find(std::string(400, 'n'));
  ASSERT_NE(offset, std::string::npos);
  engine.disk().FlipByte(kFile, static_cast<int64_t>(offset) + 200);
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_THAT(jars.Divergences(), testing::Contains("seal"));
}

TEST_F(LedgerFile, IsMadeAnewWhereACreationWasCutShort) {
  jars.Close();
  DiskEngine counting;
  JarLedger whole(counting);
  ASSERT_TRUE(whole.Open().ok());
  const int64_t operations = counting.disk().operations();
  ASSERT_GT(operations, 5);
  for (int64_t nth = 1; nth <= operations; ++nth) {
    DiskEngine cut(static_cast<uint64_t>(nth));
    cut.disk().CrashAt(nth, PowerLossDisk::When::kBefore);
    JarLedger again(cut);
    EXPECT_FALSE(again.Open().ok());
    cut.disk().LosePower();
    ASSERT_TRUE(again.Open().ok()) << "after operation " << nth;
    EXPECT_TRUE(again.Ask(Open("a", 1)).ok());
  }
}

// Where a process was killed between two releases' tables, the newer release adds what is missing.
TEST_F(LedgerFile, GetsTheTablesOfANewerRelease) {
  GivenALedger();
  Change("DROP TABLE doc_tally; DROP INDEX doc_jar_beans");
  ASSERT_TRUE(jars.Open().ok());
  Kitchen kitchen;
  EXPECT_EQ(jars.Feed({kitchen.Add(PlateId(1), Served("jar1", 1))}).applied, 1);
  EXPECT_EQ(jars.FindTally("jar1")->servings(), 1);
}

TEST_F(LedgerFile, LetsTheWriterOfAnotherProcessWriteNothing) {
  auto second = engine.Open(jars.schema());
  ASSERT_TRUE(second.ok()) << second.status().ToString();
  ASSERT_TRUE(jars.Ask(Open("a", 5)).ok());
  const absl::Status begun = (*second)->Begin();
  EXPECT_EQ(begun.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(begun.message()), HasSubstr("another process"));
  EXPECT_TRUE((*second)->broken());
  EXPECT_TRUE(jars.Ask(Fill("a", 1)).ok());
}

TEST_F(LedgerFile, TakesNothingWhileTheDiskIsFullAndGoesOnWhenItIsNot) {
  ASSERT_TRUE(jars.Ask(Open("a", 100)).ok());
  const Head head = jars.ledger().head();
  Kitchen kitchen;
  engine.disk().SetFull(true);
  OpenJarRequest large = Open("b", 1);
  large.mutable_jar()->set_note(std::string(100'000, 'n'));
  const ReplyPtr first = jars.Submit(Fill("a", 1));
  const ReplyPtr second = jars.Submit(large);
  const DonePtr events = jars.SubmitKitchen({kitchen.Add(PlateId(1), Served("c", 1))});
  jars.Work();
  EXPECT_EQ(first->Word(), "RESOURCE_EXHAUSTED");
  EXPECT_EQ(second->Word(), "RESOURCE_EXHAUSTED");
  EXPECT_EQ(events->status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_FALSE(jars.ledger().broken());
  EXPECT_EQ(jars.ledger().head().turn, head.turn);
  EXPECT_EQ(jars.reader().ReadHead()->turn, head.turn);
  EXPECT_THAT(jars.Divergences(), IsEmpty());
  engine.disk().SetFull(false);
  EXPECT_TRUE(jars.Ask(large).ok());
  EXPECT_TRUE(jars.Ask(Fill("a", 1)).ok());
  EXPECT_EQ(jars.Beans("a"), 1);
  EXPECT_EQ(jars.Feed(kitchen.records()).applied, 1);
  EXPECT_THAT(jars.AllParked(), IsEmpty()) << "a full disk is no fault of an event";
  jars.Reopen();
  EXPECT_EQ(jars.Beans("a"), 1);
  EXPECT_THAT(jars.Divergences(kitchen.records()), IsEmpty());
}

TEST_F(LedgerFile, ParksNoEventWhereTheDiskWasFullForAMoment) {
  Kitchen kitchen;
  kitchen.Add(PlateId(1), Served("a", 1));
  engine.disk().SetFull(true);
  const DonePtr events = jars.SubmitKitchen(kitchen.records());
  // The second turn of the step, if there is one, would find room.
  int turns = 0;
  jars.at_clock = [&] {
    if (!jars.ledger().broken() && ++turns == 3) engine.disk().SetFull(false);
  };
  jars.writer().Step();
  EXPECT_EQ(events->status.code(), absl::StatusCode::kResourceExhausted);
  engine.disk().SetFull(false);
  EXPECT_EQ(jars.Feed(kitchen.records()).applied, 1);
  EXPECT_THAT(jars.AllParked(), IsEmpty());
}

TEST_F(LedgerFile, TakesNothingMoreAfterASyncThatFailed) {
  ASSERT_TRUE(jars.Ask(Open("a", 100)).ok());
  engine.disk().FailNextSync();
  Kitchen kitchen;
  const Call call{.request_id = jars.NewRequestId()};
  const ReplyPtr first = jars.Submit(Fill("a", 1), call);
  const DonePtr events = jars.SubmitKitchen({kitchen.Add(PlateId(1), Served("c", 1))});
  jars.Work();
  EXPECT_EQ(first->Word(), "UNAVAILABLE");
  EXPECT_EQ(events->status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(jars.ledger().broken());
  // The disk works again; what it holds is still not known.
  EXPECT_EQ(jars.Ask(Fill("a", 1)).Word(), "UNAVAILABLE");
  const absl::Status begun = jars.ledger().Begin();
  EXPECT_EQ(begun.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(begun.message()), HasSubstr("start the process again"));
  EXPECT_EQ(jars.ledger().ForgetAnswers(jars.now, 10).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(dynamic_cast<SqliteLedger&>(jars.ledger()).CheckpointTruncate().code(),
            absl::StatusCode::kUnavailable);
  jars.Close();
  engine.disk().LosePower();
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_TRUE(jars.Ask(Fill("a", 1), call).ok());
  EXPECT_EQ(jars.Feed(kitchen.records()).applied, 1);
  EXPECT_EQ(jars.Beans("a"), 1);
  EXPECT_THAT(jars.Divergences(kitchen.records()), IsEmpty());
}

TEST_F(LedgerFile, HarmsOnlyThoseWhoAskForADocumentThatDoesNotParse) {
  ASSERT_TRUE(jars.Ask(Open("a", 100)).ok());
  ASSERT_TRUE(jars.Ask(Open("b", 100)).ok());
  Kitchen kitchen;
  ASSERT_EQ(jars.Feed({kitchen.Add(PlateId(1), Served("a", 0))}).applied, 1);
  jars.Close();
  Change(
      "UPDATE doc_jar SET bytes=x'ffff' WHERE label IS NULL AND id IN "
      "(SELECT subject FROM events WHERE position=1); UPDATE doc_tally SET bytes=x'ffff'");
  ASSERT_TRUE(jars.Open().ok());
  const ReplyPtr bad = jars.Submit(Fill("a", 1));
  const ReplyPtr good = jars.Submit(Fill("b", 1));
  jars.Work();
  EXPECT_EQ(bad->Word(), "DATA_LOSS");
  EXPECT_EQ(good->Word(), "ok");
  kitchen.Add(PlateId(2), Served("a", 1));
  EXPECT_EQ(jars.Feed(kitchen.records()).applied, 2);
  kitchen.Add(TallyId("a"), KitchenClosed());
  EXPECT_EQ(jars.Feed(kitchen.records()).applied, 3);
  ASSERT_EQ(jars.AllParked().size(), 2U);
  for (const Parked& parked : jars.AllParked()) {
    EXPECT_THAT(parked.reason, HasSubstr("do not parse"));
  }
}

}  // namespace
}  // namespace learncity::ledger
