// The engine of a cluster: a ledger in a schema of a PostgreSQL database. Replicas of a service
// take turns under an advisory lock. What is asked of the server, and why:
// docs/adr/0012-a-ledger-in-postgresql.md.
#pragma once

#include <memory>
#include <string>

#include "platform/ledger/ledger.h"
#include "platform/ledger/postgres.h"

namespace learncity::ledger {

struct PostgresOptions {
  postgres::ConnectOptions connect;
  // After a connection could not be made, no other is tried for so long.
  std::chrono::milliseconds retry_after{500};
  // Whether a ledger is made where there is none, and one that an earlier release wrote is brought
  // up to date; else both are refused. For whoever serves: that release may still be at work on it.
  bool upgrades = true;
};

// A connection that is lost is made anew at the next call. Broken, once the database is another
// release's or was put back to an earlier state.
class PostgresLedger : public Ledger {
 public:
  static absl::StatusOr<std::unique_ptr<PostgresLedger>> Open(const PostgresOptions& options,
                                                              const Schema& schema);
  ~PostgresLedger() override;

  const Schema& schema() const override;
  const Head& head() const override;
  absl::Status Begin() override;
  // A commit whose answer is lost is looked up under the lock; UNAVAILABLE when that fails too:
  // then it is not known, and the next turn shows it.
  absl::Status Commit(const TurnWrites& writes) override;
  void Rollback() override;
  bool broken() const override;
  absl::StatusOr<std::vector<Row>> Load(const Table& table, std::span<const Id> ids) override;
  absl::StatusOr<std::vector<Row>> LoadBy(const Table& table, const Column& column,
                                          std::span<const std::string> values) override;
  absl::StatusOr<std::vector<Row>> LoadNext(const Table& table, const Id& after,
                                            int limit) override;
  absl::StatusOr<std::vector<StoredAnswer>> FindAnswers(std::span<const AnswerKey> keys) override;
  absl::StatusOr<Cursor> LoadCursor(const std::string& feed) override;
  absl::StatusOr<std::vector<Id>> Due(const Table& table, Time now, int limit) override;
  absl::StatusOr<std::vector<Id>> FindParked(const std::string& feed,
                                             std::span<const Id> subjects) override;
  absl::StatusOr<std::vector<Parked>> LoadParked(const std::string& feed,
                                                 const Id& subject) override;
  absl::Status ForgetAnswers(Time before, int limit) override;

 private:
  struct State;
  explicit PostgresLedger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class PostgresEngine : public Engine {
 public:
  explicit PostgresEngine(PostgresOptions options) : options_(std::move(options)) {}

  absl::StatusOr<std::unique_ptr<Ledger>> Open(const Schema& schema) override;
  absl::StatusOr<std::unique_ptr<Reader>> OpenReader(const Schema& schema) override;
  std::unique_ptr<RelayLock> OpenRelayLock() override;
  bool is_shared() const override { return true; }
  std::string place() const override;

 private:
  const PostgresOptions options_;
};

}  // namespace learncity::ledger
