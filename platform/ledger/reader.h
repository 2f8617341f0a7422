// Reads of a ledger: never wait for a turn, see only what is committed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/ledger/record.h"
#include "platform/ledger/schema.h"
#include "platform/ledger/sqlite.h"

namespace learncity::ledger {

struct ReaderOptions {
  std::string vfs;
  int64_t mmap_bytes = int64_t{1} << 34;
};

// One read-only connection: belongs to one thread at a time. The schema must outlive it.
class Reader {
 public:
  // FAILED_PRECONDITION, with what to do: the file is not this schema's ledger, or another
  // release's that this one cannot read as it is.
  static absl::StatusOr<std::unique_ptr<Reader>> Open(const std::string& path, const Schema& schema,
                                                      const ReaderOptions& options = {});
  ~Reader();

  // NOT_FOUND is an absent value, not an error.
  absl::StatusOr<std::optional<Row>> Get(const Table& table, const Id& id);

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
  absl::StatusOr<std::vector<Row>> List(const Table& table, const Page& page);
  // Every document whose column's value is from..to, both included; the order is undefined. The
  // row's bytes are valid during the call only.
  absl::Status Scan(
      const Table& table, std::string_view column, int64_t from, int64_t to,
      const std::function<void(const Id&, int64_t version, std::string_view bytes)>& row);
  // Every document.
  absl::Status ScanAll(
      const Table& table,
      const std::function<void(const Id&, int64_t version, std::string_view bytes)>& row);
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
  absl::Status ScanStored(const Table& table, const std::function<void(const Stored&)>& row);
  // How many documents a table holds.
  absl::StatusOr<int64_t> Count(const Table& table);

  // Events after a position, in order, at most `limit` and about 4 MiB.
  absl::StatusOr<std::vector<Record>> Read(int64_t after, int limit);
  absl::StatusOr<Head> ReadHead();
  absl::StatusOr<Cursor> ReadCursor(const std::string& feed);
  // The cursors of all feeds that were ever followed, by name.
  absl::StatusOr<std::vector<Cursor>> ReadCursors();
  absl::StatusOr<std::vector<Parked>> ReadParked();
  // Turns after a number, in order.
  absl::StatusOr<std::vector<TurnRow>> ReadTurns(int64_t after, int limit);
  // "ok", or what SQLite finds wrong with the file.
  absl::StatusOr<std::string> CheckIntegrity();

  // Runs reads in one snapshot: what they see belongs together. Must not take longer than a second.
  absl::Status InSnapshot(const std::function<absl::Status()>& reads);

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Readers for many threads: each thread that asks gets one of its own, opened on first use.
class Readers {
 public:
  Readers(std::string path, const Schema& schema, ReaderOptions options = {});
  ~Readers();
  // The calling thread's reader; valid while this object lives.
  absl::StatusOr<Reader*> Mine();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace learncity::ledger
