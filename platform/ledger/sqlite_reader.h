// Reads of a SQLite ledger over a read-only connection of their own.
#pragma once

#include <memory>
#include <string>

#include "platform/ledger/reader.h"
#include "platform/ledger/sqlite_ledger.h"

namespace learncity::ledger {

// As Engine::OpenReader.
absl::StatusOr<std::unique_ptr<Reader>> OpenSqliteReader(const std::string& path,
                                                         const Schema& schema,
                                                         const SqliteOptions& options);

}  // namespace learncity::ledger
