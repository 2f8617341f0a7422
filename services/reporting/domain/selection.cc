#include "services/reporting/domain/selection.h"

#include <algorithm>

#include "services/reporting/domain/days.h"

namespace learncity::reporting {
namespace {

// Children enter grade 1 in the year in which they turn six.
constexpr int kIntendedAgeBeforeGradeOne = 5;

template <class Values, class Value>
bool IsAmong(const Values& values, Value value) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

bool IsIn(const Split& split, const CellGroup& group) {
  return (!split.isced_level || *split.isced_level == group.isced_level) &&
         (!split.sex || *split.sex == group.sex);
}

bool MatchesButForAge(const v1::Selection& selection, const CellGroup& group) {
  return IsAmong(selection.isced_levels(), group.isced_level) &&
         IsAmong(selection.center_kinds(), group.center_kind);
}

bool MatchesAge(const v1::Selection& selection, const CellGroup& group, int school_year_start) {
  if (selection.birth_year_known() && group.birth_year == 0) return false;
  if (selection.years_over_age_min() == 0) return true;
  const auto years = YearsOverAge(group, school_year_start);
  return years && *years >= selection.years_over_age_min();
}

}  // namespace

std::optional<int> YearsOverAge(const CellGroup& group, int school_year_start) {
  if (group.birth_year == 0 || group.grade == 0) return std::nullopt;
  return school_year_start - group.birth_year - (group.grade + kIntendedAgeBeforeGradeOne);
}

int64_t Count(const v1::Selection& selection, const Split& split, const CellSums& cells) {
  const int school_year_start = SchoolYearStart(DayOf(cells.as_of()));
  int64_t count = 0;
  for (const auto& [group, sum] : cells.Of(selection.measure())) {
    if (IsIn(split, group) && MatchesButForAge(selection, group) &&
        MatchesAge(selection, group, school_year_start)) {
      count += sum;
    }
  }
  return count;
}

Known CountKnown(const v1::Selection& selection, const Split& split, const CellSums& cells) {
  const bool asks_grade = selection.years_over_age_min() != 0;
  const bool asks_birth_year = asks_grade || selection.birth_year_known();
  Known counted;
  for (const auto& [group, sum] : cells.Of(selection.measure())) {
    if (!IsIn(split, group) || !MatchesButForAge(selection, group)) continue;
    counted.all += sum;
    if ((!asks_grade || group.grade != 0) && (!asks_birth_year || group.birth_year != 0)) {
      counted.known += sum;
    }
  }
  return counted;
}

}  // namespace learncity::reporting
