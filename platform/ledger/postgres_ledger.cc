#include "platform/ledger/postgres_ledger.h"

#include <algorithm>
#include <set>

#include "platform/ledger/postgres_reader.h"
#include "platform/ledger/postgres_relay_lock.h"
#include "platform/ledger/postgres_schema.h"
#include "platform/ledger/postgres_statements.h"
#include "platform/ledger/seal.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;
using postgres::Statement;
using postgres::Type;
using std::chrono::steady_clock;

// Names past this are forgotten between two turns and looked up again.
constexpr size_t kNamesKeptMax = 65536;

// What says which release may write.
constexpr std::string_view kReleaseSql =
    "SELECT string_agg(value, '/' ORDER BY key) FROM ledger WHERE key IN "
    "('service', 'format', 'columns', 'followed')";

int64_t Microseconds(Time time) { return time.time_since_epoch().count(); }

template <class Ids>
Params& Uuids(Params& params, const Ids& ids) {
  postgres::Column column(Type::kUuid);
  for (const Id& id : ids) column.AddBytes(id.view());
  return params.Array(column);
}

}  // namespace

struct PostgresLedger::State {
  State(PostgresOptions o, const Schema& s) : options(std::move(o)), schema(s), sql(s) {}

  absl::Status Connect();
  absl::Status Ready();
  absl::Status TryToBegin();
  absl::Status FollowHead(const Result& head, const Result& release);
  absl::StatusOr<Result> Run(std::string_view statement, const Params& params);
  // Fills in the numbers of those of the names that have one.
  absl::Status FindNames(const std::set<std::string_view>& wanted);
  // The same, and gives numbers to the others.
  absl::Status MakeNames(const TurnWrites& writes);
  int64_t NameId(std::string_view text) const { return names.find(text)->second; }
  // Whether the turn with this token is there, by a new connection.
  absl::StatusOr<bool> IsCommitted(int64_t turn, const Id& token);

  const PostgresOptions options;
  const Schema& schema;
  const PostgresStatements sql;
  std::unique_ptr<Connection> connection;
  Head head;
  // What the ledger said of its release when it was opened.
  std::string release;
  bool broken = false;
  bool in_turn = false;
  steady_clock::time_point next_try{};
  absl::Status last_try;
  PostgresNames names;
  // What the open turn has added to them.
  std::vector<std::string> names_of_turn;
};

absl::Status PostgresLedger::State::Connect() {
  if (connection && connection->alive()) return absl::OkStatus();
  if (steady_clock::now() < next_try) return last_try;
  auto opened = OpenForWriting(options, schema);
  if (!opened.ok()) {
    next_try = steady_clock::now() + options.retry_after;
    return last_try = opened.status();
  }
  next_try = {};
  connection = std::move(*opened);
  return absl::OkStatus();
}

absl::StatusOr<Result> PostgresLedger::State::Run(std::string_view statement,
                                                  const Params& params) {
  if (auto status = Ready(); !status.ok()) return status;
  return connection->Run(statement, params);
}

// Within a turn another connection would be outside of it.
absl::Status PostgresLedger::State::Ready() {
  if (!in_turn) return Connect();
  if (connection->alive()) return absl::OkStatus();
  return absl::UnavailableError("the connection was lost within the turn");
}

// Others may have taken turns since; they may not have taken some back.
absl::Status PostgresLedger::State::FollowHead(const Result& found, const Result& found_release) {
  const auto read = HeadOf(found, connection->place());
  if (!read.ok()) return read.status();
  const std::string now = TextAt(found_release, 0, 0);
  if (release.empty()) release = now;
  const bool is_back = read->epoch < head.epoch || read->turn < head.turn ||
                       (read->turn == head.turn && read->seal != head.seal);
  if (now != release || is_back) {
    broken = true;
    return absl::UnavailableError(
        Concat(connection->place(),
               is_back ? " was put back to an earlier state" : " was upgraded by another release",
               " while this process ran; start the process again"));
  }
  head = *read;
  return absl::OkStatus();
}

