#include "platform/rpc/server.h"

#include <future>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/rpc/learner_server.h"
#include "platform/rpc/status.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

using enrollment::v1::Learner;

TEST(Server, SaysWhichAddressItCannotHave) {
  LearnerServer first;
  const std::string address = Concat("127.0.0.1:", first.server().port());
  const auto second = Server::Start({.address = address}, {});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), ::testing::HasSubstr(address));
}

TEST(Server, RefusesAMessageThatIsTooLarge) {
  LearnerServer server;
  auto request = NewLearner(std::string(size_t{2} << 20, 'x'));
  Learner learner;
  const auto status =
      server.stub().RegisterLearner(LearnerServer::Context().get(), request, &learner);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(Server, WhenItStopsLetsCallsUnderWayEnd) {
  LearnerServer server({}, /*run_writer=*/false);
  const auto context = LearnerServer::Context();
  Learner learner;
  std::promise<grpc::Status> answered;
  const auto request = NewLearner("Lan");
  server.stub().async()->RegisterLearner(
      context.get(), &request, &learner,
      [&](grpc::Status status) { answered.set_value(std::move(status)); });
  while (server.writer().queued() == 0) std::this_thread::yield();
  auto stopped =
      std::async(std::launch::async, [&] { server.server().Stop(std::chrono::seconds(10)); });
  server.StartWriter();
  const grpc::Status status = answered.get_future().get();
  EXPECT_TRUE(status.ok()) << status.error_message();
  stopped.get();
  Learner late;
  const auto refused =
      server.stub().RegisterLearner(LearnerServer::Context().get(), NewLearner("Minh"), &late);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(Server, AbandonedWritersStillAnswer) {
  LearnerServer server({}, /*run_writer=*/false);
  const auto context = LearnerServer::Context();
  Learner learner;
  std::promise<grpc::Status> answered;
  const auto request = NewLearner("Lan");
  server.stub().async()->RegisterLearner(
      context.get(), &request, &learner,
      [&](grpc::Status status) { answered.set_value(std::move(status)); });
  while (server.writer().queued() == 0) std::this_thread::yield();
  server.writer().Abandon();
  const grpc::Status status = answered.get_future().get();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(Details(status).retry_after.has_value());
}

}  // namespace
}  // namespace learncity::rpc
