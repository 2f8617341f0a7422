#include "platform/ledger/postgres.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::postgres {
namespace {

using std::chrono::steady_clock;

constexpr size_t kStatementTextMax = 120;
// 2000-01-01 in microseconds since 1970: PostgreSQL counts from there.
constexpr int64_t kPostgresEpoch = 946'684'800'000'000;
constexpr int kBinary = 1;

uint32_t ArrayOf(Type type) {
  switch (type) {
    case Type::kBytes:
      return 1001;
    case Type::kInt:
      return 1016;
    case Type::kText:
      return 1009;
    case Type::kTime:
      return 1185;
    case Type::kUuid:
      return 2951;
  }
  return 0;
}

// In network order, as the protocol has all numbers.
template <class Number>
std::string Encoded(Number value) {
  std::string bytes(sizeof(Number), '\0');
  for (size_t i = 0; i < sizeof(Number); ++i) {
    bytes[sizeof(Number) - 1 - i] = static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  }
  return bytes;
}

int64_t Decoded(std::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  // Shorter ones are never negative here.
  return static_cast<int64_t>(value);
}

std::string Shortened(std::string_view sql) {
  return std::string(sql.substr(0, kStatementTextMax));
}

// By the classes of SQLSTATE, appendix A of the PostgreSQL manual.
absl::StatusCode CodeOf(std::string_view state) {
  // Of libpq itself: the connection is gone.
  if (state.empty()) return absl::StatusCode::kUnavailable;
  const std::string_view kind = state.substr(0, 2);
  if (state == "23505") return absl::StatusCode::kAlreadyExists;
  if (state == "42501" || state == "25006" || kind == "28") {
    return absl::StatusCode::kPermissionDenied;
  }
  if (state == "42P01" || state == "3F000" || state == "3D000") return absl::StatusCode::kNotFound;
  // Lock and statement timeouts, deadlock, shutdown, too many connections, a lost connection.
  if (state == "55P03" || state == "57014" || kind == "40" || kind == "57" || state == "53300" ||
      kind == "08" || state == "25P03") {
    return absl::StatusCode::kUnavailable;
  }
  if (kind == "53") return absl::StatusCode::kResourceExhausted;
  if (kind == "54" || kind == "22") return absl::StatusCode::kInvalidArgument;
  if (state == "XX001" || state == "XX002") return absl::StatusCode::kDataLoss;
  return absl::StatusCode::kInternal;
}

std::string Trimmed(const char* words) {
  std::string text = words == nullptr ? "" : words;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string Milliseconds(std::chrono::milliseconds time) { return std::to_string(time.count()); }

struct Conninfo {
  std::vector<const char*> keys, values;
  void Add(const char* key, const char* value) {
    keys.push_back(key);
    values.push_back(value);
  }
};

}  // namespace

void Column::AddBytes(std::string_view value) {
  ++count_;
  elements_ += Encoded(static_cast<int32_t>(value.size()));
  elements_ += value;
}

void Column::AddInt(int64_t value) { AddBytes(Encoded(value)); }
void Column::AddTime(int64_t microseconds) { AddInt(microseconds - kPostgresEpoch); }

void Column::AddNull() {
  ++count_;
  has_null_ = true;
  elements_ += Encoded(int32_t{-1});
}

Params& Params::Add(uint32_t type, std::string bytes) {
  values_.push_back({type, std::move(bytes)});
  return *this;
}

Params& Params::Int(int64_t value) {
  return Add(static_cast<uint32_t>(Type::kInt), Encoded(value));
}
Params& Params::Time(int64_t microseconds) {
  return Add(static_cast<uint32_t>(Type::kTime), Encoded(microseconds - kPostgresEpoch));
}
Params& Params::Text(std::string_view value) {
  return Add(static_cast<uint32_t>(Type::kText), std::string(value));
}
Params& Params::Bytes(std::string_view value) {
  return Add(static_cast<uint32_t>(Type::kBytes), std::string(value));
}
Params& Params::Uuid(std::string_view bytes) {
  return Add(static_cast<uint32_t>(Type::kUuid), std::string(bytes));
}

// An array: dimensions, whether there are nulls, the type; then of the one dimension its length and
// first index.
Params& Params::Array(const Column& column) {
  std::string bytes = Encoded(int32_t{column.count_ == 0 ? 0 : 1});
  bytes += Encoded(int32_t{column.has_null_ ? 1 : 0});
  bytes += Encoded(static_cast<uint32_t>(column.type_));
  if (column.count_ > 0) bytes += Concat(Encoded(column.count_), Encoded(int32_t{1}));
  bytes += column.elements_;
  return Add(ArrayOf(column.type_), std::move(bytes));
}

Result& Result::operator=(Result&& other) noexcept {
  std::swap(result_, other.result_);
  return *this;
}
Result::~Result() { PQclear(result_); }

int Result::rows() const { return PQntuples(result_); }
bool Result::IsNull(int row, int column) const { return PQgetisnull(result_, row, column) != 0; }
std::string_view Result::Bytes(int row, int column) const {
  return {PQgetvalue(result_, row, column), static_cast<size_t>(PQgetlength(result_, row, column))};
}
int64_t Result::Int(int row, int column) const { return Decoded(Bytes(row, column)); }
int64_t Result::Time(int row, int column) const { return Int(row, column) + kPostgresEpoch; }
int64_t Result::changed() const { return std::atoll(PQcmdTuples(result_)); }

std::string PlaceOf(const std::string& conninfo) {
  char* words = nullptr;
  PQconninfoOption* const options = PQconninfoParse(conninfo.c_str(), &words);
  if (options == nullptr) {
    std::string fault = Trimmed(words);
    PQfreemem(words);
    return fault;
  }
  std::map<std::string_view, std::string> values;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val != nullptr) values[option->keyword] = option->val;
  }
  std::string place = Concat(values["host"], values["port"].empty() ? "" : ":", values["port"], "/",
                             values["dbname"]);
  PQconninfoFree(options);
  return place;
}

