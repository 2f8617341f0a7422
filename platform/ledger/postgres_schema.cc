#include "platform/ledger/postgres_schema.h"

#include <cstdlib>
#include <map>

#include "absl/strings/str_split.h"
#include "platform/ledger/postgres_upgrade.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {

using postgres::Connection;
using postgres::Params;
using postgres::Result;
using postgres::Type;

const std::string_view kKeepSql =
    "INSERT INTO ledger SELECT * FROM unnest(ARRAY['service','format','columns','followed'], "
    "ARRAY[$1,$2,$3,$4]) ON CONFLICT(key) DO UPDATE SET value=excluded.value";
const std::string_view kHeadSql =
    "SELECT value::bigint, turn, last_position, seal FROM ledger LEFT JOIN LATERAL "
    "(SELECT turn, last_position, seal FROM turns ORDER BY turn DESC LIMIT 1) t ON true "
    "WHERE key='epoch'";

namespace {

constexpr int64_t kOldestServer = 150'000;

constexpr std::string_view kPlatformTables = R"sql(
CREATE TABLE ledger(key text PRIMARY KEY, value text NOT NULL);
CREATE TABLE names(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL UNIQUE);
CREATE TABLE events(position bigint PRIMARY KEY, time timestamptz NOT NULL, type bigint NOT NULL,
  subject uuid NOT NULL, version bigint NOT NULL, data bytea NOT NULL);
CREATE TABLE turns(turn bigint PRIMARY KEY, first_position bigint NOT NULL,
  last_position bigint NOT NULL, time timestamptz NOT NULL, cursors text NOT NULL,
  seal bytea NOT NULL, token uuid NOT NULL);
CREATE TABLE answers(request_id uuid NOT NULL, caller bigint NOT NULL, method bigint NOT NULL,
  request_hash bytea NOT NULL, kind bigint NOT NULL, document uuid NOT NULL,
  position bigint NOT NULL, time timestamptz NOT NULL, PRIMARY KEY(request_id, caller, method));
CREATE INDEX answers_time ON answers(time);
CREATE TABLE cursors(feed text PRIMARY KEY, epoch bigint NOT NULL, position bigint NOT NULL);
CREATE TABLE parked(feed text NOT NULL, position bigint NOT NULL, epoch bigint NOT NULL,
  time timestamptz NOT NULL, type text NOT NULL, subject uuid NOT NULL, version bigint NOT NULL,
  data bytea NOT NULL, reason text NOT NULL, PRIMARY KEY(feed, subject, position));
)sql";

// A server on which a commit is not durable, or none is possible, is refused with all reasons.
absl::Status CheckServer(Connection& connection) {
  const auto said = connection.Run(
      "SELECT current_setting('server_version_num')::bigint, pg_is_in_recovery()::text, "
      "current_setting('synchronous_commit'), current_setting('fsync'), "
      "current_setting('full_page_writes'), current_setting('server_encoding'), "
      "current_setting('default_transaction_read_only')");
  if (!said.ok()) return said.status();
  std::vector<std::string> wrong;
  const auto expect = [&](int column, std::string_view name, std::string_view wanted) {
    const std::string value = TextAt(*said, 0, column);
    if (value != wanted) wrong.push_back(Concat(name, " is ", value, ", set it to ", wanted));
  };
  if (said->Int(0, 0) < kOldestServer) {
    wrong.push_back(Concat("server_version_num is ", said->Int(0, 0), ", 15 or later is needed"));
  }
  if (TextAt(*said, 0, 1) != "false") {
    wrong.emplace_back("it is a standby: point the service at the primary");
  }
  if (TextAt(*said, 0, 2) == "off") {
    wrong.emplace_back("synchronous_commit is off: an answered write could be lost, set it to on");
  }
  expect(3, "fsync", "on");
  expect(4, "full_page_writes", "on");
  expect(5, "server_encoding", "UTF8");
  expect(6, "default_transaction_read_only", "off");
  if (wrong.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      Concat("PostgreSQL at ", connection.place(), " cannot hold a ledger: ", Join(wrong, "; ")));
}

absl::Status Create(Connection& connection, const PostgresOptions& options, const Schema& schema) {
  std::string sql =
      Concat("CREATE SCHEMA IF NOT EXISTS \"", options.connect.schema, "\";\n", kPlatformTables);
  for (const auto& table : schema.tables()) {
    sql += PostgresTableSql(*table);
    for (const IndexedColumn& column : IndexedColumns(*table)) {
      sql += PostgresIndexSql(*table, column);
    }
  }
  sql += "INSERT INTO ledger VALUES('epoch', '1')";
  if (auto status = connection.Execute(sql); !status.ok()) return status;
  return connection.Run(kKeepSql, KeptParams(schema)).status();
}

