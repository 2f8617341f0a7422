// A watched value over a real server: sent at once and when it changes, seldom enough, and computed
// only for somebody.
#include "platform/rpc/watch.h"

#include <atomic>
#include <future>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/reporting/v1/reporting_service.grpc.pb.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

using grpc::StatusCode;
using reporting::v1::WatchOverviewRequest;
using reporting::v1::WatchOverviewResponse;
using std::chrono::steady_clock;
using ::testing::HasSubstr;

const std::string kService = reporting::v1::ReportingService::service_full_name();
constexpr char kToken[] = "statistician-token-0123";

// Serves one number as the overview's day.
class NumberServer final : public reporting::v1::ReportingService::CallbackService {
 public:
  NumberServer() : gate_(kService, tokens_, metrics_) {
    LEARNCITY_CHECK_OK(tokens_.Add(kToken, "statistician-1", {"statistician"}));
    auto server = Server::Start({}, {{kService, this}});
    LEARNCITY_CHECK_OK(server.status());
    server_ = std::move(*server);
    stub_ = NewStub();
  }
  ~NumberServer() override { Stop(); }

  grpc::ServerWriteReactor<WatchOverviewResponse>* WatchOverview(
      grpc::CallbackServerContext* context, const WatchOverviewRequest* request) override {
    return watch_->Open<WatchOverviewResponse>(context, gate_, *request);
  }

