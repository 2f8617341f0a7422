#include "platform/ledger/sqlite_ledger.h"

#include <map>

#include "platform/ledger/seal.h"
#include "platform/ledger/sole_relay_lock.h"
#include "platform/ledger/sqlite_reader.h"
#include "platform/ledger/sqlite_schema.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

// Names past this are forgotten between two turns and looked up again.
constexpr size_t kNamesKeptMax = 65536;

int64_t Microseconds(Time time) { return time.time_since_epoch().count(); }

// The statements of one kind of document.
struct TableStatements {
  sqlite::Statement load, load_next, insert, update, due;
  // Updates a document whose declared columns stay as they are, and no other.
  sqlite::Statement update_in_place;
  std::map<std::string, sqlite::Statement, std::less<>> load_by;
};

absl::Status BrokenError() {
  return absl::UnavailableError(
      "a commit failed on disk and what it wrote is not known, or another process took a turn; "
      "start the process again");
}

// A full disk rolls back; after any other failed commit the disk is not to be trusted.
bool LeavesDiskUnknown(const absl::Status& committed) {
  return !committed.ok() && !absl::IsResourceExhausted(committed) &&
         !absl::IsUnavailable(committed);
}

// Binds a document's columns in the order of its table, and runs the statement.
absl::Status RunWith(sqlite::Statement& statement, const StoredDocument& document,
                     const std::vector<Value>& values) {
  statement.BindBlob(1, document.id.view());
  statement.BindInt(2, document.version);
  statement.BindBlob(3, document.bytes);
  BindValue(statement, 4, DueValue(*document.table, *document.message));
  int index = 5;
  for (const Value& value : values) BindValue(statement, index++, value);
  return statement.Run();
}

absl::Status AddRowsOf(sqlite::Statement& statement, std::vector<Row>& rows) {
  auto found = statement.Step();
  for (; found.ok() && *found; found = statement.Step()) rows.push_back(RowOf(statement));
  statement.Reset();
  return found.status();
}

}  // namespace

struct SqliteLedger::State {
  State(const Schema& s, sqlite::Database d) : schema(s), database(std::move(d)) {}

  absl::Status Prepare();
  absl::Status PrepareTable(const Table& table);
  absl::Status ReadHead();
  absl::StatusOr<std::optional<int64_t>> FindName(std::string_view text);
  absl::StatusOr<int64_t> NameId(std::string_view text);
  absl::StatusOr<std::optional<StoredAnswer>> FindAnswer(const AnswerKey& key);
  absl::Status CheckHeadIsOurs();
  absl::Status WriteParked(const Parked& parked);
  absl::Status WriteDocument(const StoredDocument& document);
  absl::Status WriteDocuments(const std::vector<StoredDocument>& documents);
  absl::Status WriteRecord(const Record& record);
  absl::Status WriteAnswer(const StoredAnswer& answer);
  absl::Status WriteAll(const TurnWrites& writes, const Head& next);

  const Schema& schema;
  sqlite::Database database;
  std::string path;
  Head head;
  bool broken = false;
  // Names that the ledger holds and, apart, which of them the open turn has added.
  std::map<std::string, int64_t, std::less<>> names;
  std::vector<std::string> names_of_turn;

  sqlite::Statement begin, commit, rollback;
  sqlite::Statement insert_event, insert_turn, insert_answer, find_answer, forget_answers;
  sqlite::Statement set_cursor, get_cursor, find_name, insert_name, last_turn;
  sqlite::Statement insert_parked, is_parked, load_parked, remove_parked;
  std::vector<TableStatements> tables;
};

