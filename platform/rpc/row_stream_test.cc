// Streams of writes over a real server: rows are bounded, refused one by one, and a stream that
// breaks off, is not read or is stopped leaves nothing half-done.
#include "platform/rpc/row_stream.h"

#include <future>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/ledger/id.h"
#include "platform/rpc/learner_server.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

using enrollment::v1::EnrollLearnerRequest;
using enrollment::v1::Enrollment;
using enrollment::v1::ImportEnrollmentsRequest;
using enrollment::v1::ImportEnrollmentsResponse;
using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Client = grpc::ClientReaderWriter<ImportEnrollmentsRequest, ImportEnrollmentsResponse>;

ImportEnrollmentsRequest NewRow() {
  ImportEnrollmentsRequest row;
  EnrollLearnerRequest& request = *row.mutable_enrollment();
  request.set_learner("learners/0198c0de-0000-7000-8000-000000000001");
  request.set_offering("offerings/0198c0de-0000-7000-8000-000000000002");
  request.set_request_id(RandomId(SystemNow()).ToString());
  return row;
}

std::vector<ImportEnrollmentsRequest> NewRows(int count) {
  std::vector<ImportEnrollmentsRequest> rows;
  for (int i = 0; i < count; ++i) rows.push_back(NewRow());
  return rows;
}

// Results by request_id, read until the stream ends.
std::map<std::string, ImportEnrollmentsResponse> ReadAll(Client& client) {
  std::map<std::string, ImportEnrollmentsResponse> results;
  ImportEnrollmentsResponse result;
  while (client.Read(&result)) results[result.request_id()] = result;
  return results;
}

struct Imported {
  std::map<std::string, ImportEnrollmentsResponse> results;
  grpc::Status status;
};

Imported Import(LearnerServer& server, const std::vector<ImportEnrollmentsRequest>& rows,
                grpc::ClientContext* context) {
  const auto client = server.stub().ImportEnrollments(context);
  for (const auto& row : rows) client->Write(row);
  client->WritesDone();
  Imported imported;
  imported.results = ReadAll(*client);
  imported.status = client->Finish();
  return imported;
}

grpc::Status ErrorOf(const ImportEnrollmentsResponse& result) {
  return {static_cast<StatusCode>(result.error().code()), result.error().message(),
          result.error().SerializeAsString()};
}

std::vector<std::string> ViolationsOf(const ImportEnrollmentsResponse& result) {
  std::vector<std::string> fields;
  const Details details(ErrorOf(result));
  for (const auto& violation : details.violations.field_violations()) {
    fields.push_back(violation.field());
  }
  return fields;
}

TEST(RowStream, AnswersEachRowAndGoesOnAfterARefusal) {
  LearnerServer server;
  auto rows = NewRows(3);
  rows[1].mutable_enrollment()->set_joins_waitlist(true);
  const auto context = LearnerServer::Context();
  const auto [results, status] = Import(server, rows, context.get());
  EXPECT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(results.size(), 3u);
  for (const size_t accepted : {0u, 2u}) {
    const Enrollment& enrollment =
        results.at(rows[accepted].enrollment().request_id()).enrollment();
    EXPECT_THAT(enrollment.name(), HasSubstr("enrollments/"));
    EXPECT_EQ(enrollment.etag(), "\"v1\"");
  }
  const auto& refused = results.at(rows[1].enrollment().request_id());
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Details(ErrorOf(refused)).error.reason(), "OFFERING_FULL");
  EXPECT_EQ(Details(ErrorOf(refused)).resource.resource_name(), rows[1].enrollment().offering());
  const auto& trailers = context->GetServerTrailingMetadata();
  ASSERT_EQ(trailers.count("learncity-position"), 1u);
  EXPECT_EQ(trailers.find("learncity-position")->second, "enrollment/1/2");
  EXPECT_THAT(server.metrics().Expose(), HasSubstr("method=\"ImportEnrollments\",code=\"OK\"} 1"));
}

