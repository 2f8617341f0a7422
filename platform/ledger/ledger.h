// What a turn is stored by. An engine opens a ledger for its writer and for readers; SQLite and
// PostgreSQL are the engines there are, and everything above this line is the same on both.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/ledger/record.h"
#include "platform/ledger/relay_lock.h"
#include "platform/ledger/schema.h"

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

// What an answer is found by.
struct AnswerKey {
  Id request_id;
  std::string caller;
  std::string method;

  friend auto operator<=>(const AnswerKey&, const AnswerKey&) = default;
};

// A ledger opened for its writer. Belongs to the writer's thread. Every call between Begin and
// Commit or Rollback is one turn, and sees what was committed before it.
class Ledger {
 public:
  virtual ~Ledger() = default;

  virtual const Schema& schema() const = 0;
  // The last committed head that this process knows of: within a turn, the one the turn follows.
  virtual const Head& head() const = 0;

  // UNAVAILABLE: the ledger is broken, cannot be reached, or another process holds it for longer
  // than a turn may take.
  virtual absl::Status Begin() = 0;
  // Appends everything and commits durably. On error the turn is rolled back and head() is
  // unchanged.
  virtual absl::Status Commit(const TurnWrites& writes) = 0;
  virtual void Rollback() = 0;
  // True once no turn can begin any more, and the process must be started again.
  virtual bool broken() const = 0;

  // Those of the documents that exist, in any order.
  virtual absl::StatusOr<std::vector<Row>> Load(const Table& table, std::span<const Id> ids) = 0;
  // The documents in whose unique column one of these values stands, in any order; for one value
  // several where an earlier release let them share it.
  virtual absl::StatusOr<std::vector<Row>> LoadBy(const Table& table, const Column& column,
                                                  std::span<const std::string> values) = 0;
  // The documents after an id, in the order of ids, at most `limit`.
  virtual absl::StatusOr<std::vector<Row>> LoadNext(const Table& table, const Id& after,
                                                    int limit) = 0;
  // The answers that are kept to these requests, in any order.
  virtual absl::StatusOr<std::vector<StoredAnswer>> FindAnswers(
      std::span<const AnswerKey> keys) = 0;
  virtual absl::StatusOr<Cursor> LoadCursor(const std::string& feed) = 0;
  // Documents due at `now`, the longest due first, at most `limit`. Outside a turn too.
  virtual absl::StatusOr<std::vector<Id>> Due(const Table& table, Time now, int limit) = 0;
  // Those of a feed's aggregates that are parked.
  virtual absl::StatusOr<std::vector<Id>> FindParked(const std::string& feed,
                                                     std::span<const Id> subjects) = 0;
  virtual absl::StatusOr<std::vector<Parked>> LoadParked(const std::string& feed,
                                                         const Id& subject) = 0;
  // Deletes at most `limit` answers older than `before`; outside a turn.
  virtual absl::Status ForgetAnswers(Time before, int limit) = 0;
};

class Reader;

// Where one service's ledger is stored, and how. Any thread.
class Engine {
 public:
  virtual ~Engine() = default;
  // Makes the ledger where there is none, and brings one of an earlier release up to date. Refuses,
  // changing nothing, what is not this schema's ledger.
  virtual absl::StatusOr<std::unique_ptr<Ledger>> Open(const Schema& schema) = 0;
  // FAILED_PRECONDITION, with what to do: not this schema's ledger, or another release's that this
  // one cannot read as it is.
  virtual absl::StatusOr<std::unique_ptr<Reader>> OpenReader(const Schema& schema) = 0;
  // Of a ledger that is there; connects when it is first asked.
  virtual std::unique_ptr<RelayLock> OpenRelayLock() = 0;
  // Whether other processes may take turns of it.
  virtual bool is_shared() const = 0;
  // Where it is, in words for people: a file, or a database without its password.
  virtual std::string place() const = 0;
};

}  // namespace learncity::ledger