Connection::Connection(pg_conn* connection, std::chrono::milliseconds call_timeout)
    : connection_(connection), call_timeout_(call_timeout) {}

Connection::~Connection() { PQfinish(connection_); }

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const ConnectOptions& options) {
  const std::string wait =
      std::to_string(std::max<int64_t>(2, options.connect_timeout.count() / 1000));
  const std::string silence = Milliseconds(options.call_timeout);
  Conninfo info;
  info.Add("tcp_user_timeout", silence.c_str());
  info.Add("keepalives_idle", "10");
  info.Add("connect_timeout", wait.c_str());
  info.Add("dbname", options.conninfo.c_str());
  info.Add("application_name", options.application.c_str());
  info.Add("client_encoding", "UTF8");
  info.Add(nullptr, nullptr);
  std::unique_ptr<Connection> connection(new Connection(
      PQconnectdbParams(info.keys.data(), info.values.data(), 1), options.call_timeout));
  if (PQstatus(connection->connection_) != CONNECTION_OK) {
    return absl::UnavailableError(
        Concat("PostgreSQL cannot be reached: ", Trimmed(PQerrorMessage(connection->connection_))));
  }
  PQsetnonblocking(connection->connection_, 1);
  PQsetNoticeProcessor(
      connection->connection_, [](void*, const char*) {}, nullptr);
  connection->place_ = Concat(PQhost(connection->connection_), ":", PQport(connection->connection_),
                              "/", PQdb(connection->connection_));
  char* schema =
      PQescapeIdentifier(connection->connection_, options.schema.data(), options.schema.size());
  const std::string sql =
      Concat("SET search_path=", schema,
             "; SET statement_timeout=", Milliseconds(options.statement_timeout),
             "; SET lock_timeout=", Milliseconds(options.lock_timeout),
             "; SET idle_in_transaction_session_timeout=", Milliseconds(options.idle_timeout),
             // Everything is found by a key. A statement is planned once, when its tables may still
             // be empty, and a plan that reads all of a small table stays when that has grown.
             "; SET plan_cache_mode=force_generic_plan; SET enable_seqscan=off"
             "; SET enable_hashjoin=off; SET enable_mergejoin=off");
  PQfreemem(schema);
  if (auto status = connection->Execute(sql); !status.ok()) return status;
  return connection;
}

