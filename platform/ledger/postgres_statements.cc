#include "platform/ledger/postgres_statements.h"

#include "platform/ledger/postgres_schema.h"
#include "platform/ledger/seal.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

using postgres::Params;
using postgres::Statement;
using postgres::Type;

int64_t Microseconds(Time time) { return time.time_since_epoch().count(); }

PostgresTableStatements StatementsOf(const Table& table) {
  const std::string name = TableName(table);
  std::string columns = "id, version, bytes, due_at";
  std::string arrays = "$1::uuid[], $2::bigint[], $3::bytea[], $4::timestamptz[]";
  std::string same = "version=u.version, bytes=u.bytes, due_at=u.due_at";
  int n = 4;
  for (const Column& column : table.columns) {
    columns += Concat(", ", column.name);
    arrays += Concat(", $", ++n, TypeOf(column) == Type::kInt ? "::bigint[]" : "::bytea[]");
    same += Concat(", ", column.name, "=u.", column.name);
  }
  const std::string select = Concat("SELECT id, version, bytes FROM ", name, " WHERE ");
  const std::string rows = Concat("unnest(", arrays, ")");
  PostgresTableStatements sql{
      .load = Concat(select, "id = ANY($1)"),
      .load_next = Concat(select, "id > $1 ORDER BY id LIMIT $2"),
      .due = Concat("SELECT id FROM ", name, " WHERE due_at <= $1 ORDER BY due_at LIMIT $2"),
      .insert = Concat("INSERT INTO ", name, "(", columns, ") SELECT * FROM ", rows),
      .update = Concat("UPDATE ", name, " d SET ", same, " FROM ", rows, " AS u(", columns,
                       ") WHERE d.id=u.id"),
      .load_by = {}};
  for (const Column& column : table.columns) {
    if (column.index != Column::Index::kUnique) continue;
    sql.load_by[column.name] = Concat(select, column.name, " = ANY($1)");
  }
  return sql;
}

// Rows of one kind that a turn inserts, or updates.
class DocumentRows {
 public:
  explicit DocumentRows(const Table& table) {
    for (const Column& column : table.columns) columns_.emplace_back(TypeOf(column));
  }
  void Add(const StoredDocument& document) {
    ++count_;
    ids_.AddBytes(document.id.view());
    versions_.AddInt(document.version);
    bytes_.AddBytes(document.bytes);
    AddValue(due_, Type::kTime, DueValue(*document.table, *document.message));
    size_t i = 0;
    for (const Column& column : document.table->columns) {
      AddValue(columns_[i++], TypeOf(column), column.value(*document.message));
    }
  }
  int count() const { return count_; }
  Params AsParams() const {
    Params params;
    params.Array(ids_).Array(versions_).Array(bytes_).Array(due_);
    for (const postgres::Column& column : columns_) params.Array(column);
    return params;
  }

 private:
  int count_ = 0;
  postgres::Column ids_{Type::kUuid}, versions_{Type::kInt}, bytes_{Type::kBytes},
      due_{Type::kTime};
  std::vector<postgres::Column> columns_;
};

void AddRecords(const TurnWrites& writes, const PostgresNames& names,
                std::vector<Statement>& statements) {
  if (writes.records.empty()) return;
  postgres::Column positions(Type::kInt), times(Type::kTime), types(Type::kInt),
      subjects(Type::kUuid), versions(Type::kInt), data(Type::kBytes);
  for (const Record& record : writes.records) {
    positions.AddInt(record.position);
    times.AddTime(Microseconds(record.time));
    types.AddInt(names.at(record.type));
    subjects.AddBytes(record.subject.view());
    versions.AddInt(record.version);
    data.AddBytes(record.data);
  }
  statements.push_back(
      {"INSERT INTO events(position,time,type,subject,version,data) SELECT * FROM "
       "unnest($1::bigint[],$2::timestamptz[],$3::bigint[],$4::uuid[],$5::bigint[],$6::bytea[])",
       Params().Array(positions).Array(times).Array(types).Array(subjects).Array(versions).Array(
           data)});
}

