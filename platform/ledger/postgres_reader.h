// Reads of a ledger in PostgreSQL over a connection of their own.
#pragma once

#include <memory>

#include "platform/ledger/postgres_ledger.h"
#include "platform/ledger/reader.h"

namespace learncity::ledger {

// As Engine::OpenReader. A connection that is lost is made anew at the next read.
absl::StatusOr<std::unique_ptr<Reader>> OpenPostgresReader(const PostgresOptions& options,
                                                           const Schema& schema);

}  // namespace learncity::ledger
