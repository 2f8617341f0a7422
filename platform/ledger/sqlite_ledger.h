// The embedded engine: a ledger in one SQLite file. One process, one writer thread; reads go
// through Reader. Settings and why: docs/adr/0005-sqlite-settings.md.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/ledger/record.h"
#include "platform/ledger/schema.h"
#include "platform/ledger/sqlite.h"

namespace learncity::ledger {

// The answer to an accepted write, kept so that its repetition has the same one.
struct StoredAnswer {
  Id request_id;
  std::string caller;
  std::string method;
  std::string request_hash;
  // The document it was answered with: index of its table, and its id.
  int table = 0;
  Id document;
  int64_t position = 0;
  Time time;
};

// A document as a turn leaves it.
struct StoredDocument {
  const Table* table = nullptr;
  Id id;
  int64_t version = 0;
  const google::protobuf::Message* message = nullptr;
  std::string_view bytes;
  bool existed = false;
};

// An aggregate of a feed whose parked events a turn takes up again.
struct Unparked {
  std::string feed;
  Id subject;
};

// All that one turn writes. Aggregates are unparked before events are parked.
struct TurnWrites {
  Time time;
  std::vector<Record> records;
  std::vector<StoredDocument> documents;
  std::vector<StoredAnswer> answers;
  std::vector<Cursor> cursors;
  std::vector<Parked> parked;
  std::vector<Unparked> unparked;

  bool empty() const {
    return records.empty() && documents.empty() && answers.empty() && cursors.empty() &&
           parked.empty() && unparked.empty();
  }
};

struct LedgerOptions {
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

// Belongs to the writer's thread. Every call between Begin and Commit or Rollback is one turn.
class SqliteLedger {
 public:
  // Creates the file when it is absent, and brings one of an earlier release up to date, whole or
  // not at all. Refuses, changing nothing: a file that is not a ledger, another service's, a newer
  // version's, corrupt, or read-only.
  static absl::StatusOr<std::unique_ptr<SqliteLedger>> Open(const std::string& path,
                                                            const Schema& schema,
                                                            const LedgerOptions& options = {});
  ~SqliteLedger();

  const Schema& schema() const;
  const std::string& path() const;
  // The last committed head.
  const Head& head() const;

  // UNAVAILABLE: the ledger is broken, or another connection holds the file.
  absl::Status Begin();
  // Appends everything and commits durably. On error the turn is rolled back and head() is
  // unchanged.
  absl::Status Commit(const TurnWrites& writes);
  void Rollback();
  // True once a commit failed in a way that leaves open what is on disk, or another process took a
  // turn: no turn begins any more, and the process must be started again.
  bool broken() const;

  absl::StatusOr<std::optional<Row>> Load(const Table& table, const Id& id);
  // The document in whose unique column this value stands; several where an earlier release let
  // them share it.
  absl::StatusOr<std::vector<Row>> LoadBy(const Table& table, const Column& column,
                                          std::string_view value);
  // The documents after an id, in the order of ids, at most `limit`.
  absl::StatusOr<std::vector<Row>> LoadNext(const Table& table, const Id& after, int limit);
  absl::StatusOr<std::optional<StoredAnswer>> FindAnswer(const Id& request_id,
                                                         std::string_view caller,
                                                         std::string_view method);
  absl::StatusOr<Cursor> LoadCursor(const std::string& feed);
  // Documents due at `now`, the longest due first, at most `limit`.
  absl::StatusOr<std::vector<Id>> Due(const Table& table, Time now, int limit);
  // Aggregates of a feed that are parked.
  absl::StatusOr<bool> IsParked(const std::string& feed, const Id& subject);
  absl::StatusOr<std::vector<Parked>> LoadParked(const std::string& feed, const Id& subject);
  absl::Status RemoveParked(const std::string& feed, const Id& subject);
  // Deletes at most `limit` answers older than `before`; outside a turn.
  absl::Status ForgetAnswers(Time before, int limit);
  // Moves the write-ahead log into the file and empties it; outside a turn.
  absl::Status CheckpointTruncate();

 private:
  struct State;
  explicit SqliteLedger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace learncity::ledger
