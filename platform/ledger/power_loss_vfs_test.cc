#include "platform/ledger/power_loss_vfs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/ledger/sqlite.h"

namespace learncity {
namespace {

using sqlite::Database;
using ::testing::HasSubstr;
using When = PowerLossDisk::When;

constexpr char kFile[] = "rows.db";
constexpr int kRows = 8;

absl::StatusOr<Database> OpenRows(const PowerLossDisk& disk, const std::string& synchronous,
                                  bool create = true) {
  absl::StatusOr<Database> database =
      Database::Open(kFile, {.create = create, .vfs = disk.vfs_name(), .busy_timeout_ms = 0});
  if (!database.ok()) return database;
  const absl::Status set = database->Execute(absl::StrCat(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=", synchronous, "; PRAGMA wal_autocheckpoint=0;",
      " CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, payload BLOB);"));
  if (!set.ok()) return set;
  return database;
}

absl::Status Insert(Database& database, int id) {
  absl::StatusOr<sqlite::Statement> insert =
      database.Prepare("INSERT INTO row (id, payload) VALUES (?1, zeroblob(3000))");
  if (!insert.ok()) return insert.status();
  insert->BindInt(1, id);
  return insert->Run();
}

// Commits rows one by one, with a checkpoint in the middle; gives the ids that were acknowledged.
std::set<int> Work(const PowerLossDisk& disk, const std::string& synchronous) {
  std::set<int> committed;
  absl::StatusOr<Database> database = OpenRows(disk, synchronous);
  if (!database.ok()) return committed;
  for (int id = 1; id <= kRows; ++id) {
    if (!Insert(*database, id).ok()) break;
    committed.insert(id);
    if (id != kRows / 2) continue;
    if (!database->Execute("PRAGMA wal_checkpoint(TRUNCATE)").ok()) break;
  }
  return committed;
}

// The acknowledged rows that are not there any more.
std::set<int> Lost(const PowerLossDisk& disk, std::set<int> committed) {
  absl::StatusOr<Database> database = OpenRows(disk, "FULL");
  EXPECT_TRUE(database.ok()) << database.status();
  if (!database.ok()) return committed;
  EXPECT_EQ(database->QueryText("PRAGMA integrity_check").value(), "ok");
  absl::StatusOr<sqlite::Statement> rows = database->Prepare("SELECT id FROM row");
  EXPECT_TRUE(rows.ok()) << rows.status();
  while (rows->Step().value()) committed.erase(static_cast<int>(rows->ColumnInt(0)));
  return committed;
}

// Crashes once before and once after each operation of Work; counts histories that lost a row.
int HistoriesThatLose(const std::string& synchronous, uint64_t seed) {
  int64_t operations = 0;
  {
    PowerLossDisk disk("counting", seed);
    EXPECT_EQ(Work(disk, synchronous).size(), kRows);
    operations = disk.operations();
  }
  int losing = 0;
  for (int64_t nth = 1; nth <= operations; ++nth) {
    for (const When when : {When::kBefore, When::kAfter}) {
      PowerLossDisk disk("crashing", seed + static_cast<uint64_t>(nth));
      disk.CrashAt(nth, when);
      const std::set<int> committed = Work(disk, synchronous);
      EXPECT_TRUE(disk.dead());
      disk.LosePower();
      if (!Lost(disk, committed).empty()) ++losing;
    }
  }
  EXPECT_GT(operations, 20);
  return losing;
}

TEST(PowerLoss, KeepsEveryCommittedRowWithSynchronousFull) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_EQ(HistoriesThatLose("FULL", seed * 1000), 0) << "seed " << seed;
  }
}

// Shows that the test above is able to fail.
TEST(PowerLoss, LosesCommittedRowsWithSynchronousNormal) {
  EXPECT_GT(HistoriesThatLose("NORMAL", 1000), 0);
}

TEST(PowerLoss, RepeatsItselfForTheSameSeed) {
  std::set<int> lost[2];
  for (std::set<int>& result : lost) {
    PowerLossDisk disk("repeated", 7);
    const std::set<int> committed = Work(disk, "NORMAL");
    disk.LosePower();
    result = Lost(disk, committed);
  }
  EXPECT_EQ(lost[0], lost[1]);
}

TEST(PowerLoss, RecoversFromACheckpointTornInTheMiddle) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    PowerLossDisk disk("checkpoint", seed);
    std::set<int> committed;
    {
      Database database = OpenRows(disk, "FULL").value();
      for (int id = 1; id <= kRows; ++id) {
        ASSERT_TRUE(Insert(database, id).ok());
        committed.insert(id);
      }
      // Sync of the WAL, then some pages of the database: never synced, so torn.
      disk.CrashAt(disk.operations() + 5, When::kBefore);
      EXPECT_FALSE(database.Execute("PRAGMA wal_checkpoint(TRUNCATE)").ok());
      disk.LosePower();
      EXPECT_FALSE(Insert(database, kRows + 1).ok()) << "a connection survived the loss of power";
    }
    EXPECT_TRUE(Lost(disk, committed).empty()) << "seed " << seed;
  }
}

