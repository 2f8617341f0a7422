// PostgreSQL for the tests of one program: a schema of its server for each ledger.
#pragma once

#include "platform/ledger/postgres_ledger.h"
#include "platform/testing/postgres_server.h"

namespace learncity::ledger {

// For a ledger in a schema that nobody else has.
PostgresOptions NewPostgresOptions();

}  // namespace learncity::ledger
