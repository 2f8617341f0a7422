#include "platform/ledger/reader.h"

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

}  // namespace

struct Reader::State {
  State(const Schema& s, sqlite::Database d) : schema(s), database(std::move(d)) {}

  // Statements are prepared once and kept by their text.
  absl::StatusOr<sqlite::Statement*> Prepared(const std::string& sql) {
    const auto known = statements.find(sql);
    if (known != statements.end()) return &known->second;
    auto statement = database.Prepare(sql);
    if (!statement.ok()) return statement.status();
    return &statements.emplace(sql, std::move(*statement)).first->second;
  }

  const Schema& schema;
  sqlite::Database database;
  std::map<std::string, sqlite::Statement> statements;
  std::map<int, std::string> get_sql;
};

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::~Reader() = default;

absl::StatusOr<std::unique_ptr<Reader>> Reader::Open(const std::string& path, const Schema& schema,
                                                     const ReaderOptions& options) {
  auto database = sqlite::Database::Open(
      path, {.read_only = true, .vfs = options.vfs, .mmap_bytes = options.mmap_bytes});
  if (!database.ok()) return database.status();
  if (auto status = CheckReadable(*database, schema); !status.ok()) return status;
  auto state = std::make_unique<State>(schema, std::move(*database));
  for (const auto& table : schema.tables()) {
    state->get_sql[table->index] =
        Concat("SELECT id, version, bytes FROM ", TableName(*table), " WHERE id=?1");
  }
  return std::unique_ptr<Reader>(new Reader(std::move(state)));
}

absl::StatusOr<std::optional<Row>> Reader::Get(const Table& table, const Id& id) {
  const auto statement = state_->Prepared(state_->get_sql.at(table.index));
  if (!statement.ok()) return statement.status();
  (*statement)->BindBlob(1, id.view());
  const auto found = (*statement)->Step();
  std::optional<Row> row;
  if (found.ok() && *found) row = RowOf(**statement);
  (*statement)->Reset();
  if (!found.ok()) return found.status();
  return row;
}

absl::StatusOr<std::vector<Row>> Reader::List(const Table& table, const Page& page) {
  std::string filter;
  if (!page.column.empty()) filter = Concat(" AND ", page.column, "=?3");
  if (!page.prefix.empty()) filter = Concat(" AND ", page.column, ">=?3 AND ", page.column, "<?4");
  // The plus keeps SQLite from walking all ids, which would save it the sorting.
  const std::string_view id = page.prefix.empty() ? "id" : "+id";
  const std::string end = EndOfPrefix(page.prefix);
  const auto statement =
      state_->Prepared(Concat("SELECT id, version, bytes FROM ", TableName(table), " WHERE ", id,
                              " > ?1", filter, " ORDER BY ", id, " LIMIT ?2"));
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

absl::Status Reader::Scan(const Table& table, std::string_view column, int64_t from, int64_t to,
                          const std::function<void(const Id&, int64_t, std::string_view)>& row) {
  const auto statement =
      state_->Prepared(Concat("SELECT id, version, bytes FROM ", TableName(table), " WHERE ",
                              column, " BETWEEN ?1 AND ?2"));
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

absl::Status Reader::ScanAll(const Table& table,
                             const std::function<void(const Id&, int64_t, std::string_view)>& row) {
  const auto statement =
      state_->Prepared(Concat("SELECT id, version, bytes FROM ", TableName(table)));
  if (!statement.ok()) return statement.status();
  auto found = (*statement)->Step();
  for (; found.ok() && *found; found = (*statement)->Step()) {
    row(Id::FromBytes((*statement)->ColumnBlob(0)).value_or(Id{}), (*statement)->ColumnInt(1),
        (*statement)->ColumnBlob(2));
  }
  (*statement)->Reset();
  return found.status();
}

absl::Status Reader::ScanStored(const Table& table, const std::function<void(const Stored&)>& row) {
  std::string sql = "SELECT id, version, bytes, due_at";
  for (const Column& column : table.columns) sql += Concat(", ", column.name);
  const auto statement = state_->Prepared(Concat(sql, " FROM ", TableName(table)));
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

absl::StatusOr<int64_t> Reader::Count(const Table& table) {
  return state_->database.QueryInt(Concat("SELECT count(*) FROM ", TableName(table)));
}

absl::StatusOr<std::vector<Record>> Reader::Read(int64_t after, int limit) {
  const auto statement = state_->Prepared(
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

absl::StatusOr<Head> Reader::ReadHead() { return ReadHeadOf(state_->database); }

absl::StatusOr<Cursor> Reader::ReadCursor(const std::string& feed) {
  const auto statement = state_->Prepared("SELECT epoch, position FROM cursors WHERE feed=?1");
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

absl::StatusOr<std::vector<Cursor>> Reader::ReadCursors() {
  const auto statement =
      state_->Prepared("SELECT feed, epoch, position FROM cursors ORDER BY feed");
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

absl::StatusOr<std::vector<Parked>> Reader::ReadParked() {
  const auto statement = state_->Prepared(
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

absl::StatusOr<std::vector<TurnRow>> Reader::ReadTurns(int64_t after, int limit) {
  const auto statement = state_->Prepared(
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

absl::StatusOr<std::string> Reader::CheckIntegrity() {
  return state_->database.QueryText("PRAGMA integrity_check(1)");
}

absl::Status Reader::InSnapshot(const std::function<absl::Status()>& reads) {
  if (auto status = state_->database.Execute("BEGIN"); !status.ok()) return status;
  absl::Status status = reads();
  status.Update(state_->database.Execute("COMMIT"));
  return status;
}

}  // namespace learncity::ledger
