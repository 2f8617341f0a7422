#include "platform/ledger/postgres.h"
#include "platform/ledger/postgres_ledger.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/postgres_server.h"
#include "tests/contract/engines.h"

namespace learncity::contract {
namespace {

// A database of the program's server named by the folder, made when it is not there.
std::string DatabaseOf(const std::filesystem::path& folder) {
  const PostgresServer& server = PostgresServer::OfThisProgram();
  const std::string name = folder.filename();
  auto connection = postgres::Connection::Open({.conninfo = server.conninfo(), .schema = "public"});
  LEARNCITY_CHECK_OK(connection.status());
  const auto there =
      (*connection)
          ->Run("SELECT 1 FROM pg_database WHERE datname=$1", postgres::Params().Text(name));
  LEARNCITY_CHECK_OK(there.status());
  if (there->rows() == 0) {
    LEARNCITY_CHECK_OK((*connection)->Execute(Concat("CREATE DATABASE \"", name, "\"")));
  }
  return server.conninfo_of(name);
}

}  // namespace

// Schemas of the program's server, named by folder and service.
std::function<std::shared_ptr<ledger::Engine>(const std::string&)> EnginesOf(
    const std::filesystem::path& folder) {
  return [name = folder.filename().string()](const std::string& service) {
    return std::make_shared<ledger::PostgresEngine>(
        ledger::PostgresOptions{.connect = {.conninfo = PostgresServer::OfThisProgram().conninfo(),
                                            .schema = Concat(name, "_", service)}});
  };
}

std::vector<std::string> EnvironmentOf(const std::filesystem::path& folder) {
  return {Concat("LEARNCITY_LEDGERS=", DatabaseOf(folder))};
}

}  // namespace learncity::contract
