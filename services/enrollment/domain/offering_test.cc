#include "services/enrollment/domain/offering.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/testing/scenario.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment::v1 {
namespace {

using namespace type::v1;

std::string CenterOf(CenterKind kind) {
  return absl::StrCat("centers/01980000-0000-7000-8000-0000000000", 10 + kind);
}

// A center that is open from January 2025 to June 2027.
registry::v1::CenterEvent CenterOpened(CenterKind kind) {
  auto event = FromText<registry::v1::CenterEvent>(R"pb(
    opened {
      center {
        valid_from { year: 2025 month: 1 day: 1 }
        valid_to { year: 2027 month: 7 day: 1 }
      }
    }
  )pb");
  event.mutable_opened()->mutable_center()->set_name(CenterOf(kind));
  event.mutable_opened()->mutable_center()->set_kind(kind);
  return event;
}

// There is a center of every kind; it is August 1st.
class OpenOffering : public testing::Test {
 protected:
  OpenOffering() {
    for (int kind = CENTER_KIND_UNSPECIFIED; kind <= CenterKind_MAX; ++kind) {
      s.Given(CenterOf(CenterKind(kind)), CenterOpened(CenterKind(kind)));
    }
    s.At("2026-08-01T01:00:00Z");
  }

  static OpenOfferingRequest At(CenterKind center, const std::string& programme) {
    OpenOfferingRequest request;
    Offering& offering = *request.mutable_offering();
    offering = FromText<Offering>(programme);
    offering.set_display_name("A");
    offering.set_center(CenterOf(center));
    offering.set_seats(45);
    *offering.mutable_start_date() = DateOf("2026-09-05");
    *offering.mutable_end_date() = DateOf("2027-05-31");
    return request;
  }
  static OpenOfferingRequest GradeTen() {
    return At(CENTER_KIND_UPPER_SECONDARY_SCHOOL, R"pb(
      kind: OFFERING_KIND_SCHOOL_CLASS
      isced_level: ISCED_LEVEL_3
      grade: 10
      school_year: "2026-2027"
    )pb");
  }
  static OpenOfferingRequest Nursery() {
    return At(CENTER_KIND_PRESCHOOL, R"pb(
      kind: OFFERING_KIND_SCHOOL_CLASS
      isced_level: ISCED_LEVEL_02
      school_year: "2026-2027"
    )pb");
  }
  static OpenOfferingRequest Sewing() {
    return At(CENTER_KIND_COMMUNITY_LEARNING_CENTER, "kind: OFFERING_KIND_COMMUNITY_COURSE");
  }
  static OpenOfferingRequest Reading() {
    return At(CENTER_KIND_LITERACY_PROVIDER, R"pb(
      kind: OFFERING_KIND_LITERACY_CLASS
      literacy_stage: LITERACY_STAGE_1
    )pb");
  }

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
  EXPECT_EQ(s.Get<Offering>(s.New("offerings")).isced_level(), ISCED_LEVEL_NON_FORMAL);
}

TEST_F(OpenOffering, IsRefusedWhenAClassHasNoLevel) {
  auto request = GradeTen();
  request.mutable_offering()->clear_isced_level();
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenAClassIsOutsideTheLevels) {
  auto request = GradeTen();
  request.mutable_offering()->set_isced_level(ISCED_LEVEL_NON_FORMAL);
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
  request.mutable_offering()->set_kind(OFFERING_KIND_CONTINUING_CLASS);
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenACourseHasALevel) {
  auto request = Sewing();
  request.mutable_offering()->set_isced_level(ISCED_LEVEL_3);
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenACourseHasAGrade) {
  auto request = Sewing();
  request.mutable_offering()->set_grade(3);
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, AddsALiteracyClassOfAStage) {
  EXPECT_FALSE(s.When<OpenOfferingCase>(Reading()).refused());
  EXPECT_EQ(s.Get<Offering>(s.New("offerings")).literacy_stage(), LITERACY_STAGE_1);
}

TEST_F(OpenOffering, IsRefusedWhenALiteracyClassHasNoStage) {
  auto request = Reading();
  request.mutable_offering()->clear_literacy_stage();
  s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
}

TEST_F(OpenOffering, IsRefusedWhenAnotherKindHasAStage) {
  for (auto request : {GradeTen(), Sewing()}) {
    request.mutable_offering()->set_literacy_stage(LITERACY_STAGE_1);
    s.When<OpenOfferingCase>(request).ThenRefused(PROGRAMME_INCOMPLETE);
  }
}

// Written out once more, by kind of center: what is not here is held nowhere.
TEST_F(OpenOffering, IsHeldAtCentersOfItsKind) {
  const std::map<CenterKind, std::set<std::string>> held = {
      {CENTER_KIND_PRESCHOOL, {"school 01", "school 02"}},
      {CENTER_KIND_PRIMARY_SCHOOL, {"school 1"}},
      {CENTER_KIND_LOWER_SECONDARY_SCHOOL, {"school 2"}},
      {CENTER_KIND_UPPER_SECONDARY_SCHOOL, {"school 3"}},
      {CENTER_KIND_MULTI_LEVEL_SCHOOL, {"school 1", "school 2", "school 3"}},
      {CENTER_KIND_COMMUNITY_LEARNING_CENTER, {"community", "literacy"}},
      {CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER,
       {"continuing 1", "continuing 2", "continuing 3", "vocational", "literacy"}},
      {CENTER_KIND_VOCATIONAL_INSTITUTION, {"vocational"}},
      {CENTER_KIND_LITERACY_PROVIDER, {"literacy"}},
      {CENTER_KIND_LIBRARY, {"community"}},
      {CENTER_KIND_CULTURE_HOUSE, {"community"}}};
  const std::string year = " school_year: '2026-2027'";
  const std::map<std::string, std::string> programmes = {
      {"school 01", "kind: OFFERING_KIND_SCHOOL_CLASS isced_level: ISCED_LEVEL_01" + year},
      {"school 02", "kind: OFFERING_KIND_SCHOOL_CLASS isced_level: ISCED_LEVEL_02" + year},
      {"school 1", "kind: OFFERING_KIND_SCHOOL_CLASS isced_level: ISCED_LEVEL_1 grade: 1" + year},
      {"school 2", "kind: OFFERING_KIND_SCHOOL_CLASS isced_level: ISCED_LEVEL_2 grade: 6" + year},
      {"school 3", "kind: OFFERING_KIND_SCHOOL_CLASS isced_level: ISCED_LEVEL_3 grade: 10" + year},
      {"continuing 1",
       "kind: OFFERING_KIND_CONTINUING_CLASS isced_level: ISCED_LEVEL_1 grade: 5" + year},
      {"continuing 2",
       "kind: OFFERING_KIND_CONTINUING_CLASS isced_level: ISCED_LEVEL_2 grade: 9" + year},
      {"continuing 3",
       "kind: OFFERING_KIND_CONTINUING_CLASS isced_level: ISCED_LEVEL_3 grade: 12" + year},
      {"community", "kind: OFFERING_KIND_COMMUNITY_COURSE isced_level: ISCED_LEVEL_NON_FORMAL"},
      {"literacy", "kind: OFFERING_KIND_LITERACY_CLASS literacy_stage: LITERACY_STAGE_POST"},
      {"vocational", "kind: OFFERING_KIND_VOCATIONAL_COURSE"}};
  for (int kind = CENTER_KIND_UNSPECIFIED; kind <= CenterKind_MAX; ++kind) {
    const auto found = held.find(CenterKind(kind));
    for (const auto& [word, programme] : programmes) {
      SCOPED_TRACE(absl::StrCat(CenterKind_Name(kind), ", ", word));
      const auto outcome = s.When<OpenOfferingCase>(At(CenterKind(kind), programme));
      if (found != held.end() && found->second.contains(word)) {
        EXPECT_FALSE(outcome.refused());
      } else {
        outcome.ThenRefused(KIND_NOT_HELD);
      }
    }
  }
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

TEST_F(OpenOffering, IsRefusedOnceTheCenterIsKnownToClose) {
  const std::string center = Sewing().offering().center();
  s.Given(center, FromText<registry::v1::CenterEvent>(
                      "closed { valid_to { year: 2027 month: 5 day: 31 } }"));
  s.When<OpenOfferingCase>(Sewing()).ThenRefused(CENTER_NOT_OPEN);
}

TEST_F(OpenOffering, DoesNotMindThatTheCenterHasMoved) {
  const std::string center = Sewing().offering().center();
  s.Given(center, FromText<registry::v1::CenterEvent>("moved { placement {} }"));
  EXPECT_FALSE(s.When<OpenOfferingCase>(Sewing()).refused());
}

TEST_F(OpenOffering, IsRefusedWhenTheCenterIsUnknown) {
  auto request = Sewing();
  request.mutable_offering()->set_center("centers/01980000-0000-7000-8000-0000000000ff");
  s.When<OpenOfferingCase>(request).ThenNotFound(request.offering().center());
}

}  // namespace
}  // namespace learncity::enrollment::v1
