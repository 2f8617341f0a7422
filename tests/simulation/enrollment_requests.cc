// What clerks ask of enrollment.
#include "platform/calendar/calendar.h"
#include "platform/persons/papers.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/client.h"

namespace learncity::simulation {
namespace {

namespace enroll = enrollment::v1;
using namespace type::v1;

// So few that offerings are full, and so few grades that there is a class to be transferred to.
constexpr int kSeatsMax = 3;
constexpr int kGrades = 2;

google::type::Date FirstOf(int year, int month) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(1);
  return date;
}

}  // namespace

enroll::Learner Client::SomeLearner() {
  enroll::Learner learner;
  learner.set_sex(chance_.OneOf<Sex>({SEX_UNSPECIFIED, SEX_FEMALE, SEX_MALE}));
  learner.set_has_disability(
      chance_.OneOf<YesNo>({YES_NO_UNSPECIFIED, YES_NO_YES, YES_NO_NO, YES_NO_NO}));
  if (chance_.OneIn(3)) learner.set_birth_year(1960 + chance_.Below(60));
  if (Knows("units") && chance_.OneIn(3)) learner.set_unit(Some("units"));
  // Without papers, and without anything personal.
  if (chance_.OneIn(4)) return learner;
  auto& person = *learner.mutable_person();
  person.set_full_name(Concat("Nguyễn ", kCanary, " ", ++known_.made));
  if (chance_.OneIn(3)) person.set_address(Concat(kCanary, " phố ", known_.made));
  if (chance_.OneIn(3)) person.set_phone(Concat(kCanary, known_.made));
  if (chance_.OneIn(2)) {
    learner.clear_birth_year();
    *person.mutable_birth_date() = FirstOf(1960 + chance_.Below(60), 1 + chance_.Below(12));
  }
  if (!chance_.OneIn(4)) {
    person.set_national_id(Concat(kNationalIdCanary, chance_.Below(kNationalIds)));
  }
  return learner;
}

void Client::RegisterLearner() {
  enroll::RegisterLearnerRequest request;
  *request.mutable_learner() = SomeLearner();
  Ask(request);
}

void Client::UpdateLearner() {
  if (!Knows("learners")) return RegisterLearner();
  enroll::UpdateLearnerRequest request;
  enroll::Learner& learner = *request.mutable_learner();
  learner = SomeLearner();
  learner.set_name(Some("learners"));
  for (const char* path : {"sex", "unit", "has_disability"}) {
    if (chance_.OneIn(3)) request.mutable_update_mask()->add_paths(path);
  }
  // As the surface does, the year of birth goes with the birth date.
  learner.set_birth_year(persons::BirthYearOf(persons::PapersOf(learner)));
  request.mutable_update_mask()->add_paths("birth_year");
  if (!chance_.OneIn(3)) request.mutable_update_mask()->add_paths("person");
  if (chance_.OneIn(6)) request.set_etag("\"v1\"");
  Ask(request);
}

enroll::Offering Client::SomeOffering() {
  enroll::Offering offering;
  offering.set_display_name(Concat("Lớp ", ++known_.made));
  offering.set_center(Some("centers"));
  offering.set_seats(1 + chance_.Below(kSeatsMax));
  offering.set_mode(chance_.OneOf<OfferingMode>(
      {OFFERING_MODE_UNSPECIFIED, OFFERING_MODE_IN_PERSON, OFFERING_MODE_ONLINE}));
  *offering.mutable_start_date() = DateNear(60, 20);
  *offering.mutable_end_date() = DateNear(-20, 200);
  const CenterKind center = known_.kinds_of_centers[offering.center()];
  const bool school = center == CENTER_KIND_PRIMARY_SCHOOL;
  if (!school && chance_.OneIn(4)) {
    offering.set_kind(OFFERING_KIND_LITERACY_CLASS);
    offering.set_literacy_stage(chance_.OneIn(2) ? LITERACY_STAGE_1 : LITERACY_STAGE_2);
    return offering;
  }
  if (center == CENTER_KIND_COMMUNITY_LEARNING_CENTER) {
    offering.set_kind(OFFERING_KIND_COMMUNITY_COURSE);
    return offering;
  }
  offering.set_kind(school ? OFFERING_KIND_SCHOOL_CLASS : OFFERING_KIND_CONTINUING_CLASS);
  offering.set_isced_level(school ? ISCED_LEVEL_1 : ISCED_LEVEL_3);
  offering.set_grade((school ? 4 : 11) + chance_.Below(kGrades));
  offering.set_school_year("2026-2027");
  return offering;
}

void Client::OpenOffering() {
  if (!Knows("centers")) return OpenCenter();
  enroll::OpenOfferingRequest request;
  *request.mutable_offering() = SomeOffering();
  Ask(request);
}

void Client::EnrollLearner() {
  if (!Knows("learners")) return RegisterLearner();
  if (!Knows("offerings")) return OpenOffering();
  enroll::EnrollLearnerRequest request;
  request.set_learner(Some("learners"));
  // The newest is the one that everybody wants.
  request.set_offering(chance_.OneIn(2) ? known_.names["offerings"].back() : Some("offerings"));
  if (!known_.waited_for.empty() && chance_.OneIn(3)) {
    request.set_offering(chance_.OneOf(known_.waited_for));
  }
  if (chance_.OneIn(3)) *request.mutable_start_date() = DateNear(20, 60);
  request.set_joins_waitlist(!chance_.OneIn(3));
  Ask(request);
}

const std::string& Client::SomeEnrollment() {
  if (known_.waited_for.empty() || chance_.OneIn(4)) return Some("enrollments");
  const auto& here = known_.enrollments_in[chance_.OneOf(known_.waited_for)];
  // Rather an early one, which holds the seat.
  const int before = 1 + chance_.Below(static_cast<int>(here.size()));
  return here[static_cast<size_t>(chance_.Below(before))];
}

void Client::CompleteEnrollment() {
  if (!Knows("enrollments")) return EnrollLearner();
  enroll::CompleteEnrollmentRequest request;
  request.set_name(Some("enrollments"));
  if (chance_.OneIn(4)) *request.mutable_end_date() = DateNear(10, 60);
  if (chance_.OneIn(4)) request.set_etag("\"v1\"");
  Ask(request);
}

void Client::TransferEnrollment() {
  if (!Knows("enrollments")) return EnrollLearner();
  enroll::TransferEnrollmentRequest request;
  request.set_name(SomeEnrollment());
  auto suitable = known_.offerings_of[known_.programmes[request.name()]];
  std::erase(suitable, known_.offering_of[request.name()]);
  request.set_offering(suitable.empty() || chance_.OneIn(5) ? Some("offerings")
                                                            : chance_.OneOf(suitable));
  if (chance_.OneIn(4)) *request.mutable_start_date() = DateNear(10, 3);
  Ask(request);
}

void Client::WithdrawEnrollment() {
  if (!Knows("enrollments")) return EnrollLearner();
  enroll::WithdrawEnrollmentRequest request;
  request.set_name(SomeEnrollment());
  if (chance_.OneIn(4)) *request.mutable_end_date() = DateNear(10, 60);
  Ask(request);
}

void Client::EraseLearner() {
  if (!Knows("learners")) return RegisterLearner();
  enroll::EraseLearnerRequest request;
  request.set_name(Some("learners"));
  Ask(request);
}

void Client::MatchLearner() {
  if (!Knows("learners")) return RegisterLearner();
  enroll::MatchLearnerRequest request;
  request.set_name(Some("learners"));
  request.set_into(Some("learners"));
  Ask(request);
}

}  // namespace learncity::simulation