absl::Status SqliteLedger::State::PrepareTable(const Table& table) {
  TableStatements& t = tables.emplace_back();
  const std::string name = TableName(table);
  std::vector<std::string> columns = {"id", "version", "bytes", "due_at"};
  for (const Column& column : table.columns) columns.push_back(column.name);
  const auto prepare = [&](sqlite::Statement& into, const std::string& sql) -> absl::Status {
    auto statement = database.Prepare(sql);
    if (!statement.ok()) return statement.status();
    into = std::move(*statement);
    return absl::OkStatus();
  };
  const std::string marks = Join(std::vector<std::string>(columns.size(), "?"), ",");
  std::string assignments, same;
  for (size_t i = 1; i < columns.size(); ++i) {
    assignments += Concat(i == 1 ? "" : ", ", columns[i], "=?", i + 1);
    if (i >= 3) same += Concat(" AND ", columns[i], " IS ?", i + 1);
  }
  absl::Status status =
      prepare(t.load, Concat("SELECT id, version, bytes FROM ", name, " WHERE id=?1"));
  status.Update(prepare(t.load_next, Concat("SELECT id, version, bytes FROM ", name,
                                            " WHERE id>?1 ORDER BY id LIMIT ?2")));
  status.Update(prepare(
      t.insert, Concat("INSERT INTO ", name, "(", Join(columns, ","), ") VALUES(", marks, ")")));
  status.Update(prepare(t.update, Concat("UPDATE ", name, " SET ", assignments, " WHERE id=?1")));
  status.Update(prepare(t.update_in_place, Concat("UPDATE ", name, " SET version=?2, bytes=?3 ",
                                                  "WHERE id=?1", same)));
  status.Update(prepare(
      t.due, Concat("SELECT id FROM ", name, " WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2")));
  for (const Column& column : table.columns) {
    if (column.index != Column::Index::kUnique) continue;
    status.Update(prepare(t.load_by[column.name], Concat("SELECT id, version, bytes FROM ", name,
                                                         " WHERE ", column.name, "=?1")));
  }
  return status;
}

