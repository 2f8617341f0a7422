// The tables of a ledger in PostgreSQL, and how a database is recognised, made and refused. A
// ledger has a schema of the database for itself. What its columns mean: docs/adr/0012.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/ledger/kept.h"
#include "platform/ledger/postgres.h"
#include "platform/ledger/postgres_ledger.h"
#include "platform/ledger/record.h"
#include "platform/ledger/schema.h"

namespace learncity::ledger {

// Counts up when the tables change; a database with a higher one is refused.
constexpr int kPostgresFormat = 1;

// Types of columns; of due_at too, by its name.
postgres::Type TypeOf(const Column& column);
postgres::Type TypeOf(const Table& table, std::string_view column);
std::string_view SqlType(postgres::Type type);
void AddValue(postgres::Column& column, postgres::Type type, const Value& value);

// Makes a kind's table where it is not there, without indexes; makes an index.
std::string PostgresTableSql(const Table& table);
std::string PostgresIndexSql(const Table& table, const IndexedColumn& column);

// Writes down what the schema keeps.
extern const std::string_view kKeepSql;
postgres::Params KeptParams(const Schema& schema);

// A connection for writing to this service's ledger, which is made where there is none. Any number
// of processes may do so at once. FAILED_PRECONDITION names everything that is wrong with the
// server's settings, or says whose ledger it is.
absl::StatusOr<std::unique_ptr<postgres::Connection>> OpenForWriting(const PostgresOptions& options,
                                                                     const Schema& schema);
// A connection for reading: refuses what is not there.
absl::StatusOr<std::unique_ptr<postgres::Connection>> OpenForReading(const PostgresOptions& options,
                                                                     const Schema& schema);

// Gives the turn to whoever runs it, until the transaction ends.
postgres::Statement TakeTurn(const PostgresOptions& options);

// The last committed head.
extern const std::string_view kHeadSql;
absl::StatusOr<Head> HeadOf(const postgres::Result& result, const std::string& place);

// Rows of (id, version, bytes).
std::vector<Row> RowsOf(const postgres::Result& result);
Row RowOf(const postgres::Result& result, int row);
Id IdAt(const postgres::Result& result, int row, int column);
Time TimeAt(const postgres::Result& result, int row, int column);
std::string TextAt(const postgres::Result& result, int row, int column);

// A row of (epoch, position, time, type, subject, version, data, reason).
Parked ParkedAt(const postgres::Result& result, int row, std::string feed);

}  // namespace learncity::ledger