TEST(RowStream, TellsAllThatIsWrongWithARowAndGoesOn) {
  LearnerServer server;
  auto rows = NewRows(4);
  rows[0].mutable_enrollment()->set_learner("nobody");
  rows[0].mutable_enrollment()->clear_offering();
  rows[1].mutable_enrollment()->clear_request_id();
  rows[2].clear_enrollment();
  const auto context = LearnerServer::Context();
  const auto client = server.stub().ImportEnrollments(context.get());
  std::vector<ImportEnrollmentsResponse> results;
  for (const auto& row : rows) {
    ASSERT_TRUE(client->Write(row));
    ASSERT_TRUE(client->Read(&results.emplace_back()));
  }
  client->WritesDone();
  EXPECT_TRUE(client->Finish().ok());
  EXPECT_EQ(results[0].request_id(), rows[0].enrollment().request_id());
  EXPECT_THAT(ViolationsOf(results[0]), ElementsAre("learner", "offering"));
  EXPECT_THAT(ViolationsOf(results[1]), ElementsAre("request_id"));
  EXPECT_THAT(ViolationsOf(results[2]), ElementsAre("enrollment"));
  EXPECT_TRUE(results[3].has_enrollment());
  EXPECT_EQ(server.writer().counts().inputs, 1);
}

TEST(RowStream, ARowAndACallOfOneRequestIdAreOneRequest) {
  LearnerServer server;
  const auto rows = NewRows(2);
  const auto first = Import(server, rows, LearnerServer::Context().get());
  Enrollment called;
  const auto context = LearnerServer::Context();
  ASSERT_TRUE(server.stub().EnrollLearner(context.get(), rows[0].enrollment(), &called).ok());
  const auto again = Import(server, rows, LearnerServer::Context().get());
  for (const auto& row : rows) {
    const std::string& id = row.enrollment().request_id();
    EXPECT_EQ(first.results.at(id).SerializeAsString(), again.results.at(id).SerializeAsString());
  }
  EXPECT_EQ(called.SerializeAsString(),
            first.results.at(rows[0].enrollment().request_id()).enrollment().SerializeAsString());
  EXPECT_EQ(server.writer().counts().events, 2);
}

TEST(RowStream, IsRefusedAsAWholeToWhoMayNot) {
  LearnerServer server;
  const auto context = LearnerServer::Context(kAuditorToken);
  const auto denied = Import(server, NewRows(3), context.get());
  EXPECT_EQ(denied.status.error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_TRUE(denied.results.empty());
  const auto unknown = Import(server, NewRows(3), LearnerServer::Context("").get());
  EXPECT_EQ(unknown.status.error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(server.writer().counts().inputs, 0);
}

// Time enough for the server to do more, if it would.
void AskAround(LearnerServer& server) {
  for (int i = 0; i < 20; ++i) {
    enrollment::v1::ListLearnersResponse page;
    ASSERT_TRUE(server.stub().ListLearners(LearnerServer::Context().get(), {}, &page).ok());
  }
}

TEST(RowStream, HasFewRowsInFlightHoweverManyAreSent) {
  LearnerServer server({}, /*run_writer=*/false);
  const auto rows = NewRows(3 * kRowsInFlightMax);
  const auto context = LearnerServer::Context();
  const auto client = server.stub().ImportEnrollments(context.get());
  for (const auto& row : rows) ASSERT_TRUE(client->Write(row));
  client->WritesDone();
  while (server.writer().queued() < kRowsInFlightMax) std::this_thread::yield();
  AskAround(server);
  EXPECT_EQ(server.writer().queued(), kRowsInFlightMax);
  server.StartWriter();
  EXPECT_EQ(ReadAll(*client).size(), rows.size());
  EXPECT_TRUE(client->Finish().ok());
}

TEST(RowStream, IsNotReadFromWhileItsResultsAreNotRead) {
  LearnerServer server;
  grpc::ChannelArguments arguments;
  // What a client takes before its program reads; gRPC makes it larger by itself otherwise.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  const auto stub = enrollment::v1::EnrollmentService::NewStub(grpc::CreateCustomChannel(
      Concat("127.0.0.1:", server.server().port()), grpc::InsecureChannelCredentials(), arguments));
  constexpr int kRows = 20'000;
  const auto context = LearnerServer::Context();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  const auto client = stub->ImportEnrollments(context.get());
  auto writing = std::async(std::launch::async, [&] {
    // Refused, with a result of some hundred bytes.
    ImportEnrollmentsRequest row = NewRow();
    row.mutable_enrollment()->set_joins_waitlist(true);
    for (int i = 0; i < kRows && client->Write(row); ++i) {
    }
    client->WritesDone();
  });
  // Until nothing moves any more.
  for (int64_t before = 0, now = -1; now != before || now == 0;) {
    before = now;
    AskAround(server);
    now = server.writer().counts().inputs;
  }
  EXPECT_LT(server.writer().counts().inputs, kRows / 2);
  int results = 0;
  ImportEnrollmentsResponse result;
  while (client->Read(&result)) ++results;
  writing.get();
  EXPECT_EQ(results, kRows);
  EXPECT_TRUE(client->Finish().ok());
}