void AddAnswers(const TurnWrites& writes, const Schema& schema, const PostgresNames& names,
                std::vector<Statement>& statements) {
  if (writes.answers.empty()) return;
  postgres::Column ids(Type::kUuid), callers(Type::kInt), methods(Type::kInt), hashes(Type::kBytes),
      kinds(Type::kInt), documents(Type::kUuid), positions(Type::kInt), times(Type::kTime);
  for (const StoredAnswer& answer : writes.answers) {
    ids.AddBytes(answer.request_id.view());
    callers.AddInt(names.at(answer.caller));
    methods.AddInt(names.at(answer.method));
    hashes.AddBytes(answer.request_hash);
    kinds.AddInt(names.at(schema.tables()[static_cast<size_t>(answer.table)]->name));
    documents.AddBytes(answer.document.view());
    positions.AddInt(answer.position);
    times.AddTime(Microseconds(answer.time));
  }
  statements.push_back(
      {"INSERT INTO answers(request_id,caller,method,request_hash,kind,document,position,time) "
       "SELECT * FROM unnest($1::uuid[],$2::bigint[],$3::bigint[],$4::bytea[],$5::bigint[],"
       "$6::uuid[],$7::bigint[],$8::timestamptz[]) ON CONFLICT(request_id,caller,method) DO "
       "UPDATE SET request_hash=excluded.request_hash, kind=excluded.kind, "
       "document=excluded.document, position=excluded.position, time=excluded.time",
       Params()
           .Array(ids)
           .Array(callers)
           .Array(methods)
           .Array(hashes)
           .Array(kinds)
           .Array(documents)
           .Array(positions)
           .Array(times)});
}

void AddCursors(const TurnWrites& writes, std::vector<Statement>& statements) {
  for (const Cursor& cursor : writes.cursors) {
    statements.push_back(
        {"INSERT INTO cursors(feed,epoch,position) VALUES($1,$2,$3) ON CONFLICT(feed) DO UPDATE "
         "SET epoch=excluded.epoch, position=excluded.position",
         Params().Text(cursor.feed).Int(cursor.epoch).Int(cursor.position)});
  }
}

void AddParked(const TurnWrites& writes, std::vector<Statement>& into) {
  for (const Unparked& unparked : writes.unparked) {
    into.push_back({"DELETE FROM parked WHERE feed=$1 AND subject=$2",
                    Params().Text(unparked.feed).Uuid(unparked.subject.view())});
  }
  for (const Parked& parked : writes.parked) {
    const Record& record = parked.record;
    into.push_back(
        {"INSERT INTO parked(feed,position,epoch,time,type,subject,version,data,reason) "
         "VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9)",
         Params()
             .Text(parked.feed)
             .Int(record.position)
             .Int(parked.epoch)
             .Time(Microseconds(record.time))
             .Text(record.type)
             .Uuid(record.subject.view())
             .Int(record.version)
             .Bytes(record.data)
             .Text(parked.reason)});
  }
}

}  // namespace

PostgresStatements::PostgresStatements(const Schema& schema) : schema_(schema) {
  for (const auto& table : schema.tables()) tables_.push_back(StatementsOf(*table));
}

void PostgresStatements::AddDocuments(const TurnWrites& writes,
                                      std::vector<Statement>& into) const {
  // By kind, and whether they are inserted. Those that are there come first: what they give up may
  // be taken by a new one.
  std::map<std::pair<bool, int>, DocumentRows> rows;
  for (const StoredDocument& document : writes.documents) {
    rows.try_emplace({!document.existed, document.table->index}, *document.table)
        .first->second.Add(document);
  }
  for (const auto& [kind, of_kind] : rows) {
    const PostgresTableStatements& table = tables_[static_cast<size_t>(kind.second)];
    into.push_back({kind.first ? table.insert : table.update, of_kind.AsParams()});
  }
}

std::vector<Statement> PostgresStatements::Writes(const TurnWrites& writes, const Head& before,
                                                  const Head& next, const Id& token,
                                                  const PostgresNames& names) const {
  std::vector<Statement> statements;
  AddRecords(writes, names, statements);
  AddDocuments(writes, statements);
  AddAnswers(writes, schema_, names, statements);
  AddCursors(writes, statements);
  AddParked(writes, statements);
  statements.push_back(
      {"INSERT INTO turns(turn,first_position,last_position,time,cursors,seal,token) "
       "VALUES($1,$2,$3,$4,$5,$6,$7)",
       Params()
           .Int(next.turn)
           .Int(before.position + 1)
           .Int(next.position)
           .Time(Microseconds(writes.time))
           .Text(CursorText(writes.cursors))
           .Bytes({reinterpret_cast<const char*>(next.seal.data()), next.seal.size()})
           .Uuid(token.view())});
  statements.push_back({"COMMIT", {}});
  return statements;
}

}  // namespace learncity::ledger
