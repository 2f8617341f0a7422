#include "platform/ledger/postgres_reader.h"

#include "platform/ledger/postgres_schema.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;
using postgres::Type;

constexpr int64_t kReadBytesMax = int64_t{4} << 20;
// Documents of one page of a scan: no statement holds a snapshot for long.
constexpr int kPage = 5000;

using RowVisitor = std::function<void(const Id&, int64_t, std::string_view)>;

// The least bytes that come after all that begin with the prefix.
std::string EndOfPrefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty()) ++prefix.back();
  return prefix;
}

void AddValue(Params& params, const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    params.Int(*number);
  } else {
    params.Bytes(std::get<std::string>(value));
  }
}

Value ValueAt(const Result& result, int row, int column, Type type) {
  if (result.IsNull(row, column)) return std::monostate();
  if (type == Type::kInt) return result.Int(row, column);
  if (type == Type::kTime) return result.Time(row, column);
  return TextAt(result, row, column);
}

class PostgresReader : public Reader {
 public:
  PostgresReader(PostgresOptions options, const Schema& schema,
                 std::unique_ptr<Connection> connection)
      : options_(std::move(options)), schema_(schema), connection_(std::move(connection)) {}

  absl::StatusOr<std::optional<Row>> Get(const Table& table, const Id& id) override;
  absl::StatusOr<std::vector<Row>> List(const Table& table, const Page& page) override;
  absl::Status Scan(const Table& table, std::string_view column, int64_t from, int64_t to,
                    const RowVisitor& row) override;
  absl::Status ScanAll(const Table& table, const RowVisitor& row) override;
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
  absl::Status Connect() {
    if (connection_->alive()) return absl::OkStatus();
    if (in_snapshot_) return absl::UnavailableError("the connection was lost within a snapshot");
    auto opened = OpenForReading(options_, schema_);
    if (!opened.ok()) return opened.status();
    connection_ = std::move(*opened);
    return absl::OkStatus();
  }
  absl::StatusOr<Result> Run(std::string_view sql, const Params& params = {}) {
    if (auto status = Connect(); !status.ok()) return status;
    auto result = connection_->Run(sql, params);
    // That a connection is gone shows when it is used; what was read may be read again.
    if (result.ok() || connection_->alive() || in_snapshot_) return result;
    if (auto status = Connect(); !status.ok()) return status;
    return connection_->Run(sql, params);
  }
  // Pages of a table in the order of ids, whose rows begin with the id.
  absl::Status Pages(const Table& table, std::string_view columns,
                     const std::function<void(const Result&, int)>& row);

  const PostgresOptions options_;
  const Schema& schema_;
  std::unique_ptr<Connection> connection_;
  bool in_snapshot_ = false;
};

absl::StatusOr<std::optional<Row>> PostgresReader::Get(const Table& table, const Id& id) {
  const auto found =
      Run(Concat("SELECT id, version, bytes FROM ", TableName(table), " WHERE id=$1"),
          Params().Uuid(id.view()));
  if (!found.ok()) return found.status();
  if (found->rows() == 0) return std::nullopt;
  return RowOf(*found, 0);
}

absl::StatusOr<std::vector<Row>> PostgresReader::List(const Table& table, const Page& page) {
  Params params;
  params.Uuid(page.after ? page.after->view() : Id{}.view()).Int(page.limit);
  std::string filter;
  if (!page.prefix.empty()) {
    filter = Concat(" AND ", page.column, ">=$3 AND ", page.column, "<$4");
    params.Bytes(page.prefix).Bytes(EndOfPrefix(page.prefix));
  } else if (!page.column.empty() && std::holds_alternative<std::monostate>(page.value)) {
    return std::vector<Row>{};
  } else if (!page.column.empty()) {
    filter = Concat(" AND ", page.column, "=$3");
    AddValue(params, page.value);
  }
  const auto found = Run(Concat("SELECT id, version, bytes FROM ", TableName(table), " WHERE id ",
                                page.after ? ">" : ">=", " $1", filter, " ORDER BY id LIMIT $2"),
                         params);
  if (!found.ok()) return found.status();
  return RowsOf(*found);
}

absl::Status PostgresReader::Scan(const Table& table, std::string_view column, int64_t from,
                                  int64_t to, const RowVisitor& row) {
  if (auto status = Connect(); !status.ok()) return status;
  return connection_->Stream(Concat("SELECT id, version, bytes FROM ", TableName(table), " WHERE ",
                                    column, " BETWEEN $1 AND $2"),
                             Params().Int(from).Int(to), [&](const Result& found) {
                               row(IdAt(found, 0, 0), found.Int(0, 1), found.Bytes(0, 2));
                             });
}

absl::Status PostgresReader::Pages(const Table& table, std::string_view columns,
                                   const std::function<void(const Result&, int)>& row) {
  std::optional<Id> after;
  while (true) {
    const auto page = Run(Concat("SELECT ", columns, " FROM ", TableName(table), " WHERE id ",
                                 after ? ">" : ">=", " $1 ORDER BY id LIMIT $2"),
                          Params().Uuid(after ? after->view() : Id{}.view()).Int(kPage));
    if (!page.ok()) return page.status();
    for (int i = 0; i < page->rows(); ++i) row(*page, i);
    if (page->rows() < kPage) return absl::OkStatus();
    after = IdAt(*page, page->rows() - 1, 0);
  }
}

absl::Status PostgresReader::ScanAll(const Table& table, const RowVisitor& row) {
  return Pages(table, "id, version, bytes", [&](const Result& page, int i) {
    row(IdAt(page, i, 0), page.Int(i, 1), page.Bytes(i, 2));
  });
}