bool Connection::InTransaction() const {
  return connection_ != nullptr && PQtransactionStatus(connection_) != PQTRANS_IDLE;
}

absl::Status Connection::Lost(std::string_view what) {
  absl::Status status = absl::UnavailableError(
      Concat("PostgreSQL at ", place_, " ", what, ": ", Trimmed(PQerrorMessage(connection_))));
  PQfinish(std::exchange(connection_, nullptr));
  prepared_.clear();
  return status;
}

absl::Status Connection::ErrorOf(const pg_result* result, std::string_view sql) const {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string code = state == nullptr ? "" : state;
  return {CodeOf(code), Concat("PostgreSQL: ", Trimmed(PQresultErrorMessage(result)), " (SQLSTATE ",
                               code, ") at ", place_, ", running: ", Shortened(sql))};
}

absl::Status Connection::WaitFor(int events, Deadline deadline) {
  struct pollfd waiting = {
      .fd = PQsocket(connection_), .events = static_cast<short>(events), .revents = 0};
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return Lost("does not answer");
    const int ready = poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return Lost(std::strerror(errno));
  }
}

absl::Status Connection::Flush(Deadline deadline) {
  while (true) {
    const int left = PQflush(connection_);
    if (left == 0) return absl::OkStatus();
    if (left < 0) return Lost("has closed the connection");
    // The server may be waiting to hand over results before it takes more.
    if (auto status = WaitFor(POLLIN | POLLOUT, deadline); !status.ok()) return status;
    if (PQconsumeInput(connection_) == 0) return Lost("has closed the connection");
  }
}

absl::StatusOr<pg_result*> Connection::Next(Deadline deadline) {
  while (PQisBusy(connection_) != 0) {
    if (auto status = WaitFor(POLLIN, deadline); !status.ok()) return status;
    if (PQconsumeInput(connection_) == 0) return Lost("has closed the connection");
  }
  return PQgetResult(connection_);
}

absl::Status Connection::Send(std::string_view sql, const Params& params, bool* prepares) {
  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const Params::Value& value : params.values_) {
    types.push_back(value.type);
    values.push_back(value.bytes.data());
    lengths.push_back(static_cast<int>(value.bytes.size()));
  }
  const std::vector<int> formats(types.size(), kBinary);
  const auto count = static_cast<int>(types.size());
  auto known = prepared_.find(sql);
  *prepares = known == prepared_.end();
  if (*prepares) {
    known = prepared_.emplace(std::string(sql), Concat("s", ++statements_)).first;
    if (PQsendPrepare(connection_, known->second.c_str(), known->first.c_str(), count,
                      types.data()) == 0) {
      return Lost("takes no statement");
    }
    if (PQpipelineStatus(connection_) == PQ_PIPELINE_OFF) {
      if (auto status = ReadAll(sql, nullptr); !status.ok()) {
        if (connection_ != nullptr) prepared_.erase(known);
        return status;
      }
    }
  }
  if (PQsendQueryPrepared(connection_, known->second.c_str(), count, values.data(), lengths.data(),
                          formats.data(), kBinary) == 0) {
    return Lost("takes no statement");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Result>> Connection::RunAll(std::span<const Statement> statements) {
  if (connection_ == nullptr) return absl::UnavailableError("the connection is lost");
  const Deadline deadline = steady_clock::now() + call_timeout_;
  LEARNCITY_CHECK_EQ(PQenterPipelineMode(connection_), 1);
  // For every command that was sent, the statement it belongs to; a preparation has no result that
  // anybody wants.
  struct Command {
    size_t statement;
    bool is_preparation;
  };
  std::vector<Command> commands;
  for (size_t i = 0; i < statements.size(); ++i) {
    bool prepares = false;
    if (auto status = Send(statements[i].sql, statements[i].params, &prepares); !status.ok()) {
      return status;
    }
    if (prepares) commands.push_back({i, true});
    commands.push_back({i, false});
  }
  if (PQpipelineSync(connection_) == 0) return Lost("takes no statement");
  if (auto status = Flush(deadline); !status.ok()) return status;
  std::vector<Result> results;
  absl::Status fault;
  for (const Command& command : commands) {
    auto result = Next(deadline);
    if (!result.ok()) return result.status();
    if (*result == nullptr) return Lost("has closed the connection");
    Result owned(*result);
    const ExecStatusType kind = PQresultStatus(*result);
    if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK) {
      const std::string_view sql = statements[command.statement].sql;
      if (kind == PGRES_FATAL_ERROR) fault.Update(ErrorOf(*result, sql));
      if (command.is_preparation) prepared_.erase(prepared_.find(sql));
    } else if (!command.is_preparation) {
      results.push_back(std::move(owned));
    }
    // The end of this command's results.
    auto end = Next(deadline);
    if (!end.ok()) return end.status();
    PQclear(*end);
  }
  if (auto status = Drain(deadline); !status.ok()) return fault.ok() ? status : fault;
  if (!fault.ok()) return fault;
  return results;
}