absl::Status SqliteLedger::State::Prepare() {
  const std::vector<std::pair<sqlite::Statement*, std::string_view>> all = {
      {&begin, "BEGIN IMMEDIATE"},
      {&commit, "COMMIT"},
      {&rollback, "ROLLBACK"},
      {&insert_event,
       "INSERT INTO events(position,time,type,subject,version,data) VALUES(?1,?2,?3,?4,?5,?6)"},
      {&insert_turn,
       "INSERT INTO turns(turn,first_position,last_position,time,cursors,seal) "
       "VALUES(?1,?2,?3,?4,?5,?6)"},
      {&insert_answer,
       "INSERT INTO answers(request_id,caller,method,request_hash,kind,document,position,time) "
       "VALUES(?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT DO UPDATE SET "
       "request_hash=?4, kind=?5, document=?6, position=?7, time=?8"},
      {&find_answer,
       "SELECT request_hash,text,document,position,time FROM answers JOIN names ON id = kind "
       "WHERE request_id=?1 AND caller=?2 AND method=?3"},
      {&forget_answers,
       "DELETE FROM answers WHERE (request_id,caller,method) IN "
       "(SELECT request_id,caller,method FROM answers WHERE time < ?1 LIMIT ?2)"},
      {&set_cursor,
       "INSERT INTO cursors(feed,epoch,position) VALUES(?1,?2,?3) "
       "ON CONFLICT(feed) DO UPDATE SET epoch=?2, position=?3"},
      {&get_cursor, "SELECT epoch, position FROM cursors WHERE feed=?1"},
      {&find_name, "SELECT id FROM names WHERE text=?1"},
      {&insert_name, "INSERT INTO names(text) VALUES(?1)"},
      {&last_turn, "SELECT max(turn) FROM turns"},
      {&insert_parked,
       "INSERT INTO parked(feed,position,epoch,time,type,subject,version,data,reason) "
       "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"},
      {&is_parked, "SELECT 1 FROM parked WHERE feed=?1 AND subject=?2 LIMIT 1"},
      {&load_parked,
       "SELECT epoch,position,time,type,subject,version,data,reason FROM parked "
       "WHERE feed=?1 AND subject=?2 ORDER BY position"},
      {&remove_parked, "DELETE FROM parked WHERE feed=?1 AND subject=?2"},
  };
  for (const auto& [into, sql] : all) {
    auto statement = database.Prepare(sql);
    if (!statement.ok()) return statement.status();
    *into = std::move(*statement);
  }
  tables.reserve(schema.tables().size());
  for (const auto& table : schema.tables()) {
    if (auto status = PrepareTable(*table); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status SqliteLedger::State::ReadHead() {
  auto read = ReadHeadOf(database);
  if (!read.ok()) return read.status();
  head = *read;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<int64_t>> SqliteLedger::State::FindName(std::string_view text) {
  if (const auto known = names.find(text); known != names.end()) return known->second;
  find_name.BindText(1, text);
  const auto found = find_name.Step();
  std::optional<int64_t> id;
  if (found.ok() && *found) id = find_name.ColumnInt(0);
  find_name.Reset();
  if (!found.ok()) return found.status();
  if (id) names.emplace(text, *id);
  return id;
}

// Types, callers and methods are stored as numbers: an event row is then a third shorter.
absl::StatusOr<int64_t> SqliteLedger::State::NameId(std::string_view text) {
  auto known = FindName(text);
  if (!known.ok()) return known.status();
  if (*known) return **known;
  insert_name.BindText(1, text);
  if (auto status = insert_name.Run(); !status.ok()) return status;
  known = FindName(text);
  if (!known.ok()) return known.status();
  LEARNCITY_CHECK(*known) << "a name that was just written is not there";
  names_of_turn.emplace_back(text);
  return **known;
}

// What is cached here is true only as long as nobody else takes turns.
absl::Status SqliteLedger::State::CheckHeadIsOurs() {
  const auto found = last_turn.Step();
  const int64_t turn = found.ok() && *found ? last_turn.ColumnInt(0) : 0;
  last_turn.Reset();
  if (!found.ok()) return found.status();
  if (turn == head.turn) return absl::OkStatus();
  broken = true;
  return absl::UnavailableError(Concat(path, " is at turn ", turn, ", this process left it at ",
                                       head.turn,
                                       ": another process writes to it; run one of the two"));
}

// An UPDATE that names a column rewrites its index even where the value stays, which costs a page.
absl::Status SqliteLedger::State::WriteDocument(const StoredDocument& document) {
  TableStatements& t = tables[static_cast<size_t>(document.table->index)];
  // The values are bound as views: they must live until the last Run.
  std::vector<Value> values;
  values.reserve(document.table->columns.size());
  for (const Column& column : document.table->columns) {
    values.push_back(column.value(*document.message));
  }
  if (!document.existed) return RunWith(t.insert, document, values);
  if (auto status = RunWith(t.update_in_place, document, values); !status.ok()) return status;
  return database.Changes() > 0 ? absl::OkStatus() : RunWith(t.update, document, values);
}

// A unique value may pass from one document to another within a turn: who takes it over is written
// once the other has given it up. Where they pass around in a circle nobody can be the first, and
// the turn fails.
absl::Status SqliteLedger::State::WriteDocuments(const std::vector<StoredDocument>& documents) {
  std::vector<const StoredDocument*> left;
  left.reserve(documents.size());
  for (const StoredDocument& document : documents) left.push_back(&document);
  while (!left.empty()) {
    std::vector<const StoredDocument*> too_early;
    absl::Status taken;
    for (const StoredDocument* document : left) {
      absl::Status written = WriteDocument(*document);
      if (written.ok()) continue;
      if (!absl::IsAlreadyExists(written)) return written;
      too_early.push_back(document);
      taken = std::move(written);
    }
    if (too_early.size() == left.size()) return taken;
    left = std::move(too_early);
  }
  return absl::OkStatus();
}

absl::Status SqliteLedger::State::WriteRecord(const Record& record) {
  const auto type = NameId(record.type);
  if (!type.ok()) return type.status();
  insert_event.BindInt(1, record.position);
  insert_event.BindInt(2, Microseconds(record.time));
  insert_event.BindInt(3, *type);
  insert_event.BindBlob(4, record.subject.view());
  insert_event.BindInt(5, record.version);
  insert_event.BindBlob(6, record.data);
  return insert_event.Run();
}

absl::Status SqliteLedger::State::WriteAnswer(const StoredAnswer& answer) {
  const auto caller = NameId(answer.caller);
  const auto method = NameId(answer.method);
  // By name: the place of a table in the schema may be another in the next release.
  const auto kind = NameId(schema.tables()[static_cast<size_t>(answer.table)]->name);
  if (!caller.ok()) return caller.status();
  if (!method.ok()) return method.status();
  if (!kind.ok()) return kind.status();
  insert_answer.BindBlob(1, answer.request_id.view());
  insert_answer.BindInt(2, *caller);
  insert_answer.BindInt(3, *method);
  insert_answer.BindBlob(4, answer.request_hash);
  insert_answer.BindInt(5, *kind);
  insert_answer.BindBlob(6, answer.document.view());
  insert_answer.BindInt(7, answer.position);
  insert_answer.BindInt(8, Microseconds(answer.time));
  return insert_answer.Run();
}

absl::Status SqliteLedger::State::WriteParked(const Parked& parked) {
  insert_parked.BindText(1, parked.feed);
  insert_parked.BindInt(2, parked.record.position);
  insert_parked.BindInt(3, parked.epoch);
  insert_parked.BindInt(4, Microseconds(parked.record.time));
  insert_parked.BindText(5, parked.record.type);
  insert_parked.BindBlob(6, parked.record.subject.view());
  insert_parked.BindInt(7, parked.record.version);
  insert_parked.BindBlob(8, parked.record.data);
  insert_parked.BindText(9, parked.reason);
  return insert_parked.Run();
}

absl::Status SqliteLedger::State::WriteAll(const TurnWrites& writes, const Head& next) {
  for (const Record& record : writes.records) {
    if (auto status = WriteRecord(record); !status.ok()) return status;
  }
  if (auto status = WriteDocuments(writes.documents); !status.ok()) return status;
  for (const StoredAnswer& answer : writes.answers) {
    if (auto status = WriteAnswer(answer); !status.ok()) return status;
  }
  for (const Cursor& cursor : writes.cursors) {
    set_cursor.BindText(1, cursor.feed);
    set_cursor.BindInt(2, cursor.epoch);
    set_cursor.BindInt(3, cursor.position);
    if (auto status = set_cursor.Run(); !status.ok()) return status;
  }
  for (const Unparked& unparked : writes.unparked) {
    remove_parked.BindText(1, unparked.feed);
    remove_parked.BindBlob(2, unparked.subject.view());
    if (auto status = remove_parked.Run(); !status.ok()) return status;
  }
  for (const Parked& parked : writes.parked) {
    if (auto status = WriteParked(parked); !status.ok()) return status;
  }
  const std::string cursors = CursorText(writes.cursors);
  insert_turn.BindInt(1, next.turn);
  insert_turn.BindInt(2, head.position + 1);
  insert_turn.BindInt(3, next.position);
  insert_turn.BindInt(4, Microseconds(writes.time));
  insert_turn.BindText(5, cursors);
  insert_turn.BindBlob(6, {reinterpret_cast<const char*>(next.seal.data()), next.seal.size()});
  return insert_turn.Run();
}

SqliteLedger::SqliteLedger(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteLedger::~SqliteLedger() = default;

absl::StatusOr<std::unique_ptr<SqliteLedger>> SqliteLedger::Open(const std::string& path,
                                                                 const Schema& schema,
                                                                 const SqliteOptions& options) {
  auto database = OpenLedgerFile(path, schema, options);
  if (!database.ok()) return database.status();
  auto state = std::make_unique<State>(schema, std::move(*database));
  state->path = path;
  if (auto status = state->Prepare(); !status.ok()) return status;
  if (auto status = state->ReadHead(); !status.ok()) return status;
  return std::unique_ptr<SqliteLedger>(new SqliteLedger(std::move(state)));
}

const Schema& SqliteLedger::schema() const { return state_->schema; }
const Head& SqliteLedger::head() const { return state_->head; }
bool SqliteLedger::broken() const { return state_->broken; }

absl::Status SqliteLedger::Begin() {
  if (state_->broken) return BrokenError();
  if (state_->names.size() > kNamesKeptMax) state_->names.clear();
  if (auto status = state_->begin.Run(); !status.ok()) return status;
  auto status = state_->CheckHeadIsOurs();
  if (!status.ok()) Rollback();
  return status;
}

void SqliteLedger::Rollback() {
  if (state_->database.InTransaction()) (void)state_->rollback.Run();
  for (const std::string& name : state_->names_of_turn) {
    state_->names.erase(name);
  }
  state_->names_of_turn.clear();
}

absl::Status SqliteLedger::Commit(const TurnWrites& writes) {
  Head next = state_->head;
  ++next.turn;
  next.position += static_cast<int64_t>(writes.records.size());
  next.seal =
      Seal(state_->head.seal, next.turn, writes.time, writes.records, CursorText(writes.cursors));
  absl::Status status = state_->WriteAll(writes, next);
  if (status.ok()) {
    status = state_->commit.Run();
    if (LeavesDiskUnknown(status)) state_->broken = true;
  }
  if (!status.ok()) {
    Rollback();
    return status;
  }
  state_->names_of_turn.clear();
  state_->head = next;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Row>> SqliteLedger::Load(const Table& table, std::span<const Id> ids) {
  sqlite::Statement& statement = state_->tables[static_cast<size_t>(table.index)].load;
  std::vector<Row> rows;
  rows.reserve(ids.size());
  for (const Id& id : ids) {
    statement.BindBlob(1, id.view());
    if (auto status = AddRowsOf(statement, rows); !status.ok()) return status;
  }
  return rows;
}

absl::StatusOr<std::vector<Row>> SqliteLedger::LoadBy(const Table& table, const Column& column,
                                                      std::span<const std::string> values) {
  sqlite::Statement& statement =
      state_->tables[static_cast<size_t>(table.index)].load_by.at(column.name);
  std::vector<Row> rows;
  for (const std::string& value : values) {
    statement.BindBlob(1, value);
    if (auto status = AddRowsOf(statement, rows); !status.ok()) return status;
  }
  return rows;
}

absl::StatusOr<std::vector<Row>> SqliteLedger::LoadNext(const Table& table, const Id& after,
                                                        int limit) {
  sqlite::Statement& statement = state_->tables[static_cast<size_t>(table.index)].load_next;
  statement.BindBlob(1, after.view());
  statement.BindInt(2, limit);
  std::vector<Row> rows;
  if (auto status = AddRowsOf(statement, rows); !status.ok()) return status;
  return rows;
}

absl::StatusOr<std::optional<StoredAnswer>> SqliteLedger::State::FindAnswer(const AnswerKey& key) {
  const auto caller = FindName(key.caller);
  const auto method = FindName(key.method);
  if (!caller.ok()) return caller.status();
  if (!method.ok()) return method.status();
  // A caller or method without a number was never answered.
  if (!*caller || !*method) return std::nullopt;
  find_answer.BindBlob(1, key.request_id.view());
  find_answer.BindInt(2, **caller);
  find_answer.BindInt(3, **method);
  const auto found = find_answer.Step();
  std::optional<StoredAnswer> answer;
  std::string kind;
  if (found.ok() && *found) {
    kind = find_answer.ColumnText(1);
    answer = StoredAnswer{.request_id = key.request_id,
                          .caller = key.caller,
                          .method = key.method,
                          .request_hash = std::string(find_answer.ColumnBlob(0)),
                          .document = Id::FromBytes(find_answer.ColumnBlob(2)).value_or(Id{}),
                          .position = find_answer.ColumnInt(3),
                          .time = Time(std::chrono::microseconds(find_answer.ColumnInt(4)))};
  }
  find_answer.Reset();
  if (!found.ok()) return found.status();
  if (!answer) return answer;
  const auto table = schema.KindAnswered(kind);
  if (!table.ok()) return table.status();
  answer->table = *table;
  return answer;
}

absl::StatusOr<std::vector<StoredAnswer>> SqliteLedger::FindAnswers(
    std::span<const AnswerKey> keys) {
  std::vector<StoredAnswer> found;
  for (const AnswerKey& key : keys) {
    auto answer = state_->FindAnswer(key);
    if (!answer.ok()) return answer.status();
    if (*answer) found.push_back(*std::move(*answer));
  }
  return found;
}

absl::StatusOr<Cursor> SqliteLedger::LoadCursor(const std::string& feed) {
  state_->get_cursor.BindText(1, feed);
  auto found = state_->get_cursor.Step();
  Cursor cursor{.feed = feed};
  if (found.ok() && *found) {
    cursor.epoch = state_->get_cursor.ColumnInt(0);
    cursor.position = state_->get_cursor.ColumnInt(1);
  }
  state_->get_cursor.Reset();
  if (!found.ok()) return found.status();
  return cursor;
}

absl::StatusOr<std::vector<Id>> SqliteLedger::Due(const Table& table, Time now, int limit) {
  sqlite::Statement& statement = state_->tables[static_cast<size_t>(table.index)].due;
  statement.BindInt(1, Microseconds(now));
  statement.BindInt(2, limit);
  std::vector<Id> ids;
  auto found = statement.Step();
  for (; found.ok() && *found; found = statement.Step()) {
    ids.push_back(Id::FromBytes(statement.ColumnBlob(0)).value_or(Id{}));
  }
  statement.Reset();
  if (!found.ok()) return found.status();
  return ids;
}

absl::StatusOr<std::vector<Id>> SqliteLedger::FindParked(const std::string& feed,
                                                         std::span<const Id> subjects) {
  std::vector<Id> parked;
  for (const Id& subject : subjects) {
    state_->is_parked.BindText(1, feed);
    state_->is_parked.BindBlob(2, subject.view());
    const auto found = state_->is_parked.Step();
    state_->is_parked.Reset();
    if (!found.ok()) return found.status();
    if (*found) parked.push_back(subject);
  }
  return parked;
}

absl::StatusOr<std::vector<Parked>> SqliteLedger::LoadParked(const std::string& feed,
                                                             const Id& subject) {
  sqlite::Statement& statement = state_->load_parked;
  statement.BindText(1, feed);
  statement.BindBlob(2, subject.view());
  std::vector<Parked> parked;
  auto found = statement.Step();
  for (; found.ok() && *found; found = statement.Step()) {
    parked.push_back(ParkedRow(statement, feed));
  }
  statement.Reset();
  if (!found.ok()) return found.status();
  return parked;
}

absl::Status SqliteLedger::ForgetAnswers(Time before, int limit) {
  if (state_->broken) return BrokenError();
  if (auto status = state_->begin.Run(); !status.ok()) return status;
  state_->forget_answers.BindInt(1, Microseconds(before));
  state_->forget_answers.BindInt(2, limit);
  absl::Status status = state_->forget_answers.Run();
  if (status.ok()) {
    status = state_->commit.Run();
    if (LeavesDiskUnknown(status)) state_->broken = true;
  }
  if (!status.ok()) Rollback();
  return status;
}

absl::Status SqliteLedger::CheckpointTruncate() {
  if (state_->broken) return BrokenError();
  return state_->database.CheckpointAndTruncate();
}

std::string SqliteFile(const std::string& folder, const std::string& service) {
  return Concat(folder, folder.empty() ? "" : "/", service, ".ledger");
}

SqliteEngine::SqliteEngine(std::string path, SqliteOptions options)
    : path_(std::move(path)), options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<Ledger>> SqliteEngine::Open(const Schema& schema) {
  return SqliteLedger::Open(path_, schema, options_);
}

absl::StatusOr<std::unique_ptr<Reader>> SqliteEngine::OpenReader(const Schema& schema) {
  return OpenSqliteReader(path_, schema, options_);
}

std::unique_ptr<RelayLock> SqliteEngine::OpenRelayLock() {
  return std::make_unique<SoleRelayLock>();
}

}  // namespace learncity::ledger
