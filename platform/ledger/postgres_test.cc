// What is PostgreSQL's own: which databases are refused, replicas that take turns, and a server
// that goes away.
#include <thread>

#include "platform/ledger/postgres_relay_lock.h"
#include "platform/ledger/test_ledger.h"
#include "platform/ledger/test_pantry.h"
#include "platform/ledger/test_postgres.h"
#include "platform/runtime/concat.h"
#include "platform/testing/lossy_proxy.h"

namespace learncity::ledger {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Words(const absl::Status& status) { return std::string(status.message()); }

class PostgresLedgerTest : public testing::Test {
 protected:
  // A connection behind the ledger's back.
  std::unique_ptr<postgres::Connection> Connect() {
    return postgres::Connection::Open(options.connect).value();
  }
  void Execute(const std::string& sql) {
    const absl::Status done = Connect()->Execute(sql);
    ASSERT_TRUE(done.ok()) << done;
  }
  absl::Status Opening() { return PostgresEngine(options).Open(schema).status(); }

  PostgresOptions options = NewPostgresOptions();
  const Schema schema = JarSchema();
};

TEST_F(PostgresLedgerTest, IsContinuedByTheNextProcess) {
  PostgresEngine engine(options);
  JarLedger jars(engine);
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_EQ(jars.Ask(Open("a", 5)).Word(), "ok");
  const Head head = jars.ledger().head();
  jars.Reopen();
  EXPECT_EQ(jars.ledger().head().turn, head.turn);
  EXPECT_EQ(jars.ledger().head().seal, head.seal);
  EXPECT_EQ(jars.Ask(Fill("a", 2)).Word(), "ok");
  EXPECT_EQ(jars.Beans("a"), 2);
  EXPECT_THAT(jars.Proof().divergences, IsEmpty());
}

TEST_F(PostgresLedgerTest, IsRefusedWhenItIsAnotherServices) {
  ASSERT_TRUE(Opening().ok());
  Schema other("spoons");
  const absl::Status refused = PostgresEngine(options).Open(other).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Words(refused), HasSubstr("is the ledger of pantry, not of spoons"));
}

TEST_F(PostgresLedgerTest, IsRefusedWhereOtherTablesStand) {
  Execute(Concat("CREATE SCHEMA ", options.connect.schema, "; CREATE TABLE ",
                 options.connect.schema, ".spoons(id int)"));
  const absl::Status refused = Opening();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Words(refused), HasSubstr("give the service a schema of its own"));
}

TEST_F(PostgresLedgerTest, IsRefusedWhenANewerReleaseWroteIt) {
  ASSERT_TRUE(Opening().ok());
  Execute("UPDATE ledger SET value='2' WHERE key='format'");
  EXPECT_THAT(Words(Opening()), HasSubstr("has ledger format 2, this release writes 1"));
}

TEST_F(PostgresLedgerTest, IsRefusedOnAServerThatMayLoseAnsweredWritesWithAllReasons) {
  const std::string database = Concat("unsafe_", options.connect.schema);
  Execute(Concat("CREATE DATABASE ", database));
  Execute(Concat("ALTER DATABASE ", database, " SET synchronous_commit=off"));
  Execute(Concat("ALTER DATABASE ", database, " SET default_transaction_read_only=on"));
  options.connect.conninfo = PostgresServer::OfThisProgram().conninfo_of(database);
  const absl::Status refused = Opening();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Words(refused), AllOf(HasSubstr("synchronous_commit is off"),
                                    HasSubstr("default_transaction_read_only is on")));
}

TEST_F(PostgresLedgerTest, IsMadeOnceHoweverManyStartAtOnce) {
  std::vector<absl::Status> opened(4);
  std::vector<std::thread> replicas;
  for (absl::Status& status : opened) replicas.emplace_back([&] { status = Opening(); });
  for (std::thread& replica : replicas) replica.join();
  for (const absl::Status& status : opened) EXPECT_TRUE(status.ok()) << status;
}

// Another session holds what the upgrade comes to late.
TEST_F(PostgresLedgerTest, IsUpgradedWholeOrNotAtAll) {
  PostgresEngine engine(options);
  const OldPantry old(engine);
  const auto holder = Connect();
  ASSERT_TRUE(holder->Execute("BEGIN; LOCK TABLE doc_tally").ok());
  NewPantry jars(engine, SchemaThatFollowsAnew());
  EXPECT_EQ(jars.Open().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Connect()->QueryText("SELECT count(*)::text FROM doc_plate").value(), "1");
  EXPECT_EQ(Connect()->QueryText("SELECT value FROM ledger WHERE key='followed'").value(), "1");
  ASSERT_TRUE(holder->Execute("ROLLBACK").ok());
  ASSERT_TRUE(jars.Open().ok());
  old.ExpectKept(jars);
}

