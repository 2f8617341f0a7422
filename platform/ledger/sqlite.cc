#include "platform/ledger/sqlite.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"

namespace learncity::sqlite {
namespace {

constexpr size_t kStatementTextMax = 120;

std::string Shortened(std::string_view sql) {
  return std::string(sql.substr(0, kStatementTextMax));
}

absl::StatusCode CodeOf(int extended) {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return absl::StatusCode::kAlreadyExists;
    case SQLITE_IOERR_SHORT_READ:
      return absl::StatusCode::kDataLoss;
    default:
      break;
  }
  switch (extended & 0xff) {
    case SQLITE_FULL:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::StatusCode::kDataLoss;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    // Past opening, it is the -wal or -shm beside the database that cannot be made.
    case SQLITE_CANTOPEN:
      return absl::StatusCode::kPermissionDenied;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInternal;
  }
}

// What whoever runs the program can do; empty where nothing is known.
std::string_view Advice(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kDataLoss:
      return "; restore the file from a backup";
    case absl::StatusCode::kPermissionDenied:
      return "; let the user this program runs as write to the file and its folder";
    default:
      return "";
  }
}

// Says in words what SQLite's own short sentence leaves open.
absl::Status ErrorOf(sqlite3* connection, int code, std::string_view path, std::string_view sql) {
  const int extended = connection == nullptr ? code : sqlite3_extended_errcode(connection);
  // A call may fail without leaving its code at the connection; then the code itself is the truth.
  const bool matches = connection != nullptr && (extended & 0xff) == (code & 0xff);
  const char* words = matches ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  const int used = matches ? extended : code;
  std::string text =
      absl::StrCat("SQLite: ", words, " (code ", used, ") in ",
                   path.empty() ? std::string("a temporary database") : std::string(path));
  if (!sql.empty()) absl::StrAppend(&text, ", running: ", Shortened(sql));
  text += Advice(CodeOf(used));
  return absl::Status(CodeOf(used), text);
}

std::string_view PathOf(sqlite3* connection) {
  const char* path = sqlite3_db_filename(connection, "main");
  return path == nullptr ? std::string_view() : std::string_view(path);
}

// Binding fails only for a wrong index, a value too large or a statement not reset: bugs.
void CheckBound(sqlite3_stmt* statement, int index, int code) {
  if (code == SQLITE_OK) return;
  const char* sql = statement == nullptr ? "no statement" : sqlite3_sql(statement);
  std::fprintf(stderr, "%s:%d: binding parameter %d failed: %s (code %d): %s\n", __FILE__, __LINE__,
               index, sqlite3_errstr(code), code, sql);
  std::abort();
}

// A null pointer would bind NULL instead of an empty value.
const char* PointerOf(std::string_view value) {
  return value.data() == nullptr ? "" : value.data();
}

}  // namespace

Statement::Statement(sqlite3* connection, sqlite3_stmt* statement)
    : connection_(connection), statement_(statement) {}

Statement::Statement(Statement&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)),
      statement_(std::exchange(other.statement_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(connection_, other.connection_);
  std::swap(statement_, other.statement_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::BindInt(int index, int64_t value) {
  CheckBound(statement_, index, sqlite3_bind_int64(statement_, index, value));
}

void Statement::BindText(int index, std::string_view value) {
  CheckBound(statement_, index,
             sqlite3_bind_text64(statement_, index, PointerOf(value), value.size(), SQLITE_STATIC,
                                 SQLITE_UTF8));
}

void Statement::BindBlob(int index, std::string_view value) {
  CheckBound(statement_, index,
             sqlite3_bind_blob64(statement_, index, PointerOf(value), value.size(), SQLITE_STATIC));
}

void Statement::BindNull(int index) {
  CheckBound(statement_, index, sqlite3_bind_null(statement_, index));
}

absl::StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return ErrorOf(connection_, code, PathOf(connection_), sqlite3_sql(statement_));
}

absl::Status Statement::Run() {
  absl::StatusOr<bool> row = true;
  while (row.ok() && *row) row = Step();
  Reset();
  return row.status();
}

void Statement::Reset() {
  // Its code repeats what Step has already answered.
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

int64_t Statement::ColumnInt(int index) const { return sqlite3_column_int64(statement_, index); }

std::string_view Statement::ColumnText(int index) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, index));
  if (text == nullptr) return {};
  return {text, static_cast<size_t>(sqlite3_column_bytes(statement_, index))};
}

std::string_view Statement::ColumnBlob(int index) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, index));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, index))};
}

