#include "tests/contract/examples.h"

#include "gtest/gtest.h"
#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/feed/v1/feed.pb.h"
#include "learncity/reporting/v1/reporting_service.pb.h"
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"

namespace learncity::contract {
namespace {

using google::protobuf::Message;
namespace enroll = enrollment::v1;
namespace reg = registry::v1;
namespace rep = reporting::v1;
namespace ach = achievements::v1;

template <class Request>
std::unique_ptr<Message> Keep(Request request) {
  return std::make_unique<Request>(std::move(request));
}

template <class Request>
Example Write(std::function<Request(Grounds&)> make, std::function<void(Request&)> change) {
  return {.make = [make](Grounds& grounds) { return Keep(make(grounds)); },
          .change = [change](Message* request) { change(*static_cast<Request*>(request)); }};
}

template <class Request>
Example Get(std::function<std::string(Grounds&)> name) {
  return {.make =
              [name](Grounds& grounds) {
                Request request;
                request.set_name(name(grounds));
                return Keep(request);
              },
          .change = {}};
}

template <class Request>
Example Read(const std::string& text = "") {
  return {.make = [text](Grounds&) { return Keep(FromText<Request>(text)); }, .change = {}};
}

template <class Request>
Request Named(const std::string& name) {
  Request request;
  request.set_name(name);
  return request;
}

enroll::EnrollLearnerRequest NewEnrollment(Grounds& grounds) {
  enroll::EnrollLearnerRequest request;
  request.set_learner(grounds.Learner());
  request.set_offering(grounds.Offering());
  return request;
}

rep::FreezeReportRequest NewReport() {
  return FromText<rep::FreezeReportRequest>(
      "display_name: 'Learning city 2026' as_of { year: 2026 month: 10 day: 15 }");
}

std::map<std::string, Example> WriteExamples() {
  return {
      {"RegistryService.OpenUnit",
       Write<reg::OpenUnitRequest>([](Grounds& g) { return g.NewUnit(); },
                                   [](auto& r) { r.mutable_unit()->set_code("99999"); })},
      {"RegistryService.OpenCenter",
       Write<reg::OpenCenterRequest>(
           [](Grounds& g) { return g.NewCenter(type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER); },
           [](auto& r) { r.mutable_center()->set_display_name("Another one"); })},
      {"EnrollmentService.RegisterLearner",
       Write<enroll::RegisterLearnerRequest>(
           [](Grounds& g) { return g.NewLearner(); },
           [](auto& r) { r.mutable_learner()->mutable_person()->set_full_name("Another"); })},
      {"EnrollmentService.EraseLearner",
       Write<enroll::EraseLearnerRequest>(
           [](Grounds& g) { return Named<enroll::EraseLearnerRequest>(g.Learner()); },
           [](auto& r) { r.set_etag("\"v1\""); })},
      {"EnrollmentService.OpenOffering",
       Write<enroll::OpenOfferingRequest>([](Grounds& g) { return g.NewOffering(30); },
                                          [](auto& r) { r.mutable_offering()->set_seats(31); })},
      {"EnrollmentService.EnrollLearner",
       Write<enroll::EnrollLearnerRequest>(
           NewEnrollment, [](auto& r) { *r.mutable_start_date() = DateOf("2026-12-01"); })},
      {"EnrollmentService.CompleteEnrollment",
       Write<enroll::CompleteEnrollmentRequest>(
           [](Grounds& g) { return Named<enroll::CompleteEnrollmentRequest>(g.Enrollment()); },
           [](auto& r) { *r.mutable_end_date() = DateOf("2026-10-16"); })},
      {"EnrollmentService.WithdrawEnrollment",
       Write<enroll::WithdrawEnrollmentRequest>(
           [](Grounds& g) { return Named<enroll::WithdrawEnrollmentRequest>(g.Enrollment()); },
           [](auto& r) { *r.mutable_end_date() = DateOf("2026-10-16"); })},
      {"ReportingService.FreezeReport",
       Write<rep::FreezeReportRequest>([](Grounds&) { return NewReport(); },
                                       [](auto& r) { r.set_display_name("Another one"); })},
  };
}

std::map<std::string, Example> ReadExamples() {
  return {
      {"RegistryService.GetUnit", Get<reg::GetUnitRequest>([](auto& g) { return g.Unit(); })},
      {"RegistryService.ListUnits", Read<reg::ListUnitsRequest>()},
      {"RegistryService.GetCenter", Get<reg::GetCenterRequest>([](auto& g) { return g.Center(); })},
      {"RegistryService.ListCenters", Read<reg::ListCentersRequest>()},
      {"EnrollmentService.GetLearner",
       Get<enroll::GetLearnerRequest>([](auto& g) { return g.Learner(); })},
      {"EnrollmentService.ListLearners", Read<enroll::ListLearnersRequest>()},
      {"EnrollmentService.GetOffering",
       Get<enroll::GetOfferingRequest>([](auto& g) { return g.Offering(); })},
      {"EnrollmentService.ListOfferings", Read<enroll::ListOfferingsRequest>()},
      {"EnrollmentService.GetEnrollment",
       Get<enroll::GetEnrollmentRequest>([](auto& g) { return g.Enrollment(); })},
      {"EnrollmentService.ListEnrollments", Read<enroll::ListEnrollmentsRequest>()},
      {"AchievementsService.GetCertificate",
       Get<ach::GetCertificateRequest>([](auto& g) { return g.Certificate(); })},
      {"AchievementsService.ListCertificates", Read<ach::ListCertificatesRequest>()},
      {"ReportingService.ListIndicators", Read<rep::ListIndicatorsRequest>()},
      {"ReportingService.EvaluateIndicator",
       Read<rep::EvaluateIndicatorRequest>("name: 'indicators/STU.PER'")},
      {"ReportingService.GetReport",
       Get<rep::GetReportRequest>([](auto& g) { return g.Report(); })},
      {"ReportingService.ListReports", Read<rep::ListReportsRequest>()},
      {"FeedService.Read", Read<feed::v1::ReadRequest>("feed: 'registry' epoch: 1")},
      {"FeedService.Await",
       Read<feed::v1::AwaitRequest>("follower: 'enrollment' feed: 'registry' epoch: 1")},
  };
}

}  // namespace

const std::map<std::string, Example>& Examples() {
  static const auto* all = [] {
    auto* examples = new std::map<std::string, Example>(WriteExamples());
    examples->merge(ReadExamples());
    return examples;
  }();
  return *all;
}

const Example* FindExample(const google::protobuf::MethodDescriptor& method) {
  const auto found = Examples().find(ShortName(method));
  if (found != Examples().end()) return &found->second;
  ADD_FAILURE() << method.full_name() << " has no example: add one to tests/contract/examples.cc";
  return nullptr;
}

std::string Grounds::Made(Message& request) {
  Name(&request);
  const Reply reply = city_.Call(request);
  LEARNCITY_CHECK(reply.ok()) << request.GetTypeName() << ": " << reply.status.error_message();
  city_.Settle();
  return reply.name();
}

reg::OpenUnitRequest Grounds::NewUnit() {
  auto request = FromText<reg::OpenUnitRequest>(
      "unit { display_name: 'Phường Ba Đình' type: UNIT_TYPE_WARD"
      "       valid_from { year: 2025 month: 7 day: 1 } }");
  request.mutable_unit()->set_code(std::to_string(10000 + ++made_));
  return request;
}

reg::OpenCenterRequest Grounds::NewCenter(type::v1::CenterKind kind) {
  if (unit_.empty()) unit_ = Unit();
  auto request = FromText<reg::OpenCenterRequest>(
      "center { display_name: 'Trung tâm học tập cộng đồng phường Ba Đình'"
      "         valid_from { year: 2025 month: 7 day: 1 } }");
  request.mutable_center()->set_unit(unit_);
  request.mutable_center()->set_kind(kind);
  return request;
}

enroll::OpenOfferingRequest Grounds::NewOffering(int seats) {
  if (center_.empty()) center_ = Center();
  auto request = FromText<enroll::OpenOfferingRequest>(
      "offering { display_name: 'May vá cho người mới' kind: OFFERING_KIND_COMMUNITY_COURSE"
      "           start_date { year: 2026 month: 10 day: 1 }"
      "           end_date { year: 2026 month: 12 day: 20 } }");
  request.mutable_offering()->set_center(center_);
  request.mutable_offering()->set_seats(seats);
  return request;
}

enroll::RegisterLearnerRequest Grounds::NewLearner() {
  auto request = FromText<enroll::RegisterLearnerRequest>(
      "learner { sex: SEX_FEMALE person { full_name: 'Nguyễn Thị Lan'"
      "  birth_date { year: 1986 month: 3 day: 8 } address: 'Ngõ 12, phố Đội Cấn'"
      "  phone: '0912345678' disability: 'khiếm thị' disadvantage: 'hộ nghèo' } }");
  request.mutable_learner()->mutable_person()->set_national_id(Concat("001186", 100000 + ++made_));
  return request;
}

std::string Grounds::Unit() {
  auto request = NewUnit();
  return Made(request);
}

std::string Grounds::Center(type::v1::CenterKind kind) {
  auto request = NewCenter(kind);
  return Made(request);
}

std::string Grounds::Offering(int seats) {
  auto request = NewOffering(seats);
  return Made(request);
}

std::string Grounds::Learner() {
  auto request = NewLearner();
  return Made(request);
}

std::string Grounds::Enrollment() {
  auto request = NewEnrollment(*this);
  return Made(request);
}

std::string Grounds::Certificate() {
  auto request = Named<enroll::CompleteEnrollmentRequest>(Enrollment());
  ach::ListCertificatesRequest list;
  list.set_enrollment(Made(request));
  const Reply reply = city_.Call(list);
  LEARNCITY_CHECK_EQ(reply.As<ach::ListCertificatesResponse>().certificates_size(), 1);
  return reply.As<ach::ListCertificatesResponse>().certificates(0).name();
}

std::string Grounds::Report() {
  auto request = NewReport();
  return Made(request);
}

}  // namespace learncity::contract
