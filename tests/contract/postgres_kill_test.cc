// Guarantees 1 and 7 where the database dies and the process stays: writes are refused until it is
// back, and nothing answered is lost or there twice.
#include <atomic>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/runtime/concat.h"
#include "platform/testing/draws.h"
#include "platform/testing/postgres_server.h"
#include "tests/contract/at_once.h"
#include "tests/contract/process.h"
#include "tests/contract/test_city.h"
#include "tests/contract/witness.h"

namespace learncity::contract {
namespace {

constexpr int kKills = 5;
constexpr int kClients = 4;

TEST(PostgresKilled, LosesNothingAnsweredAndDoublesNothing) {
  Draws draws(20261126);
  PostgresServer& server = PostgresServer::OfThisProgram();
  const auto folder = NewFolder("postgres-killed");
  Served city(folder);
  const std::string offering = OpenOffering(city);
  std::vector<Witness> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back(i + 1, offering);
  for (int kill = 0; kill < kKills && !testing::Test::HasFailure(); ++kill) {
    SCOPED_TRACE(Concat("kill ", kill));
    std::atomic<int> answered{0};
    const int enough = draws.Below(60);
    AtOnce(kClients + 1, [&](int i) {
      if (i < kClients) {
        clients[static_cast<size_t>(i)].WriteUntilItFails(city.NewChannel(), answered);
        return;
      }
      for (int now = answered; now < enough; now = answered) answered.wait(now);
      // A crash, or an orderly end that breaks off what runs.
      kill % 2 == 0 ? server.Kill() : server.Stop();
    });
    server.Start();
    // The same process goes on by itself.
    for (Witness& client : clients) client.RepeatLastRound(city.NewChannel());
  }
  ExpectEverythingOnce(city, clients, offering);
  EXPECT_EQ(city.Stop(), 0);
  ExpectVerified(folder);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace learncity::contract