absl::Status Connection::Drain(Deadline deadline) {
  while (true) {
    auto result = Next(deadline);
    if (!result.ok()) return result.status();
    const bool is_end = *result != nullptr && PQresultStatus(*result) == PGRES_PIPELINE_SYNC;
    PQclear(*result);
    if (is_end) break;
    if (PQstatus(connection_) != CONNECTION_OK) return Lost("has closed the connection");
  }
  if (PQexitPipelineMode(connection_) == 0) return Lost("has more to say than was asked");
  return absl::OkStatus();
}

absl::StatusOr<Result> Connection::Run(std::string_view sql, const Params& params) {
  const Statement statement{sql, params};
  auto results = RunAll({&statement, 1});
  if (!results.ok()) return results.status();
  return std::move(results->front());
}

absl::Status Connection::Stream(std::string_view sql, const Params& params,
                                const std::function<void(const Result&)>& row) {
  if (connection_ == nullptr) return absl::UnavailableError("the connection is lost");
  bool prepares = false;
  if (auto status = Send(sql, params, &prepares); !status.ok()) return status;
  if (PQsetSingleRowMode(connection_) == 0) return Lost("hands over no single rows");
  return ReadAll(sql, row);
}

absl::Status Connection::ReadAll(std::string_view sql,
                                 const std::function<void(const Result&)>& row) {
  if (auto status = Flush(steady_clock::now() + call_timeout_); !status.ok()) return status;
  absl::Status fault;
  while (true) {
    auto result = Next(steady_clock::now() + call_timeout_);
    if (!result.ok()) return result.status();
    if (*result == nullptr) break;
    const Result owned(*result);
    const ExecStatusType kind = PQresultStatus(*result);
    if (kind == PGRES_SINGLE_TUPLE && row) row(owned);
    if (kind == PGRES_FATAL_ERROR) fault.Update(ErrorOf(*result, sql));
  }
  if (PQstatus(connection_) == CONNECTION_OK) return fault;
  const absl::Status lost = Lost("has closed the connection");
  return fault.ok() ? lost : fault;
}

absl::Status Connection::Execute(const std::string& sql) {
  if (connection_ == nullptr) return absl::UnavailableError("the connection is lost");
  if (PQsendQuery(connection_, sql.c_str()) == 0) return Lost("takes no statement");
  return ReadAll(sql, nullptr);
}

absl::StatusOr<std::string> Connection::QueryText(const std::string& sql) {
  auto result = Run(sql);
  if (!result.ok()) return result.status();
  if (result->rows() == 0) return absl::NotFoundError(Concat("no row from: ", Shortened(sql)));
  return std::string(result->Bytes(0, 0));
}

}  // namespace learncity::postgres
