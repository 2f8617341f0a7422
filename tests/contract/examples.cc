#include "tests/contract/examples.h"

#include "gtest/gtest.h"
#include "learncity/feed/v1/feed.pb.h"
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

std::map<std::string, Example> ReportExamples() {
  return {
      {"ReportingService.DraftReport",
       Write<rep::DraftReportRequest>([](Grounds& g) { return g.NewDraft(); },
                                      [](auto& r) { r.clear_sections(); })},
      {"ReportingService.ReviseReport",
       Write<rep::ReviseReportRequest>(
           [](Grounds& g) {
             auto request = Named<rep::ReviseReportRequest>(g.Draft());
             request.set_display_name("Learning city, second draft");
             *request.mutable_as_of() = DateOf("2026-12-31");
             return request;
           },
           [](auto& r) { r.set_display_name("Learning city, third draft"); })},
      {"ReportingService.FinalizeReport",
       Write<rep::FinalizeReportRequest>(
           [](Grounds& g) { return Named<rep::FinalizeReportRequest>(g.Draft()); },
           [](auto& r) { r.set_etag("\"v1\""); })},
      {"ReportingService.RecordObservation",
       Write<rep::RecordObservationRequest>(
           [](Grounds& g) { return g.NewObservation(); },
           [](auto& r) { r.mutable_observation()->set_value(98.6); })},
      {"ReportingService.WithdrawObservation",
       Write<rep::WithdrawObservationRequest>(
           [](Grounds& g) { return Named<rep::WithdrawObservationRequest>(g.Observation()); },
           [](auto& r) { r.set_etag("\"v1\""); })},
      {"ReportingService.GetObservation",
       Get<rep::GetObservationRequest>([](auto& g) { return g.Observation(); })},
      {"ReportingService.ListObservations", Read<rep::ListObservationsRequest>()},
  };
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
      {"RegistryService.RecordUnitAct",
       Write<reg::RecordUnitActRequest>(
           [](Grounds& g) { return g.NewUnitAct(); },
           [](auto& r) { r.mutable_unit_act()->set_legal_reference("another act"); })},
      {"RegistryService.MoveCenter",
       Write<reg::MoveCenterRequest>(
           [](Grounds& g) {
             auto request = Named<reg::MoveCenterRequest>(g.Center());
             request.set_unit(g.Unit());
             *request.mutable_from_date() = DateOf("2026-01-01");
             return request;
           },
           [](auto& r) { *r.mutable_from_date() = DateOf("2026-02-01"); })},
      {"RegistryService.CloseCenter",
       Write<reg::CloseCenterRequest>(
           [](Grounds& g) {
             auto request = Named<reg::CloseCenterRequest>(g.Center());
             *request.mutable_valid_to() = DateOf("2026-12-31");
             return request;
           },
           [](auto& r) { *r.mutable_valid_to() = DateOf("2027-01-31"); })},
      {"RegistryService.GrantAccreditation",
       Write<reg::GrantAccreditationRequest>(
           [](Grounds& g) { return g.NewAccreditation(); },
           [](auto& r) { r.mutable_accreditation()->set_decision("another decision"); })},
      {"RegistryService.WithdrawAccreditation",
       Write<reg::WithdrawAccreditationRequest>(
           [](Grounds& g) {
             auto request = Named<reg::WithdrawAccreditationRequest>(g.Accreditation());
             *request.mutable_valid_to() = DateOf("2026-10-15");
             return request;
           },
           [](auto& r) { *r.mutable_valid_to() = DateOf("2026-10-16"); })},
      {"RegistryService.RecordUnitCount",
       Write<reg::RecordUnitCountRequest>([](Grounds& g) { return g.NewUnitCount(); },
                                          [](auto& r) { r.mutable_unit_count()->set_count(7); })},
      {"EnrollmentService.RegisterLearner",
       Write<enroll::RegisterLearnerRequest>(
           [](Grounds& g) { return g.NewLearner(); },
           [](auto& r) { r.mutable_learner()->mutable_person()->set_full_name("Another"); })},
      {"EnrollmentService.UpdateLearner",
       Write<enroll::UpdateLearnerRequest>(
           [](Grounds& g) { return g.NewLearnerUpdate(); },
           [](auto& r) { r.mutable_learner()->mutable_person()->set_phone("0999000002"); })},
      {"EnrollmentService.EraseLearner",
       Write<enroll::EraseLearnerRequest>(
           [](Grounds& g) { return Named<enroll::EraseLearnerRequest>(g.Learner()); },
           [](auto& r) { r.set_etag("\"v1\""); })},
      {"EnrollmentService.MatchLearner", Write<enroll::MatchLearnerRequest>(
                                             [](Grounds& g) {
                                               auto request =
                                                   Named<enroll::MatchLearnerRequest>(g.Learner());
                                               request.set_into(g.Learner());
                                               return request;
                                             },
                                             [](auto& r) { r.set_etag("\"v1\""); })},
      {"EnrollmentService.ImportEnrollments",
       Write<enroll::ImportEnrollmentsRequest>(
           [](Grounds& g) {
             enroll::ImportEnrollmentsRequest row;
             *row.mutable_enrollment() = g.NewEnrollment();
             return row;
           },
           [](auto& r) { *r.mutable_enrollment()->mutable_start_date() = DateOf("2026-12-01"); })},
      {"EnrollmentService.OpenOffering",
       Write<enroll::OpenOfferingRequest>([](Grounds& g) { return g.NewOffering(30); },
                                          [](auto& r) { r.mutable_offering()->set_seats(31); })},
      {"EnrollmentService.EnrollLearner",
       Write<enroll::EnrollLearnerRequest>(
           [](Grounds& g) { return g.NewEnrollment(); },
           [](auto& r) { *r.mutable_start_date() = DateOf("2026-12-01"); })},
      {"EnrollmentService.CompleteEnrollment",
       Write<enroll::CompleteEnrollmentRequest>(
           [](Grounds& g) { return Named<enroll::CompleteEnrollmentRequest>(g.Enrollment()); },
           [](auto& r) { *r.mutable_end_date() = DateOf("2026-10-16"); })},
      {"EnrollmentService.TransferEnrollment",
       Write<enroll::TransferEnrollmentRequest>(
           [](Grounds& g) {
             auto request = Named<enroll::TransferEnrollmentRequest>(g.Enrollment());
             request.set_offering(g.Offering());
             return request;
           },
           [](auto& r) { *r.mutable_start_date() = DateOf("2026-10-16"); })},
      {"EnrollmentService.WithdrawEnrollment",
       Write<enroll::WithdrawEnrollmentRequest>(
           [](Grounds& g) { return Named<enroll::WithdrawEnrollmentRequest>(g.Enrollment()); },
           [](auto& r) { *r.mutable_end_date() = DateOf("2026-10-16"); })},
      {"ReportingService.StartRecount",
       // Nothing of it can be another.
       {.make = [](Grounds&) { return Keep(rep::StartRecountRequest()); }, .change = {}}},
      {"ReportingService.FreezeReport",
       Write<rep::FreezeReportRequest>([](Grounds& g) { return g.NewReport(); },
                                       [](auto& r) { r.set_display_name("Another one"); })},
  };
}

