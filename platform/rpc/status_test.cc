#include "platform/rpc/status.h"

#include "gmock/gmock.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "learncity/enrollment/v1/enrollment.pb.h"
#include "platform/telemetry/log.h"

namespace learncity::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Makes "learncity/Learner" a linked resource.
const auto* const kLearner = enrollment::v1::Learner::descriptor();

TEST(Status, OfARefusalCarriesReasonDomainAndResource) {
  ASSERT_NE(kLearner, nullptr);
  const grpc::Status status = ToStatus(Refusal{.code = absl::StatusCode::kNotFound,
                                               .domain = "enrollment.learncity",
                                               .reason = "RESOURCE_NOT_FOUND",
                                               .message = "There is no learners/7.",
                                               .resource = "learners/7"});
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "There is no learners/7.");
  const Details details(status);
  EXPECT_EQ(details.error.reason(), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(details.error.domain(), "enrollment.learncity");
  EXPECT_EQ(details.error.metadata().at("resource"), "learners/7");
  EXPECT_EQ(details.resource.resource_name(), "learners/7");
  EXPECT_EQ(details.resource.resource_type(), "learncity/Learner");
  EXPECT_FALSE(details.retry_after.has_value());
}

TEST(Status, OfOverloadSaysWhenToComeBack) {
  for (const auto& fault : {absl::ResourceExhaustedError("full"), absl::UnavailableError("down")}) {
    const grpc::Status status = ToStatus(fault);
    EXPECT_EQ(status.error_code(), static_cast<grpc::StatusCode>(fault.code()));
    EXPECT_EQ(Details(status).retry_after, std::chrono::seconds(1)) << fault;
    EXPECT_FALSE(Details(status).error.reason().empty());
  }
}

TEST(Status, OfAFaultKeepsItsTextInsideAndLogsIt) {
  telemetry::CapturedLog log;
  const grpc::Status status = ToStatus(absl::InternalError("disk /dev/sda at fault"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(status.error_message(), Not(HasSubstr("sda")));
  EXPECT_THAT(status.error_details(), Not(HasSubstr("sda")));
  ASSERT_EQ(log.lines().size(), 1u);
  EXPECT_THAT(log.lines()[0], HasSubstr("sda"));
}

TEST(Status, OfNothingWrongIsOk) {
  EXPECT_TRUE(ToStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(ToStatus(google::rpc::BadRequest()).ok());
}

TEST(Status, OfViolationsListsThemAll) {
  google::rpc::BadRequest violations;
  AddViolation(&violations, "learner.unit", "REQUIRED", "is required");
  AddViolation(&violations, "request_id", "FORMAT", "must be a UUID");
  const grpc::Status status = ToStatus(violations);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("learner.unit is required"));
  EXPECT_THAT(status.error_message(), HasSubstr("1 more"));
  const Details details(status);
  EXPECT_EQ(details.error.reason(), "FIELDS_INVALID");
  ASSERT_EQ(details.violations.field_violations_size(), 2);
  EXPECT_EQ(details.violations.field_violations(1).field(), "request_id");
}

TEST(Status, FitsIntoTrailersWhateverIsWrong) {
  google::rpc::BadRequest violations;
  for (int i = 0; i < 10 * kViolationsMax; ++i) {
    AddViolation(&violations, std::string(100, 'x'), "FORMAT", std::string(100, 'y'));
  }
  EXPECT_EQ(violations.field_violations_size(), kViolationsMax);
  const grpc::Status status = ToStatus(violations);
  EXPECT_LE(status.error_details().size(), kDetailsBytesMax);
  EXPECT_GT(Details(status).violations.field_violations_size(), 5);

  const grpc::Status refused = ToStatus(
      Refusal{.domain = "d", .reason = "R", .message = std::string(9000, 'a'), .resource = ""});
  EXPECT_LE(refused.error_message().size(), kMessageBytesMax);
  EXPECT_LE(refused.error_details().size(), kDetailsBytesMax);
}

TEST(Status, IsCutBetweenCharacters) {
  std::string text;
  for (size_t i = 0; i < kMessageBytesMax; ++i) text += "ễ";
  const grpc::Status status = ToStatus(absl::AbortedError("a" + text));
  EXPECT_EQ((status.error_message().size() - 1) % std::string("ễ").size(), 0u);
  EXPECT_FALSE(Details(status).error.reason().empty());
}

TEST(Status, WithoutDetailsIsParsedToNothing) {
  const Details details(grpc::Status(grpc::StatusCode::UNAVAILABLE, "from a proxy"));
  EXPECT_TRUE(details.error.reason().empty());
  EXPECT_TRUE(details.violations.field_violations().empty());
}

}  // namespace
}  // namespace learncity::rpc