TEST(PowerLoss, LeavesNothingInTheWalAfterCheckpointAndTruncate) {
  PowerLossDisk disk("checkpointed", 3);
  Database database = OpenRows(disk, "FULL").value();
  ASSERT_TRUE(Insert(database, 1).ok());
  ASSERT_TRUE(database.CheckpointAndTruncate().ok());
  EXPECT_EQ(disk.ReadFile("rows.db-wal"), "");
  EXPECT_EQ(disk.ReadDurable("rows.db-wal"), "");
  EXPECT_EQ(disk.ReadDurable(kFile), disk.ReadFile(kFile));
}

TEST(PowerLossVfs, IsRefusedACheckpointWhileAReaderIsInTheWay) {
  PowerLossDisk disk("reader", 3);
  Database writer = OpenRows(disk, "FULL").value();
  ASSERT_TRUE(Insert(writer, 1).ok());
  Database reader = OpenRows(disk, "FULL").value();
  ASSERT_TRUE(reader.Execute("BEGIN; SELECT count(*) FROM row;").ok());
  ASSERT_TRUE(Insert(writer, 2).ok());
  EXPECT_EQ(writer.CheckpointAndTruncate().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(reader.QueryInt("SELECT count(*) FROM row").value(), 1) << "the snapshot moved";
  ASSERT_TRUE(reader.Execute("COMMIT").ok());
  EXPECT_TRUE(writer.CheckpointAndTruncate().ok());
}

TEST(PowerLossVfs, LetsOneOfTwoConnectionsWrite) {
  PowerLossDisk disk("two", 3);
  Database first = OpenRows(disk, "FULL").value();
  Database second = OpenRows(disk, "FULL").value();
  ASSERT_TRUE(first.Execute("BEGIN IMMEDIATE").ok());
  EXPECT_EQ(second.Execute("BEGIN IMMEDIATE").code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(Insert(first, 1).ok());
  ASSERT_TRUE(first.Execute("COMMIT").ok());
  EXPECT_EQ(second.QueryInt("SELECT count(*) FROM row").value(), 1);
}

TEST(PowerLossVfs, TakesWritersOfSeveralThreads) {
  PowerLossDisk disk("threads", 3);
  Database watching = OpenRows(disk, "FULL").value();
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 4; ++writer) {
    threads.emplace_back([&disk, writer] {
      Database database = Database::Open(kFile, {.vfs = disk.vfs_name()}).value();
      for (int i = 0; i < 25; ++i) EXPECT_TRUE(Insert(database, writer * 100 + i).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(watching.QueryInt("SELECT count(*) FROM row").value(), 100);
  EXPECT_EQ(watching.QueryText("PRAGMA integrity_check").value(), "ok");
}

TEST(PowerLossVfs, SaysThatTheDiskIsFullAndGoesOnWhenItIsNot) {
  PowerLossDisk disk("full", 3);
  Database database = OpenRows(disk, "FULL").value();
  ASSERT_TRUE(Insert(database, 1).ok());
  disk.SetFull(true);
  EXPECT_EQ(Insert(database, 2).code(), absl::StatusCode::kResourceExhausted);
  disk.SetFull(false);
  EXPECT_TRUE(Insert(database, 2).ok());
  EXPECT_EQ(database.QueryInt("SELECT count(*) FROM row").value(), 2);
}

class DamagedFile : public ::testing::Test {
 protected:
  void SetUp() override {
    Work(disk_, "FULL");
    ASSERT_GT(disk_.ReadFile(kFile).size(), 8192U);
  }
  absl::Status Check() {
    absl::StatusOr<Database> database = Database::Open(kFile, {.vfs = disk_.vfs_name()});
    if (!database.ok()) return database.status();
    return database->QueryInt("SELECT sum(length(payload)) FROM row").status();
  }
  PowerLossDisk disk_{"damaged", 3};
};

TEST_F(DamagedFile, IsCalledDataLossWhenAByteIsFlipped) {
  disk_.FlipByte(kFile, 4096);
  const absl::Status status = Check();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(kFile));
}

TEST_F(DamagedFile, IsCalledDataLossWhenItIsTruncated) {
  disk_.TruncateFile(kFile, 4096);
  EXPECT_EQ(Check().code(), absl::StatusCode::kDataLoss) << Check();
}

TEST_F(DamagedFile, IsCalledDataLossWhenItIsNoDatabase) {
  disk_.WriteFile(kFile, "id;name\n1;Hoàn Kiếm\n" + std::string(2000, ' '));
  const absl::Status status = Check();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("not a database"));
}

TEST_F(DamagedFile, IsCalledNotFoundWhenItIsMissing) {
  EXPECT_EQ(Database::Open("other.db", {.vfs = disk_.vfs_name()}).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(DamagedFile, IsCalledPermissionDeniedWhenItIsReadOnly) {
  disk_.SetReadOnly(true);
  EXPECT_EQ(Check().code(), absl::StatusCode::kPermissionDenied) << Check();
}

}  // namespace
}  // namespace learncity