// Whether the schema of the database holds a ledger; false: it holds nothing.
absl::StatusOr<bool> IsLedger(Connection& connection, const PostgresOptions& options) {
  const auto said = connection.Run(
      "SELECT count(*) FILTER (WHERE relname='ledger'), count(*) FROM pg_class c "
      "JOIN pg_namespace n ON n.oid=c.relnamespace WHERE nspname=$1 AND relkind='r'",
      Params().Text(options.connect.schema));
  if (!said.ok()) return said.status();
  if (said->Int(0, 0) == 1) return true;
  if (said->Int(0, 1) == 0) return false;
  return absl::FailedPreconditionError(
      Concat("schema ", options.connect.schema, " of ", connection.place(),
             " holds tables, but not of a ledger; give the service a schema of its own"));
}

struct Recognised {
  PostgresKept kept;
  bool is_current = false;
};

// FAILED_PRECONDITION: another service's, or a newer release's.
absl::StatusOr<Recognised> Recognise(Connection& connection, const PostgresOptions& options,
                                     const Schema& schema) {
  const auto said = connection.Run("SELECT key, value FROM ledger");
  if (!said.ok()) return said.status();
  std::map<std::string, std::string> values;
  for (int row = 0; row < said->rows(); ++row) {
    values[TextAt(*said, row, 0)] = TextAt(*said, row, 1);
  }
  const std::string place = Concat("schema ", options.connect.schema, " of ", connection.place());
  if (values["service"] != schema.service()) {
    return absl::FailedPreconditionError(
        Concat(place, " is the ledger of ", values["service"], ", not of ", schema.service()));
  }
  if (std::atoll(values["format"].c_str()) > kPostgresFormat) {
    return absl::FailedPreconditionError(Concat(place, " has ledger format ", values["format"],
                                                ", this release writes ", kPostgresFormat,
                                                "; run the newer release"));
  }
  Recognised found{.kept = {.columns = absl::StrSplit(values["columns"], ' ', absl::SkipEmpty()),
                            .followed = std::atoll(values["followed"].c_str())}};
  if (found.kept.followed > schema.followed_version()) {
    return absl::FailedPreconditionError(Concat(
        place, " keeps version ", found.kept.followed, " of what ", schema.service(),
        " follows, this release makes ", schema.followed_version(), "; run the newer release"));
  }
  found.is_current =
      found.kept.columns == KeptColumns(schema) && found.kept.followed == schema.followed_version();
  return found;
}

absl::Status EarlierError(const Connection& connection, const PostgresOptions& options) {
  return absl::FailedPreconditionError(
      Concat("schema ", options.connect.schema, " of ", connection.place(),
             " was written by an earlier release; start the service of this one once, which brings "
             "it up to date"));
}

absl::Status NoLedgerError(const Connection& connection, const PostgresOptions& options) {
  return absl::FailedPreconditionError(Concat("schema ", options.connect.schema, " of ",
                                              connection.place(),
                                              " holds no ledger; start its service first"));
}

// Within the turn.
absl::Status MakeOrUpgrade(Connection& connection, const PostgresOptions& options,
                           const Schema& schema) {
  const auto is_ledger = IsLedger(connection, options);
  if (!is_ledger.ok()) return is_ledger.status();
  if (!*is_ledger) {
    if (!options.upgrades) return NoLedgerError(connection, options);
    return Create(connection, options, schema);
  }
  const auto found = Recognise(connection, options, schema);
  if (!found.ok()) return found.status();
  if (found->is_current) return absl::OkStatus();
  if (!options.upgrades) return EarlierError(connection, options);
  return UpgradePostgres(connection, schema, found->kept);
}

absl::Status MakeOrRecognise(Connection& connection, const PostgresOptions& options,
                             const Schema& schema) {
  const std::vector<postgres::Statement> begin = {{"BEGIN", {}}, TakeTurn(options)};
  if (auto begun = connection.RunAll(begin); !begun.ok()) return begun.status();
  absl::Status status = MakeOrUpgrade(connection, options, schema);
  if (!connection.alive()) return status;
  if (connection.InTransaction()) {
    status.Update(connection.Execute(status.ok() ? "COMMIT" : "ROLLBACK"));
  }
  connection.WaitAtMost(options.connect.call_timeout);
  return status;
}

}  // namespace

std::string_view SqlType(Type type) {
  switch (type) {
    case Type::kInt:
      return "bigint";
    case Type::kTime:
      return "timestamptz";
    case Type::kText:
      return "text";
    case Type::kUuid:
      return "uuid";
    case Type::kBytes:
      return "bytea";
  }
  return "";
}

Type TypeOf(const Column& column) {
  return column.type == Column::Type::kNumber ? Type::kInt : Type::kBytes;
}

Type TypeOf(const Table& table, std::string_view column) {
  for (const Column& declared : table.columns) {
    if (declared.name == column) return TypeOf(declared);
  }
  return Type::kTime;
}