std::map<std::string, Example> StaffExamples() {
  return {
      {"RegistryService.EmployStaff",
       Write<reg::EmployStaffRequest>([](Grounds& g) { return g.NewStaff(); },
                                      [](auto& r) { r.mutable_staff()->set_subject("Vật lý"); })},
      {"RegistryService.UpdateStaff",
       Write<reg::UpdateStaffRequest>(
           [](Grounds& g) {
             auto request = FromText<reg::UpdateStaffRequest>(
                 "staff { qualification: QUALIFICATION_MASTER }"
                 " update_mask { paths: 'qualification' }");
             request.mutable_staff()->set_name(g.Staff());
             return request;
           },
           [](auto& r) { r.mutable_staff()->set_qualification(reg::QUALIFICATION_DOCTOR); })},
      {"RegistryService.EndEmployment",
       Write<reg::EndEmploymentRequest>(
           [](Grounds& g) { return Named<reg::EndEmploymentRequest>(g.Staff()); },
           [](auto& r) { *r.mutable_valid_to() = DateOf("2026-10-16"); })},
      {"RegistryService.EraseStaff",
       Write<reg::EraseStaffRequest>(
           [](Grounds& g) { return Named<reg::EraseStaffRequest>(g.Staff()); },
           [](auto& r) { r.set_etag("\"v1\""); })},
      {"RegistryService.GetStaff", Get<reg::GetStaffRequest>([](auto& g) { return g.Staff(); })},
      {"RegistryService.ListStaff", Read<reg::ListStaffRequest>()},
  };
}