bool Statement::ColumnIsNull(int index) const {
  return sqlite3_column_type(statement_, index) == SQLITE_NULL;
}

bool Statement::ColumnIsInt(int index) const {
  return sqlite3_column_type(statement_, index) == SQLITE_INTEGER;
}

absl::StatusOr<Database> Database::Open(const std::string& path, const OpenOptions& options) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (options.create && !options.read_only) flags |= SQLITE_OPEN_CREATE;
  Database database;
  database.path_ = path;
  const int code = sqlite3_open_v2(path.c_str(), &database.connection_, flags,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (code != SQLITE_OK) {
    const absl::Status failed = ErrorOf(database.connection_, code, path, "");
    if ((code & 0xff) == SQLITE_CANTOPEN) {
      return absl::NotFoundError(absl::StrCat(
          failed.message(), "; does the file exist, and may this user open it and its folder?"));
    }
    return failed;
  }
  sqlite3* connection = database.connection_;
  sqlite3_busy_timeout(connection, options.busy_timeout_ms);
  // Without these a damaged schema could run code, and "text" in double quotes could be a typo.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  // SQLite opens lazily: only a read shows that the file is a database.
  absl::Status set = database.Execute(absl::StrCat("PRAGMA mmap_size=", options.mmap_bytes, ";"));
  if (set.ok()) set = database.QueryInt("SELECT count(*) FROM sqlite_schema").status();
  // A writer that holds the file says nothing about its content.
  if (!set.ok() && !absl::IsUnavailable(set)) return set;
  return database;
}

Database::Database(Database&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), path_(std::move(other.path_)) {}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(connection_, other.connection_);
  std::swap(path_, other.path_);
  return *this;
}

// close_v2 waits for statements that are still alive, so members may be destroyed in any order.
Database::~Database() { sqlite3_close_v2(connection_); }

absl::StatusOr<Statement> Database::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return ErrorOf(connection_, code, path_, sql);
  return Statement(connection_, statement);
}

absl::Status Database::Execute(std::string_view sql) {
  while (!sql.empty()) {
    sqlite3_stmt* raw = nullptr;
    const char* rest = nullptr;
    const int code =
        sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()), 0, &raw, &rest);
    if (code != SQLITE_OK) return ErrorOf(connection_, code, path_, sql);
    // Only spaces or a comment were left.
    if (raw == nullptr) return absl::OkStatus();
    Statement statement(connection_, raw);
    if (absl::Status ran = statement.Run(); !ran.ok()) return ran;
    sql.remove_prefix(static_cast<size_t>(rest - sql.data()));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Database::QueryInt(std::string_view sql) {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  absl::StatusOr<bool> row = statement->Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::NotFoundError(absl::StrCat("no row from: ", Shortened(sql)));
  return statement->ColumnInt(0);
}

absl::StatusOr<std::string> Database::QueryText(std::string_view sql) {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  absl::StatusOr<bool> row = statement->Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::NotFoundError(absl::StrCat("no row from: ", Shortened(sql)));
  return std::string(statement->ColumnText(0));
}

absl::Status Database::CheckpointAndTruncate() {
  const char* name = "PRAGMA wal_checkpoint(TRUNCATE)";
  absl::StatusOr<int64_t> blocked = QueryInt(name);
  if (!blocked.ok()) return blocked.status();
  if (*blocked != 0) {
    return absl::UnavailableError(absl::StrCat("a reader holds back the checkpoint of ", path_));
  }
  // SQLite does not sync the empty WAL; a loss of power could bring its old pages back.
  sqlite3_file* wal = nullptr;
  int code = sqlite3_file_control(connection_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
  if (code == SQLITE_OK && wal != nullptr && wal->pMethods != nullptr) {
    code = wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
  }
  return code == SQLITE_OK ? absl::OkStatus() : ErrorOf(nullptr, code, path_, name);
}

void Database::CheckpointOnClose(bool checkpoint) {
  // An empty WAL, which SQLite makes when it opens the file, still goes with the connection.
  sqlite3_file* wal = nullptr;
  sqlite3_int64 bytes = 0;
  const int code = sqlite3_file_control(connection_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
  if (code == SQLITE_OK && wal != nullptr && wal->pMethods != nullptr) {
    wal->pMethods->xFileSize(wal, &bytes);
  }
  const int keep = !checkpoint && bytes > 0 ? 1 : 0;
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep, nullptr);
}

int64_t Database::Changes() const { return sqlite3_changes64(connection_); }

bool Database::InTransaction() const { return sqlite3_get_autocommit(connection_) == 0; }

}  // namespace learncity::sqlite
