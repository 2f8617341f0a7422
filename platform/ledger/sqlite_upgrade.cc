#include "platform/ledger/sqlite_upgrade.h"

#include <set>

#include "absl/strings/str_split.h"
#include "platform/ledger/kept.h"
#include "platform/ledger/seal.h"
#include "platform/ledger/sqlite_schema.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"

namespace learncity::ledger {
namespace {

using google::protobuf::Message;

// Rows that are in memory at once while columns are filled.
constexpr int kRowsAtOnce = 1000;

// What a file says that it keeps. One of format 1 does not say it: no column counts as filled.
struct Kept {
  int64_t format = 0;
  std::set<std::string> columns;
  int64_t followed = 1;
};

absl::StatusOr<Kept> ReadKept(sqlite::Database& database) {
  const auto format = database.QueryInt("PRAGMA user_version");
  const auto columns =
      database.QueryText("SELECT ifnull((SELECT value FROM ledger WHERE key='columns'), '')");
  const auto followed =
      database.QueryInt("SELECT ifnull((SELECT value FROM ledger WHERE key='followed'), 1)");
  if (!format.ok()) return format.status();
  if (!columns.ok()) return columns.status();
  if (!followed.ok()) return followed.status();
  return Kept{.format = *format,
              .columns = absl::StrSplit(*columns, ' ', absl::SkipEmpty()),
              .followed = *followed};
}

// One upgrade of one file.
class Upgrading {
 public:
  Upgrading(sqlite::Database& database, const Schema& schema, Kept kept)
      : database_(database), schema_(schema), kept_(std::move(kept)) {}

  // Within a transaction of the caller's.
  absl::Status Run();
  // Tells what was done, once it is durable.
  void Log() const;

 private:
  // A row whose columns are not as its document says, and how they should be.
  struct Wrong {
    std::string id;
    std::vector<Value> values;
  };

  absl::Status MakeTable(const Table& table);
  absl::Status FollowAnew();
  absl::Status FillTable(const Table& table);
  absl::Status DropIndexes(const Table& table, const std::set<std::string>& kept);
  absl::Status Fill(const Table& table, const std::vector<KeptColumn>& columns);
  absl::StatusOr<int> ReadSlice(sqlite::Statement& select, const std::vector<KeptColumn>& columns,
                                Message& document, std::string& after, std::vector<Wrong>& wrong);
  absl::Status MakeIndexes(const Table& table);
  absl::Status TakeTurn();

  sqlite::Database& database_;
  const Schema& schema_;
  const Kept kept_;

