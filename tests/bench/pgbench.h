// PostgreSQL's own benchmark on the same server: what a database does with as many clients, each
// with a transaction of its own.
#pragma once

#include <chrono>

#include "platform/testing/postgres_server.h"
#include "tests/bench/pairs.h"

namespace learncity::bench {

class Pgbench {
 public:
  // Makes its database on the server: a million accounts.
  explicit Pgbench(PostgresServer& server);

  // "simple-update": an update, a select and an insert in one durable transaction.
  Sample SimpleUpdate(int clients, std::chrono::milliseconds time) const;

 private:
  const PostgresServer& server_;
};

}  // namespace learncity::bench
