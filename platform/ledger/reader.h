// Reads of a ledger: never wait for a turn, see only what is committed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/record.h"
#include "platform/ledger/schema.h"

namespace learncity::ledger {

// One read-only connection, made by an Engine: belongs to one thread at a time. The schema must
// outlive it.
class Reader {
 public:
  virtual ~Reader() = default;

  // NOT_FOUND is an absent value, not an error.
  virtual absl::StatusOr<std::optional<Row>> Get(const Table& table, const Id& id) = 0;

  struct Page {
    // Only documents with an id after this; absent starts at the first.
    std::optional<Id> after;
    int limit = 100;
    // Only documents in whose declared column this value stands; empty name is all.
    std::string column;
    Value value;
    // Only documents whose column begins with these bytes, in place of a value: few of them, since
    // all are sorted for each page. Not empty, and not 0xff alone.
    std::string prefix;
  };
  // Documents in the order of their ids.
  virtual absl::StatusOr<std::vector<Row>> List(const Table& table, const Page& page) = 0;
  // Every document whose column's value is from..to, both included; the order is undefined. The
  // row's bytes are valid during the call only.
  virtual absl::Status Scan(
      const Table& table, std::string_view column, int64_t from, int64_t to,
      const std::function<void(const Id&, int64_t version, std::string_view bytes)>& row) = 0;
  // Every document.
  virtual absl::Status ScanAll(
      const Table& table,
      const std::function<void(const Id&, int64_t version, std::string_view bytes)>& row) = 0;
  // A document as its table holds it: the message, and the columns that were made from it in the
  // order of their declaration.
  struct Stored {
    Id id;
    int64_t version = 0;
    std::string_view bytes;
    Value due_at;
    std::vector<Value> columns;
  };
  // Every document with its columns; valid during the call only.
  virtual absl::Status ScanStored(const Table& table,
                                  const std::function<void(const Stored&)>& row) = 0;
  // How many documents a table holds.
  virtual absl::StatusOr<int64_t> Count(const Table& table) = 0;

  // Events after a position, in order, at most `limit` and about 4 MiB.
  virtual absl::StatusOr<std::vector<Record>> Read(int64_t after, int limit) = 0;
  virtual absl::StatusOr<Head> ReadHead() = 0;
  virtual absl::StatusOr<Cursor> ReadCursor(const std::string& feed) = 0;
  // The cursors of all feeds that were ever followed, by name.
  virtual absl::StatusOr<std::vector<Cursor>> ReadCursors() = 0;
  virtual absl::StatusOr<std::vector<Parked>> ReadParked() = 0;
  // Turns after a number, in order.
  virtual absl::StatusOr<std::vector<TurnRow>> ReadTurns(int64_t after, int limit) = 0;
  // "ok", or what the engine finds wrong with what is stored.
  virtual absl::StatusOr<std::string> CheckIntegrity() = 0;

  // Runs reads in one snapshot: what they see belongs together. Must not take longer than a second.
  virtual absl::Status InSnapshot(const std::function<absl::Status()>& reads) = 0;
};

// Readers for many threads: each thread that asks gets one of its own, opened on first use.
class Readers {
 public:
  // Both outlive it.
  Readers(Engine& engine, const Schema& schema);
  ~Readers();
  // The calling thread's reader; valid while this object lives.
  absl::StatusOr<Reader*> Mine();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace learncity::ledger
