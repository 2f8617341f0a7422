#include "platform/ledger/sqlite_schema.h"

#include "platform/ledger/sqlite_upgrade.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

// Past this many pages the check at start-up would keep the service waiting; `verify` does it then.
constexpr int64_t kQuickCheckPagesMax = 16384;

constexpr std::string_view kPlatformTables = R"sql(
CREATE TABLE ledger(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE names(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE events(position INTEGER PRIMARY KEY, time INTEGER NOT NULL, type INTEGER NOT NULL,
  subject BLOB NOT NULL, version INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE turns(turn INTEGER PRIMARY KEY, first_position INTEGER NOT NULL,
  last_position INTEGER NOT NULL, time INTEGER NOT NULL, cursors TEXT NOT NULL, seal BLOB NOT NULL);
CREATE TABLE answers(request_id BLOB NOT NULL, caller INTEGER NOT NULL, method INTEGER NOT NULL,
  request_hash BLOB NOT NULL, kind INTEGER NOT NULL, document BLOB NOT NULL,
  position INTEGER NOT NULL, time INTEGER NOT NULL,
  PRIMARY KEY(request_id, caller, method)) WITHOUT ROWID;
CREATE INDEX answers_time ON answers(time);
CREATE TABLE cursors(feed TEXT PRIMARY KEY, epoch INTEGER NOT NULL, position INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE parked(feed TEXT NOT NULL, position INTEGER NOT NULL, epoch INTEGER NOT NULL,
  time INTEGER NOT NULL, type TEXT NOT NULL, subject BLOB NOT NULL, version INTEGER NOT NULL,
  data BLOB NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(feed, subject, position)) WITHOUT ROWID;
)sql";

// A file that is up to date lacks a table or an index only where somebody has taken it away.
absl::Status MakeMissing(sqlite::Database& database, const Schema& schema) {
  for (const auto& table : schema.tables()) {
    absl::Status made = database.Execute(TableSql(*table));
    for (const IndexedColumn& column : IndexedColumns(*table)) {
      if (made.ok()) made = database.Execute(IndexSql(*table, column));
    }
    if (!made.ok()) return made;
  }
  return absl::OkStatus();
}

// The cache is small because reads come from the mapped file, while the end of a turn that split a
// page walks all of the cache (SQLite lends such pages a number past the end of the file).
absl::Status Settings(sqlite::Database& database, const SqliteOptions& options) {
  return database.Execute(Concat("PRAGMA synchronous=", options.synchronous,
                                 "; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;"
                                 "PRAGMA cache_size=-8192; PRAGMA wal_autocheckpoint=",
                                 options.checkpoint_pages));
}

absl::Status Create(sqlite::Database& database, const Schema& schema) {
  // The page size must be set before the file has pages, the journal mode outside a transaction.
  std::string sql =
      Concat("PRAGMA page_size=4096; PRAGMA journal_mode=WAL; BEGIN IMMEDIATE;", kPlatformTables);
  for (const auto& table : schema.tables()) {
    sql += TableSql(*table);
    for (const IndexedColumn& column : IndexedColumns(*table)) sql += IndexSql(*table, column);
  }
  sql += Concat("INSERT INTO ledger VALUES('service', '", schema.service(), "'), ('epoch', 1);",
                KeptSql(schema), "PRAGMA application_id=", kApplicationId, "; COMMIT;");
  return database.Execute(sql);
}

// Whether the file is new: without tables, and nobody has written their mark into it.
absl::StatusOr<bool> IsNew(sqlite::Database& database) {
  const auto tables = database.QueryInt("SELECT count(*) FROM sqlite_master");
  const auto application = database.QueryInt("PRAGMA application_id");
  const auto version = database.QueryInt("PRAGMA user_version");
  if (!tables.ok()) return tables.status();
  if (!application.ok()) return application.status();
  if (!version.ok()) return version.status();
  return *tables == 0 && *application == 0 && *version == 0;
}

absl::Status Recognise(sqlite::Database& database, const Schema& schema) {
  const std::string& path = database.path();
  const auto application = database.QueryInt("PRAGMA application_id");
  const auto version = database.QueryInt("PRAGMA user_version");
  if (!application.ok()) return application.status();
  if (!version.ok()) return version.status();
  if (*application != kApplicationId) {
    return absl::FailedPreconditionError(
        Concat(path, " is a database, but not a ledger; point the service at its own file"));
  }
  if (*version > kFormatVersion) {
    return absl::FailedPreconditionError(Concat(path, " has ledger format ", *version,
                                                ", this release writes ", kFormatVersion,
                                                "; run the newer release"));
  }
  const auto service = database.QueryText("SELECT value FROM ledger WHERE key='service'");
  if (!service.ok()) return service.status();
  if (*service != schema.service()) {
    return absl::FailedPreconditionError(
        Concat(path, " is the ledger of ", *service, ", not of ", schema.service()));
  }
  return absl::OkStatus();
}

absl::Status CheckSound(sqlite::Database& database) {
  const auto pages = database.QueryInt("PRAGMA page_count");
  if (!pages.ok()) return pages.status();
  if (*pages > kQuickCheckPagesMax) return absl::OkStatus();
  const auto sound = database.QueryText("PRAGMA quick_check(1)");
  if (!sound.ok()) return sound.status();
  if (*sound == "ok") return absl::OkStatus();
  return absl::DataLossError(
      Concat(database.path(), " is damaged: ", *sound, "; restore it from a backup"));
}

// A file that is there: up to date with the schema after this, or refused.
absl::Status Continue(sqlite::Database& database, const Schema& schema,
                      const SqliteOptions& options) {
  if (auto status = Recognise(database, schema); !status.ok()) return status;
  if (auto status = CheckSound(database); !status.ok()) return status;
  const auto current = IsCurrent(database, schema);
  if (!current.ok()) return current.status();
  if (!*current && !options.upgrades) return CheckReadable(database, schema);
  // A begun and undone write tells a read-only file now rather than at the first request.
  if (auto status = database.Execute("BEGIN IMMEDIATE; UPDATE ledger SET value=value; ROLLBACK");
      !status.ok()) {
    return status;
  }
  return *current ? MakeMissing(database, schema) : Upgrade(database, schema);
}

}  // namespace

std::string TableSql(const Table& table) {
  std::string sql = Concat("CREATE TABLE IF NOT EXISTS ", TableName(table),
                           "(id BLOB NOT NULL PRIMARY KEY, version INTEGER NOT NULL, "
                           "bytes BLOB NOT NULL, due_at INTEGER");
  for (const Column& column : table.columns) sql += Concat(", ", column.name);
  return sql + ") WITHOUT ROWID;\n";
}

std::string IndexSql(const Table& table, const IndexedColumn& column) {
  return Concat("CREATE ", column.is_unique ? "UNIQUE " : "", "INDEX IF NOT EXISTS ",
                IndexName(table, column.name), " ON ", TableName(table), "(", column.name,
                ") WHERE ", column.name, " IS NOT NULL;\n");
}

void BindValue(sqlite::Statement& statement, int index, const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    statement.BindInt(index, *number);
  } else if (const auto* bytes = std::get_if<std::string>(&value)) {
    statement.BindBlob(index, *bytes);
  } else {
    statement.BindNull(index);
  }
}

Value ValueOf(const sqlite::Statement& statement, int index) {
  if (statement.ColumnIsNull(index)) return std::monostate();
  if (statement.ColumnIsInt(index)) return statement.ColumnInt(index);
  return std::string(statement.ColumnBlob(index));
}

absl::StatusOr<sqlite::Database> OpenLedgerFile(const std::string& path, const Schema& schema,
                                                const SqliteOptions& options) {
  auto database = sqlite::Database::Open(
      path, {.create = true, .vfs = options.vfs, .mmap_bytes = options.mmap_bytes});
  if (!database.ok()) return database.status();
  // A file that is refused stays as it was, its WAL beside it too.
  database->CheckpointOnClose(false);
  const auto is_new = IsNew(*database);
  if (!is_new.ok()) return is_new.status();
  // First of all: a journal that is deleted before it was synced comes back after a loss of power.
  if (auto status = Settings(*database, options); !status.ok()) return status;
  if (auto status = *is_new ? Create(*database, schema) : Continue(*database, schema, options);
      !status.ok()) {
    return status;
  }
  database->CheckpointOnClose(true);
  return database;
}

absl::Status CheckReadable(sqlite::Database& database, const Schema& schema) {
  if (auto status = Recognise(database, schema); !status.ok()) return status;
  const auto current = IsCurrent(database, schema);
  if (!current.ok()) return current.status();
  if (*current) return absl::OkStatus();
  return absl::FailedPreconditionError(
      Concat(database.path(),
             " was written by an earlier release; start the service of this one "
             "once, which brings it up to date"));
}

absl::StatusOr<Head> ReadHeadOf(sqlite::Database& database) {
  Head head;
  const auto epoch = database.QueryInt("SELECT value FROM ledger WHERE key='epoch'");
  if (!epoch.ok()) return epoch.status();
  head.epoch = *epoch;
  auto statement =
      database.Prepare("SELECT turn, last_position, seal FROM turns ORDER BY turn DESC LIMIT 1");
  if (!statement.ok()) return statement.status();
  const auto found = statement->Step();
  if (!found.ok()) return found.status();
  if (*found) {
    head.turn = statement->ColumnInt(0);
    head.position = statement->ColumnInt(1);
    const auto seal = statement->ColumnBlob(2);
    if (seal.size() != head.seal.size()) {
      return absl::DataLossError(
          Concat("turn ", head.turn, " of ", database.path(), " has no seal of 32 bytes"));
    }
    std::memcpy(head.seal.data(), seal.data(), seal.size());
  }
  return head;
}

Row RowOf(const sqlite::Statement& statement) {
  return {.id = Id::FromBytes(statement.ColumnBlob(0)).value_or(Id{}),
          .version = statement.ColumnInt(1),
          .bytes = std::string(statement.ColumnBlob(2))};
}

Parked ParkedRow(sqlite::Statement& statement, const std::string& feed) {
  return {.feed = feed,
          .epoch = statement.ColumnInt(0),
          .record = {.position = statement.ColumnInt(1),
                     .time = Time(std::chrono::microseconds(statement.ColumnInt(2))),
                     .type = std::string(statement.ColumnText(3)),
                     .subject = Id::FromBytes(statement.ColumnBlob(4)).value_or(Id{}),
                     .version = statement.ColumnInt(5),
                     .data = std::string(statement.ColumnBlob(6))},
          .reason = std::string(statement.ColumnText(7))};
}

}  // namespace learncity::ledger
