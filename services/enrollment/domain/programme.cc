#include "services/enrollment/domain/programme.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"

namespace learncity::enrollment::v1 {
namespace {

using namespace type::v1;

// What a kind of center holds. What is formal is held at these levels.
struct Held {
  CenterKind at;
  OfferingKind what;
  IscedLevel lowest = ISCED_LEVEL_NON_FORMAL;
  IscedLevel highest = ISCED_LEVEL_NON_FORMAL;
};

// Nothing else is held anywhere.
constexpr Held kHeld[] = {
    {CENTER_KIND_PRESCHOOL, OFFERING_KIND_SCHOOL_CLASS, ISCED_LEVEL_01, ISCED_LEVEL_02},
    {CENTER_KIND_PRIMARY_SCHOOL, OFFERING_KIND_SCHOOL_CLASS, ISCED_LEVEL_1, ISCED_LEVEL_1},
    {CENTER_KIND_LOWER_SECONDARY_SCHOOL, OFFERING_KIND_SCHOOL_CLASS, ISCED_LEVEL_2, ISCED_LEVEL_2},
    {CENTER_KIND_UPPER_SECONDARY_SCHOOL, OFFERING_KIND_SCHOOL_CLASS, ISCED_LEVEL_3, ISCED_LEVEL_3},
    {CENTER_KIND_MULTI_LEVEL_SCHOOL, OFFERING_KIND_SCHOOL_CLASS, ISCED_LEVEL_1, ISCED_LEVEL_3},
    {CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER, OFFERING_KIND_CONTINUING_CLASS,
     ISCED_LEVEL_1, ISCED_LEVEL_3},
    {CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER, OFFERING_KIND_VOCATIONAL_COURSE},
    {CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER, OFFERING_KIND_LITERACY_CLASS},
    {CENTER_KIND_COMMUNITY_LEARNING_CENTER, OFFERING_KIND_COMMUNITY_COURSE},
    {CENTER_KIND_COMMUNITY_LEARNING_CENTER, OFFERING_KIND_LITERACY_CLASS},
    {CENTER_KIND_VOCATIONAL_INSTITUTION, OFFERING_KIND_VOCATIONAL_COURSE},
    {CENTER_KIND_LITERACY_PROVIDER, OFFERING_KIND_LITERACY_CLASS},
    {CENTER_KIND_LIBRARY, OFFERING_KIND_COMMUNITY_COURSE},
    {CENTER_KIND_CULTURE_HOUSE, OFFERING_KIND_COMMUNITY_COURSE},
};

// First and last grade of a level; both 0 where a level has no grades.
struct Grades {
  int first;
  int last;
};

// Nullopt for what is not a level of a formal offering.
std::optional<Grades> GradesOf(IscedLevel level) {
  switch (level) {
    case ISCED_LEVEL_01:
    case ISCED_LEVEL_02:
      return Grades{0, 0};
    case ISCED_LEVEL_1:
      return Grades{1, 5};
    case ISCED_LEVEL_2:
      return Grades{6, 9};
    case ISCED_LEVEL_3:
      return Grades{10, 12};
    default:
      return std::nullopt;
  }
}

}  // namespace

bool IsFormal(const Offering& offering) {
  return offering.kind() == OFFERING_KIND_SCHOOL_CLASS ||
         offering.kind() == OFFERING_KIND_CONTINUING_CLASS;
}

std::string ProgrammeProblem(const Offering& offering) {
  const IscedLevel level = offering.isced_level();
  const std::string what = absl::StrCat(OfferingKind_Name(offering.kind()), " with ",
                                        IscedLevel_Name(level), ", grade ", offering.grade());
  const bool has_stage = offering.literacy_stage() != LITERACY_STAGE_UNSPECIFIED;
  if (has_stage != (offering.kind() == OFFERING_KIND_LITERACY_CLASS)) {
    return absl::StrCat(what, has_stage ? ": only a literacy class has a literacy_stage."
                                        : ": give the literacy_stage.");
  }
  if (!IsFormal(offering)) {
    const bool outside_levels = level == ISCED_LEVEL_UNSPECIFIED || level == ISCED_LEVEL_NON_FORMAL;
    if (outside_levels && offering.grade() == 0) return "";
    return absl::StrCat(what, ": an offering that is not formal has neither level nor grade.");
  }
  const auto grades = GradesOf(level);
  if (!grades) return absl::StrCat(what, ": give the level, ISCED_LEVEL_01 to ISCED_LEVEL_3.");
  if (grades->last == 0 && offering.grade() != 0) {
    return absl::StrCat(what, ": the level has no grades.");
  }
  if (offering.grade() < grades->first || offering.grade() > grades->last) {
    return absl::StrCat(what, ": the level has grades ", grades->first, " to ", grades->last, ".");
  }
  if (offering.grade() == 0 && offering.kind() == OFFERING_KIND_CONTINUING_CLASS) {
    return absl::StrCat(what, ": continuing education leads to grades 1 to 12.");
  }
  if (offering.school_year().empty()) return absl::StrCat(what, ": give the school year.");
  return "";
}

bool IsHeldAt(CenterKind center, const Offering& offering) {
  const IscedLevel level = IsFormal(offering) ? offering.isced_level() : ISCED_LEVEL_NON_FORMAL;
  return std::any_of(std::begin(kHeld), std::end(kHeld), [&](const Held& held) {
    return held.at == center && held.what == offering.kind() && held.lowest <= level &&
           level <= held.highest;
  });
}

bool IsSameProgramme(const Offering& one, const Offering& other) {
  return one.kind() == other.kind() && one.isced_level() == other.isced_level() &&
         one.grade() == other.grade() && one.school_year() == other.school_year() &&
         one.literacy_stage() == other.literacy_stage();
}

}  // namespace learncity::enrollment::v1
