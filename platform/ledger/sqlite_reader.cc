#include "platform/ledger/sqlite_reader.h"

#include <map>

#include "platform/ledger/sqlite_schema.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

constexpr int64_t kReadBytesMax = int64_t{4} << 20;

// The least bytes that come after all that begin with the prefix.
std::string EndOfPrefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty()) ++prefix.back();
  return prefix;
}

class SqliteReader : public Reader {
 public:
  SqliteReader(const Schema& schema, sqlite::Database database) : database_(std::move(database)) {
    for (const auto& table : schema.tables()) {
      get_sql_[table->index] =
          Concat("SELECT id, version, bytes FROM ", TableName(*table), " WHERE id=?1");
    }
  }

  absl::StatusOr<std::optional<Row>> Get(const Table& table, const Id& id) override;
  absl::StatusOr<std::vector<Row>> List(const Table& table, const Page& page) override;
  absl::Status Scan(const Table& table, std::string_view column, int64_t from, int64_t to,
                    const std::function<void(const Id&, int64_t, std::string_view)>& row) override;
  absl::Status ScanAll(
      const Table& table,
      const std::function<void(const Id&, int64_t, std::string_view)>& row) override;
  absl::Status ScanStored(const Table& table,
                          const std::function<void(const Stored&)>& row) override;
  absl::StatusOr<int64_t> Count(const Table& table) override;
  absl::StatusOr<std::vector<Record>> Read(int64_t after, int limit) override;
  absl::StatusOr<Head> ReadHead() override;
  absl::StatusOr<Cursor> ReadCursor(const std::string& feed) override;
  absl::StatusOr<std::vector<Cursor>> ReadCursors() override;
  absl::StatusOr<std::vector<Parked>> ReadParked() override;
  absl::StatusOr<std::vector<TurnRow>> ReadTurns(int64_t after, int limit) override;
  absl::StatusOr<std::string> CheckIntegrity() override;
  absl::Status InSnapshot(const std::function<absl::Status()>& reads) override;

 private:
  // Statements are prepared once and kept by their text.
  absl::StatusOr<sqlite::Statement*> Prepared(const std::string& sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return &known->second;
    auto statement = database_.Prepare(sql);
    if (!statement.ok()) return statement.status();
    return &statements_.emplace(sql, std::move(*statement)).first->second;
  }

  sqlite::Database database_;
  std::map<std::string, sqlite::Statement> statements_;
  std::map<int, std::string> get_sql_;
};

absl::StatusOr<std::optional<Row>> SqliteReader::Get(const Table& table, const Id& id) {
  const auto statement = Prepared(get_sql_.at(table.index));
  if (!statement.ok()) return statement.status();
  (*statement)->BindBlob(1, id.view());
  const auto found = (*statement)->Step();
  std::optional<Row> row;
  if (found.ok() && *found) row = RowOf(**statement);
  (*statement)->Reset();
  if (!found.ok()) return found.status();
  return row;
}

absl::StatusOr<std::vector<Row>> SqliteReader::List(const Table& table, const Page& page) {
  std::string filter;
  if (!page.column.empty()) filter = Concat(" AND ", page.column, "=?3");
  if (!page.prefix.empty()) filter = Concat(" AND ", page.column, ">=?3 AND ", page.column, "<?4");
  // The plus keeps SQLite from walking all ids, which would save it the sorting.
  const std::string_view id = page.prefix.empty() ? "id" : "+id";
  const std::string end = EndOfPrefix(page.prefix);
  const auto statement =
      Prepared(Concat("SELECT id, version, bytes FROM ", TableName(table), " WHERE ", id, " > ?1",
                      filter, " ORDER BY ", id, " LIMIT ?2"));
  if (!statement.ok()) return statement.status();
  (*statement)->BindBlob(1, page.after ? page.after->view() : std::string_view());
  (*statement)->BindInt(2, page.limit);
  if (!page.prefix.empty()) {
    (*statement)->BindBlob(3, page.prefix);
    (*statement)->BindBlob(4, end);
  } else if (!page.column.empty()) {
    BindValue(**statement, 3, page.value);
  }
  std::vector<Row> rows;
  auto found = (*statement)->Step();
  for (; found.ok() && *found; found = (*statement)->Step()) rows.push_back(RowOf(**statement));
  (*statement)->Reset();
  if (!found.ok()) return found.status();
  return rows;
}

