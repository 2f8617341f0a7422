// The city on PostgreSQL and Kafka, every service a process of its own: the same figures, and no
// service that is killed, or sleeps, loses what was answered or what another follows.
#include <atomic>
#include <chrono>
#include <deque>
#include <fstream>
#include <future>
#include <map>
#include <span>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "learncity/reporting/v1/reporting_service.pb.h"
#include "nlohmann/json.hpp"
#include "platform/runtime/concat.h"
#include "platform/runtime/loop.h"
#include "platform/testing/postgres_server.h"
#include "platform/testing/text.h"
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
// PostgreSQL ends a relay's session after 10 seconds of silence.
constexpr std::chrono::seconds kSessionTimeMax{40};

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

// Clients who write to a cluster without a pause, each on a thread of its own.
class Writing {
 public:
  Writing(std::vector<Witness>& clients, const Cluster& cluster) {
    for (Witness& client : clients) {
      const auto step = [&] {
        client.WriteOne(cluster.peers(), ended_);
        return !testing::Test::HasFailure();
      };
      loops_.emplace_back("witness", step, std::chrono::seconds(1));
    }
  }

  void AwaitMore() {
    const int enough = ended_ + kWritesAtLeast;
    for (int now = ended_; now < enough && !testing::Test::HasFailure(); now = ended_) {
      ended_.wait(now);
    }
  }

 private:
  std::atomic<int> ended_{0};
  std::deque<runtime::Loop> loops_;
};

// How often PostgreSQL has taken a session from a relay that said nothing.
size_t RelaySessionsEnded() {
  const std::string log = PostgresServer::OfThisProgram().log();
  constexpr std::string_view kSaid = "terminating connection due to idle-session timeout";
  size_t count = 0;
  for (size_t at = log.find(kSaid); at != std::string::npos; at = log.find(kSaid, at + 1)) ++count;
  return count;
}

void AwaitARelaySessionEnded(size_t before) {
  std::promise<void> ended;
  const auto look = [&, said = false]() mutable {
    if (!said && RelaySessionsEnded() > before) {
      said = true;
      ended.set_value();
    }
    return false;
  };
  const runtime::Loop loop("postgres log", look, std::chrono::milliseconds(100));
  EXPECT_EQ(ended.get_future().wait_for(kSessionTimeMax), std::future_status::ready)
      << "the relay of a process that sleeps keeps its lock";
}

// Clients write before and after something happens to each of the services; then everything
// answered is there once, in ledgers and topics.
template <class Happens>
void ExpectNothingLost(std::span<const std::string_view> services, const Happens& happens) {
  const auto folder = NewFolder("cluster");
  Cluster cluster(folder);
  const std::string offering = OpenOffering(cluster.peers());
  std::vector<Witness> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back(i + 1, offering);
  for (const std::string_view service : services) {
    SCOPED_TRACE(service);
    Writing writing(clients, cluster);
    writing.AwaitMore();
    happens(cluster, std::string(service));
    writing.AwaitMore();
  }
  ExpectEverythingOnce(cluster.peers(), clients, offering);
  ExpectCarried(cluster.peers(), folder);
  cluster.Stop();
  ExpectVerified(folder);
  std::filesystem::remove_all(folder);
}

TEST(ClusterTest, LosesNothingWhicheverServiceIsKilled) {
  ExpectNothingLost(kServices, [](Cluster& cluster, const std::string& service) {
    cluster.Kill(service);
    cluster.Start(service);
  });
}

// It wakes up in the middle of what it did, and its relay's lock is no longer its own: PostgreSQL
// has ended the session.
TEST(ClusterTest, LosesNothingWhenAServiceSleepsLongerThanItsSessionsLast) {
  constexpr std::string_view kSleepers[] = {"enrollment", "reporting"};
  ExpectNothingLost(kSleepers, [](Cluster& cluster, const std::string& service) {
    const size_t before = RelaySessionsEnded();
    cluster.Pause(service);
    AwaitARelaySessionEnded(before);
    cluster.Resume(service);
  });
}

// A question to each service, and a write that none of the others is needed for.
std::map<std::string, std::vector<std::unique_ptr<google::protobuf::Message>>> AskedOfEach(
    const std::string& unit_code) {
  std::map<std::string, std::vector<std::unique_ptr<google::protobuf::Message>>> asked;
  const auto ask = [&](auto request) {
    Name(&request);
    const std::string service = FeedOf(MethodOf(request));
    asked[service].push_back(std::make_unique<decltype(request)>(std::move(request)));
  };
  ask(registry::v1::ListCentersRequest());
  auto unit = FromText<registry::v1::OpenUnitRequest>(
      "unit { display_name: 'Phường' type: UNIT_TYPE_WARD"
      "       valid_from { year: 2025 month: 7 day: 1 } }");
  unit.mutable_unit()->set_code(unit_code);
  ask(unit);
  ask(enrollment::v1::ListLearnersRequest());
  ask(FromText<enrollment::v1::RegisterLearnerRequest>(
      "learner { person { full_name: 'Hoàng Yến Canary' } }"));
  ask(achievements::v1::ListCertificatesRequest());
  ask(reporting::v1::GetOverviewRequest());
  ask(reporting::v1::ListReportsRequest());
  return asked;
}

// A frozen report names where every ledger stands, signed by its owner: it needs them all.
reporting::v1::FreezeReportRequest Freeze() {
  auto freeze = FromText<reporting::v1::FreezeReportRequest>(
      "display_name: 'October' as_of { year: 2026 month: 10 day: 15 }");
  Name(&freeze);
  return freeze;
}

TEST(ClusterTest, MissesNothingButWhatIsDown) {
  const auto folder = NewFolder("cluster-without");
  Cluster cluster(folder);
  int unit_code = 10'000;
  for (const std::string_view down : kServices) {
    cluster.Kill(std::string(down));
    const auto asked = AskedOfEach(std::to_string(++unit_code));
    for (const auto& [service, requests] : asked) {
      for (const auto& request : requests) {
        SCOPED_TRACE(Concat(request->GetTypeName(), " without ", down));
        const Reply reply =
            service == down ? Ask(cluster.peers(), *request) : AskAgain(cluster.peers(), *request);
        EXPECT_EQ(reply.status.error_code(),
                  service == down ? grpc::StatusCode::UNAVAILABLE : grpc::StatusCode::OK)
            << reply.status.error_message();
      }
    }
    const Reply refused = Ask(cluster.peers(), Freeze());
    EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::UNAVAILABLE) << down;
    cluster.Start(std::string(down));
    const Reply frozen = AskAgain(cluster.peers(), Freeze());
    EXPECT_TRUE(frozen.ok()) << down << ": " << frozen.status.error_message();
  }
  cluster.Stop();
  ExpectVerified(folder);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace learncity::contract
