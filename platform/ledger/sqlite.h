// SQLite behind a wall: the only header through which the platform reaches the library.
//
// A Database is one connection and belongs to one thread at a time. Every statement is prepared.
// Errors come back as absl::Status with SQLite's words, the path and the statement's name in them:
// RESOURCE_EXHAUSTED disk full · DATA_LOSS not a database, corrupt or truncated · PERMISSION_DENIED
// the file or its folder is read-only · UNAVAILABLE busy or locked · ALREADY_EXISTS unique or
// primary key · NOT_FOUND the file cannot be opened, or a query that must give a row gave none ·
// INTERNAL the rest.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct sqlite3;
struct sqlite3_stmt;

namespace learncity::sqlite {

// A prepared statement. Bind, then Step until it gives false, then Reset to use it again.
// Text and blobs that Column* return are views into SQLite's memory, valid until the next Step or
// Reset. A parameter that cannot be bound is a bug and aborts.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* connection, sqlite3_stmt* statement);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  // Parameters count from 1. Bound views must stay valid until the statement is reset.
  void BindInt(int index, int64_t value);
  void BindText(int index, std::string_view value);
  void BindBlob(int index, std::string_view value);
  void BindNull(int index);

  // True: a row is there. False: done.
  absl::StatusOr<bool> Step();
  // Steps to the end, discards rows, resets.
  absl::Status Run();
  // Also clears the bindings.
  void Reset();

  // Columns count from 0.
  int64_t ColumnInt(int index) const;
  std::string_view ColumnText(int index) const;
  std::string_view ColumnBlob(int index) const;
  bool ColumnIsNull(int index) const;
  bool ColumnIsInt(int index) const;

 private:
  sqlite3* connection_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

struct OpenOptions {
  bool read_only = false;
  bool create = false;
  // Name of a registered VFS; empty is the operating system's.
  std::string vfs;
  // Largest part of the file that is mapped for reading; 0 maps nothing.
  int64_t mmap_bytes = 0;
  int busy_timeout_ms = 5000;
};

class Database {
 public:
  Database() = default;
  static absl::StatusOr<Database> Open(const std::string& path, const OpenOptions& options);
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  ~Database();

  absl::StatusOr<Statement> Prepare(std::string_view sql);
  // Runs one or more statements that need no parameters.
  absl::Status Execute(std::string_view sql);
  // The first column of the first row, as a number or a text.
  absl::StatusOr<int64_t> QueryInt(std::string_view sql);
  absl::StatusOr<std::string> QueryText(std::string_view sql);

  // Moves the whole WAL into the file, empties it and syncs both: what was overwritten or deleted
  // before is then in neither, even after a loss of power. UNAVAILABLE: a reader is in the way.
  absl::Status CheckpointAndTruncate();

  // From now on, whether closing the last connection moves a WAL that holds something into the
  // file, as SQLite does unless told.
  void CheckpointOnClose(bool checkpoint);
  // Rows that the last INSERT, UPDATE or DELETE changed.
  int64_t Changes() const;
  // True while BEGIN has not been ended by COMMIT or ROLLBACK.
  bool InTransaction() const;
  const std::string& path() const { return path_; }

 private:
  sqlite3* connection_ = nullptr;
  std::string path_;
};

}  // namespace learncity::sqlite
