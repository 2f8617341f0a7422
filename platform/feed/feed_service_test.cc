// Whole calls of FeedService: a client, a server on a port of its own, a real ledger.
#include "platform/feed/feed_service.h"

#include <future>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/feed/remote_feed.h"
#include "platform/ledger/id.h"
#include "platform/ledger/schema.h"
#include "platform/ledger/sqlite_ledger.h"
#include "platform/ledger/writer.h"
#include "platform/rpc/peers.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/temp_folder.h"

namespace learncity::registry::v1 {

static void Evolve(Center& center, const CenterEvent& event) { center = event.opened().center(); }

namespace {

struct OpenCase {
  static OpenCase Gather(const OpenCenterRequest&, Lookup&) { return {}; }
};

Decision Decide(const OpenCase&, const OpenCenterRequest& request, const Moment& moment) {
  CenterEvent event;
  *event.mutable_opened()->mutable_center() = request.center();
  return Decision().Then(Concat("centers/", moment.NewId().ToString()), std::move(event));
}

}  // namespace
}  // namespace learncity::registry::v1

namespace learncity::feed {
namespace {

using ::testing::HasSubstr;

constexpr char kToken[] = "service-token-0123456789";

class FeedServiceTest : public ::testing::Test {
 protected:
  FeedServiceTest() {
    schema_.Own<registry::v1::Center, registry::v1::CenterEvent>("centers");
    rules_.On<registry::v1::OpenCase, registry::v1::OpenCenterRequest>();
    LEARNCITY_CHECK_OK(tokens_.Add(kToken, "reporting", {"service"}));
    auto opened = engine_.Open(schema_);
    LEARNCITY_CHECK_OK(opened.status());
    ledger_ = std::move(*opened);
    writer_ = std::make_unique<ledger::Writer>(*ledger_, rules_, SystemNow);
    readers_ = std::make_unique<ledger::Readers>(engine_, schema_);
    enrollment_.Set("registry", 1, 0);
    service_ =
        std::make_unique<FeedService>(ServedFeeds{.feeds = {{"registry", readers_.get()}},
                                                  .followers = {{"enrollment", &enrollment_}},
                                                  .head =
                                                      [this](const std::string& feed) {
                                                        v1::SignedHead head;
                                                        head.set_feed(feed);
                                                        head.set_position(ledger_->head().position);
                                                        return head;
                                                      }},
                                      tokens_, metrics_);
    auto server = rpc::Server::Start({}, {{v1::FeedService::service_full_name(), service_.get()}});
    LEARNCITY_CHECK_OK(server.status());
    server_ = std::move(*server);
    stub_ = v1::FeedService::NewStub(server_->InProcessChannel());
  }
  ~FeedServiceTest() override {
    enrollment_.Close();
    server_.reset();
  }

  // Commits events 1 to n, each in a turn, and says what each holds.
  void OpenCenters(int n, size_t name_bytes = 10) {
    for (int i = 0; i < n; ++i) {
      auto request = std::make_unique<registry::v1::OpenCenterRequest>();
      request->mutable_center()->set_display_name(std::string(name_bytes, 'x'));
      const Time now = SystemNow();
      const Id id = RandomId(now);
      LEARNCITY_CHECK_OK(writer_->Submit(
          {.method = "OpenCenter",
           .caller = "test",
           .request_id = id,
           .request_hash = std::string(32, 'h'),
           .request = std::move(request),
           .moment = {.now = now, .seed = std::string(id.view())},
           .deadline = std::nullopt,
           .done = [](const ledger::Answer& answer) { LEARNCITY_CHECK(answer.ok()); }}));
      writer_->Step();
    }
  }

