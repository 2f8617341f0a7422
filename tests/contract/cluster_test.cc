// The city on PostgreSQL and Kafka, every service a process of its own: the same figures, and no
// service that is killed loses what was answered or what another follows.
#include <atomic>
#include <chrono>
#include <deque>
#include <fstream>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "platform/runtime/concat.h"
#include "platform/runtime/loop.h"
#include "services/learncity/city.h"
#include "tests/contract/cluster.h"
#include "tests/contract/engines.h"
#include "tests/contract/test_city.h"
#include "tests/contract/witness.h"

namespace learncity::contract {
namespace {

constexpr char kData[] = LEARNCITY_SOURCE_DIR "/data";
constexpr char kDay[] = "2026-10-15";
constexpr int kClients = 3;
// Before a service is killed and after it is back.
constexpr int kWritesAtLeast = 40;

// The city's figures of a day, without what says when and from where they were read.
nlohmann::json FiguresOf(const std::filesystem::path& folder) {
  const Ended report = Learncity(
      {"report", "--folder", folder.string(), "--data", kData, "--json", "--as-of", kDay});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  auto figures = nlohmann::json::parse(report.out, nullptr, /*allow_exceptions=*/false);
  EXPECT_TRUE(figures.is_object()) << report.out;
  return figures;
}

// A file with a token of a clerk for the city's office, as the demo asks for one.
std::string TokenFile(const std::filesystem::path& folder) {
  const auto path = folder / "office.txt";
  std::ofstream(path) << OfficeLine();
  return path;
}

TEST(ClusterTest, HasTheSameFiguresAsOneProcess) {
  const auto folder = NewFolder("cluster");
  const auto alone = NewFolder("alone");
  Cluster cluster(folder);
  const Ended loaded = Learncity({"demo", "--data", kData, "--scale", "1:2000", "--target",
                                  cluster.addresses(), "--token-file", TokenFile(folder)});
  ASSERT_EQ(loaded.exit_code, 0) << loaded.out << loaded.err;
  const Ended embedded =
      Learncity({"demo", "--folder", alone.string(), "--data", kData, "--scale", "1:2000"});
  ASSERT_EQ(embedded.exit_code, 0) << embedded.out << embedded.err;
  EXPECT_EQ(FiguresOf(folder), FiguresOf(alone));
  ExpectCarried(cluster.peers(), folder);
  cluster.Stop();
  ExpectVerified(folder);
  std::filesystem::remove_all(folder);
  std::filesystem::remove_all(alone);
}

TEST(ClusterTest, LosesNothingWhicheverServiceIsKilled) {
  const auto folder = NewFolder("cluster-killed");
  Cluster cluster(folder);
  const std::string offering = OpenOffering(cluster.peers());
  std::vector<Witness> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back(i + 1, offering);
  for (const std::string_view service : kServices) {
    SCOPED_TRACE(service);
    std::atomic<int> ended{0};
    std::deque<runtime::Loop> writing;
    for (Witness& client : clients) {
      const auto step = [&] {
        client.WriteOne(cluster.peers(), ended);
        return !HasFailure();
      };
      writing.emplace_back("witness", step, std::chrono::seconds(1));
    }
    const auto await_more = [&] {
      const int enough = ended + kWritesAtLeast;
      for (int now = ended; now < enough && !HasFailure(); now = ended) ended.wait(now);
    };
    await_more();
    cluster.Kill(std::string(service));
    cluster.Start(std::string(service));
    await_more();
  }
  ExpectEverythingOnce(cluster.peers(), clients, offering);
  ExpectCarried(cluster.peers(), folder);
  cluster.Stop();
  ExpectVerified(folder);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace learncity::contract
