#include "platform/ledger/postgres_upgrade.h"

#include <chrono>
#include <optional>

#include "platform/ledger/kept.h"
#include "platform/ledger/postgres_schema.h"
#include "platform/ledger/seal.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"

namespace learncity::ledger {
namespace {

using google::protobuf::Message;
using postgres::Connection;
using postgres::Params;
using postgres::Type;

// Rows that are in memory at once while columns are filled.
constexpr int kRowsAtOnce = 5000;
// An index over millions of rows takes its time.
constexpr std::chrono::minutes kStatementMax{30};

// One upgrade of one ledger.
class Upgrading {
 public:
  Upgrading(Connection& connection, const Schema& schema, const PostgresKept& kept)
      : connection_(connection), schema_(schema), kept_(kept) {}

  absl::Status Run();
  void Log() const;

 private:
  absl::Status MakeTable(const Table& table);
  absl::Status FollowAnew();
  absl::Status FillTable(const Table& table);
  absl::Status DropIndexes(const Table& table, const std::set<std::string>& kept);
  absl::Status Fill(const Table& table, const std::vector<KeptColumn>& columns);
  absl::StatusOr<std::optional<Id>> FillPage(const Table& table,
                                             const std::vector<KeptColumn>& columns,
                                             const std::optional<Id>& after);
  absl::Status MakeIndex(const Table& table, const IndexedColumn& column);
  absl::Status TakeATurn();
  absl::StatusOr<std::set<std::string>> Names(const std::string& sql, const std::string& table);

  Connection& connection_;
  const Schema& schema_;
  const PostgresKept& kept_;

