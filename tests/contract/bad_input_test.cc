// Every kind of bad input over real gRPC: the error says what is wrong and what to do, nothing
// changes, and the city goes on.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/feed/v1/feed.pb.h"
#include "learncity/reporting/v1/reporting_service.pb.h"
#include "platform/testing/text.h"
#include "tests/contract/examples.h"

namespace learncity::contract {
namespace {

namespace enroll = enrollment::v1;
namespace rep = reporting::v1;
using google::protobuf::Message;
using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kNobody[] = "learners/0198c0de-0000-7000-8000-000000000000";

class BadInput : public testing::Test {
 protected:
  // Calls, and expects that nothing was written anywhere.
  Reply Refused(Message& request, StatusCode code) {
    Name(&request);
    const std::string heads = city_.Heads();
    Reply reply = city_.Call(request);
    EXPECT_EQ(reply.status.error_code(), code) << reply.status.error_message();
    EXPECT_EQ(city_.Heads(), heads);
    EXPECT_EQ(reply.position, "");
    return reply;
  }
  std::vector<std::string> Violations(Message& request) {
    return FieldsOf(Refused(request, StatusCode::INVALID_ARGUMENT).details().violations);
  }
  // A learner of whom only what the text says is known.
  std::vector<std::string> LearnerViolations(const std::string& learner) {
    auto request = FromText<enroll::RegisterLearnerRequest>("learner { " + learner + " }");
    return Violations(request);
  }
  Reply Register(const std::string& learner) {
    auto request = FromText<enroll::RegisterLearnerRequest>("learner { " + learner + " }");
    Name(&request);
    return city_.Call(request);
  }
  void TearDown() override {
    // Whatever came in, good input is still taken.
    EXPECT_NE(grounds_.Enrollment(), "");
  }

