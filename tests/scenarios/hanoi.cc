#include "tests/scenarios/hanoi.h"

#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"
#include "services/learncity/proof.h"

namespace learncity::scenarios {

namespace ach = achievements::v1;
namespace enroll = enrollment::v1;
namespace reg = registry::v1;
namespace rep = reporting::v1;
using contract::Reply;

Reply Hanoi::Does(google::protobuf::Message& request) {
  contract::Name(&request);
  Reply reply = city_.Call(request);
  LEARNCITY_CHECK(reply.ok()) << request.GetTypeName() << ": " << reply.status.error_message();
  city_.Settle();
  return reply;
}

std::string Hanoi::Ward(const std::string& code, const std::string& name) {
  reg::OpenUnitRequest request;
  request.mutable_unit()->set_code(code);
  request.mutable_unit()->set_display_name(name);
  request.mutable_unit()->set_type(reg::UNIT_TYPE_WARD);
  *request.mutable_unit()->mutable_valid_from() = DateOf("2025-07-01");
  return Does(request).name();
}

std::string Hanoi::Center(const std::string& name, const std::string& ward,
                          type::v1::CenterKind kind) {
  reg::OpenCenterRequest request;
  request.mutable_center()->set_display_name(name);
  request.mutable_center()->set_kind(kind);
  request.mutable_center()->set_unit(ward);
  *request.mutable_center()->mutable_valid_from() = DateOf("2025-07-01");
  return Does(request).name();
}

std::string Hanoi::CommunityCenter(const std::string& name, const std::string& ward) {
  return Center(name, ward, type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER);
}

std::string Hanoi::VocationalAndContinuingCenter(const std::string& name, const std::string& ward) {
  return Center(name, ward, type::v1::CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER);
}

std::string Hanoi::LowerSecondarySchool(const std::string& name, const std::string& ward) {
  return Center(name, ward, type::v1::CENTER_KIND_LOWER_SECONDARY_SCHOOL);
}

std::string Hanoi::GradeClass(const std::string& center, int grade, int seats,
                              const std::string& school_year) {
  enroll::OpenOfferingRequest request;
  auto& offering = *request.mutable_offering();
  offering.set_display_name(Concat("Lớp ", grade, "A"));
  offering.set_center(center);
  // At a school the class would be a school's; here both kinds are taught as continuing ones.
  offering.set_kind(type::v1::OFFERING_KIND_CONTINUING_CLASS);
  offering.set_isced_level(grade >= 10  ? type::v1::ISCED_LEVEL_3
                           : grade >= 6 ? type::v1::ISCED_LEVEL_2
                                        : type::v1::ISCED_LEVEL_1);
  offering.set_grade(grade);
  offering.set_school_year(school_year);
  offering.set_seats(seats);
  *offering.mutable_start_date() = DateOf(school_year.substr(0, 4) + "-09-05");
  *offering.mutable_end_date() = DateOf(school_year.substr(5) + "-05-31");
  return Does(request).name();
}

std::string Hanoi::Course(const std::string& title, const std::string& center, int seats,
                          Days days) {
  enroll::OpenOfferingRequest request;
  auto& offering = *request.mutable_offering();
  offering.set_display_name(title);
  offering.set_center(center);
  offering.set_kind(type::v1::OFFERING_KIND_COMMUNITY_COURSE);
  offering.set_seats(seats);
  *offering.mutable_start_date() = DateOf(days.from);
  *offering.mutable_end_date() = DateOf(days.to);
  return Does(request).name();
}

std::string Hanoi::Registers(const Person& person) {
  enroll::RegisterLearnerRequest request;
  auto& learner = *request.mutable_learner();
  learner.set_sex(person.sex);
  learner.set_birth_year(person.birth_year);
  learner.set_unit(person.ward);
  learner.mutable_person()->set_full_name(person.name);
  learner.mutable_person()->set_national_id(person.national_id);
  if (!person.born.empty()) *learner.mutable_person()->mutable_birth_date() = DateOf(person.born);
  return Does(request).name();
}

std::string Hanoi::TriesToEnroll(const std::string& learner, const std::string& in) {
  enroll::EnrollLearnerRequest request;
  request.set_learner(learner);
  request.set_offering(in);
  contract::Name(&request);
  return city_.Call(request).reason();
}

std::string Hanoi::Enrolls(const std::string& learner, const std::string& in) {
  enroll::EnrollLearnerRequest request;
  request.set_learner(learner);
  request.set_offering(in);
  return Does(request).name();
}

void Hanoi::Withdraws(const std::string& enrollment) {
  enroll::WithdrawEnrollmentRequest request;
  request.set_name(enrollment);
  Does(request);
}

void Hanoi::Completes(const std::string& enrollment) {
  enroll::CompleteEnrollmentRequest request;
  request.set_name(enrollment);
  Does(request);
}

std::vector<ach::Certificate> Hanoi::CertificatesOf(const std::string& enrollment) {
  ach::ListCertificatesRequest request;
  request.set_enrollment(enrollment);
  const auto response = Does(request).As<ach::ListCertificatesResponse>();
  return {response.certificates().begin(), response.certificates().end()};
}

enroll::Learner Hanoi::Sees(const std::string& learner) {
  enroll::GetLearnerRequest request;
  request.set_name(learner);
  return Does(request).As<enroll::Learner>();
}

std::string Hanoi::FreezesReport(const std::string& title, const std::string& as_of) {
  rep::FreezeReportRequest request;
  request.set_display_name(title);
  *request.mutable_as_of() = DateOf(as_of);
  return Does(request).name();
}

rep::Report Hanoi::Reads(const std::string& report) {
  rep::GetReportRequest request;
  request.set_name(report);
  return Does(request).As<rep::Report>();
}

rep::Evaluation Hanoi::Evaluate(const std::string& indicator, const std::string& day) {
  rep::EvaluateIndicatorRequest request;
  request.set_name("indicators/" + indicator);
  *request.mutable_as_of() = DateOf(day);
  return Does(request).As<rep::Evaluation>();
}

int64_t Hanoi::EnrolledAt(type::v1::IscedLevel level, const std::string& day) {
  int64_t count = 0;
  const auto evaluation = Evaluate("STU.PER", day);
  for (const auto& figure : evaluation.figures()) {
    if (figure.by_isced_level() && figure.isced_level() == level && !figure.by_sex()) {
      count = figure.numerator();
    }
  }
  return count;
}

int64_t Hanoi::EnrolledAt(type::v1::IscedLevel level, type::v1::Sex sex, const std::string& day) {
  int64_t count = 0;
  const auto evaluation = Evaluate("STU.PER", day);
  for (const auto& figure : evaluation.figures()) {
    if (figure.by_isced_level() && figure.isced_level() == level && figure.by_sex() &&
        figure.sex() == sex) {
      count = figure.numerator();
    }
  }
  return count;
}

rep::Figure Hanoi::FigureOf(const std::string& indicator, const std::string& day) {
  return Evaluate(indicator, day).figures(0);
}

size_t Hanoi::Divergences() {
  city_.Settle();
  const auto proof = Prove(city_.city(), city_.foundations());
  LEARNCITY_CHECK(proof.ok()) << std::string(proof.status().message());
  return proof->divergences();
}

}  // namespace learncity::scenarios