absl::Status PostgresReader::ScanStored(const Table& table,
                                        const std::function<void(const Stored&)>& row) {
  std::string columns = "id, version, bytes, due_at";
  for (const Column& column : table.columns) columns += Concat(", ", column.name);
  return Pages(table, columns, [&](const Result& page, int i) {
    Stored stored{.id = IdAt(page, i, 0),
                  .version = page.Int(i, 1),
                  .bytes = page.Bytes(i, 2),
                  .due_at = ValueAt(page, i, 3, Type::kTime),
                  .columns = {}};
    int at = 4;
    for (const Column& column : table.columns) {
      stored.columns.push_back(ValueAt(page, i, at++, TypeOf(column)));
    }
    row(stored);
  });
}

absl::StatusOr<int64_t> PostgresReader::Count(const Table& table) {
  const auto found = Run(Concat("SELECT count(*) FROM ", TableName(table)));
  if (!found.ok()) return found.status();
  return found->Int(0, 0);
}

absl::StatusOr<std::vector<Record>> PostgresReader::Read(int64_t after, int limit) {
  // The bytes of what comes before a record, so that the server sends no more than is wanted.
  const auto found = Run(
      "SELECT position, time, text, subject, version, data FROM ("
      "SELECT *, sum(octet_length(data)) OVER (ORDER BY position) - octet_length(data) AS before "
      "FROM (SELECT * FROM events WHERE position > $1 ORDER BY position LIMIT $2) first) e "
      "JOIN names ON id = type WHERE before < $3 ORDER BY position",
      Params().Int(after).Int(limit).Int(kReadBytesMax));
  if (!found.ok()) return found.status();
  std::vector<Record> records;
  records.reserve(static_cast<size_t>(found->rows()));
  for (int row = 0; row < found->rows(); ++row) {
    records.push_back({.position = found->Int(row, 0),
                       .time = TimeAt(*found, row, 1),
                       .type = TextAt(*found, row, 2),
                       .subject = IdAt(*found, row, 3),
                       .version = found->Int(row, 4),
                       .data = TextAt(*found, row, 5)});
  }
  return records;
}

absl::StatusOr<Head> PostgresReader::ReadHead() {
  const auto found = Run(kHeadSql);
  if (!found.ok()) return found.status();
  return HeadOf(*found, connection_->place());
}

absl::StatusOr<Cursor> PostgresReader::ReadCursor(const std::string& feed) {
  const auto found = Run("SELECT epoch, position FROM cursors WHERE feed=$1", Params().Text(feed));
  if (!found.ok()) return found.status();
  Cursor cursor{.feed = feed};
  if (found->rows() > 0) {
    cursor.epoch = found->Int(0, 0);
    cursor.position = found->Int(0, 1);
  }
  return cursor;
}

absl::StatusOr<std::vector<Cursor>> PostgresReader::ReadCursors() {
  const auto found = Run("SELECT feed, epoch, position FROM cursors ORDER BY feed COLLATE \"C\"");
  if (!found.ok()) return found.status();
  std::vector<Cursor> cursors;
  for (int row = 0; row < found->rows(); ++row) {
    cursors.push_back({.feed = TextAt(*found, row, 0),
                       .epoch = found->Int(row, 1),
                       .position = found->Int(row, 2)});
  }
  return cursors;
}

absl::StatusOr<std::vector<Parked>> PostgresReader::ReadParked() {
  const auto found =
      Run("SELECT epoch,position,time,type,subject,version,data,reason,feed FROM parked "
          "ORDER BY feed COLLATE \"C\", position");
  if (!found.ok()) return found.status();
  std::vector<Parked> parked;
  for (int row = 0; row < found->rows(); ++row) {
    parked.push_back(ParkedAt(*found, row, TextAt(*found, row, 8)));
  }
  return parked;
}

absl::StatusOr<std::vector<TurnRow>> PostgresReader::ReadTurns(int64_t after, int limit) {
  const auto found =
      Run("SELECT turn, first_position, last_position, time, cursors, seal FROM turns "
          "WHERE turn > $1 ORDER BY turn LIMIT $2",
          Params().Int(after).Int(limit));
  if (!found.ok()) return found.status();
  std::vector<TurnRow> turns;
  for (int row = 0; row < found->rows(); ++row) {
    turns.push_back({.turn = found->Int(row, 0),
                     .first_position = found->Int(row, 1),
                     .last_position = found->Int(row, 2),
                     .time = TimeAt(*found, row, 3),
                     .cursors = TextAt(*found, row, 4),
                     .seal = TextAt(*found, row, 5)});
  }
  return turns;
}

// Pages carry checksums where the cluster was made with them; then each read checks what it reads.
absl::StatusOr<std::string> PostgresReader::CheckIntegrity() {
  const auto found = Run("SELECT sum(octet_length(data)) FROM events");
  if (!found.ok()) return std::string(found.status().message());
  return "ok";
}

absl::Status PostgresReader::InSnapshot(const std::function<absl::Status()>& reads) {
  if (auto status = Connect(); !status.ok()) return status;
  if (auto status = connection_->Execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      !status.ok()) {
    return status;
  }
  in_snapshot_ = true;
  absl::Status status = reads();
  in_snapshot_ = false;
  if (connection_->InTransaction()) {
    status.Update(connection_->Execute(status.ok() ? "COMMIT" : "ROLLBACK"));
  }
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Reader>> OpenPostgresReader(const PostgresOptions& options,
                                                           const Schema& schema) {
  auto connection = OpenForReading(options, schema);
  if (!connection.ok()) return connection.status();
  return std::make_unique<PostgresReader>(options, schema, std::move(*connection));
}

}  // namespace learncity::ledger
