#include "tests/scenarios/hanoi.h"

#include "platform/runtime/concat.h"
#include "platform/testing/text.h"
#include "services/learncity/proof.h"

namespace learncity::scenarios {

namespace ach = achievements::v1;
namespace enroll = enrollment::v1;
namespace rep = reporting::v1;
using contract::Reply;

namespace {

constexpr char kScheme[] = "Gia đình học tập 2021-2030";

ach::GrantRecognitionRequest FamilyRequest(const std::string& ward, const std::string& number,
                                           int points, const Term& term) {
  ach::GrantRecognitionRequest request;
  request.mutable_recognition()->set_kind(type::v1::RECOGNITION_SUBJECT_FAMILY);
  request.mutable_recognition()->set_unit(ward);
  request.mutable_recognition()->set_subject(number);
  request.set_decision(term.decision);
  *request.mutable_valid_from() = DateOf(term.from);
  *request.mutable_valid_to() = DateOf(term.until);
  request.set_score(points);
  request.set_scheme(kScheme);
  return request;
}

enroll::Learner LearnerOf(const Person& person) {
  enroll::Learner learner;
  learner.set_sex(person.sex);
  learner.set_birth_year(person.birth_year);
  learner.set_unit(person.ward);
  learner.set_has_disability(person.has_disability);
  learner.mutable_person()->set_full_name(person.name);
  learner.mutable_person()->set_national_id(person.national_id);
  if (!person.born.empty()) *learner.mutable_person()->mutable_birth_date() = DateOf(person.born);
  return learner;
}

}  // namespace

Reply Hanoi::Does(google::protobuf::Message& request) {
  contract::Name(&request);
  Reply reply = city_.Call(request);
  LEARNCITY_CHECK(reply.ok()) << request.GetTypeName() << ": " << reply.status.error_message();
  city_.Settle();
  return reply;
}

std::string Hanoi::Tries(google::protobuf::Message& request) {
  contract::Name(&request);
  const std::string reason = city_.Call(request).reason();
  city_.Settle();
  return reason;
}

std::string Hanoi::Opens(enroll::OpenOfferingRequest& request, int seats, const Days& days) {
  request.mutable_offering()->set_seats(seats);
  *request.mutable_offering()->mutable_start_date() = DateOf(days.from);
  *request.mutable_offering()->mutable_end_date() = DateOf(days.to);
  return Does(request).name();
}

std::string Hanoi::GradeClass(const std::string& center, int grade, int seats,
                              const std::string& school_year) {
  enroll::OpenOfferingRequest request;
  auto& offering = *request.mutable_offering();
  offering.set_display_name(Concat("Lớp ", grade, "A"));
  offering.set_center(center);
  offering.set_kind(schools_.contains(center) ? type::v1::OFFERING_KIND_SCHOOL_CLASS
                                              : type::v1::OFFERING_KIND_CONTINUING_CLASS);
  offering.set_isced_level(grade >= 10  ? type::v1::ISCED_LEVEL_3
                           : grade >= 6 ? type::v1::ISCED_LEVEL_2
                                        : type::v1::ISCED_LEVEL_1);
  offering.set_grade(grade);
  offering.set_school_year(school_year);
  return Opens(
      request, seats,
      {.from = school_year.substr(0, 4) + "-09-05", .to = school_year.substr(5) + "-05-31"});
}

std::string Hanoi::Course(const std::string& title, const std::string& center, int seats,
                          Days days) {
  enroll::OpenOfferingRequest request;
  request.mutable_offering()->set_display_name(title);
  request.mutable_offering()->set_center(center);
  request.mutable_offering()->set_kind(type::v1::OFFERING_KIND_COMMUNITY_COURSE);
  return Opens(request, seats, days);
}

std::string Hanoi::VocationalCourse(const std::string& title, const std::string& center, int seats,
                                    Days days) {
  enroll::OpenOfferingRequest request;
  request.mutable_offering()->set_display_name(title);
  request.mutable_offering()->set_center(center);
  request.mutable_offering()->set_kind(type::v1::OFFERING_KIND_VOCATIONAL_COURSE);
  return Opens(request, seats, days);
}

std::string Hanoi::LiteracyClass(type::v1::LiteracyStage stage, const std::string& center,
                                 int seats, Days days) {
  enroll::OpenOfferingRequest request;
  request.mutable_offering()->set_display_name("Lớp xóa mù chữ");
  request.mutable_offering()->set_center(center);
  request.mutable_offering()->set_kind(type::v1::OFFERING_KIND_LITERACY_CLASS);
  request.mutable_offering()->set_literacy_stage(stage);
  return Opens(request, seats, days);
}

std::string Hanoi::Registers(const Person& person) {
  enroll::RegisterLearnerRequest request;
  *request.mutable_learner() = LearnerOf(person);
  return Does(request).name();
}

void Hanoi::LearnsMoreOf(const std::string& learner, const Person& person) {
  enroll::UpdateLearnerRequest request;
  *request.mutable_learner() = LearnerOf(person);
  request.mutable_learner()->set_name(learner);
  auto& mask = *request.mutable_update_mask();
  if (request.learner().person().ByteSizeLong() > 0) mask.add_paths("person");
  if (person.birth_year != 0) mask.add_paths("birth_year");
  if (person.sex != type::v1::SEX_UNSPECIFIED) mask.add_paths("sex");
  if (!person.ward.empty()) mask.add_paths("unit");
  if (person.has_disability != type::v1::YES_NO_UNSPECIFIED) mask.add_paths("has_disability");
  Does(request);
}

void Hanoi::IsFoundToBe(const std::string& learner, const std::string& other) {
  enroll::MatchLearnerRequest request;
  request.set_name(learner);
  request.set_into(other);
  Does(request);
}

std::string Hanoi::TriesToBe(const std::string& learner, const std::string& other) {
  enroll::MatchLearnerRequest request;
  request.set_name(learner);
  request.set_into(other);
  return Tries(request);
}

std::string Hanoi::TriesToEnroll(const std::string& learner, const std::string& in) {
  enroll::EnrollLearnerRequest request;
  request.set_learner(learner);
  request.set_offering(in);
  return Tries(request);
}

std::string Hanoi::Enrolls(const std::string& learner, const std::string& in) {
  enroll::EnrollLearnerRequest request;
  request.set_learner(learner);
  request.set_offering(in);
  return Does(request).name();
}

std::string Hanoi::WaitsFor(const std::string& learner, const std::string& in) {
  enroll::EnrollLearnerRequest request;
  request.set_learner(learner);
  request.set_offering(in);
  request.set_joins_waitlist(true);
  const Reply reply = Does(request);
  LEARNCITY_CHECK_EQ(reply.As<enroll::Enrollment>().state(), enroll::Enrollment::STATE_WAITING);
  return reply.name();
}

void Hanoi::GetsSeat(const std::string& enrollment) {
  for (;;) {
    // Read before the state, so that a promotion in between has passed it.
    const int64_t before = city_.Position("enrollment");
    if (StateOf(enrollment) != enroll::Enrollment::STATE_WAITING) break;
    city_.Await("reporting", "enrollment", before + 1);
  }
  LEARNCITY_CHECK_EQ(StateOf(enrollment), enroll::Enrollment::STATE_ENROLLED);
}

std::string Hanoi::Transfers(const std::string& enrollment, const std::string& to) {
  enroll::TransferEnrollmentRequest request;
  request.set_name(enrollment);
  request.set_offering(to);
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

enroll::Enrollment::State Hanoi::StateOf(const std::string& enrollment) {
  enroll::GetEnrollmentRequest request;
  request.set_name(enrollment);
  return Does(request).As<enroll::Enrollment>().state();
}

enroll::Learner Hanoi::Sees(const std::string& learner) {
  enroll::GetLearnerRequest request;
  request.set_name(learner);
  return Does(request).As<enroll::Learner>();
}

enroll::Offering Hanoi::SeatsOf(const std::string& offering) {
  enroll::GetOfferingRequest request;
  request.set_name(offering);
  return Does(request).As<enroll::Offering>();
}

std::vector<ach::Certificate> Hanoi::CertificatesOf(const std::string& enrollment) {
  ach::ListCertificatesRequest request;
  request.set_enrollment(enrollment);
  const auto response = Does(request).As<ach::ListCertificatesResponse>();
  return {response.certificates().begin(), response.certificates().end()};
}

std::string Hanoi::RecognisesFamily(const std::string& ward, const std::string& number, int points,
                                    const Term& term) {
  auto request = FamilyRequest(ward, number, points, term);
  return Does(request).name();
}

std::string Hanoi::TriesToRecogniseFamily(const std::string& ward, const std::string& number,
                                          int points, const Term& term) {
  auto request = FamilyRequest(ward, number, points, term);
  return Tries(request);
}

void Hanoi::Renews(const std::string& recognition, int points, const std::string& decision,
                   const std::string& until) {
  ach::RenewRecognitionRequest request;
  request.set_name(recognition);
  request.set_decision(decision);
  *request.mutable_valid_to() = DateOf(until);
  request.set_score(points);
  request.set_scheme(kScheme);
  Does(request);
}

void Hanoi::EndsRecognition(const std::string& recognition, const std::string& on) {
  ach::WithdrawRecognitionRequest request;
  request.set_name(recognition);
  *request.mutable_valid_to() = DateOf(on);
  Does(request);
}

std::string Hanoi::Wins(const Win& win) {
  ach::RecordAwardRequest request;
  auto& award = *request.mutable_award();
  award.set_level(win.level);
  award.set_competition(win.competition);
  award.set_subject(win.subject);
  award.set_year(win.year);
  award.set_rank(win.rank);
  award.mutable_learners()->Assign(win.winners.begin(), win.winners.end());
  award.set_unknown_learners(win.others);
  award.set_is_team(award.learners_size() + award.unknown_learners() > 1);
  return Does(request).name();
}

void Hanoi::TakesBack(const std::string& award, const std::string& from) {
  ach::WithdrawAwardRequest request;
  request.set_name(award);
  *request.mutable_withdrawn_date() = DateOf(from);
  Does(request);
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

std::string Hanoi::Observes(const std::string& indicator, int year, double value,
                            const std::string& source) {
  rep::RecordObservationRequest request;
  auto& observation = *request.mutable_observation();
  observation.set_indicator("indicators/" + indicator);
  *observation.mutable_period_start() = DateOf(std::to_string(year) + "-01-01");
  *observation.mutable_period_end() = DateOf(std::to_string(year + 1) + "-01-01");
  observation.set_value(value);
  observation.mutable_evidence()->set_source(source);
  return Does(request).name();
}

void Hanoi::TakesObservationBack(const std::string& observation) {
  rep::WithdrawObservationRequest request;
  request.set_name(observation);
  Does(request);
}

std::string Hanoi::DraftsReport(const std::string& title, const std::string& as_of,
                                const rep::ReportSection& section) {
  rep::DraftReportRequest request;
  request.set_display_name(title);
  *request.mutable_as_of() = DateOf(as_of);
  *request.add_sections() = section;
  return Does(request).name();
}

void Hanoi::Revises(const std::string& report, const std::string& title, const std::string& as_of,
                    const rep::ReportSection& section) {
  rep::ReviseReportRequest request;
  request.set_name(report);
  request.set_display_name(title);
  *request.mutable_as_of() = DateOf(as_of);
  *request.add_sections() = section;
  Does(request);
}

void Hanoi::Finalizes(const std::string& report) {
  rep::FinalizeReportRequest request;
  request.set_name(report);
  Does(request);
}

std::string Hanoi::TriesToFinalize(const std::string& report) {
  rep::FinalizeReportRequest request;
  request.set_name(report);
  return Tries(request);
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

rep::Figure Hanoi::FigureOfUnit(const std::string& indicator, const std::string& unit,
                                const std::string& day) {
  const auto evaluation = Evaluate(indicator, day);
  for (const auto& figure : evaluation.figures()) {
    if (figure.by_unit() && figure.unit() == unit) return figure;
  }
  LEARNCITY_CHECK(false) << indicator << " has no figure of " << unit << " on " << day;
  return {};
}

std::vector<std::string> Hanoi::UnitsOf(const std::string& indicator, const std::string& day) {
  std::vector<std::string> units;
  const auto evaluation = Evaluate(indicator, day);
  for (const auto& figure : evaluation.figures()) {
    if (figure.by_unit()) units.push_back(figure.unit());
  }
  return units;
}

int64_t Hanoi::Credentials(type::v1::CredentialKind kind, const std::string& day) {
  int64_t count = 0;
  const auto evaluation = Evaluate("KF-9.3-a", day);
  for (const auto& figure : evaluation.figures()) {
    if (figure.by_credential_kind() && figure.credential_kind() == kind) count = figure.numerator();
  }
  return count;
}

size_t Hanoi::Divergences() {
  city_.Settle();
  const auto proof = Prove(city_.city(), city_.foundations());
  LEARNCITY_CHECK(proof.ok()) << std::string(proof.status().message());
  return proof->divergences();
}

}  // namespace learncity::scenarios
