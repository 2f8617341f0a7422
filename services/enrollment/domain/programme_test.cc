#include "services/enrollment/domain/programme.h"

#include <gtest/gtest.h>

#include "platform/testing/text.h"

namespace learncity::enrollment::v1 {
namespace {

using namespace type::v1;

Offering Of(const std::string& text) { return FromText<Offering>(text); }

TEST(Programme, IsHeldWhereTheKindOfCenterHoldsItsLevel) {
  const Offering grade_7 = Of("kind: OFFERING_KIND_SCHOOL_CLASS isced_level: ISCED_LEVEL_2");
  EXPECT_TRUE(IsHeldAt(CENTER_KIND_LOWER_SECONDARY_SCHOOL, grade_7));
  EXPECT_TRUE(IsHeldAt(CENTER_KIND_MULTI_LEVEL_SCHOOL, grade_7));
  EXPECT_FALSE(IsHeldAt(CENTER_KIND_PRIMARY_SCHOOL, grade_7));
  EXPECT_FALSE(IsHeldAt(CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER, grade_7));
}

TEST(Programme, OutsideOfLevelsIsHeldWhereTheKindOfCenterHoldsIt) {
  const Offering literacy = Of("kind: OFFERING_KIND_LITERACY_CLASS");
  EXPECT_TRUE(IsHeldAt(CENTER_KIND_LITERACY_PROVIDER, literacy));
  EXPECT_TRUE(IsHeldAt(CENTER_KIND_COMMUNITY_LEARNING_CENTER, literacy));
  EXPECT_FALSE(IsHeldAt(CENTER_KIND_LIBRARY, literacy));
}

TEST(Programme, OfEveryKindOfCenterHoldsSomething) {
  for (int kind = 1; kind <= CenterKind_MAX; ++kind) {
    bool holds = false;
    for (int what = 1; what <= OfferingKind_MAX; ++what) {
      for (int level = 1; level <= IscedLevel_MAX; ++level) {
        Offering offering;
        offering.set_kind(static_cast<OfferingKind>(what));
        offering.set_isced_level(static_cast<IscedLevel>(level));
        holds |= IsHeldAt(static_cast<CenterKind>(kind), offering);
      }
    }
    EXPECT_TRUE(holds) << CenterKind_Name(kind);
  }
}

TEST(Programme, HasTheGradesOfItsLevel) {
  const std::string grade =
      "kind: OFFERING_KIND_SCHOOL_CLASS school_year: '2026-2027' isced_level: ISCED_LEVEL_2 "
      "grade: ";
  EXPECT_EQ(ProgrammeProblem(Of(grade + "6")), "");
  EXPECT_EQ(ProgrammeProblem(Of(grade + "9")), "");
  EXPECT_NE(ProgrammeProblem(Of(grade + "5")), "");
  EXPECT_NE(ProgrammeProblem(Of(grade + "10")), "");
}

}  // namespace
}  // namespace learncity::enrollment::v1
