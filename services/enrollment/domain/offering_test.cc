#include "services/enrollment/domain/offering.h"

#include <gtest/gtest.h>

#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/testing/scenario.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment::v1 {
namespace {

constexpr char kCenter[] = "centers/01980000-0000-7000-8000-0000000000c1";

// A center that is open from January 2025 to June 2027.
registry::v1::CenterEvent CenterOpened() {
  return FromText<registry::v1::CenterEvent>(R"pb(
    opened {
      center {
        name: "centers/01980000-0000-7000-8000-0000000000c1"
        valid_from { year: 2025 month: 1 day: 1 }
        valid_to { year: 2027 month: 7 day: 1 }
      }
    }
  )pb");
}

class OpenOffering : public testing::Test {
 protected:
  OpenOffering() { s.Given(kCenter, CenterOpened()).At("2026-08-01T01:00:00Z"); }

  static OpenOfferingRequest From(const std::string& programme) {
    OpenOfferingRequest request;
    Offering& offering = *request.mutable_offering();
    offering = FromText<Offering>(programme);
    offering.set_display_name("A");
    offering.set_center(kCenter);
    offering.set_seats(45);
    *offering.mutable_start_date() = DateOf("2026-09-05");
    *offering.mutable_end_date() = DateOf("2027-05-31");
    return request;
  }
  static OpenOfferingRequest GradeTen() {
    return From(R"pb(
      kind: OFFERING_KIND_SCHOOL_CLASS
      isced_level: ISCED_LEVEL_3
      grade: 10
      school_year: "2026-2027"
    )pb");
  }
  static OpenOfferingRequest Nursery() {
    return From(R"pb(
      kind: OFFERING_KIND_SCHOOL_CLASS
      isced_level: ISCED_LEVEL_02
      school_year: "2026-2027"
    )pb");
  }
  static OpenOfferingRequest Sewing() { return From("kind: OFFERING_KIND_COMMUNITY_COURSE"); }

  Scenario s{EnrollmentSchema()};
};

TEST_F(OpenOffering, AddsASchoolClass) {
  const auto outcome = s.When<OpenOfferingCase>(GradeTen());
  OfferingEvent event;
  Offering& opened = *event.mutable_opened()->mutable_offering();
  opened = GradeTen().offering();
  opened.set_name(s.New("offerings"));
  opened.set_state(Offering::STATE_OPEN);
  opened.mutable_create_time()->set_seconds(1785546000);
  outcome.Then({{s.New("offerings"), event}});
}

TEST_F(OpenOffering, AddsAPreschoolClassWithoutGrade) {
  EXPECT_FALSE(s.When<OpenOfferingCase>(Nursery()).refused());
}

TEST_F(OpenOffering, PutsACourseOutsideTheLevels) {
  EXPECT_FALSE(s.When<OpenOfferingCase>(Sewing()).refused());
  EXPECT_EQ(s.Get<Offering>(s.New("offerings")).isced_level(), type::v1::ISCED_LEVEL_NON_FORMAL);
}

TEST_F(OpenOffering, IsRefusedWhenAClassHasNoLevel) {
  auto request = GradeTen();
  request.mutable_offering()->clear_isced_level();
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenAClassIsOutsideTheLevels) {
  auto request = GradeTen();
  request.mutable_offering()->set_isced_level(type::v1::ISCED_LEVEL_NON_FORMAL);
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenAClassHasNoGrade) {
  auto request = GradeTen();
  request.mutable_offering()->clear_grade();
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenTheGradeIsOfAnotherLevel) {
  for (const int grade : {1, 9}) {
    auto request = GradeTen();
    request.mutable_offering()->set_grade(grade);
    s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
  }
}

TEST_F(OpenOffering, IsRefusedWhenAPreschoolClassHasAGrade) {
  auto request = Nursery();
  request.mutable_offering()->set_grade(1);
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenAClassHasNoSchoolYear) {
  auto request = GradeTen();
  request.mutable_offering()->clear_school_year();
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenAContinuingClassIsAPreschool) {
  auto request = Nursery();
  request.mutable_offering()->set_kind(type::v1::OFFERING_KIND_CONTINUING_CLASS);
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenACourseHasALevel) {
  auto request = Sewing();
  request.mutable_offering()->set_isced_level(type::v1::ISCED_LEVEL_3);
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenACourseHasAGrade) {
  auto request = Sewing();
  request.mutable_offering()->set_grade(3);
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenItEndsBeforeItBegins) {
  auto request = Sewing();
  *request.mutable_offering()->mutable_end_date() = DateOf("2026-09-04");
  s.When<OpenOfferingCase>(request).ThenRefused(PERIOD_EMPTY);
}

TEST_F(OpenOffering, MayLastOneDay) {
  auto request = Sewing();
  *request.mutable_offering()->mutable_end_date() = request.offering().start_date();
  EXPECT_FALSE(s.When<OpenOfferingCase>(request).refused());
}

TEST_F(OpenOffering, IsRefusedWhenTheCenterIsNotOpenYet) {
  auto request = Sewing();
  *request.mutable_offering()->mutable_start_date() = DateOf("2024-12-31");
  s.When<OpenOfferingCase>(request).ThenRefused(CENTER_NOT_OPEN);
}

TEST_F(OpenOffering, IsRefusedWhenTheCenterClosesBeforeItEnds) {
  auto request = Sewing();
  *request.mutable_offering()->mutable_end_date() = DateOf("2027-06-30");
  EXPECT_FALSE(s.When<OpenOfferingCase>(request).refused());
  *request.mutable_offering()->mutable_end_date() = DateOf("2027-07-01");
  s.When<OpenOfferingCase>(request).ThenRefused(CENTER_NOT_OPEN);
}

TEST_F(OpenOffering, IsRefusedWhenTheCenterIsUnknown) {
  auto request = Sewing();
  request.mutable_offering()->set_center("centers/01980000-0000-7000-8000-0000000000ff");
  s.When<OpenOfferingCase>(request).ThenNotFound(request.offering().center());
}

}  // namespace
}  // namespace learncity::enrollment::v1