void AddValue(postgres::Column& column, Type type, const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    type == Type::kTime ? column.AddTime(*number) : column.AddInt(*number);
  } else if (const auto* bytes = std::get_if<std::string>(&value)) {
    column.AddBytes(*bytes);
  } else {
    column.AddNull();
  }
}

std::string PostgresTableSql(const Table& table) {
  std::string sql = Concat("CREATE TABLE IF NOT EXISTS ", TableName(table),
                           "(id uuid PRIMARY KEY, version bigint NOT NULL, bytes bytea NOT NULL, "
                           "due_at timestamptz");
  for (const Column& column : table.columns) {
    sql += Concat(", ", column.name, " ", SqlType(TypeOf(column)));
  }
  return Concat(sql, ");\n");
}

// A unique column is checked at the end of a statement: within one a value may pass from a document
// to another in any order.
std::string PostgresIndexSql(const Table& table, const IndexedColumn& column) {
  const std::string name = IndexName(table, column.name);
  if (column.is_unique) {
    return Concat("ALTER TABLE ", TableName(table), " ADD CONSTRAINT ", name, " UNIQUE(",
                  column.name, ") DEFERRABLE INITIALLY IMMEDIATE;\n");
  }
  return Concat("CREATE INDEX ", name, " ON ", TableName(table), "(", column.name, ") WHERE ",
                column.name, " IS NOT NULL;\n");
}

Params KeptParams(const Schema& schema) {
  return Params()
      .Text(schema.service())
      .Text(std::to_string(kPostgresFormat))
      .Text(Join(KeptColumns(schema), " "))
      .Text(std::to_string(schema.followed_version()));
}

postgres::Statement TakeTurn(const PostgresOptions& options) {
  return {"SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
          Params().Text(Concat("learncity ledger ", options.connect.schema))};
}

absl::StatusOr<std::unique_ptr<Connection>> OpenForWriting(const PostgresOptions& options,
                                                           const Schema& schema) {
  auto connection = Connection::Open(options.connect);
  if (!connection.ok()) return connection.status();
  if (auto status = CheckServer(**connection); !status.ok()) return status;
  if (auto status = MakeOrRecognise(**connection, options, schema); !status.ok()) return status;
  return connection;
}

absl::StatusOr<std::unique_ptr<Connection>> OpenForReading(const PostgresOptions& options,
                                                           const Schema& schema) {
  auto connection = Connection::Open(options.connect);
  if (!connection.ok()) return connection.status();
  const auto is_ledger = IsLedger(**connection, options);
  if (!is_ledger.ok()) return is_ledger.status();
  if (!*is_ledger) return NoLedgerError(**connection, options);
  const auto found = Recognise(**connection, options, schema);
  if (!found.ok()) return found.status();
  if (!found->is_current) return EarlierError(**connection, options);
  return connection;
}

absl::StatusOr<Head> HeadOf(const Result& result, const std::string& place) {
  Head head;
  if (result.rows() == 0) return absl::DataLossError(Concat(place, " has lost its epoch"));
  head.epoch = result.Int(0, 0);
  if (result.IsNull(0, 1)) return head;
  head.turn = result.Int(0, 1);
  head.position = result.Int(0, 2);
  const std::string_view seal = result.Bytes(0, 3);
  if (seal.size() != head.seal.size()) {
    return absl::DataLossError(
        Concat("turn ", head.turn, " at ", place, " has no seal of 32 bytes"));
  }
  std::memcpy(head.seal.data(), seal.data(), seal.size());
  return head;
}

Id IdAt(const Result& result, int row, int column) {
  return Id::FromBytes(result.Bytes(row, column)).value_or(Id{});
}

Time TimeAt(const Result& result, int row, int column) {
  return Time(std::chrono::microseconds(result.Time(row, column)));
}

std::string TextAt(const Result& result, int row, int column) {
  return std::string(result.Bytes(row, column));
}

Row RowOf(const Result& result, int row) {
  return {
      .id = IdAt(result, row, 0), .version = result.Int(row, 1), .bytes = TextAt(result, row, 2)};
}

std::vector<Row> RowsOf(const Result& result) {
  std::vector<Row> rows;
  rows.reserve(static_cast<size_t>(result.rows()));
  for (int row = 0; row < result.rows(); ++row) rows.push_back(RowOf(result, row));
  return rows;
}

Parked ParkedAt(const Result& result, int row, std::string feed) {
  return {.feed = std::move(feed),
          .epoch = result.Int(row, 0),
          .record = {.position = result.Int(row, 1),
                     .time = TimeAt(result, row, 2),
                     .type = TextAt(result, row, 3),
                     .subject = IdAt(result, row, 4),
                     .version = result.Int(row, 5),
                     .data = TextAt(result, row, 6)},
          .reason = TextAt(result, row, 7)};
}

}  // namespace learncity::ledger
