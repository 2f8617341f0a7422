// The file format of an embedded ledger: its tables, and how a file is recognised, made and
// refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/ledger/kept.h"
#include "platform/ledger/record.h"
#include "platform/ledger/schema.h"
#include "platform/ledger/sqlite.h"
#include "platform/ledger/sqlite_ledger.h"

namespace learncity::ledger {

// Written into the file's header, so that `file` and this code know a ledger when they see one.
constexpr int kApplicationId = 0x4c43594c;
// Counts up when the format changes; a file with a higher one is refused. Since 2 a file says what
// it keeps (sqlite_upgrade.h); the release that wrote 1 would write rows without the later columns.
constexpr int kFormatVersion = 2;

// Makes a kind's table with its columns where it is not there, without indexes.
std::string TableSql(const Table& table);

// Makes the index where it is not there.
std::string IndexSql(const Table& table, const IndexedColumn& column);

// A declared column's value, as the file holds it.
void BindValue(sqlite::Statement& statement, int index, const Value& value);
Value ValueOf(const sqlite::Statement& statement, int index);

// Opens or creates the file for writing and checks that it is this service's ledger.
absl::StatusOr<sqlite::Database> OpenLedgerFile(const std::string& path, const Schema& schema,
                                                const SqliteOptions& options);

// Whether the open file is this service's ledger, up to date with the schema; else
// FAILED_PRECONDITION says what it is and what to do.
absl::Status CheckReadable(sqlite::Database& database, const Schema& schema);

// The last committed head, read from the turns table.
absl::StatusOr<Head> ReadHeadOf(sqlite::Database& database);

// The current row of a statement over a document's id, version, bytes.
Row RowOf(const sqlite::Statement& statement);

// The current row of a statement over parked's columns epoch, position, time, type, subject,
// version, data, reason.
Parked ParkedRow(sqlite::Statement& statement, const std::string& feed);

}  // namespace learncity::ledger
