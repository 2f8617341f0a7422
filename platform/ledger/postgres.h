// PostgreSQL behind a wall: the only header through which the platform reaches libpq.
//
// A Connection belongs to one thread at a time. Every statement is prepared when it first runs;
// parameters and results travel in binary. No call waits longer than its timeout. Errors come back
// as absl::Status with PostgreSQL's words and SQLSTATE, the place and the statement in them:
// UNAVAILABLE the connection is lost, was never there, or a timeout or a shutdown ended the
// statement · ALREADY_EXISTS unique · RESOURCE_EXHAUSTED disk full, out of memory ·
// PERMISSION_DENIED rights, a read-only server · INVALID_ARGUMENT a value or a row beyond
// PostgreSQL's limits · NOT_FOUND no such table or schema · DATA_LOSS corrupt · INTERNAL the rest.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct pg_conn;
struct pg_result;

namespace learncity::postgres {

// Types of parameters and columns, by their object ids in every PostgreSQL.
enum class Type : uint32_t {
  kBytes = 17,
  kInt = 20,
  kText = 25,
  kTime = 1184,  // timestamptz; here as microseconds since 1970.
  kUuid = 2950,
};

// The values of one column for many rows: one array parameter, taken apart by unnest.
class Column {
 public:
  explicit Column(Type type) : type_(type) {}

  void AddInt(int64_t value);
  void AddTime(int64_t microseconds);
  // Text, bytes, or a UUID's 16 bytes.
  void AddBytes(std::string_view value);
  void AddNull();

 private:
  friend class Params;
  const Type type_;
  int32_t count_ = 0;
  bool has_null_ = false;
  std::string elements_;
};

// What stands for $1, $2, … in a statement.
class Params {
 public:
  Params& Int(int64_t value);
  Params& Time(int64_t microseconds);
  Params& Text(std::string_view value);
  Params& Bytes(std::string_view value);
  Params& Uuid(std::string_view bytes);
  Params& Array(const Column& column);
  // One UUID, or bytes, for each of these.
  template <class Values>
  Params& Each(Type type, const Values& values) {
    Column column(type);
    for (const auto& value : values) column.AddBytes(value);
    return Array(column);
  }

 private:
  friend class Connection;
  struct Value {
    uint32_t type;
    std::string bytes;
  };
  Params& Add(uint32_t type, std::string bytes);
  std::vector<Value> values_;
};

// Rows. Views into them are valid while the result lives.
class Result {
 public:
  explicit Result(pg_result* result) : result_(result) {}
  Result(Result&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
  Result& operator=(Result&& other) noexcept;
  ~Result();

  int rows() const;
  bool IsNull(int row, int column) const;
  int64_t Int(int row, int column) const;
  // Microseconds since 1970.
  int64_t Time(int row, int column) const;
  std::string_view Bytes(int row, int column) const;
  // Of an INSERT, UPDATE or DELETE.
  int64_t changed() const;

 private:
  pg_result* result_ = nullptr;
};

struct Statement {
  std::string_view sql;
  Params params;
};

struct ConnectOptions {
  // As libpq takes it: "host=… dbname=… user=…" or "postgresql://…".
  std::string conninfo;
  // Tables are looked for in this schema first.
  std::string schema;
  // Shown in pg_stat_activity.
  std::string application = "learncity";
  std::chrono::milliseconds connect_timeout{3000};
  // The server's: of one statement, of waiting for a lock, of a transaction that does nothing.
  std::chrono::milliseconds statement_timeout{10'000};
  std::chrono::milliseconds lock_timeout{5000};
  std::chrono::milliseconds idle_timeout{10'000};
  // Longest wait for the server in one call here: for a server that has stopped answering.
  std::chrono::milliseconds call_timeout{15'000};
};

// "host:port/database" of a conninfo, without its password; what is wrong with it where it cannot
// be read.
std::string PlaceOf(const std::string& conninfo);

class Connection {
 public:
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const ConnectOptions& options);
  ~Connection();

  absl::StatusOr<Result> Run(std::string_view sql, const Params& params = {});
  // All of them in one round trip; those after one that fails do not run, and its error is the
  // answer.
  absl::StatusOr<std::vector<Result>> RunAll(std::span<const Statement> statements);
  // Hands over row by row, as they come: each is row 0 of a result.
  absl::Status Stream(std::string_view sql, const Params& params,
                      const std::function<void(const Result&)>& row);
  // One or more statements without parameters.
  absl::Status Execute(const std::string& sql);
  // The first column of the first row as text; NOT_FOUND where there is none.
  absl::StatusOr<std::string> QueryText(const std::string& sql);

  // From now on, in place of the options' call_timeout.
  void WaitAtMost(std::chrono::milliseconds call_timeout) { call_timeout_ = call_timeout; }
  // False once the connection is lost: open another.
  bool alive() const { return connection_ != nullptr; }
  // Whether a transaction is open, failed or not.
  bool InTransaction() const;
  // Host and database, without a password.
  const std::string& place() const { return place_; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  Connection(pg_conn* connection, std::chrono::milliseconds call_timeout);
  // Sends a statement; `prepares` says whether its preparation went before it.
  absl::Status Send(std::string_view sql, const Params& params, bool* prepares);
  // Reads all results of what was sent outside a round trip of several.
  absl::Status ReadAll(std::string_view sql, const std::function<void(const Result&)>& row);
  absl::Status Flush(Deadline deadline);
  // The next result, nullptr at the end of a statement's.
  absl::StatusOr<pg_result*> Next(Deadline deadline);
  absl::Status WaitFor(int events, Deadline deadline);
  // Reads what is left of a round trip of several.
  absl::Status Drain(Deadline deadline);
  absl::Status Lost(std::string_view what);
  absl::Status ErrorOf(const pg_result* result, std::string_view sql) const;

  pg_conn* connection_ = nullptr;
  std::chrono::milliseconds call_timeout_;
  std::string place_;
  // Names of prepared statements, by their text.
  std::map<std::string, std::string, std::less<>> prepared_;
  int64_t statements_ = 0;
};

}  // namespace learncity::postgres