TEST(RowStream, ThatBreaksOffMayBeSentAgainAndDoublesNothing) {
  LearnerServer server({}, /*run_writer=*/false);
  const auto rows = NewRows(20);
  {
    const auto context = LearnerServer::Context();
    const auto client = server.stub().ImportEnrollments(context.get());
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(client->Write(rows[static_cast<size_t>(i)]));
    while (server.writer().queued() < 10) std::this_thread::yield();
    context->TryCancel();
    EXPECT_EQ(client->Finish().error_code(), StatusCode::CANCELLED);
  }
  server.StartWriter();
  const auto again = Import(server, rows, LearnerServer::Context().get());
  EXPECT_TRUE(again.status.ok());
  EXPECT_EQ(again.results.size(), rows.size());
  EXPECT_EQ(server.writer().counts().events, 20);
  EXPECT_THAT(server.metrics().Expose(),
              HasSubstr("method=\"ImportEnrollments\",code=\"CANCELLED\"} 1"));
}

TEST(RowStream, EndsAtItsDeadlineWithoutItsResults) {
  LearnerServer server({}, /*run_writer=*/false);
  const auto context = LearnerServer::Context();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
  const auto late = Import(server, NewRows(3), context.get());
  EXPECT_EQ(late.status.error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(late.results.empty());
}

TEST(RowStream, IsToldOfAWriterThatTakesNoMore) {
  LearnerServer server({.queue_requests_max = 4}, /*run_writer=*/false);
  const auto rows = NewRows(10);
  const auto context = LearnerServer::Context();
  const auto client = server.stub().ImportEnrollments(context.get());
  for (const auto& row : rows) ASSERT_TRUE(client->Write(row));
  client->WritesDone();
  for (int i = 0; i < 6; ++i) {
    ImportEnrollmentsResponse result;
    ASSERT_TRUE(client->Read(&result));
    EXPECT_EQ(result.error().code(), StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_TRUE(Details(ErrorOf(result)).retry_after.has_value());
  }
  server.StartWriter();
  EXPECT_EQ(ReadAll(*client).size(), 4u);
  EXPECT_TRUE(client->Finish().ok());
}

TEST(RowStream, AnswersWhatItTookWhenTheServerStops) {
  LearnerServer server({}, /*run_writer=*/false);
  const auto rows = NewRows(10);
  const auto context = LearnerServer::Context();
  const auto client = server.stub().ImportEnrollments(context.get());
  for (const auto& row : rows) ASSERT_TRUE(client->Write(row));
  while (server.writer().queued() < 10) std::this_thread::yield();
  // The client does not say that it is done: nobody but the server ends this.
  auto stopped = std::async(std::launch::async, [&] { server.Stop(); });
  server.StartWriter();
  EXPECT_EQ(ReadAll(*client).size(), rows.size());
  const grpc::Status status = client->Finish();
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), HasSubstr("again"));
  stopped.get();
}

}  // namespace
}  // namespace learncity::rpc
