// Guarantee 1 on the real process: whatever moment it is killed at, what was answered is there, and
// nothing is there twice.
#include <atomic>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/runtime/concat.h"
#include "platform/testing/draws.h"
#include "platform/testing/read_file.h"
#include "tests/contract/at_once.h"
#include "tests/contract/engines.h"
#include "tests/contract/process.h"
#include "tests/contract/test_city.h"
#include "tests/contract/witness.h"

namespace learncity::contract {
namespace {

constexpr int kKills = 20;
constexpr int kClients = 4;

// Names stand in no file and were not said, wherever the process was killed.
void ExpectNothingPersonal(const Served& city, const std::filesystem::path& folder) {
  EXPECT_EQ(city.err().find(kWitnessName), std::string::npos);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    EXPECT_EQ(ReadFile(entry.path()).find(kWitnessName), std::string::npos)
        << entry.path().filename();
  }
}

TEST(Killed, LosesNothingAnsweredAndDoublesNothing) {
  Draws draws(20261122);
  const auto folder = NewFolder("killed");
  auto city = std::make_unique<Served>(folder);
  const std::string offering = OpenOffering(city->NewPeers());
  std::vector<Witness> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back(i + 1, offering);
  for (int kill = 0; kill < kKills && !testing::Test::HasFailure(); ++kill) {
    SCOPED_TRACE(Concat("kill ", kill));
    std::atomic<int> answered{0};
    const int enough = draws.Below(60);
    const auto moment = std::chrono::microseconds(draws.Below(3000));
    AtOnce(kClients + 1, [&](int i) {
      if (i < kClients) {
        clients[static_cast<size_t>(i)].WriteUntilItFails(city->NewPeers(), answered);
        return;
      }
      for (int now = answered; now < enough; now = answered) answered.wait(now);
      // Somewhere within the next turns.
      const auto at = std::chrono::steady_clock::now() + moment;
      while (std::chrono::steady_clock::now() < at) {
      }
      city->Kill();
    });
    ExpectNothingPersonal(*city, folder);
    if (kill % 5 == 4) ExpectVerified(folder);
    city = std::make_unique<Served>(folder);
    for (Witness& client : clients) client.RepeatLastRound(city->NewPeers());
  }
  ExpectEverythingOnce(city->NewPeers(), clients, offering);
  ExpectCarried(city->NewPeers(), folder);
  EXPECT_EQ(city->Stop(), 0);
  ExpectVerified(folder);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace learncity::contract
