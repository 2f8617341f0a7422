// Whole calls: a client, a server on a port of its own, a real ledger.
#include "platform/rpc/surface.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/rpc/learner_server.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"

namespace learncity::rpc {
namespace {

using enrollment::v1::GetLearnerRequest;
using enrollment::v1::Learner;
using enrollment::v1::ListLearnersRequest;
using enrollment::v1::ListLearnersResponse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Trailer(const grpc::ClientContext& context, const std::string& key) {
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(key);
  return found == trailers.end() ? "" : std::string(found->second.data(), found->second.size());
}

std::vector<std::string> FieldsOf(const google::rpc::BadRequest& violations) {
  std::vector<std::string> fields;
  for (const auto& violation : violations.field_violations()) fields.push_back(violation.field());
  return fields;
}

std::vector<std::string> Opened(const telemetry::CapturedLog& log) {
  std::vector<std::string> opened;
  for (const std::string& line : log.lines()) {
    if (line.find("personal_data_opened") != std::string::npos) opened.push_back(line);
  }
  return opened;
}

struct Asked {
  grpc::Status status;
  Learner learner;
};

Asked Get(LearnerServer& server, const std::string& name, const std::string& token = kClerkToken,
          const std::vector<std::string>& mask = {}) {
  GetLearnerRequest request;
  request.set_name(name);
  for (const auto& path : mask) request.mutable_read_mask()->add_paths(path);
  Asked asked;
  const auto context = LearnerServer::Context(token);
  asked.status = server.stub().GetLearner(context.get(), request, &asked.learner);
  return asked;
}

TEST(Write, AnswersWithTheResourceItsEtagAndPosition) {
  LearnerServer server;
  const auto context = LearnerServer::Context();
  Learner learner;
  ASSERT_TRUE(server.stub().RegisterLearner(context.get(), NewLearner("Lan"), &learner).ok());
  EXPECT_THAT(learner.name(), HasSubstr("learners/"));
  EXPECT_EQ(learner.etag(), "\"v1\"");
  EXPECT_EQ(learner.person().full_name(), "Lan");
  EXPECT_TRUE(learner.sealed_person().empty());
  EXPECT_EQ(Trailer(*context, "learncity-position"), "enrollment/1/1");
  EXPECT_EQ(Trailer(*context, "learncity-warnings-bin"), "");
}

TEST(Write, IsDoneOnceHoweverOftenItIsRepeated) {
  LearnerServer server;
  auto request = NewLearner("Lan");
  Learner first;
  ASSERT_TRUE(server.stub().RegisterLearner(LearnerServer::Context().get(), request, &first).ok());
  // What the server sets is not what the caller meant.
  request.mutable_learner()->set_name("learners/mine");
  Learner second;
  const auto context = LearnerServer::Context();
  ASSERT_TRUE(server.stub().RegisterLearner(context.get(), request, &second).ok());
  EXPECT_EQ(second.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(Trailer(*context, "learncity-position"), "enrollment/1/1");

  request.mutable_learner()->mutable_person()->set_full_name("Minh");
  const auto other =
      server.stub().RegisterLearner(LearnerServer::Context().get(), request, &second);
  EXPECT_EQ(other.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Details(other).error.reason(), "REQUEST_ID_REUSED");
}

TEST(Write, CarriesWarnings) {
  LearnerServer server;
  const auto context = LearnerServer::Context();
  Learner learner;
  ASSERT_TRUE(server.stub().RegisterLearner(context.get(), NewLearner(""), &learner).ok());
  google::rpc::BadRequest warnings;
  ASSERT_TRUE(warnings.ParseFromString(Trailer(*context, "learncity-warnings-bin")));
  EXPECT_THAT(FieldsOf(warnings), ElementsAre("learner.person.full_name"));
}

TEST(Write, IsStoppedByItsPreparation) {
  LearnerServer server;
  Learner learner;
  const auto status =
      server.stub().RegisterLearner(LearnerServer::Context().get(), NewLearner("Nobody"), &learner);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(FieldsOf(Details(status).violations), ElementsAre("learner.person.full_name"));
  EXPECT_EQ(server.writer().counts().inputs, 0);
}

TEST(Write, SaysWhyARuleRefuses) {
  LearnerServer server;
  auto request = NewLearner("Lan");
  request.mutable_learner()->set_birth_year(1900);
  Learner learner;
  const auto status =
      server.stub().RegisterLearner(LearnerServer::Context().get(), request, &learner);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Details(status).error.reason(), "LEARNER_ERASED");
  EXPECT_EQ(Details(status).error.domain(), "enrollment.learncity");
  EXPECT_EQ(Details(status).resource.resource_type(), "learncity/Learner");
}

TEST(Write, ListsEveryViolation) {
  LearnerServer server;
  auto request = NewLearner(std::string(121, 'x'));
  request.set_request_id("7");
  request.mutable_learner()->set_sex(static_cast<type::v1::Sex>(9));
  Learner learner;
  const auto status =
      server.stub().RegisterLearner(LearnerServer::Context().get(), request, &learner);
  EXPECT_THAT(FieldsOf(Details(status).violations),
              ElementsAre("learner.person.full_name", "learner.sex", "request_id"));
}

TEST(Write, IsRefusedBeforeItIsLookedAt) {
  LearnerServer server;
  Learner learner;
  const enrollment::v1::RegisterLearnerRequest malformed;
  const auto unknown =
      server.stub().RegisterLearner(LearnerServer::Context("").get(), malformed, &learner);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Details(unknown).error.reason(), "TOKEN_MISSING");
  const auto denied = server.stub().RegisterLearner(LearnerServer::Context(kAuditorToken).get(),
                                                    malformed, &learner);
  EXPECT_EQ(denied.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(denied.error_message(), HasSubstr("enrollment.learners.write"));
}

TEST(Write, IsShedWhenTheQueueIsFull) {
  LearnerServer server({.queue_requests_max = 0});
  Learner learner;
  const auto status =
      server.stub().RegisterLearner(LearnerServer::Context().get(), NewLearner("Lan"), &learner);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Details(status).retry_after.has_value());
}

TEST(Write, OutlivesACallerWhoLeaves) {
  LearnerServer server({}, /*run_writer=*/false);
  auto context = LearnerServer::Context();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
  Learner learner;
  const auto status = server.stub().RegisterLearner(context.get(), NewLearner("Lan"), &learner);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  server.StartWriter();
  EXPECT_EQ(server.Register("Minh").person().full_name(), "Minh");
}

TEST(Get, OpensAPersonForThoseWhoMayAndSaysSoInTheLog) {
  LearnerServer server;
  const std::string name = server.Register("Lan").name();
  const telemetry::CapturedLog log;
  const Asked clerk = Get(server, name);
  ASSERT_TRUE(clerk.status.ok());
  EXPECT_EQ(clerk.learner.person().full_name(), "Lan");
  EXPECT_EQ(clerk.learner.etag(), "\"v1\"");
  EXPECT_TRUE(clerk.learner.sealed_person().empty());
  ASSERT_EQ(Opened(log).size(), 1u);
  EXPECT_THAT(Opened(log)[0], HasSubstr("clerk-1"));
  EXPECT_THAT(Opened(log)[0], HasSubstr(name));
  EXPECT_THAT(Opened(log)[0], ::testing::Not(HasSubstr("Lan")));

  const Asked auditor = Get(server, name, kAuditorToken);
  ASSERT_TRUE(auditor.status.ok());
  EXPECT_FALSE(auditor.learner.has_person());
  EXPECT_TRUE(auditor.learner.sealed_person().empty());
  EXPECT_EQ(Opened(log).size(), 1u);
}

TEST(Get, GivesTheFieldsWantedAndOpensNoOthers) {
  LearnerServer server;
  const std::string name = server.Register("Lan").name();
  const telemetry::CapturedLog log;
  const Asked etag = Get(server, name, kClerkToken, {"etag"});
  EXPECT_EQ(etag.learner.ShortDebugString(), "etag: \"\\\"v1\\\"\"");
  EXPECT_THAT(Opened(log), IsEmpty());
  EXPECT_EQ(Get(server, name, kClerkToken, {"person.full_name"}).learner.person().full_name(),
            "Lan");
  EXPECT_EQ(Opened(log).size(), 1u);
  EXPECT_EQ(Get(server, name, kClerkToken, {"*"}).learner.name(), name);
  const Asked wrong = Get(server, name, kClerkToken, {"etag", "persons"});
  EXPECT_EQ(wrong.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(FieldsOf(Details(wrong.status).violations), ElementsAre("read_mask"));
}

TEST(Get, OfNothingIsNotFound) {
  LearnerServer server;
  const std::string name = "learners/0198c0de-0000-7000-8000-000000000001";
  const Asked asked = Get(server, name);
  EXPECT_EQ(asked.status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Details(asked.status).resource.resource_name(), name);
  EXPECT_EQ(Details(asked.status).error.reason(), "RESOURCE_NOT_FOUND");
}

TEST(List, GoesThroughAllPagesWithoutPersons) {
  LearnerServer server;
  std::vector<std::string> expected;
  for (int i = 0; i < 5; ++i) expected.push_back(server.Register(Concat("Lan ", i)).name());
  std::sort(expected.begin(), expected.end());
  std::vector<std::string> listed;
  std::vector<int> sizes;
  ListLearnersRequest request;
  request.set_page_size(2);
  do {
    ListLearnersResponse page;
    const auto context = LearnerServer::Context();
    ASSERT_TRUE(server.stub().ListLearners(context.get(), request, &page).ok());
    sizes.push_back(page.learners_size());
    for (const Learner& learner : page.learners()) {
      listed.push_back(learner.name());
      EXPECT_EQ(learner.etag(), "\"v1\"");
      EXPECT_FALSE(learner.has_person());
      EXPECT_TRUE(learner.sealed_person().empty());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, expected);
  EXPECT_THAT(sizes, ElementsAre(2, 2, 1));
}

TEST(List, RefusesATokenOfItsOwnMaking) {
  LearnerServer server;
  ListLearnersRequest request;
  request.set_page_token("AAAA");
  ListLearnersResponse page;
  const auto status = server.stub().ListLearners(LearnerServer::Context().get(), request, &page);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(FieldsOf(Details(status).violations), ElementsAre("page_token"));
  request.set_page_size(-1);
  const auto negative = server.stub().ListLearners(LearnerServer::Context().get(), request, &page);
  EXPECT_THAT(FieldsOf(Details(negative).violations), ElementsAre("page_size"));
}

TEST(Calls, AreCountedByMethodAndCode) {
  LearnerServer server;
  server.Register("Lan");
  Get(server, "learners/0198c0de-0000-7000-8000-000000000001");
  const std::string text = server.metrics().Expose();
  EXPECT_THAT(text, HasSubstr("method=\"RegisterLearner\",code=\"OK\"} 1"));
  EXPECT_THAT(text, HasSubstr("method=\"GetLearner\",code=\"NOT_FOUND\"} 1"));
  EXPECT_THAT(text, HasSubstr("learncity_rpc_call_seconds_count"));
}

TEST(ScopedCaller, ReadsWhatIsWithinAndHearsNothingOfTheRest) {
  LearnerServer server;
  const std::string own = server.Register("Lan").name();
  const std::string other = server.Register("Minh").name();
  server.Hold(own);
  EXPECT_TRUE(Get(server, own, kCenterToken).status.ok());
  const auto denied = Get(server, other, kCenterToken).status;
  EXPECT_EQ(denied.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(denied.error_message(),
            Concat("Permission 'enrollment.learners.read' denied on resource '", other,
                   "' (or it might not exist)."));
  const std::string nobody = "learners/0198c0de-0000-7000-8000-0000000000ff";
  EXPECT_EQ(Get(server, nobody, kCenterToken).status.error_message(),
            Concat("Permission 'enrollment.learners.read' denied on resource '", nobody,
                   "' (or it might not exist)."));
  ListLearnersResponse all;
  const auto context = LearnerServer::Context(kCenterToken);
  EXPECT_EQ(server.stub().ListLearners(context.get(), {}, &all).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST(ScopedCaller, WritesOnlyWithinAndIsToldNothingOfTheRequestElsewhere) {
  LearnerServer server;
  auto request = NewLearner("Lan");
  request.mutable_learner()->set_center("centers/0198c0de-0000-7000-8000-00000000000c");
  request.mutable_learner()->set_birth_year(-1);
  const auto register_by = [&](const std::string& token) {
    Learner learner;
    const auto context = LearnerServer::Context(token);
    return server.stub().RegisterLearner(context.get(), request, &learner);
  };
  EXPECT_EQ(register_by(kCenterToken).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  server.Hold(request.learner().center());
  EXPECT_EQ(register_by(kCenterToken).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.mutable_learner()->set_birth_year(1986);
  EXPECT_TRUE(register_by(kCenterToken).ok());
}

}  // namespace
}  // namespace learncity::rpc
