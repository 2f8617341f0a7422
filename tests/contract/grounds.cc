#include "tests/contract/grounds.h"

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"

namespace learncity::contract {

using google::protobuf::Message;
namespace enroll = enrollment::v1;
namespace reg = registry::v1;
namespace rep = reporting::v1;
namespace ach = achievements::v1;

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

// One unit ends and another begins in its place; one that stays takes over a part.
reg::RecordUnitActRequest Grounds::NewUnitAct() {
  auto request = FromText<reg::RecordUnitActRequest>(
      "unit_act { legal_reference: '1656/NQ-UBTVQH15'"
      "           effective_date { year: 2026 month: 1 day: 1 }"
      "           ended { successors { whole: true is_default: true } } }");
  reg::UnitAct& act = *request.mutable_unit_act();
  reg::Unit& opened = *act.add_opened();
  opened = NewUnit().unit();
  *opened.mutable_valid_from() = act.effective_date();
  act.mutable_ended(0)->set_unit(Unit());
  act.mutable_ended(0)->mutable_successors(0)->set_unit(
      Concat("units/", opened.code(), "-20260101"));
  act.mutable_ended(0)->add_successors()->set_unit(Unit());
  return request;
}

reg::GrantAccreditationRequest Grounds::NewAccreditation() {
  auto request = FromText<reg::GrantAccreditationRequest>(
      "accreditation { decision: '2154/QĐ-UBND' level: 1"
      "                valid_from { year: 2026 month: 1 day: 15 }"
      "                valid_to { year: 2031 month: 1 day: 15 } }");
  request.mutable_accreditation()->set_center(Center(type::v1::CENTER_KIND_PRIMARY_SCHOOL));
  return request;
}

reg::RecordUnitCountRequest Grounds::NewUnitCount() {
  auto request = FromText<reg::RecordUnitCountRequest>(
      "unit_count { thing: COUNTED_THING_HOUSEHOLDS count: 18204 source: 'báo cáo năm 2025'"
      "             date { year: 2025 month: 12 day: 31 } }");
  request.mutable_unit_count()->set_unit(Unit());
  return request;
}

void Grounds::GoElsewhere() {
  unit_.clear();
  center_.clear();
}

const std::string& Grounds::HomeCenter() {
  if (center_.empty()) center_ = Center();
  return center_;
}

enroll::OpenOfferingRequest Grounds::NewOffering(int seats) {
  auto request = FromText<enroll::OpenOfferingRequest>(
      "offering { display_name: 'May vá cho người mới' kind: OFFERING_KIND_COMMUNITY_COURSE"
      "           start_date { year: 2026 month: 10 day: 1 }"
      "           end_date { year: 2026 month: 12 day: 20 } }");
  request.mutable_offering()->set_center(HomeCenter());
  request.mutable_offering()->set_seats(seats);
  return request;
}

enroll::RegisterLearnerRequest Grounds::NewLearner() {
  auto request = FromText<enroll::RegisterLearnerRequest>(
      "learner { sex: SEX_FEMALE person { full_name: 'Nguyễn Thị Lan'"
      "  birth_date { year: 1986 month: 3 day: 8 } address: 'Ngõ 12, phố Đội Cấn'"
      "  phone: '0912345678' disability: 'khiếm thị' disadvantage: 'hộ nghèo' } }");
  request.mutable_learner()->set_center(HomeCenter());
  request.mutable_learner()->mutable_person()->set_national_id(Concat("001186", 100000 + ++made_));
  return request;
}

// The same person with papers that were found.
enroll::UpdateLearnerRequest Grounds::NewLearnerUpdate() {
  enroll::UpdateLearnerRequest request;
  *request.mutable_learner() = NewLearner().learner();
  request.mutable_learner()->set_name(Learner());
  request.mutable_update_mask()->add_paths("person");
  return request;
}

reg::EmployStaffRequest Grounds::NewStaff() {
  if (center_.empty()) center_ = Center();
  auto request = FromText<reg::EmployStaffRequest>(
      "staff { position: STAFF_POSITION_TEACHER qualification: QUALIFICATION_BACHELOR"
      "  subject: 'Toán' sex: SEX_FEMALE valid_from { year: 2026 month: 9 day: 1 }"
      "  person { full_name: 'Phạm Thị Hoa' phone: '0998765432'"
      "    birth_date { year: 1985 month: 5 day: 19 } } }");
  request.mutable_staff()->set_center(center_);
  request.mutable_staff()->mutable_person()->set_national_id(Concat("999185", 100000 + ++made_));
  return request;
}

ach::RecordAwardRequest Grounds::NewAward() {
  auto request = FromText<ach::RecordAwardRequest>(
      "award { level: AWARD_LEVEL_NATIONAL competition: 'Kỳ thi chọn học sinh giỏi quốc gia'"
      "        subject: 'Toán' year: 2026 rank: AWARD_RANK_FIRST }");
  request.mutable_award()->add_learners(Learner());
  request.mutable_award()->set_center(HomeCenter());
  return request;
}

ach::GrantRecognitionRequest Grounds::NewRecognition() {
  if (unit_.empty()) unit_ = Unit();
  auto request = FromText<ach::GrantRecognitionRequest>(
      "recognition { kind: RECOGNITION_SUBJECT_FAMILY } decision: '12/QĐ-HKH'"
      " valid_from { year: 2026 month: 1 day: 1 } valid_to { year: 2027 month: 1 day: 1 }"
      " score: 85 scheme: 'Gia đình học tập 2021-2030'");
  request.mutable_recognition()->set_unit(unit_);
  request.mutable_recognition()->set_subject(std::to_string(++made_));
  return request;
}

enroll::EnrollLearnerRequest Grounds::NewEnrollment() {
  enroll::EnrollLearnerRequest request;
  request.set_learner(Learner());
  request.set_offering(Offering());
  return request;
}

rep::FreezeReportRequest Grounds::NewReport() {
  return FromText<rep::FreezeReportRequest>(
      "display_name: 'Learning city 2026' as_of { year: 2026 month: 10 day: 15 }");
}

rep::DraftReportRequest Grounds::NewDraft() {
  return FromText<rep::DraftReportRequest>(
      "display_name: 'Learning city 2026' as_of { year: 2026 month: 10 day: 15 }"
      "sections { title: 'Literacy' text: 'Who reads.' indicators: 'LR.AG15T99' }");
}

rep::RecordObservationRequest Grounds::NewObservation() {
  return FromText<rep::RecordObservationRequest>(
      "observation { indicator: 'indicators/LR.AG15T99' value: 98.5"
      "  period_start { year: 2025 month: 1 day: 1 } period_end { year: 2026 month: 1 day: 1 }"
      "  evidence { source: 'Survey of 2025, table 3' method: 'a reading test' } }");
}

std::string Grounds::Unit() {
  auto request = NewUnit();
  return Made(request);
}

std::string Grounds::Center(type::v1::CenterKind kind) {
  auto request = NewCenter(kind);
  return Made(request);
}

std::string Grounds::UnitAct() {
  auto request = NewUnitAct();
  return Made(request);
}

std::string Grounds::Accreditation() {
  auto request = NewAccreditation();
  return Made(request);
}

std::string Grounds::UnitCount() {
  auto request = NewUnitCount();
  return Made(request);
}

std::string Grounds::Offering(int seats) {
  auto request = NewOffering(seats);
  return Made(request);
}

std::string Grounds::Staff() {
  auto request = NewStaff();
  return Made(request);
}

std::string Grounds::Learner() {
  auto request = NewLearner();
  return Made(request);
}

std::string Grounds::Enrollment() {
  auto request = NewEnrollment();
  return Made(request);
}

std::string Grounds::Certificate() {
  enroll::CompleteEnrollmentRequest request;
  request.set_name(Enrollment());
  ach::ListCertificatesRequest list;
  list.set_enrollment(Made(request));
  const Reply reply = city_.Call(list);
  LEARNCITY_CHECK_EQ(reply.As<ach::ListCertificatesResponse>().certificates_size(), 1);
  return reply.As<ach::ListCertificatesResponse>().certificates(0).name();
}

std::string Grounds::Award() {
  auto request = NewAward();
  return Made(request);
}

std::string Grounds::Recognition() {
  auto request = NewRecognition();
  return Made(request);
}

std::string Grounds::Recount() {
  // One runs at a time.
  city_.Settle();
  rep::StartRecountRequest request;
  return Made(request);
}

std::string Grounds::Report() {
  auto request = NewReport();
  return Made(request);
}

std::string Grounds::Draft() {
  auto request = NewDraft();
  return Made(request);
}

std::string Grounds::Observation() {
  auto request = NewObservation();
  return Made(request);
}

}  // namespace learncity::contract