TEST_F(PostgresLedgerTest, SaysWhereItIsButNoPassword) {
  options.connect.conninfo = "host=db.example port=5433 dbname=city user=u password=secret";
  EXPECT_EQ(PostgresEngine(options).place(),
            Concat("db.example:5433/city#", options.connect.schema));
}

TEST_F(PostgresLedgerTest, IsReadOnlyWhereItIs) {
  const absl::Status refused = PostgresEngine(options).OpenReader(schema).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Words(refused), HasSubstr("holds no ledger; start its service first"));
}

// Two processes of one service.
class Replicas : public PostgresLedgerTest {
 protected:
  Replicas() : one_engine(options), other_engine(options), one(one_engine), other(other_engine) {
    EXPECT_TRUE(one.Open().ok());
    EXPECT_TRUE(other.Open().ok());
    // Request ids follow from it: each has its own.
    other.now += std::chrono::milliseconds(1);
  }
  PostgresEngine one_engine, other_engine;
  JarLedger one, other;
};

TEST_F(Replicas, SeeWhatTheOtherHasWritten) {
  ASSERT_EQ(one.Ask(Open("a", 5)).Word(), "ok");
  EXPECT_EQ(other.Ask(Open("a", 5)).Word(), "NAME_TAKEN");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(one.Ask(Fill("a", 1)).Word(), "ok");
    EXPECT_EQ(other.Ask(Fill("a", 1)).Word(), "ok");
  }
  EXPECT_EQ(one.Ask(Fill("a", 2)).Word(), "JAR_FULL");
  EXPECT_EQ(other.Ask(Fill("a", 2)).Word(), "JAR_FULL");
  EXPECT_EQ(one.Beans("a"), 4);
  EXPECT_THAT(other.Proof().divergences, IsEmpty());
}

TEST_F(Replicas, GiveALabelOnce) {
  EXPECT_EQ(one.Ask(Open("a", 1, "red")).Word(), "ok");
  EXPECT_EQ(other.Ask(Open("b", 1, "red")).Word(), "LABEL_TAKEN");
}

TEST_F(Replicas, AnswerARepetitionOfWhatTheOtherDid) {
  ASSERT_EQ(one.Ask(Open("a", 5)).Word(), "ok");
  const Call call{.request_id = one.NewRequestId()};
  const Reply first = one.Ask(Fill("a", 1), call);
  const Reply again = other.Ask(Fill("a", 1), call);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.position, first.position);
  EXPECT_EQ(other.Beans("a"), 1);
}

TEST_F(Replicas, ApplyAFollowedEventOnce) {
  Kitchen kitchen;
  kitchen.Add(PlateId(1), Served("a", 3));
  EXPECT_TRUE(one.Feed(kitchen.records()).status.ok());
  const Done again = other.Feed(kitchen.records());
  EXPECT_TRUE(again.status.ok());
  EXPECT_EQ(again.applied, 1);
  EXPECT_THAT(other.Divergences(kitchen.records()), IsEmpty());
}

TEST_F(Replicas, WaitNoLongerThanTheLockMayBeHeld) {
  ASSERT_TRUE(one.ledger().Begin().ok());
  const Reply reply = other.Ask(Open("a", 1));
  EXPECT_EQ(reply.fault.code(), absl::StatusCode::kUnavailable) << reply.fault;
  one.ledger().Rollback();
  EXPECT_EQ(other.Ask(Open("a", 1)).Word(), "ok");
}