  void Set(int number) {
    number_ = number;
    watch_->Changed();
  }
  void Stop() {
    watch_->End();
    server_->Stop(std::chrono::seconds(10));
  }
  std::unique_ptr<reporting::v1::ReportingService::Stub> NewStub() {
    return reporting::v1::ReportingService::NewStub(grpc::CreateChannel(
        Concat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }
  reporting::v1::ReportingService::Stub& stub() { return *stub_; }
  telemetry::Registry& metrics() { return metrics_; }
  int computed() const { return computed_; }
  void SetLasts(std::chrono::milliseconds lasts) { lasts_ms_ = lasts.count(); }
  void Fail() { fails_ = true; }

 private:
  Tokens tokens_;
  telemetry::Registry metrics_;
  const Gate gate_;
  std::atomic<int> number_{0};
  std::atomic<int> computed_{0};
  std::atomic<bool> fails_{false};
  std::atomic<int64_t> lasts_ms_{3'600'000};
  const std::shared_ptr<Watch> watch_ = std::make_shared<Watch>(Watched{
      .compute = [this]() -> absl::StatusOr<std::shared_ptr<google::protobuf::Message>> {
        ++computed_;
        if (fails_) return absl::InternalError("no disk");
        auto response = std::make_shared<WatchOverviewResponse>();
        response->mutable_overview()->mutable_as_of()->set_day(number_);
        response->mutable_overview()->mutable_compute_time()->set_seconds(computed_);
        return response;
      },
      .content =
          [](const google::protobuf::Message& message) {
            const auto& overview = static_cast<const WatchOverviewResponse&>(message).overview();
            return std::to_string(overview.as_of().day());
          },
      .lasts = [this]() -> std::chrono::microseconds {
        return std::chrono::milliseconds(lasts_ms_.load());
      }});
  std::unique_ptr<Server> server_;
  std::unique_ptr<reporting::v1::ReportingService::Stub> stub_;
};

// Somebody who watches.
class Client {
 public:
  explicit Client(NumberServer& server, const std::string& token = kToken) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    context_.AddMetadata("authorization", Concat("Bearer ", token));
    reader_ = server.stub().WatchOverview(&context_, {});
  }
  // The next number; -1 when the stream has ended.
  int Next() {
    WatchOverviewResponse response;
    return reader_->Read(&response) ? response.overview().as_of().day() : -1;
  }
  // Reads on until this number comes.
  bool Until(int number) {
    for (int next = Next(); next != -1; next = Next()) {
      if (next == number) return true;
    }
    return false;
  }
  void Leave() { context_.TryCancel(); }
  grpc::Status Finish() { return reader_->Finish(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<WatchOverviewResponse>> reader_;
};

TEST(Watch, SendsAtOnceAndAgainToEachWhenItHasChanged) {
  NumberServer server;
  server.Set(7);
  Client first(server), second(server);
  EXPECT_EQ(first.Next(), 7);
  EXPECT_EQ(second.Next(), 7);
  server.Set(8);
  EXPECT_EQ(first.Next(), 8);
  EXPECT_EQ(second.Next(), 8);
}

TEST(Watch, SendsNothingWhenTheSameComesOut) {
  NumberServer server;
  server.Set(7);
  Client client(server);
  EXPECT_EQ(client.Next(), 7);
  const int before = server.computed();
  server.Set(7);
  while (server.computed() == before) std::this_thread::yield();
  server.Set(8);
  EXPECT_EQ(client.Next(), 8);
}

TEST(Watch, SendsSeldomAndTheLastForSure) {
  NumberServer server;
  Client client(server);
  EXPECT_EQ(client.Next(), 0);
  auto last = steady_clock::now();
  int received = 0;
  auto setting = std::async(std::launch::async, [&] {
    for (int number = 1; number <= 20'000; ++number) server.Set(number);
  });
  for (int number = 0; number != 20'000; ++received) {
    number = client.Next();
    ASSERT_NE(number, -1);
  }
  // A message may wait on its way, and the next one not: of all, not of each two.
  const auto took = steady_clock::now() - last;
  EXPECT_LE(received, took / kWatchInterval + 1);
}

TEST(Watch, ComputesNothingWhenNobodyWatches) {
  NumberServer server;
  server.Set(7);
  EXPECT_EQ(server.computed(), 0);
  {
    Client client(server);
    EXPECT_EQ(client.Next(), 0 + 7);
    client.Leave();
    EXPECT_EQ(client.Next(), -1);
    EXPECT_EQ(client.Finish().error_code(), StatusCode::CANCELLED);
  }
  while (server.metrics().Expose().find("method=\"WatchOverview\",code=\"CANCELLED\"} 1") ==
         std::string::npos) {
    std::this_thread::yield();
  }
  Client other(server);
  EXPECT_EQ(other.Next(), 7);
}

TEST(Watch, LooksAgainWhenTheValueHasLasted) {
  NumberServer server;
  server.SetLasts(std::chrono::milliseconds(300));
  Client client(server);
  EXPECT_EQ(client.Next(), 0);
  const int before = server.computed();
  while (server.computed() < before + 2) std::this_thread::yield();
}

TEST(Watch, EndsWithAFaultAndWithTheServer) {
  NumberServer server;
  {
    Client client(server);
    EXPECT_EQ(client.Next(), 0);
    server.Fail();
    server.Set(1);
    EXPECT_EQ(client.Next(), -1);
    EXPECT_EQ(client.Finish().error_code(), StatusCode::INTERNAL);
  }
  NumberServer stopping;
  Client client(stopping);
  EXPECT_EQ(client.Next(), 0);
  stopping.Stop();
  EXPECT_EQ(client.Next(), -1);
  const grpc::Status status = client.Finish();
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), HasSubstr("again"));
}

TEST(Watch, IsRefusedToStrangers) {
  NumberServer server;
  Client client(server, "token-of-nobody-at-all");
  EXPECT_EQ(client.Next(), -1);
  EXPECT_EQ(client.Finish().error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(server.computed(), 0);
}

TEST(Watch, KeepsOnlyTheNewestForWhoDoesNotRead) {
  NumberServer server;
  Client slow(server), quick(server);
  EXPECT_EQ(quick.Next(), 0);
  for (int number = 1; number <= 3; ++number) {
    server.Set(number);
    EXPECT_TRUE(quick.Until(number));
  }
  EXPECT_TRUE(slow.Until(3));
}

}  // namespace
}  // namespace learncity::rpc
