#include <atomic>

#include "platform/ledger/test_ledger.h"
#include "platform/ledger/test_postgres.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {

PostgresOptions NewPostgresOptions() {
  static std::atomic<int> schemas{0};
  return {.connect = {.conninfo = PostgresServer::OfThisProgram().conninfo(),
                      .schema = Concat("ledger_", ++schemas),
                      .lock_timeout = std::chrono::milliseconds(1000)}};
}

std::vector<EngineKind> Engines() {
  return {{"postgres", [] { return std::make_unique<PostgresEngine>(NewPostgresOptions()); }}};
}

}  // namespace learncity::ledger