// One whose session ended in the middle of its turn must not write outside of it.
TEST_F(Replicas, AreOutOfTheirTurnOnceTheirConnectionIsLost) {
  ASSERT_EQ(one.Ask(Open("a", 5)).Word(), "ok");
  ASSERT_TRUE(one.ledger().Begin().ok());
  Execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype='advisory' AND granted");
  ASSERT_EQ(other.Ask(Fill("a", 5)).Word(), "ok");
  const TurnWrites writes{.time = one.now,
                          .records = {{.position = one.ledger().head().position + 1,
                                       .time = one.now,
                                       .type = "x",
                                       .subject = JarId("a"),
                                       .version = 2,
                                       .data = ""}}};
  EXPECT_EQ(one.ledger().Commit(writes).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(one.Ask(Fill("a", 1)).Word(), "JAR_FULL");
  EXPECT_THAT(other.Proof().divergences, IsEmpty());
}

TEST_F(Replicas, OfAnEarlierReleaseStopWritingOnceItIsUpgraded) {
  ASSERT_EQ(one.Ask(Open("a", 5)).Word(), "ok");
  Execute("UPDATE ledger SET value='2' WHERE key='followed'");
  const Reply reply = one.Ask(Fill("a", 1));
  EXPECT_EQ(reply.fault.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Words(reply.fault), HasSubstr("was upgraded by another release"));
  EXPECT_TRUE(one.ledger().broken());
}

TEST_F(Replicas, StopWritingOnceTheDatabaseIsPutBack) {
  ASSERT_EQ(one.Ask(Open("a", 5)).Word(), "ok");
  ASSERT_EQ(one.Ask(Fill("a", 1)).Word(), "ok");
  Execute("DELETE FROM turns WHERE turn=2");
  EXPECT_THAT(Words(one.Ask(Fill("a", 1)).fault), HasSubstr("was put back to an earlier state"));
}

// A commit whose answer never comes: the turn is looked up by its token.
TEST(PostgresAnswerLost, IsFoundOutUnderTheLock) {
  const TempFolder folder("postgres-proxy");
  LossyProxy proxy(folder / ".s.PGSQL.5432", PostgresServer::OfThisProgram().socket());
  PostgresOptions options = NewPostgresOptions();
  const Schema schema = JarSchema();
  PostgresEngine direct(options);
  options.connect.conninfo = Concat("host=", folder.path().string(), " user=postgres");
  const auto ledger = PostgresEngine(options).Open(schema).value();
  // Nothing is asked of the server in this turn but the commit.
  ASSERT_TRUE(ledger->Begin().ok());
  const TurnWrites writes{.time = kStart, .cursors = {{.feed = kKitchen, .position = 7}}};
  proxy.LoseTheNextAnswer();
  const absl::Status committed = ledger->Commit(writes);
  EXPECT_EQ(proxy.lost(), 1);
  EXPECT_TRUE(committed.ok()) << committed;
  EXPECT_EQ(ledger->head().turn, 1);
  const auto reader = direct.OpenReader(schema).value();
  EXPECT_EQ(reader->ReadHead()->seal, ledger->head().seal);
  EXPECT_EQ(reader->ReadCursor(kKitchen)->position, 7);
}

// A server of its own, which goes away.
TEST(PostgresGone, RefusesWritesUntilItIsBackAndLosesNone) {
  PostgresServer server;
  PostgresOptions options{.connect = {.conninfo = server.conninfo(), .schema = "jars"},
                          .retry_after = std::chrono::milliseconds(0)};
  PostgresEngine engine(options);
  JarLedger jars(engine);
  ASSERT_TRUE(jars.Open().ok());
  ASSERT_EQ(jars.Ask(Open("a", 1000)).Word(), "ok");
  ASSERT_EQ(jars.Ask(Fill("a", 1)).Word(), "ok");
  server.Kill();
  // The server's process for this session may outlive it for a moment, and still commit.
  int beans = 1;
  Reply refused = jars.Ask(Fill("a", 1));
  for (; refused.ok() && beans < 1000; refused = jars.Ask(Fill("a", 1))) ++beans;
  EXPECT_EQ(refused.fault.code(), absl::StatusCode::kUnavailable) << refused.fault;
  EXPECT_FALSE(jars.ledger().broken());
  server.Start();
  EXPECT_EQ(jars.Ask(Fill("a", 1)).Word(), "ok");
  EXPECT_EQ(jars.Beans("a"), beans + 1);
  EXPECT_THAT(jars.Proof().divergences, IsEmpty());
}

class RelayLockTest : public PostgresLedgerTest {
 protected:
  RelayLockTest() { EXPECT_TRUE(Opening().ok()); }
  static void AwaitHold(RelayLock& lock, bool holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (lock.Hold() != holds) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }
};

TEST_F(RelayLockTest, IsOneProcesssAndPassesOnWhenThatEnds) {
  auto first = std::make_unique<PostgresRelayLock>(options);
  PostgresRelayLock second(options);
  EXPECT_TRUE(first->Hold());
  EXPECT_FALSE(second.Hold());
  first.reset();
  AwaitHold(second, true);
}

TEST_F(RelayLockTest, IsOfOneLedgerAlone) {
  PostgresRelayLock lock(options);
  PostgresOptions other = NewPostgresOptions();
  PostgresRelayLock others(other);
  EXPECT_TRUE(lock.Hold());
  EXPECT_TRUE(others.Hold());
}

TEST_F(RelayLockTest, IsTakenFromAProcessThatWasStoppedAndItLearnsOfThat) {
  PostgresRelayLock stopped(options, std::chrono::milliseconds(200));
  PostgresRelayLock next(options);
  EXPECT_TRUE(stopped.Hold());
  AwaitHold(next, true);
  AwaitHold(stopped, false);
}

TEST_F(RelayLockTest, KeepsThePositionForWhoeverHoldsItNext) {
  EXPECT_EQ(PostgresRelayLock(options).Saved().value(), std::nullopt);
  PostgresRelayLock lock(options);
  ASSERT_TRUE(lock.Save(41).ok());
  ASSERT_TRUE(lock.Save(42).ok());
  EXPECT_EQ(PostgresRelayLock(options).Saved().value(), 42);
  EXPECT_TRUE(Opening().ok());
}

}  // namespace
}  // namespace learncity::ledger