  static std::unique_ptr<grpc::ClientContext> Context(
      std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(std::chrono::system_clock::now() + patience);
    context->AddMetadata("authorization", Concat("Bearer ", kToken));
    return context;
  }
  grpc::Status Read(const std::string& feed, int64_t epoch, int64_t after, int page_size) {
    v1::ReadRequest request;
    request.set_feed(feed);
    request.set_epoch(epoch);
    request.set_after(after);
    request.set_page_size(page_size);
    read_.Clear();
    return stub_->Read(Context().get(), request, &read_);
  }
  static v1::AwaitRequest AwaitOf(const std::string& follower, int64_t epoch, int64_t position) {
    v1::AwaitRequest request;
    request.set_follower(follower);
    request.set_feed("registry");
    request.set_epoch(epoch);
    request.set_position(position);
    return request;
  }

  const TempFolder folder_{"feed_service_test"};
  ledger::SqliteEngine engine_{folder_ / "registry.ledger"};
  ledger::Schema schema_{"registry"};
  ledger::Rules rules_;
  rpc::Tokens tokens_;
  telemetry::Registry metrics_;
  Positions enrollment_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ledger::Writer> writer_;
  std::unique_ptr<ledger::Readers> readers_;
  std::unique_ptr<FeedService> service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::FeedService::Stub> stub_;
  v1::ReadResponse read_;
};

TEST_F(FeedServiceTest, ReadsWhatWasCommittedInOrder) {
  OpenCenters(5);
  ASSERT_TRUE(Read("registry", 1, 2, 2).ok());
  EXPECT_EQ(read_.head(), 5);
  EXPECT_EQ(read_.epoch(), 1);
  ASSERT_EQ(read_.records_size(), 2);
  EXPECT_EQ(read_.records(0).position(), 3);
  EXPECT_EQ(read_.records(1).position(), 4);
  EXPECT_EQ(read_.records(0).type(), "learncity.registry.v1.CenterEvent");
  EXPECT_EQ(read_.records(0).version(), 1);
  EXPECT_EQ(read_.records(0).subject().size(), 16u);
  registry::v1::CenterEvent event;
  EXPECT_TRUE(event.ParseFromString(read_.records(0).data()));
  EXPECT_GT(read_.records(0).time().seconds(), 1'600'000'000);
  ASSERT_TRUE(Read("registry", 1, 5, 0).ok());
  EXPECT_EQ(read_.records_size(), 0);
}

TEST_F(FeedServiceTest, ReadsNoMoreThanAClientTakes) {
  OpenCenters(5, size_t{900} << 10);
  ASSERT_TRUE(Read("registry", 1, 0, 0).ok());
  EXPECT_EQ(read_.records_size(), 3);
}

TEST_F(FeedServiceTest, RefusesFeedsAndEpochsThatAreNotThere) {
  const auto unknown = Read("weather", 1, 0, 0);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(unknown.error_message(), HasSubstr("registry"));
  const auto other_epoch = Read("registry", 2, 0, 0);
  EXPECT_EQ(other_epoch.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(rpc::Details(other_epoch).error.reason(), "EPOCH_MISMATCH");
  EXPECT_EQ(Read("registry", 0, 0, 0).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Read("registry", 1, -1, 0).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(FeedServiceTest, AwaitsAFollower) {
  v1::AwaitResponse reached;
  const auto request = AwaitOf("enrollment", 1, 5);
  const auto context = Context();
  std::promise<grpc::Status> ended;
  stub_->async()->Await(context.get(), &request, &reached,
                        [&](grpc::Status status) { ended.set_value(std::move(status)); });
  auto status = ended.get_future();
  enrollment_.Set("registry", 1, 4);
  enrollment_.Set("registry", 1, 6);
  EXPECT_TRUE(status.get().ok());
  EXPECT_EQ(reached.position(), 6);
}

TEST_F(FeedServiceTest, AwaitEndsWithItsDeadlineAndLeavesNoWaiter) {
  v1::AwaitResponse reached;
  const auto status = stub_->Await(Context(std::chrono::milliseconds(50)).get(),
                                   AwaitOf("enrollment", 1, 5), &reached);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  // The server may learn of it a little later than the client.
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  const std::string ended = "method=\"Await\",code=\"DEADLINE_EXCEEDED\"} 1";
  const std::string left = "method=\"Await\",code=\"CANCELLED\"} 1";
  std::string text;
  do {
    std::this_thread::yield();
    text = metrics_.Expose();
  } while (text.find(ended) == std::string::npos && text.find(left) == std::string::npos &&
           std::chrono::steady_clock::now() < patience);
  EXPECT_TRUE(text.find(ended) != std::string::npos || text.find(left) != std::string::npos);
  enrollment_.Set("registry", 1, 5);
}

TEST_F(FeedServiceTest, AwaitEndsWhenTheFollowerStops) {
  v1::AwaitResponse reached;
  const auto request = AwaitOf("enrollment", 1, 5);
  const auto context = Context();
  std::promise<grpc::Status> ended;
  stub_->async()->Await(context.get(), &request, &reached,
                        [&](grpc::Status status) { ended.set_value(std::move(status)); });
  enrollment_.Close();
  EXPECT_EQ(ended.get_future().get().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(FeedServiceTest, AwaitRefusesFollowersAndEpochsThatAreNotThere) {
  v1::AwaitResponse reached;
  EXPECT_EQ(stub_->Await(Context().get(), AwaitOf("weather", 1, 5), &reached).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(stub_->Await(Context().get(), AwaitOf("enrollment", 2, 5), &reached).error_code(),
            grpc::StatusCode::ABORTED);
}

TEST_F(FeedServiceTest, IsASourceForAnotherProcess) {
  OpenCenters(5);
  RemoteFeed feed({.feed = "registry", .token = kToken}, server_->InProcessChannel());
  const auto first = feed.Read(0, 3);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto rest = feed.Read(3, 3);
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_EQ(feed.head(), 5);
  auto records = *first;
  records.insert(records.end(), rest->begin(), rest->end());
  const auto stored = (*readers_->Mine())->Read(0, 10).value();
  ASSERT_EQ(records.size(), stored.size());
  for (size_t i = 0; i < stored.size(); ++i) {
    EXPECT_EQ(records[i].position, stored[i].position);
    EXPECT_EQ(records[i].time, stored[i].time);
    EXPECT_EQ(records[i].type, stored[i].type);
    EXPECT_EQ(records[i].subject, stored[i].subject);
    EXPECT_EQ(records[i].version, stored[i].version);
    EXPECT_EQ(records[i].data, stored[i].data);
  }
}

TEST_F(FeedServiceTest, TellsItsHead) {
  OpenCenters(2);
  RemoteFeed feed({.feed = "registry", .token = kToken}, server_->InProcessChannel());
  const auto head = feed.GetHead();
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(head->feed(), "registry");
  EXPECT_EQ(head->position(), 2);
  RemoteFeed unknown({.feed = "nobody", .token = kToken}, server_->InProcessChannel());
  EXPECT_EQ(unknown.GetHead().status().code(), absl::StatusCode::kNotFound);
}

TEST_F(FeedServiceTest, TellsAnotherProcessWhatIsWrong) {
  const auto read = [&](RemoteFeedOptions options) {
    return RemoteFeed(std::move(options), server_->InProcessChannel()).Read(0, 1).status();
  };
  EXPECT_EQ(read({.feed = "registry", .token = "nobody's-token-0123456789"}).code(),
            absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(read({.feed = "registry", .epoch = 2, .token = kToken}).code(),
            absl::StatusCode::kAborted);
  RemoteFeed away(
      {.feed = "registry", .token = kToken, .call_time_max = std::chrono::milliseconds(500)},
      rpc::OpenChannel("127.0.0.1:1", grpc::InsecureChannelCredentials()));
  EXPECT_EQ(away.Read(0, 1).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace learncity::feed
