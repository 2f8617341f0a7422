// The embedded engine: a ledger in one SQLite file. One process, one writer thread. Settings and
// why: docs/adr/0005-sqlite-settings.md.
#pragma once

#include <memory>
#include <string>

#include "platform/ledger/ledger.h"

namespace learncity::ledger {

struct SqliteOptions {
  std::string vfs;
  // "FULL" in every real use; a test opens with "NORMAL" to show that it can fail.
  std::string synchronous = "FULL";
  int64_t mmap_bytes = int64_t{1} << 34;
  // Pages in the write-ahead log before the writer checkpoints.
  int checkpoint_pages = 16000;
  // Whether a file that an earlier release wrote is brought up to date; else it is refused. For
  // whoever serves: that release may still be at work on the file.
  bool upgrades = true;
};

// Broken, once a commit failed in a way that leaves open what is on disk, or another process took
// a turn.
class SqliteLedger : public Ledger {
 public:
  // Creates the file when it is absent, and brings one of an earlier release up to date, whole or
  // not at all. Refuses, changing nothing: a file that is not a ledger, another service's, a newer
  // version's, corrupt, or read-only.
  static absl::StatusOr<std::unique_ptr<SqliteLedger>> Open(const std::string& path,
                                                            const Schema& schema,
                                                            const SqliteOptions& options = {});
  ~SqliteLedger() override;

  const Schema& schema() const override;
  const Head& head() const override;
  absl::Status Begin() override;
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

  // Moves the write-ahead log into the file and empties it; outside a turn.
  absl::Status CheckpointTruncate();

 private:
  struct State;
  explicit SqliteLedger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// "<folder>/enrollment.ledger", or without a folder "enrollment.ledger".
std::string SqliteFile(const std::string& folder, const std::string& service);

class SqliteEngine : public Engine {
 public:
  explicit SqliteEngine(std::string path, SqliteOptions options = {});

  absl::StatusOr<std::unique_ptr<Ledger>> Open(const Schema& schema) override;
  absl::StatusOr<std::unique_ptr<Reader>> OpenReader(const Schema& schema) override;
  // Always held, since the file is one process's; keeps no position.
  std::unique_ptr<RelayLock> OpenRelayLock() override;
  bool is_shared() const override { return false; }
  std::string place() const override { return path_; }

 private:
  const std::string path_;
  const SqliteOptions options_;
};

}  // namespace learncity::ledger