  std::vector<std::string> added_, shared_;
  std::vector<Cursor> cursors_;
  int64_t rows_filled_ = 0, documents_removed_ = 0, parked_removed_ = 0, unreadable_ = 0;
};

absl::StatusOr<std::set<std::string>> Upgrading::Names(const std::string& sql,
                                                       const std::string& table) {
  const auto found = connection_.Run(sql, Params().Text(table));
  if (!found.ok()) return found.status();
  std::set<std::string> names;
  for (int row = 0; row < found->rows(); ++row) names.insert(TextAt(*found, row, 0));
  return names;
}

absl::Status Upgrading::MakeTable(const Table& table) {
  const std::string name = TableName(table);
  if (auto status = connection_.Execute(PostgresTableSql(table)); !status.ok()) return status;
  const auto there = Names(
      "SELECT attname::text FROM pg_attribute WHERE attrelid=to_regclass($1) AND attnum > 0", name);
  if (!there.ok()) return there.status();
  for (const Column& column : table.columns) {
    if (there->contains(column.name)) continue;
    const absl::Status added = connection_.Execute(
        Concat("ALTER TABLE ", name, " ADD COLUMN ", column.name, " ", SqlType(TypeOf(column))));
    if (!added.ok()) return added;
    added_.push_back(Concat(table.name, ".", column.name));
  }
  return absl::OkStatus();
}

absl::Status Upgrading::FollowAnew() {
  for (const auto& table : schema_.tables()) {
    if (table->origin == Table::Origin::kOwn) continue;
    const auto removed = connection_.Run(Concat("DELETE FROM ", TableName(*table)));
    if (!removed.ok()) return removed.status();
    documents_removed_ += removed->changed();
  }
  const auto removed = connection_.Run("DELETE FROM parked");
  if (!removed.ok()) return removed.status();
  parked_removed_ = removed->changed();
  if (auto status = connection_.Execute("UPDATE cursors SET position=0"); !status.ok()) {
    return status;
  }
  const auto found = connection_.Run("SELECT feed, epoch FROM cursors ORDER BY feed COLLATE \"C\"");
  if (!found.ok()) return found.status();
  for (int row = 0; row < found->rows(); ++row) {
    cursors_.push_back({.feed = TextAt(*found, row, 0), .epoch = found->Int(row, 1)});
  }
  return absl::OkStatus();
}

// All indexes but those of filled columns: they slow the filling down, and values that pass from
// one document to another would be in each other's way.
absl::Status Upgrading::DropIndexes(const Table& table, const std::set<std::string>& kept) {
  const auto indexes = Names(
      "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid=i.indexrelid "
      "WHERE i.indrelid=to_regclass($1) AND NOT i.indisprimary",
      TableName(table));
  if (!indexes.ok()) return indexes.status();
  for (const std::string& index : *indexes) {
    if (kept.contains(index)) continue;
    const absl::Status dropped =
        connection_.Execute(Concat("ALTER TABLE ", TableName(table), " DROP CONSTRAINT IF EXISTS ",
                                   index, "; DROP INDEX IF EXISTS ", index));
    if (!dropped.ok()) return dropped;
  }
  return absl::OkStatus();
}

// Answers with the last id of the page; absent: there was none.
absl::StatusOr<std::optional<Id>> Upgrading::FillPage(const Table& table,
                                                      const std::vector<KeptColumn>& columns,
                                                      const std::optional<Id>& after) {
  const auto page =
      connection_.Run(Concat("SELECT id, bytes FROM ", TableName(table), " WHERE id ",
                             after ? ">" : ">=", " $1 ORDER BY id LIMIT $2"),
                      Params().Uuid(after ? after->view() : Id{}.view()).Int(kRowsAtOnce));
  if (!page.ok()) return page.status();
  if (page->rows() == 0) return std::nullopt;
  std::string names, arrays, assignments, differs;
  postgres::Column ids(Type::kUuid);
  std::vector<postgres::Column> values;
  for (size_t i = 0; i < columns.size(); ++i) {
    const Type type = TypeOf(table, columns[i].name);
    values.emplace_back(type);
    names += Concat(", ", columns[i].name);
    arrays += Concat(", $", i + 2, "::", SqlType(type), "[]");
    assignments += Concat(i == 0 ? "" : ", ", columns[i].name, "=u.", columns[i].name);
    differs += Concat(i == 0 ? "" : " OR ", "d.", columns[i].name, " IS DISTINCT FROM u.",
                      columns[i].name);
  }
  const std::unique_ptr<Message> document(table.prototype->New());
  for (int row = 0; row < page->rows(); ++row) {
    const std::string_view bytes = page->Bytes(row, 1);
    if (!document->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      ++unreadable_;
      continue;
    }
    ids.AddBytes(page->Bytes(row, 0));
    for (size_t i = 0; i < columns.size(); ++i) {
      AddValue(values[i], TypeOf(table, columns[i].name), columns[i].value(*document));
    }
  }
  Params params;
  params.Array(ids);
  for (const postgres::Column& column : values) params.Array(column);
  const auto filled = connection_.Run(
      Concat("UPDATE ", TableName(table), " d SET ", assignments, " FROM unnest($1::uuid[]", arrays,
             ") AS u(id", names, ") WHERE d.id=u.id AND (", differs, ")"),
      params);
  if (!filled.ok()) return filled.status();
  rows_filled_ += filled->changed();
  return IdAt(*page, page->rows() - 1, 0);
}

absl::Status Upgrading::Fill(const Table& table, const std::vector<KeptColumn>& columns) {
  std::optional<Id> after;
  while (true) {
    const auto last = FillPage(table, columns, after);
    if (!last.ok()) return last.status();
    if (!*last) return absl::OkStatus();
    after = *last;
  }
}

absl::Status Upgrading::MakeIndex(const Table& table, const IndexedColumn& column) {
  if (auto status = connection_.Execute("SAVEPOINT index"); !status.ok()) return status;
  absl::Status made = connection_.Execute(PostgresIndexSql(table, column));
  if (!absl::IsAlreadyExists(made)) {
    made.Update(made.ok() ? connection_.Execute("RELEASE index") : absl::OkStatus());
    return made;
  }
  shared_.push_back(Concat(table.name, ".", column.name));
  return connection_.Execute(
      Concat("ROLLBACK TO index; RELEASE index; ", PostgresIndexSql(table, {.name = column.name})));
}

absl::Status Upgrading::FillTable(const Table& table) {
  std::vector<KeptColumn> unfilled;
  std::set<std::string> kept_indexes;
  for (KeptColumn& column : ColumnsOf(table)) {
    if (kept_.columns.contains(column.word)) {
      kept_indexes.insert(IndexName(table, column.name));
    } else {
      unfilled.push_back(std::move(column));
    }
  }
  if (auto status = DropIndexes(table, kept_indexes); !status.ok()) return status;
  if (unfilled.empty()) return absl::OkStatus();
  if (auto status = Fill(table, unfilled); !status.ok()) return status;
  for (const IndexedColumn& column : IndexedColumns(table)) {
    if (kept_indexes.contains(IndexName(table, column.name))) continue;
    if (auto status = MakeIndex(table, column); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// There is no clock here: the turn has the time of the one before it.
absl::Status Upgrading::TakeATurn() {
  const auto found = connection_.Run(kHeadSql);
  if (!found.ok()) return found.status();
  const auto head = HeadOf(*found, connection_.place());
  if (!head.ok()) return head.status();
  const auto last = connection_.Run(
      "SELECT coalesce((SELECT time FROM turns ORDER BY turn DESC LIMIT 1), "
      "'1970-01-01Z'::timestamptz)");
  if (!last.ok()) return last.status();
  const Time time = TimeAt(*last, 0, 0);
  const std::string cursors = CursorText(cursors_);
  const SealBytes seal = Seal(head->seal, head->turn + 1, time, {}, cursors);
  return connection_
      .Run(
          "INSERT INTO turns(turn,first_position,last_position,time,cursors,seal,token) "
          "VALUES($1,$2,$3,$4,$5,$6,$7)",
          Params()
              .Int(head->turn + 1)
              .Int(head->position + 1)
              .Int(head->position)
              .Time(time.time_since_epoch().count())
              .Text(cursors)
              .Bytes({reinterpret_cast<const char*>(seal.data()), seal.size()})
              .Uuid(RandomId(time).view()))
      .status();
}

absl::Status Upgrading::Run() {
  if (auto status = connection_.Execute(
          "SET LOCAL statement_timeout=0; SET LOCAL idle_in_transaction_session_timeout=0");
      !status.ok()) {
    return status;
  }
  for (const auto& table : schema_.tables()) {
    if (auto status = MakeTable(*table); !status.ok()) return status;
  }
  if (kept_.followed < schema_.followed_version()) {
    if (auto status = FollowAnew(); !status.ok()) return status;
  }
  for (const auto& table : schema_.tables()) {
    if (auto status = FillTable(*table); !status.ok()) return status;
  }
  if (auto status = TakeATurn(); !status.ok()) return status;
  return connection_.Run(kKeepSql, KeptParams(schema_)).status();
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

absl::Status UpgradePostgres(Connection& connection, const Schema& schema,
                             const PostgresKept& kept) {
  connection.WaitAtMost(kStatementMax);
  Upgrading upgrading(connection, schema, kept);
  if (auto status = upgrading.Run(); !status.ok()) return status;
  if (auto status = connection.Execute("COMMIT"); !status.ok()) return status;
  upgrading.Log();
  return absl::OkStatus();
}

}  // namespace learncity::ledger