  std::vector<std::string> added_;
  std::vector<std::string> shared_;
  std::vector<Cursor> cursors_;
  int64_t rows_filled_ = 0;
  int64_t documents_removed_ = 0;
  int64_t parked_removed_ = 0;
  int64_t unreadable_ = 0;
};

absl::Status Upgrading::MakeTable(const Table& table) {
  if (auto status = database_.Execute(TableSql(table)); !status.ok()) return status;
  for (const Column& column : table.columns) {
    const auto there =
        database_.QueryInt(Concat("SELECT count(*) FROM pragma_table_info('", TableName(table),
                                  "') WHERE name='", column.name, "'"));
    if (!there.ok()) return there.status();
    if (*there > 0) continue;
    const absl::Status added =
        database_.Execute(Concat("ALTER TABLE ", TableName(table), " ADD COLUMN ", column.name));
    if (!added.ok()) return added;
    added_.push_back(Concat(table.name, ".", column.name));
  }
  return absl::OkStatus();
}

absl::Status Upgrading::FollowAnew() {
  for (const auto& table : schema_.tables()) {
    if (table->origin == Table::Origin::kOwn) continue;
    const absl::Status removed = database_.Execute(Concat("DELETE FROM ", TableName(*table)));
    if (!removed.ok()) return removed;
    documents_removed_ += database_.Changes();
  }
  if (auto status = database_.Execute("DELETE FROM parked"); !status.ok()) return status;
  parked_removed_ = database_.Changes();
  if (auto status = database_.Execute("UPDATE cursors SET position=0"); !status.ok()) return status;
  auto statement = database_.Prepare("SELECT feed, epoch FROM cursors ORDER BY feed");
  if (!statement.ok()) return statement.status();
  auto found = statement->Step();
  for (; found.ok() && *found; found = statement->Step()) {
    cursors_.push_back(
        {.feed = std::string(statement->ColumnText(0)), .epoch = statement->ColumnInt(1)});
  }
  return found.status();
}

// All indexes but those of filled columns: they slow the filling down, and values that pass from
// one document to another would be in each other's way.
absl::Status Upgrading::DropIndexes(const Table& table, const std::set<std::string>& kept) {
  auto statement = database_.Prepare(
      "SELECT name FROM sqlite_schema WHERE type='index' AND tbl_name=?1 AND sql IS NOT NULL");
  if (!statement.ok()) return statement.status();
  const std::string name = TableName(table);
  statement->BindText(1, name);
  std::vector<std::string> dropped;
  auto found = statement->Step();
  for (; found.ok() && *found; found = statement->Step()) {
    std::string index(statement->ColumnText(0));
    if (!kept.contains(index)) dropped.push_back(std::move(index));
  }
  statement->Reset();
  if (!found.ok()) return found.status();
  for (const std::string& index : dropped) {
    if (auto status = database_.Execute(Concat("DROP INDEX ", index)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Upgrading::ReadSlice(sqlite::Statement& select,
                                         const std::vector<KeptColumn>& columns, Message& document,
                                         std::string& after, std::vector<Wrong>& wrong) {
  int rows = 0;
  select.BindBlob(1, after);
  std::string last = after;
  auto found = select.Step();
  for (; found.ok() && *found; found = select.Step()) {
    ++rows;
    last = select.ColumnBlob(0);
    const std::string_view bytes = select.ColumnBlob(1);
    if (!document.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      ++unreadable_;
      continue;
    }
    Wrong row{.id = last, .values = {}};
    bool differs = false;
    for (const KeptColumn& column : columns) {
      row.values.push_back(column.value(document));
      differs |= row.values.back() != ValueOf(select, static_cast<int>(row.values.size()) + 1);
    }
    if (differs) wrong.push_back(std::move(row));
  }
  select.Reset();
  if (!found.ok()) return found.status();
  after = std::move(last);
  return rows;
}

// In the order of ids, which is the order of pages. Rows that are as they should be stay unwritten.
absl::Status Upgrading::Fill(const Table& table, const std::vector<KeptColumn>& columns) {
  std::string names, assignments;
  for (size_t i = 0; i < columns.size(); ++i) {
    names += Concat(", ", columns[i].name);
    assignments += Concat(i == 0 ? "" : ", ", columns[i].name, "=?", i + 2);
  }
  auto select = database_.Prepare(Concat("SELECT id, bytes", names, " FROM ", TableName(table),
                                         " WHERE id > ?1 ORDER BY id LIMIT ", kRowsAtOnce));
  auto update =
      database_.Prepare(Concat("UPDATE ", TableName(table), " SET ", assignments, " WHERE id=?1"));
  if (!select.ok()) return select.status();
  if (!update.ok()) return update.status();
  const std::unique_ptr<Message> document(table.prototype->New());
  std::string after;
  std::vector<Wrong> wrong;
  for (int rows = kRowsAtOnce; rows == kRowsAtOnce;) {
    wrong.clear();
    const auto read = ReadSlice(*select, columns, *document, after, wrong);
    if (!read.ok()) return read.status();
    rows = *read;
    for (const Wrong& row : wrong) {
      update->BindBlob(1, row.id);
      int index = 2;
      for (const Value& value : row.values) BindValue(*update, index++, value);
      if (auto status = update->Run(); !status.ok()) return status;
      ++rows_filled_;
    }
  }
  return absl::OkStatus();
}

absl::Status Upgrading::MakeIndexes(const Table& table) {
  for (const IndexedColumn& column : IndexedColumns(table)) {
    absl::Status made = database_.Execute(IndexSql(table, column));
    if (absl::IsAlreadyExists(made)) {
      shared_.push_back(Concat(table.name, ".", column.name));
      made = database_.Execute(IndexSql(table, {.name = column.name}));
    }
    if (!made.ok()) return made;
  }
  return absl::OkStatus();
}

absl::Status Upgrading::FillTable(const Table& table) {
  std::vector<KeptColumn> unfilled;
  std::set<std::string> indexes;
  for (KeptColumn& column : ColumnsOf(table)) {
    if (kept_.columns.contains(column.word)) {
      indexes.insert(IndexName(table, column.name));
    } else {
      unfilled.push_back(std::move(column));
    }
  }
  if (auto status = DropIndexes(table, indexes); !status.ok()) return status;
  if (!unfilled.empty()) {
    if (auto status = Fill(table, unfilled); !status.ok()) return status;
  }
  return MakeIndexes(table);
}

// There is no clock here: the turn has the time of the one before it.
absl::Status Upgrading::TakeTurn() {
  const auto head = ReadHeadOf(database_);
  if (!head.ok()) return head.status();
  const auto time =
      database_.QueryInt("SELECT ifnull((SELECT time FROM turns ORDER BY turn DESC), 0)");
  if (!time.ok()) return time.status();
  const std::string cursors = CursorText(cursors_);
  const SealBytes seal =
      Seal(head->seal, head->turn + 1, Time(std::chrono::microseconds(*time)), {}, cursors);
  auto insert = database_.Prepare(
      "INSERT INTO turns(turn,first_position,last_position,time,cursors,seal) "
      "VALUES(?1,?2,?3,?4,?5,?6)");
  if (!insert.ok()) return insert.status();
  insert->BindInt(1, head->turn + 1);
  insert->BindInt(2, head->position + 1);
  insert->BindInt(3, head->position);
  insert->BindInt(4, *time);
  insert->BindText(5, cursors);
  insert->BindBlob(6, {reinterpret_cast<const char*>(seal.data()), seal.size()});
  return insert->Run();
}

absl::Status Upgrading::Run() {
  for (const auto& table : schema_.tables()) {
    if (auto status = MakeTable(*table); !status.ok()) return status;
  }
  if (kept_.followed < schema_.followed_version()) {
    if (auto status = FollowAnew(); !status.ok()) return status;
  }
  for (const auto& table : schema_.tables()) {
    if (auto status = FillTable(*table); !status.ok()) return status;
  }
  if (auto status = TakeTurn(); !status.ok()) return status;
  return database_.Execute(KeptSql(schema_));
}

void Upgrading::Log() const {
  const std::string& service = schema_.service();
  for (const std::string& column : shared_) {
    telemetry::Log(telemetry::Level::kWarning, "ledger_column_shared",
                   {{"service", service}, {"column", column}});
  }
  telemetry::Log(telemetry::Level::kInfo, "ledger_upgraded",
                 {{"service", service},
                  {"columns_added", Join(added_, " ")},
                  {"rows_filled", rows_filled_},
                  {"rows_unreadable", unreadable_},
                  {"follows_anew", kept_.followed < schema_.followed_version()},
                  {"documents_removed", documents_removed_},
                  {"parked_removed", parked_removed_}});
}

}  // namespace

std::string KeptSql(const Schema& schema) {
  return Concat("INSERT OR REPLACE INTO ledger VALUES('columns', '", Join(KeptColumns(schema), " "),
                "'), ('followed', ", schema.followed_version(),
                "); PRAGMA user_version=", kFormatVersion, ";");
}

absl::StatusOr<bool> IsCurrent(sqlite::Database& database, const Schema& schema) {
  const auto kept = ReadKept(database);
  if (!kept.ok()) return kept.status();
  if (kept->followed > schema.followed_version()) {
    return absl::FailedPreconditionError(Concat(
        database.path(), " keeps version ", kept->followed, " of what ", schema.service(),
        " follows, this release makes ", schema.followed_version(), "; run the newer release"));
  }
  return kept->format == kFormatVersion && kept->columns == KeptColumns(schema) &&
         kept->followed == schema.followed_version();
}

absl::Status Upgrade(sqlite::Database& database, const Schema& schema) {
  auto kept = ReadKept(database);
  if (!kept.ok()) return kept.status();
  telemetry::Log(telemetry::Level::kInfo, "ledger_upgrade_begins",
                 {{"service", schema.service()}, {"format", kept->format}});
  if (auto status = database.Execute("BEGIN IMMEDIATE"); !status.ok()) return status;
  Upgrading upgrading(database, schema, *std::move(kept));
  absl::Status status = upgrading.Run();
  if (status.ok()) status = database.Execute("COMMIT");
  if (!status.ok()) {
    if (database.InTransaction()) (void)database.Execute("ROLLBACK");
    return status;
  }
  upgrading.Log();
  return absl::OkStatus();
}

}  // namespace learncity::ledger