std::map<std::string, Example> AchievementsExamples() {
  return {
      {"AchievementsService.GetCertificate",
       Get<ach::GetCertificateRequest>([](auto& g) { return g.Certificate(); })},
      {"AchievementsService.ListCertificates", Read<ach::ListCertificatesRequest>()},
      {"AchievementsService.RecordAward",
       Write<ach::RecordAwardRequest>([](Grounds& g) { return g.NewAward(); },
                                      [](auto& r) { r.mutable_award()->set_subject("Vật lý"); })},
      {"AchievementsService.WithdrawAward",
       Write<ach::WithdrawAwardRequest>(
           [](Grounds& g) { return Named<ach::WithdrawAwardRequest>(g.Award()); },
           [](auto& r) { *r.mutable_withdrawn_date() = DateOf("2026-10-01"); })},
      {"AchievementsService.GetAward",
       Get<ach::GetAwardRequest>([](auto& g) { return g.Award(); })},
      {"AchievementsService.ListAwards", Read<ach::ListAwardsRequest>()},
      {"AchievementsService.GrantRecognition",
       Write<ach::GrantRecognitionRequest>([](Grounds& g) { return g.NewRecognition(); },
                                           [](auto& r) { r.set_score(90); })},
      {"AchievementsService.RenewRecognition",
       Write<ach::RenewRecognitionRequest>(
           [](Grounds& g) {
             auto request = FromText<ach::RenewRecognitionRequest>(
                 "decision: '31/QĐ-HKH' valid_to { year: 2028 month: 1 day: 1 } score: 88"
                 " scheme: 'Gia đình học tập 2021-2030'");
             request.set_name(g.Recognition());
             return request;
           },
           [](auto& r) { r.set_score(90); })},
      {"AchievementsService.WithdrawRecognition",
       Write<ach::WithdrawRecognitionRequest>(
           [](Grounds& g) {
             auto request = Named<ach::WithdrawRecognitionRequest>(g.Recognition());
             *request.mutable_valid_to() = DateOf("2026-10-15");
             return request;
           },
           [](auto& r) { *r.mutable_valid_to() = DateOf("2026-10-16"); })},
      {"AchievementsService.GetRecognition",
       Get<ach::GetRecognitionRequest>([](auto& g) { return g.Recognition(); })},
      {"AchievementsService.ListRecognitions", Read<ach::ListRecognitionsRequest>()},
  };
}

std::map<std::string, Example> ReadExamples() {
  return {
      {"RegistryService.GetUnit", Get<reg::GetUnitRequest>([](auto& g) { return g.Unit(); })},
      {"RegistryService.ListUnits", Read<reg::ListUnitsRequest>()},
      {"RegistryService.GetCenter", Get<reg::GetCenterRequest>([](auto& g) { return g.Center(); })},
      {"RegistryService.ListCenters", Read<reg::ListCentersRequest>()},
      {"RegistryService.SearchUnits", Read<reg::SearchUnitsRequest>("query: 'ba dinh'")},
      {"RegistryService.SearchCenters", Read<reg::SearchCentersRequest>("query: 'hoc tap'")},
      {"RegistryService.GetUnitAct",
       Get<reg::GetUnitActRequest>([](auto& g) { return g.UnitAct(); })},
      {"RegistryService.ListUnitActs", Read<reg::ListUnitActsRequest>()},
      {"RegistryService.GetAccreditation",
       Get<reg::GetAccreditationRequest>([](auto& g) { return g.Accreditation(); })},
      {"RegistryService.ListAccreditations", Read<reg::ListAccreditationsRequest>()},
      {"RegistryService.GetUnitCount",
       Get<reg::GetUnitCountRequest>([](auto& g) { return g.UnitCount(); })},
      {"RegistryService.ListUnitCounts", Read<reg::ListUnitCountsRequest>()},
      {"EnrollmentService.GetLearner",
       Get<enroll::GetLearnerRequest>([](auto& g) { return g.Learner(); })},
      {"EnrollmentService.ListLearners", Read<enroll::ListLearnersRequest>()},
      {"EnrollmentService.GetOffering",
       Get<enroll::GetOfferingRequest>([](auto& g) { return g.Offering(); })},
      {"EnrollmentService.ListOfferings", Read<enroll::ListOfferingsRequest>()},
      {"EnrollmentService.GetEnrollment",
       Get<enroll::GetEnrollmentRequest>([](auto& g) { return g.Enrollment(); })},
      {"EnrollmentService.ListEnrollments", Read<enroll::ListEnrollmentsRequest>()},
      {"ReportingService.GetOverview", Read<rep::GetOverviewRequest>()},
      {"ReportingService.WatchOverview", Read<rep::WatchOverviewRequest>()},
      {"ReportingService.ListIndicators", Read<rep::ListIndicatorsRequest>()},
      {"ReportingService.EvaluateIndicator",
       Read<rep::EvaluateIndicatorRequest>("name: 'indicators/STU.PER'")},
      {"ReportingService.GetReport",
       Get<rep::GetReportRequest>([](auto& g) { return g.Report(); })},
      {"ReportingService.ListReports", Read<rep::ListReportsRequest>()},
      {"ReportingService.GetRecount",
       Get<rep::GetRecountRequest>([](auto& g) { return g.Recount(); })},
      {"ReportingService.ListRecounts", Read<rep::ListRecountsRequest>()},
      {"FeedService.Read", Read<feed::v1::ReadRequest>("feed: 'registry' epoch: 1")},
      {"FeedService.GetHead", Read<feed::v1::GetHeadRequest>("feed: 'registry'")},
      {"FeedService.Await",
       Read<feed::v1::AwaitRequest>("follower: 'enrollment' feed: 'registry' epoch: 1")},
  };
}

}  // namespace

const std::map<std::string, Example>& Examples() {
  static const auto* all = [] {
    auto* examples = new std::map<std::string, Example>(WriteExamples());
    examples->merge(StaffExamples());
    examples->merge(AchievementsExamples());
    examples->merge(ReadExamples());
    examples->merge(ReportExamples());
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

}  // namespace learncity::contract
