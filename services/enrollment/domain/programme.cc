#include "services/enrollment/domain/programme.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace learncity::enrollment::v1 {
namespace {

using namespace type::v1;

// What a kind of center holds. What is formal is held at these levels, all else outside of levels.
struct Held {
  CenterKind at;
  OfferingKind what;
  IscedLevel lowest;
  IscedLevel highest;
};

// From data/programmes/center_kinds.csv. Nothing else is held anywhere.
constexpr Held kHeld[] = {
#include "programmes/center_kinds.inc"
};

// First and last grade of a level; both 0 where a level has no grades.
struct Grades {
  IscedLevel level;
  int first;
  int last;
};

// From data/programmes/isced_levels.csv: the levels of formal offerings.
constexpr Grades kGrades[] = {
#include "programmes/isced_levels.inc"
};

// Nullptr for what is not a level of a formal offering.
const Grades* GradesOf(IscedLevel level) {
  const auto* found = std::find_if(std::begin(kGrades), std::end(kGrades),
                                   [&](const Grades& grades) { return grades.level == level; });
  return found == std::end(kGrades) ? nullptr : found;
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
  const Grades* grades = GradesOf(level);
  if (grades == nullptr)
    return absl::StrCat(what, ": give the level, ISCED_LEVEL_01 to ISCED_LEVEL_3.");
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