absl::Status PostgresLedger::State::TryToBegin() {
  if (auto status = Connect(); !status.ok()) return status;
  // The lock is a statement of its own: those after it see what was committed before it was given.
  const std::vector<Statement> statements = {
      {"BEGIN", {}}, TakeTurn(options), {kHeadSql, {}}, {kReleaseSql, {}}};
  const auto results = connection->RunAll(statements);
  if (!results.ok()) return results.status();
  return FollowHead((*results)[2], (*results)[3]);
}

absl::Status PostgresLedger::State::FindNames(const std::set<std::string_view>& wanted) {
  std::vector<std::string_view> unknown;
  for (const std::string_view text : wanted) {
    if (!names.contains(text)) unknown.push_back(text);
  }
  if (unknown.empty()) return absl::OkStatus();
  const auto found = connection->Run("SELECT id, text FROM names WHERE text = ANY($1)",
                                     Params().Each(Type::kText, unknown));
  if (!found.ok()) return found.status();
  for (int row = 0; row < found->rows(); ++row) {
    names.emplace(TextAt(*found, row, 1), found->Int(row, 0));
  }
  return absl::OkStatus();
}

absl::Status PostgresLedger::State::MakeNames(const TurnWrites& writes) {
  std::set<std::string_view> wanted;
  for (const Record& record : writes.records) wanted.insert(record.type);
  for (const StoredAnswer& answer : writes.answers) {
    wanted.insert(answer.caller);
    wanted.insert(answer.method);
    // By name: the place of a table in the schema may be another in the next release.
    wanted.insert(schema.tables()[static_cast<size_t>(answer.table)]->name);
  }
  if (auto status = FindNames(wanted); !status.ok()) return status;
  std::erase_if(wanted, [&](std::string_view text) { return names.contains(text); });
  if (wanted.empty()) return absl::OkStatus();
  const auto made =
      connection->Run("INSERT INTO names(text) SELECT unnest($1::text[]) RETURNING id, text",
                      Params().Each(Type::kText, wanted));
  if (!made.ok()) return made.status();
  for (int row = 0; row < made->rows(); ++row) {
    names_of_turn.push_back(TextAt(*made, row, 1));
    names.emplace(names_of_turn.back(), made->Int(row, 0));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> PostgresLedger::State::IsCommitted(int64_t turn, const Id& token) {
  next_try = {};
  if (auto status = Connect(); !status.ok()) return status;
  // Under the lock, so that the transaction whose end is not known has ended.
  const std::vector<Statement> statements = {
      {"BEGIN", {}},
      TakeTurn(options),
      {"SELECT count(*) FROM turns WHERE turn=$1 AND token=$2",
       Params().Int(turn).Uuid(token.view())},
      {"ROLLBACK", {}}};
  const auto results = connection->RunAll(statements);
  if (!results.ok()) return results.status();
  return (*results)[2].Int(0, 0) == 1;
}

PostgresLedger::PostgresLedger(std::unique_ptr<State> state) : state_(std::move(state)) {}
PostgresLedger::~PostgresLedger() = default;

absl::StatusOr<std::unique_ptr<PostgresLedger>> PostgresLedger::Open(const PostgresOptions& options,
                                                                     const Schema& schema) {
  std::unique_ptr<PostgresLedger> ledger(
      new PostgresLedger(std::make_unique<State>(options, schema)));
  if (auto status = ledger->Begin(); !status.ok()) return status;
  ledger->Rollback();
  return ledger;
}

const Schema& PostgresLedger::schema() const { return state_->schema; }
const Head& PostgresLedger::head() const { return state_->head; }
bool PostgresLedger::broken() const { return state_->broken; }

absl::Status PostgresLedger::Begin() {
  State& s = *state_;
  if (s.broken) {
    return absl::UnavailableError("the ledger is not what this process opened; start it again");
  }
  if (s.names.size() > kNamesKeptMax) s.names.clear();
  absl::Status status = s.TryToBegin();
  // That a connection is gone shows when it is used.
  if (!status.ok() && s.connection && !s.connection->alive()) status = s.TryToBegin();
  s.in_turn = true;
  if (!status.ok()) Rollback();
  return status;
}

void PostgresLedger::Rollback() {
  State& s = *state_;
  if (s.connection && s.connection->InTransaction()) (void)s.connection->Execute("ROLLBACK");
  for (const std::string& name : s.names_of_turn) s.names.erase(name);
  s.names_of_turn.clear();
  s.in_turn = false;
}

absl::Status PostgresLedger::Commit(const TurnWrites& writes) {
  State& s = *state_;
  Head next = s.head;
  ++next.turn;
  next.position += static_cast<int64_t>(writes.records.size());
  next.seal = Seal(s.head.seal, next.turn, writes.time, writes.records, CursorText(writes.cursors));
  const Id token = RandomId(writes.time);
  absl::Status status = s.Ready();
  if (status.ok()) status = s.MakeNames(writes);
  if (status.ok()) {
    status = s.connection->RunAll(s.sql.Writes(writes, s.head, next, token, s.names)).status();
    if (!status.ok() && !s.connection->alive()) {
      const auto is_committed = s.IsCommitted(next.turn, token);
      if (is_committed.ok() && *is_committed) status = absl::OkStatus();
    }
  }
  if (!status.ok()) {
    Rollback();
    return status;
  }
  s.names_of_turn.clear();
  s.in_turn = false;
  s.head = next;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Row>> PostgresLedger::Load(const Table& table, std::span<const Id> ids) {
  Params params;
  const auto found = state_->Run(state_->sql.Of(table).load, Uuids(params, ids));
  if (!found.ok()) return found.status();
  return RowsOf(*found);
}

absl::StatusOr<std::vector<Row>> PostgresLedger::LoadBy(const Table& table, const Column& column,
                                                        std::span<const std::string> values) {
  const auto found = state_->Run(state_->sql.Of(table).load_by.at(column.name),
                                 Params().Each(Type::kBytes, values));
  if (!found.ok()) return found.status();
  return RowsOf(*found);
}

absl::StatusOr<std::vector<Row>> PostgresLedger::LoadNext(const Table& table, const Id& after,
                                                          int limit) {
  const auto found =
      state_->Run(state_->sql.Of(table).load_next, Params().Uuid(after.view()).Int(limit));
  if (!found.ok()) return found.status();
  return RowsOf(*found);
}

absl::StatusOr<std::vector<StoredAnswer>> PostgresLedger::FindAnswers(
    std::span<const AnswerKey> keys) {
  State& s = *state_;
  std::set<std::string_view> wanted;
  for (const AnswerKey& key : keys) {
    wanted.insert(key.caller);
    wanted.insert(key.method);
  }
  if (auto status = s.Ready(); !status.ok()) return status;
  if (auto status = s.FindNames(wanted); !status.ok()) return status;
  postgres::Column ids(Type::kUuid), callers(Type::kInt), methods(Type::kInt);
  for (const AnswerKey& key : keys) {
    // A caller or method without a number was never answered.
    if (!s.names.contains(key.caller) || !s.names.contains(key.method)) continue;
    ids.AddBytes(key.request_id.view());
    callers.AddInt(s.NameId(key.caller));
    methods.AddInt(s.NameId(key.method));
  }
  const auto found = s.Run(
      "SELECT request_id, c.text, m.text, request_hash, k.text, document, position, time "
      "FROM answers JOIN unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS u(id, caller, method) "
      "ON request_id=u.id AND answers.caller=u.caller AND answers.method=u.method "
      "JOIN names c ON c.id=answers.caller JOIN names m ON m.id=answers.method "
      "JOIN names k ON k.id=kind",
      Params().Array(ids).Array(callers).Array(methods));
  if (!found.ok()) return found.status();
  std::vector<StoredAnswer> answers;
  for (int row = 0; row < found->rows(); ++row) {
    const auto table = s.schema.KindAnswered(found->Bytes(row, 4));
    if (!table.ok()) return table.status();
    answers.push_back({.request_id = IdAt(*found, row, 0),
                       .caller = TextAt(*found, row, 1),
                       .method = TextAt(*found, row, 2),
                       .request_hash = TextAt(*found, row, 3),
                       .table = *table,
                       .document = IdAt(*found, row, 5),
                       .position = found->Int(row, 6),
                       .time = TimeAt(*found, row, 7)});
  }
  return answers;
}

absl::StatusOr<Cursor> PostgresLedger::LoadCursor(const std::string& feed) {
  const auto found =
      state_->Run("SELECT epoch, position FROM cursors WHERE feed=$1", Params().Text(feed));
  if (!found.ok()) return found.status();
  Cursor cursor{.feed = feed};
  if (found->rows() > 0) {
    cursor.epoch = found->Int(0, 0);
    cursor.position = found->Int(0, 1);
  }
  return cursor;
}

absl::StatusOr<std::vector<Id>> PostgresLedger::Due(const Table& table, Time now, int limit) {
  const auto found =
      state_->Run(state_->sql.Of(table).due, Params().Time(Microseconds(now)).Int(limit));
  if (!found.ok()) return found.status();
  std::vector<Id> ids;
  for (int row = 0; row < found->rows(); ++row) ids.push_back(IdAt(*found, row, 0));
  return ids;
}

absl::StatusOr<std::vector<Id>> PostgresLedger::FindParked(const std::string& feed,
                                                           std::span<const Id> subjects) {
  Params params;
  params.Text(feed);
  const auto found =
      state_->Run("SELECT DISTINCT subject FROM parked WHERE feed=$1 AND subject = ANY($2)",
                  Uuids(params, subjects));
  if (!found.ok()) return found.status();
  std::vector<Id> parked;
  for (int row = 0; row < found->rows(); ++row) parked.push_back(IdAt(*found, row, 0));
  return parked;
}

absl::StatusOr<std::vector<Parked>> PostgresLedger::LoadParked(const std::string& feed,
                                                               const Id& subject) {
  const auto found = state_->Run(
      "SELECT epoch,position,time,type,subject,version,data,reason FROM parked "
      "WHERE feed=$1 AND subject=$2 ORDER BY position",
      Params().Text(feed).Uuid(subject.view()));
  if (!found.ok()) return found.status();
  std::vector<Parked> parked;
  for (int row = 0; row < found->rows(); ++row) parked.push_back(ParkedAt(*found, row, feed));
  return parked;
}

absl::Status PostgresLedger::ForgetAnswers(Time before, int limit) {
  if (state_->broken) return absl::UnavailableError("the ledger is broken");
  return state_
      ->Run(
          "DELETE FROM answers WHERE (request_id,caller,method) IN "
          "(SELECT request_id,caller,method FROM answers WHERE time < $1 ORDER BY time LIMIT $2)",
          Params().Time(Microseconds(before)).Int(limit))
      .status();
}

absl::StatusOr<std::unique_ptr<Ledger>> PostgresEngine::Open(const Schema& schema) {
  return PostgresLedger::Open(options_, schema);
}

absl::StatusOr<std::unique_ptr<Reader>> PostgresEngine::OpenReader(const Schema& schema) {
  return OpenPostgresReader(options_, schema);
}

std::unique_ptr<RelayLock> PostgresEngine::OpenRelayLock() {
  return std::make_unique<PostgresRelayLock>(options_);
}

std::string PostgresEngine::place() const {
  return Concat(postgres::PlaceOf(options_.connect.conninfo), "#", options_.connect.schema);
}

}  // namespace learncity::ledger
