// Guarantees 1, 2 and 7 where what a city stands on dies and the process stays. Without its
// database writes are refused until that is back, without its broker they go on; nothing answered
// is lost or there twice.
#include <atomic>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/feed/v1/feed.pb.h"
#include "platform/runtime/concat.h"
#include "platform/testing/draws.h"
#include "platform/testing/kafka_server.h"
#include "platform/testing/postgres_server.h"
#include "platform/testing/text.h"
#include "tests/contract/at_once.h"
#include "tests/contract/engines.h"
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
  const std::string offering = OpenOffering(city.NewPeers());
  std::vector<Witness> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back(i + 1, offering);
  for (int kill = 0; kill < kKills && !testing::Test::HasFailure(); ++kill) {
    SCOPED_TRACE(Concat("kill ", kill));
    std::atomic<int> answered{0};
    const int enough = draws.Below(60);
    AtOnce(kClients + 1, [&](int i) {
      if (i < kClients) {
        clients[static_cast<size_t>(i)].WriteUntilItFails(city.NewPeers(), answered);
        return;
      }
      for (int now = answered; now < enough; now = answered) answered.wait(now);
      // A crash, or an orderly end that breaks off what runs.
      kill % 2 == 0 ? server.Kill() : server.Stop();
    });
    server.Start();
    // The same process goes on by itself.
    for (Witness& client : clients) client.RepeatLastRound(city.NewPeers());
  }
  ExpectEverythingOnce(city.NewPeers(), clients, offering);
  ExpectCarried(city.NewPeers(), folder);
  EXPECT_EQ(city.Stop(), 0);
  ExpectVerified(folder);
  std::filesystem::remove_all(folder);
}

TEST(KafkaKilled, StopsNoWriteNoFollowerAndLosesNoEvent) {
  KafkaServer& broker = KafkaServer::OfThisProgram();
  const auto folder = NewFolder("kafka-killed");
  Served city(folder);
  const auto channel = city.NewChannel();
  const std::string offering = OpenOffering(city.NewPeers());
  std::vector<Witness> clients;
  clients.emplace_back(1, offering);
  clients[0].Write(rpc::Peers(channel), 200);
  broker.Kill();
  clients[0].Write(rpc::Peers(channel), 200);
  // The last was a learner, the one before an enrollment, the one before that a unit.
  auto await = FromText<feed::v1::AwaitRequest>("follower: 'enrollment' feed: 'registry' epoch: 1");
  await.set_position(clients[0].sent()[397].at);
  const Reply reached = Send(channel, await, TokenOf("clerk"));
  EXPECT_TRUE(reached.ok()) << reached.status.error_message();
  // It ends well without one, too.
  EXPECT_EQ(city.Stop(), 0) << city.err();
  broker.Start();
  Served again(folder);
  ExpectCarried(again.NewPeers(), folder);
  ExpectEverythingOnce(again.NewPeers(), clients, offering);
  EXPECT_EQ(again.Stop(), 0);
  ExpectVerified(folder);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace learncity::contract