absl::Status SqliteReader::Scan(
    const Table& table, std::string_view column, int64_t from, int64_t to,
    const std::function<void(const Id&, int64_t, std::string_view)>& row) {
  const auto statement = Prepared(Concat("SELECT id, version, bytes FROM ", TableName(table),
                                         " WHERE ", column, " BETWEEN ?1 AND ?2"));
  if (!statement.ok()) return statement.status();
  (*statement)->BindInt(1, from);
  (*statement)->BindInt(2, to);
  auto found = (*statement)->Step();
  for (; found.ok() && *found; found = (*statement)->Step()) {
    row(Id::FromBytes((*statement)->ColumnBlob(0)).value_or(Id{}), (*statement)->ColumnInt(1),
        (*statement)->ColumnBlob(2));
  }
  (*statement)->Reset();
  return found.status();
}

absl::Status SqliteReader::ScanAll(
    const Table& table, const std::function<void(const Id&, int64_t, std::string_view)>& row) {
  const auto statement = Prepared(Concat("SELECT id, version, bytes FROM ", TableName(table)));
  if (!statement.ok()) return statement.status();
  auto found = (*statement)->Step();
  for (; found.ok() && *found; found = (*statement)->Step()) {
    row(Id::FromBytes((*statement)->ColumnBlob(0)).value_or(Id{}), (*statement)->ColumnInt(1),
        (*statement)->ColumnBlob(2));
  }
  (*statement)->Reset();
  return found.status();
}

absl::Status SqliteReader::ScanStored(const Table& table,
                                      const std::function<void(const Stored&)>& row) {
  std::string sql = "SELECT id, version, bytes, due_at";
  for (const Column& column : table.columns) sql += Concat(", ", column.name);
  const auto statement = Prepared(Concat(sql, " FROM ", TableName(table)));
  if (!statement.ok()) return statement.status();
  auto found = (*statement)->Step();
  for (; found.ok() && *found; found = (*statement)->Step()) {
    const sqlite::Statement& s = **statement;
    Stored stored{.id = Id::FromBytes(s.ColumnBlob(0)).value_or(Id{}),
                  .version = s.ColumnInt(1),
                  .bytes = s.ColumnBlob(2),
                  .due_at = ValueOf(s, 3),
                  .columns = {}};
    for (size_t i = 0; i < table.columns.size(); ++i) {
      stored.columns.push_back(ValueOf(s, static_cast<int>(i) + 4));
    }
    row(stored);
  }
  (*statement)->Reset();
  return found.status();
}

absl::StatusOr<int64_t> SqliteReader::Count(const Table& table) {
  return database_.QueryInt(Concat("SELECT count(*) FROM ", TableName(table)));
}

absl::StatusOr<std::vector<Record>> SqliteReader::Read(int64_t after, int limit) {
  const auto statement = Prepared(
      "SELECT position, time, text, subject, version, data FROM events JOIN names ON id = type "
      "WHERE position > ?1 ORDER BY position LIMIT ?2");
  if (!statement.ok()) return statement.status();
  (*statement)->BindInt(1, after);
  (*statement)->BindInt(2, limit);
  std::vector<Record> records;
  int64_t bytes = 0;
  auto found = (*statement)->Step();
  for (; found.ok() && *found && bytes < kReadBytesMax; found = (*statement)->Step()) {
    const sqlite::Statement& s = **statement;
    records.push_back({.position = s.ColumnInt(0),
                       .time = Time(std::chrono::microseconds(s.ColumnInt(1))),
                       .type = std::string(s.ColumnText(2)),
                       .subject = Id::FromBytes(s.ColumnBlob(3)).value_or(Id{}),
                       .version = s.ColumnInt(4),
                       .data = std::string(s.ColumnBlob(5))});
    bytes += static_cast<int64_t>(records.back().data.size());
  }
  (*statement)->Reset();
  if (!found.ok()) return found.status();
  return records;
}

