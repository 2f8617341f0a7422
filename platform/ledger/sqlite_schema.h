// The file format of an embedded ledger: its tables, and how a file is recognised, made and
// refused.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "platform/ledger/record.h"
#include "platform/ledger/schema.h"
#include "platform/ledger/sqlite.h"
#include "platform/ledger/sqlite_ledger.h"

namespace learncity::ledger {

// Written into the file's header, so that `file` and this code know a ledger when they see one.
constexpr int kApplicationId = 0x4c43594c;
// Counts up when the format changes; a file with a higher one is refused.
constexpr int kFormatVersion = 1;

// The SQL name of a kind's table.
std::string TableName(const Table& table);

// Opens or creates the file for writing and checks that it is this service's ledger.
absl::StatusOr<sqlite::Database> OpenLedgerFile(const std::string& path, const Schema& schema,
                                                const LedgerOptions& options);

// The last committed head, read from the turns table.
absl::StatusOr<Head> ReadHeadOf(sqlite::Database& database);

// The current row of a statement over parked's columns epoch, position, time, type, subject,
// version, data, reason.
Parked ParkedRow(sqlite::Statement& statement, const std::string& feed);

}  // namespace learncity::ledger