  TestCity city_;
  Grounds grounds_{city_};
};

TEST_F(BadInput, WithManyFaultsIsToldAllOfThemAtOnce) {
  auto request = FromText<enroll::OpenOfferingRequest>(
      "offering { kind: 99 center: 'units/00004-20250701' grade: 13 seats: 100001"
      "  school_year: '2026-2028' start_date { year: 2026 month: 2 day: 30 } } request_id: '7'");
  EXPECT_THAT(Violations(request),
              UnorderedElementsAre("offering.display_name", "offering.center", "offering.kind",
                                   "offering.grade", "offering.school_year", "offering.start_date",
                                   "offering.end_date", "offering.seats", "request_id"));
}

TEST_F(BadInput, WithAMaskThatNamesNothingOrWhatCannotBeUpdatedIsToldWhatCan) {
  auto request = FromText<enroll::UpdateLearnerRequest>("update_mask {}");
  request.mutable_learner()->set_name(kNobody);
  EXPECT_THAT(Violations(request), ElementsAre("update_mask"));
  request.mutable_update_mask()->add_paths("sex");
  request.mutable_update_mask()->add_paths("state");
  const Reply reply = Refused(request, StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(reply.details().violations.field_violations(0).description(),
              HasSubstr("person, birth_year, sex, unit, has_disability, is_disadvantaged"));
  request.mutable_update_mask()->mutable_paths()->RemoveLast();
  EXPECT_EQ(Refused(request, StatusCode::NOT_FOUND).reason(), "RESOURCE_NOT_FOUND");
  request.mutable_update_mask()->set_paths(0, "person");
  EXPECT_EQ(Refused(request, StatusCode::NOT_FOUND).reason(), "RESOURCE_NOT_FOUND");
}

TEST_F(BadInput, OfAnUpdateWithAnotherEtagIsAborted) {
  auto request = FromText<enroll::UpdateLearnerRequest>("update_mask { paths: 'sex' }");
  request.mutable_learner()->set_name(grounds_.Learner());
  request.set_etag("\"v7\"");
  EXPECT_EQ(Refused(request, StatusCode::ABORTED).reason(), "ETAG_MISMATCH");
}

TEST_F(BadInput, OfPapersThatContradictEachOtherIsRefusedOfLearnersAndStaffAlike) {
  auto update = FromText<enroll::UpdateLearnerRequest>(
      "learner { birth_year: 1990 person { birth_date { year: 1985 } } }"
      " update_mask { paths: ['person', 'birth_year'] }");
  update.mutable_learner()->set_name(kNobody);
  EXPECT_THAT(Violations(update), ElementsAre("learner.birth_year"));
  auto employ = grounds_.NewStaff();
  employ.mutable_staff()->mutable_person()->set_national_id("999");
  EXPECT_THAT(Violations(employ), ElementsAre("staff.person.national_id"));
  employ = grounds_.NewStaff();
  employ.mutable_staff()->set_sex(type::v1::SEX_MALE);
  Name(&employ);
  EXPECT_THAT(FieldsOf(city_.Call(employ).warnings), ElementsAre("staff.person.national_id"));
}

TEST_F(BadInput, NamingAnUnknownUnitOrCenterIsToldToAwait) {
  auto learner =
      FromText<enroll::RegisterLearnerRequest>("learner { unit: 'units/99999-20250701' }");
  const Reply unit = Refused(learner, StatusCode::NOT_FOUND);
  EXPECT_EQ(unit.reason(), "NOT_FOLLOWED_YET");
  EXPECT_THAT(unit.status.error_message(), HasSubstr("FeedService.Await"));
  EXPECT_THAT(unit.status.error_message(), HasSubstr("units/99999-20250701"));

  auto offering = grounds_.NewOffering(3);
  offering.mutable_offering()->set_center("centers/0198c0de-0000-7000-8000-000000000000");
  const Reply center = Refused(offering, StatusCode::NOT_FOUND);
  EXPECT_EQ(center.reason(), "NOT_FOLLOWED_YET");
  EXPECT_EQ(center.details().resource.resource_type(), "learncity/Center");

  auto in_registry = grounds_.NewCenter(type::v1::CENTER_KIND_PRESCHOOL);
  in_registry.mutable_center()->set_unit("units/99999-20250701");
  EXPECT_EQ(Refused(in_registry, StatusCode::NOT_FOUND).reason(), "RESOURCE_NOT_FOUND");
}

TEST_F(BadInput, ABirthThatCannotBeIsRefused) {
  const char kDate[] = "learner.person.birth_date";
  EXPECT_THAT(LearnerViolations("person { birth_date { year: 2026 month: 10 day: 16 } }"),
              ElementsAre(kDate));
  EXPECT_THAT(LearnerViolations("person { birth_date { year: 2027 } }"), ElementsAre(kDate));
  EXPECT_THAT(LearnerViolations("person { birth_date { year: 1889 month: 1 day: 1 } }"),
              ElementsAre(kDate));
  EXPECT_THAT(LearnerViolations("birth_year: 2027"), ElementsAre("learner.birth_year"));
  // Born today is early, and possible.
  EXPECT_TRUE(Register("person { birth_date { year: 2026 month: 10 day: 15 } }").ok());
}

TEST_F(BadInput, DatesThatDoNotExistAreRefused) {
  for (const std::string date :
       {"year: 2026 month: 2 day: 29", "year: 2026 month: 4 day: 31", "year: 2026 month: 13 day: 1",
        "year: 2026 month: 1 day: 257", "year: 2026 month: 1 day: 32",
        "year: 2026 month: 257 day: 1", "year: 2026 month: -1 day: 1",
        "year: 2026 month: 1 day: -1", "year: 2026 day: 1", "month: 1 day: 1",
        "year: -1 month: 1 day: 1", "year: 10000 month: 1 day: 1",
        "year: 2147483647 month: 2147483647 day: 2147483647", "year: 2026 month: 1 day: 513"}) {
    SCOPED_TRACE(date);
    EXPECT_THAT(LearnerViolations("person { birth_date { " + date + " } }"),
                ElementsAre("learner.person.birth_date"));
    auto unit = grounds_.NewUnit();
    *unit.mutable_unit()->mutable_valid_from() = FromText<google::type::Date>(date);
    EXPECT_THAT(Violations(unit), ElementsAre("unit.valid_from"));
  }
}

TEST_F(BadInput, ANationalIdThatContradictsIsTakenWithAWarning) {
  // 001 Hanoi, 1 a woman of the 1900s, 86.
  const Reply sex = Register("sex: SEX_MALE person { national_id: '001186000001' }");
  EXPECT_TRUE(sex.ok()) << sex.status.error_message();
  EXPECT_THAT(FieldsOf(sex.warnings), ElementsAre("learner.person.national_id"));
  const Reply year = Register("birth_year: 1987 person { national_id: '001186000002' }");
  EXPECT_TRUE(year.ok());
  EXPECT_THAT(FieldsOf(year.warnings), ElementsAre("learner.person.national_id"));
  const Reply both =
      Register("sex: SEX_MALE birth_year: 1987 person { national_id: '001186000003' }");
  EXPECT_TRUE(both.ok());
  EXPECT_EQ(both.warnings.field_violations_size(), 2);
  const Reply right =
      Register("sex: SEX_FEMALE birth_year: 1986 person { national_id: '001186000004' }");
  EXPECT_TRUE(right.ok());
  EXPECT_THAT(FieldsOf(right.warnings), IsEmpty());
  for (const auto& warning : both.warnings.field_violations()) {
    EXPECT_EQ(warning.description().find("0011860"), std::string::npos);
  }
}

TEST_F(BadInput, ANationalIdThatIsTakenOrIsNoneIsRefused) {
  const Reply first = Register("person { national_id: '001186000001' full_name: 'Lan' }");
  ASSERT_TRUE(first.ok());
  auto second = FromText<enroll::RegisterLearnerRequest>(
      "learner { person { national_id: '001186000001' full_name: 'Mai' } }");
  const Reply taken = Refused(second, StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(taken.reason(), "NATIONAL_ID_TAKEN");
  EXPECT_THAT(taken.status.error_message(), HasSubstr(first.name()));
  EXPECT_EQ(taken.status.error_message().find("001186000001"), std::string::npos);
  for (const std::string id : {"12345678901", "1234567890123", "00118600000x", "0011 8600001"}) {
    EXPECT_THAT(LearnerViolations("person { national_id: '" + id + "' }"),
                ElementsAre("learner.person.national_id"));
  }
}

TEST_F(BadInput, AUsedRequestIdDoesNotMoveANationalIdToAnother) {
  auto request = FromText<enroll::RegisterLearnerRequest>(
      "learner { person { national_id: '001186000001' } }");
  Name(&request);
  ASSERT_TRUE(city_.Call(request).ok());
  request.mutable_learner()->mutable_person()->set_national_id("001186000002");
  EXPECT_EQ(Refused(request, StatusCode::INVALID_ARGUMENT).reason(), "REQUEST_ID_REUSED");
  auto again = FromText<enroll::RegisterLearnerRequest>(
      "learner { person { national_id: '001186000001' } }");
  EXPECT_EQ(Refused(again, StatusCode::ALREADY_EXISTS).reason(), "NATIONAL_ID_TAKEN");
  EXPECT_TRUE(Register("person { national_id: '001186000002' }").ok());
}

TEST_F(BadInput, ASeatThatIsGoneIsRefused) {
  enroll::EnrollLearnerRequest request;
  request.set_offering(grounds_.Offering(1));
  request.set_learner(grounds_.Learner());
  Name(&request);
  ASSERT_TRUE(city_.Call(request).ok());
  request.clear_request_id();
  request.set_learner(grounds_.Learner());
  const Reply full = Refused(request, StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(full.reason(), "OFFERING_FULL");
  EXPECT_EQ(full.details().resource.resource_name(), request.offering());
}

TEST_F(BadInput, CompletingWhatWasNeverBegunOrIsOverIsRefused) {
  enroll::CompleteEnrollmentRequest complete;
  complete.set_name("enrollments/0198c0de-0000-7000-8000-000000000000");
  EXPECT_EQ(Refused(complete, StatusCode::NOT_FOUND).reason(), "RESOURCE_NOT_FOUND");
  enroll::WithdrawEnrollmentRequest withdraw;
  withdraw.set_name(grounds_.Enrollment());
  Name(&withdraw);
  ASSERT_TRUE(city_.Call(withdraw).ok());
  complete.set_name(withdraw.name());
  complete.clear_request_id();
  EXPECT_EQ(Refused(complete, StatusCode::FAILED_PRECONDITION).reason(), "NOT_ENROLLED");
  // A name of another kind is no name of an enrollment.
  complete.set_name(kNobody);
  EXPECT_THAT(Violations(complete), ElementsAre("name"));
}

TEST_F(BadInput, AnEtagOfAnotherVersionIsRefused) {
  enroll::CompleteEnrollmentRequest complete;
  complete.set_name(grounds_.Enrollment());
  complete.set_etag("\"v7\"");
  const Reply stale = Refused(complete, StatusCode::ABORTED);
  EXPECT_EQ(stale.reason(), "ETAG_MISMATCH");
  EXPECT_THAT(stale.status.error_message(), HasSubstr("\"v1\""));
  complete.set_etag("\"v1\"");
  EXPECT_TRUE(city_.Call(complete).ok());
}

TEST_F(BadInput, AReadOfWhatIsNotThereSaysSo) {
  enroll::GetLearnerRequest get;
  get.set_name(kNobody);
  EXPECT_EQ(Refused(get, StatusCode::NOT_FOUND).reason(), "RESOURCE_NOT_FOUND");
  get.set_name(grounds_.Learner());
  get.mutable_read_mask()->add_paths("no_such_field");
  Refused(get, StatusCode::INVALID_ARGUMENT);
  reporting::v1::EvaluateIndicatorRequest evaluate;
  evaluate.set_name("indicators/NONE");
  EXPECT_THAT(Refused(evaluate, StatusCode::NOT_FOUND).status.error_message(),
              HasSubstr("indicators/STU.PER"));
  auto read = FromText<feed::v1::ReadRequest>("feed: 'nobody' epoch: 1");
  EXPECT_THAT(Refused(read, StatusCode::NOT_FOUND).status.error_message(), HasSubstr("enrollment"));
  read = FromText<feed::v1::ReadRequest>("feed: 'registry' epoch: 2");
  EXPECT_EQ(Refused(read, StatusCode::ABORTED).reason(), "EPOCH_MISMATCH");
}

TEST_F(BadInput, AnObservationThatCannotBeTrueIsRefused) {
  const auto good = FromText<rep::RecordObservationRequest>(
      "observation { indicator: 'indicators/LR.AG15T99' value: 98.5 evidence { source: 'a survey' }"
      "  period_start { year: 2025 month: 1 day: 1 } period_end { year: 2026 month: 1 day: 1 } }");
  const auto refused = [&](const std::function<void(rep::Observation&)>& change, StatusCode code) {
    auto request = good;
    change(*request.mutable_observation());
    return Refused(request, code);
  };
  const Reply rate = refused([](auto& o) { o.set_value(100.5); }, StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(rate.reason(), "VALUE_OUT_OF_RANGE");
  EXPECT_THAT(rate.status.error_message(), HasSubstr("from 0 to 100"));
  const Reply counted = refused([](auto& o) { o.set_indicator("indicators/STU.PER"); },
                                StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(counted.reason(), "INDICATOR_NOT_OBSERVED");
  EXPECT_THAT(counted.status.error_message(), HasSubstr("indicators/KF-12.1-a"));
  EXPECT_EQ(refused([](auto& o) { *o.mutable_period_end() = o.period_start(); },
                    StatusCode::INVALID_ARGUMENT)
                .reason(),
            "PERIOD_NOT_SUITABLE");
  const auto violations = [&](const std::function<void(rep::Evidence&)>& change) {
    return FieldsOf(
        refused([&](auto& o) { change(*o.mutable_evidence()); }, StatusCode::INVALID_ARGUMENT)
            .details()
            .violations);
  };
  EXPECT_THAT(violations([](auto& e) { e.clear_source(); }),
              ElementsAre("observation.evidence.source"));
  for (const size_t bytes : {1, 31, 33}) {
    EXPECT_THAT(violations([&](auto& e) { e.set_digest(std::string(bytes, 'x')); }),
                ElementsAre("observation.evidence.digest"));
  }
}

TEST_F(BadInput, AReportThatIsFinalOrNamesWhatIsNotThereIsRefused) {
  auto revise = FromText<rep::ReviseReportRequest>(
      "display_name: 'Another' as_of { year: 2026 month: 10 day: 15 }"
      "sections { title: 'None' indicators: ['NONE', 'STU.PER', 'NEITHER'] }");
  revise.set_name(grounds_.Draft());
  const Reply unknown = Refused(revise, StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(unknown.reason(), "INDICATOR_UNKNOWN");
  EXPECT_THAT(unknown.status.error_message(), HasSubstr("NONE, NEITHER:"));
  revise.clear_sections();
  revise.clear_request_id();
  revise.set_name(grounds_.Report());
  EXPECT_EQ(Refused(revise, StatusCode::FAILED_PRECONDITION).reason(), "REPORT_FINAL");
  rep::FinalizeReportRequest finalize;
  finalize.set_name(revise.name());
  EXPECT_EQ(Refused(finalize, StatusCode::FAILED_PRECONDITION).reason(), "REPORT_FINAL");
  finalize.set_name("reports/0198c0de-0000-7000-8000-000000000000");
  finalize.clear_request_id();
  EXPECT_EQ(Refused(finalize, StatusCode::NOT_FOUND).reason(), "RESOURCE_NOT_FOUND");
  finalize.set_name(grounds_.Draft());
  finalize.set_etag("\"v7\"");
  finalize.clear_request_id();
  EXPECT_EQ(Refused(finalize, StatusCode::ABORTED).reason(), "ETAG_MISMATCH");
}

TEST_F(BadInput, APageTokenOfOtherArgumentsIsRefused) {
  grounds_.Offering();
  grounds_.Offering();
  auto list = FromText<enroll::ListOfferingsRequest>("page_size: 1");
  const std::string token = city_.Call(list).As<enroll::ListOfferingsResponse>().next_page_token();
  ASSERT_NE(token, "");
  list.set_page_token(token);
  EXPECT_EQ(city_.Call(list).As<enroll::ListOfferingsResponse>().offerings_size(), 1);
  list.set_center(grounds_.Center());
  EXPECT_THAT(Violations(list), ElementsAre("page_token"));
  auto learners = FromText<enroll::ListLearnersRequest>("page_size: 1");
  learners.set_page_token(token);
  EXPECT_THAT(Violations(learners), ElementsAre("page_token"));
  learners.set_page_token("garbage");
  EXPECT_THAT(Violations(learners), ElementsAre("page_token"));
  learners.clear_page_token();
  learners.set_page_size(-1);
  EXPECT_THAT(Violations(learners), ElementsAre("page_size"));
}

TEST_F(BadInput, ADeadlineThatHasPassedIsToldAndNothingHappens) {
  const std::string heads = city_.Heads();
  auto await = FromText<feed::v1::AwaitRequest>(
      "follower: 'enrollment' feed: 'registry' epoch: 1 position: 1000000");
  const Reply late =
      Send(city_.NewChannel(), await, TokenOf("clerk"), std::chrono::milliseconds(50));
  EXPECT_EQ(late.status.error_code(), StatusCode::DEADLINE_EXCEEDED);
  auto unit = grounds_.NewUnit();
  Name(&unit);
  const Reply never =
      Send(city_.NewChannel(), unit, TokenOf("registrar"), std::chrono::milliseconds(-1));
  EXPECT_EQ(never.status.error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(city_.Heads(), heads);
}

}  // namespace
}  // namespace learncity::contract
