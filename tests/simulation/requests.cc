// What the clients of a history ask for.
#include <algorithm>

#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/client.h"

namespace learncity::simulation {
namespace {

namespace enroll = enrollment::v1;
using google::protobuf::Message;
using namespace type::v1;

constexpr int kUnitCodes = 6;
constexpr int kSeatsMax = 3;

google::type::Date AsDate(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

}  // namespace

google::type::Date Client::DayNear(int days_before, int days_after) {
  return ToDate(Today(world_.now()) +
                std::chrono::days(chance_.Below(days_before + days_after + 1) - days_before));
}

void Client::OpenUnit() {
  registry::v1::OpenUnitRequest request;
  auto& unit = *request.mutable_unit();
  unit.set_code(Concat("0000", chance_.Below(kUnitCodes)));
  unit.set_display_name(Concat("Phường ", ++made_));
  unit.set_type(registry::v1::UNIT_TYPE_WARD);
  *unit.mutable_valid_from() = AsDate(2025, 7, 1);
  if (chance_.OneIn(5)) *unit.mutable_valid_to() = DayNear(10, 100);
  Ask(request);
}

void Client::OpenCenter() {
  if (units_.empty()) return OpenUnit();
  registry::v1::OpenCenterRequest request;
  auto& center = *request.mutable_center();
  center.set_display_name(Concat("Trung tâm ", ++made_));
  center.set_kind(
      chance_.OneOf<CenterKind>({CENTER_KIND_COMMUNITY_LEARNING_CENTER, CENTER_KIND_PRIMARY_SCHOOL,
                                 CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER}));
  center.set_unit(chance_.OneOf(units_));
  *center.mutable_valid_from() = AsDate(2025, 7 + chance_.Below(3), 1);
  if (chance_.OneIn(5)) *center.mutable_valid_to() = DayNear(10, 400);
  Ask(request);
}

enroll::Learner Client::SomeLearner() {
  enroll::Learner learner;
  learner.set_sex(chance_.OneOf<Sex>({SEX_UNSPECIFIED, SEX_FEMALE, SEX_MALE}));
  if (chance_.OneIn(3)) learner.set_birth_year(1960 + chance_.Below(60));
  if (!units_.empty() && chance_.OneIn(3)) learner.set_unit(chance_.OneOf(units_));
  // Without papers, and without anything personal.
  if (chance_.OneIn(4)) return learner;
  auto& person = *learner.mutable_person();
  person.set_full_name(Concat("Nguyễn ", kCanary, " ", ++made_));
  if (chance_.OneIn(3)) person.set_address(Concat(kCanary, " phố ", made_));
  if (chance_.OneIn(3)) person.set_phone(Concat(kCanary, made_));
  if (chance_.OneIn(2)) {
    learner.clear_birth_year();
    *person.mutable_birth_date() = AsDate(1960 + chance_.Below(60), 1 + chance_.Below(12), 1);
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

enroll::Offering Client::SomeOffering() {
  enroll::Offering offering;
  offering.set_display_name(Concat("Lớp ", ++made_));
  offering.set_center(chance_.OneOf(centers_));
  offering.set_seats(1 + chance_.Below(kSeatsMax));
  *offering.mutable_start_date() = DayNear(60, 20);
  *offering.mutable_end_date() = DayNear(-20, 200);
  const CenterKind center = kinds_of_centers_[offering.center()];
  if (center == CENTER_KIND_COMMUNITY_LEARNING_CENTER) {
    offering.set_kind(OFFERING_KIND_COMMUNITY_COURSE);
    return offering;
  }
  const bool upper = center == CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER;
  offering.set_kind(upper ? OFFERING_KIND_CONTINUING_CLASS : OFFERING_KIND_SCHOOL_CLASS);
  offering.set_isced_level(upper ? ISCED_LEVEL_3 : ISCED_LEVEL_1);
  offering.set_grade(upper ? 10 + chance_.Below(3) : 1 + chance_.Below(5));
  offering.set_school_year("2026-2027");
  return offering;
}

void Client::OpenOffering() {
  if (centers_.empty()) return OpenCenter();
  enroll::OpenOfferingRequest request;
  *request.mutable_offering() = SomeOffering();
  Ask(request);
}

void Client::EnrollLearner() {
  if (learners_.empty()) return RegisterLearner();
  if (offerings_.empty()) return OpenOffering();
  enroll::EnrollLearnerRequest request;
  request.set_learner(chance_.OneOf(learners_));
  // The newest is the one that everybody wants.
  request.set_offering(chance_.OneIn(2) ? offerings_.back() : chance_.OneOf(offerings_));
  if (chance_.OneIn(4)) *request.mutable_start_date() = DayNear(30, 30);
  Ask(request);
}

void Client::CompleteEnrollment() {
  if (enrollments_.empty()) return EnrollLearner();
  enroll::CompleteEnrollmentRequest request;
  request.set_name(chance_.OneOf(enrollments_));
  if (chance_.OneIn(4)) *request.mutable_end_date() = DayNear(10, 60);
  if (chance_.OneIn(4)) request.set_etag("\"v1\"");
  Ask(request);
}

void Client::WithdrawEnrollment() {
  if (enrollments_.empty()) return EnrollLearner();
  enroll::WithdrawEnrollmentRequest request;
  request.set_name(chance_.OneOf(enrollments_));
  if (chance_.OneIn(4)) *request.mutable_end_date() = DayNear(10, 60);
  Ask(request);
}

void Client::EraseLearner() {
  if (learners_.empty()) return RegisterLearner();
  enroll::EraseLearnerRequest request;
  request.set_name(chance_.OneOf(learners_));
  Ask(request);
}

std::shared_ptr<const Message> Client::Changed(const Message& request) {
  std::shared_ptr<Message> changed(request.New());
  changed->CopyFrom(request);
  if (auto* unit = dynamic_cast<registry::v1::OpenUnitRequest*>(changed.get())) {
    unit->mutable_unit()->set_display_name(Concat("Xã ", ++made_));
  } else if (auto* center = dynamic_cast<registry::v1::OpenCenterRequest*>(changed.get())) {
    center->mutable_center()->set_display_name(Concat("Trường ", ++made_));
  } else if (auto* learner = dynamic_cast<enroll::RegisterLearnerRequest*>(changed.get())) {
    *learner->mutable_learner() = SomeLearner();
  } else if (auto* offering = dynamic_cast<enroll::OpenOfferingRequest*>(changed.get())) {
    offering->mutable_offering()->set_display_name(Concat("Nhóm ", ++made_));
  } else if (auto* enrolling = dynamic_cast<enroll::EnrollLearnerRequest*>(changed.get())) {
    enrolling->set_learner(chance_.OneOf(learners_));
  } else if (auto* completing = dynamic_cast<enroll::CompleteEnrollmentRequest*>(changed.get())) {
    *completing->mutable_end_date() = DayNear(10, 60);
  }
  return changed;
}

}  // namespace learncity::simulation