absl::StatusOr<Head> SqliteReader::ReadHead() { return ReadHeadOf(database_); }

absl::StatusOr<Cursor> SqliteReader::ReadCursor(const std::string& feed) {
  const auto statement = Prepared("SELECT epoch, position FROM cursors WHERE feed=?1");
  if (!statement.ok()) return statement.status();
  (*statement)->BindText(1, feed);
  const auto found = (*statement)->Step();
  Cursor cursor{.feed = feed};
  if (found.ok() && *found) {
    cursor.epoch = (*statement)->ColumnInt(0);
    cursor.position = (*statement)->ColumnInt(1);
  }
  (*statement)->Reset();
  if (!found.ok()) return found.status();
  return cursor;
}

absl::StatusOr<std::vector<Cursor>> SqliteReader::ReadCursors() {
  const auto statement = Prepared("SELECT feed, epoch, position FROM cursors ORDER BY feed");
  if (!statement.ok()) return statement.status();
  std::vector<Cursor> cursors;
  auto found = (*statement)->Step();
  for (; found.ok() && *found; found = (*statement)->Step()) {
    cursors.push_back({.feed = std::string((*statement)->ColumnText(0)),
                       .epoch = (*statement)->ColumnInt(1),
                       .position = (*statement)->ColumnInt(2)});
  }
  (*statement)->Reset();
  if (!found.ok()) return found.status();
  return cursors;
}

absl::StatusOr<std::vector<Parked>> SqliteReader::ReadParked() {
  const auto statement = Prepared(
      "SELECT epoch,position,time,type,subject,version,data,reason,feed FROM parked "
      "ORDER BY feed, position");
  if (!statement.ok()) return statement.status();
  std::vector<Parked> parked;
  auto found = (*statement)->Step();
  for (; found.ok() && *found; found = (*statement)->Step()) {
    parked.push_back(ParkedRow(**statement, std::string((*statement)->ColumnText(8))));
  }
  (*statement)->Reset();
  if (!found.ok()) return found.status();
  return parked;
}

absl::StatusOr<std::vector<TurnRow>> SqliteReader::ReadTurns(int64_t after, int limit) {
  const auto statement = Prepared(
      "SELECT turn, first_position, last_position, time, cursors, seal FROM turns "
      "WHERE turn > ?1 ORDER BY turn LIMIT ?2");
  if (!statement.ok()) return statement.status();
  (*statement)->BindInt(1, after);
  (*statement)->BindInt(2, limit);
  std::vector<TurnRow> turns;
  auto found = (*statement)->Step();
  for (; found.ok() && *found; found = (*statement)->Step()) {
    const sqlite::Statement& s = **statement;
    TurnRow& turn = turns.emplace_back();
    turn.turn = s.ColumnInt(0);
    turn.first_position = s.ColumnInt(1);
    turn.last_position = s.ColumnInt(2);
    turn.time = Time(std::chrono::microseconds(s.ColumnInt(3)));
    turn.cursors = std::string(s.ColumnText(4));
    turn.seal = std::string(s.ColumnBlob(5));
  }
  (*statement)->Reset();
  if (!found.ok()) return found.status();
  return turns;
}

absl::StatusOr<std::string> SqliteReader::CheckIntegrity() {
  return database_.QueryText("PRAGMA integrity_check(1)");
}

absl::Status SqliteReader::InSnapshot(const std::function<absl::Status()>& reads) {
  if (auto status = database_.Execute("BEGIN"); !status.ok()) return status;
  absl::Status status = reads();
  status.Update(database_.Execute("COMMIT"));
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Reader>> OpenSqliteReader(const std::string& path,
                                                         const Schema& schema,
                                                         const SqliteOptions& options) {
  auto database = sqlite::Database::Open(
      path, {.read_only = true, .vfs = options.vfs, .mmap_bytes = options.mmap_bytes});
  if (!database.ok()) return database.status();
  if (auto status = CheckReadable(*database, schema); !status.ok()) return status;
  return std::make_unique<SqliteReader>(schema, std::move(*database));
}

}  // namespace learncity::ledger
