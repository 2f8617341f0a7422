#include "services/reporting/domain/selection.h"

#include <algorithm>

#include "services/reporting/domain/days.h"
#include "services/reporting/domain/measure.h"

namespace learncity::reporting {
namespace {

// Children enter grade 1 in the year in which they turn six.
constexpr int kIntendedAgeBeforeGradeOne = 5;

template <class Values, class Value>
bool IsAmong(const Values& values, Value value) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

template <class Value>
bool IsIn(const std::optional<Value>& wanted, Value value) {
  return !wanted || *wanted == value;
}

bool IsIn(const Split& split, const v1::CellKey& group) {
  return IsIn(split.isced_level, group.isced_level()) && IsIn(split.sex, group.sex()) &&
         IsIn(split.center_kind, group.center_kind()) &&
         IsIn(split.credential_kind, group.credential_kind());
}

// What is always known of a cell.
bool Matches(const v1::Selection& selection, const v1::CellKey& group) {
  return IsAmong(selection.isced_levels(), group.isced_level()) &&
         IsAmong(selection.center_kinds(), group.center_kind()) &&
         IsAmong(selection.credential_kinds(), group.credential_kind()) &&
         IsAmong(selection.recognitions(), group.recognition()) &&
         group.standard_level() >= selection.standard_level_min() &&
         (selection.is_international() == type::v1::YES_NO_UNSPECIFIED ||
          (selection.is_international() == type::v1::YES_NO_YES) == group.is_international());
}

// What is asked of a cell that may not be known of it.
struct Asked {
  explicit Asked(const v1::Selection& selection)
      : grade(selection.years_over_age_min() != 0),
        birth_year(grade || selection.birth_year_known() || selection.age_min() != 0 ||
                   selection.age_max() != 0),
        disability(selection.has_disability() != type::v1::YES_NO_UNSPECIFIED),
        mode(!selection.modes().empty()),
        ownership(!selection.ownerships().empty()) {}

  bool IsKnownOf(const v1::CellKey& group) const {
    return (!grade || group.grade() != 0) && (!birth_year || group.birth_year() != 0) &&
           (!disability || group.has_disability() != type::v1::YES_NO_UNSPECIFIED) &&
           (!mode || group.mode() != type::v1::OFFERING_MODE_UNSPECIFIED) &&
           (!ownership || group.ownership() != type::v1::OWNERSHIP_UNSPECIFIED);
  }

  bool grade;
  bool birth_year;
  bool disability;
  bool mode;
  bool ownership;
};

// The year in which ages are reached: of pupils and enrollments that in which the school year
// began, else the calendar year of the figures.
int AgeYear(const v1::Selection& selection, const CellSums& cells) {
  if (HasDimension(selection.measure(), v1::CellKey::kIscedLevelFieldNumber)) {
    return SchoolYearStart(DayOf(cells.as_of()));
  }
  return YearOf(DayOf(cells.DateOf(selection.measure())));
}

bool MatchesWhatMayBeUnknown(const v1::Selection& selection, const v1::CellKey& group,
                             int age_year) {
  const int age = age_year - group.birth_year();
  return (selection.years_over_age_min() == 0 ||
          *YearsOverAge(group, age_year) >= selection.years_over_age_min()) &&
         (selection.age_min() == 0 || age >= selection.age_min()) &&
         (selection.age_max() == 0 || age <= selection.age_max()) &&
         (selection.has_disability() == type::v1::YES_NO_UNSPECIFIED ||
          selection.has_disability() == group.has_disability()) &&
         IsAmong(selection.modes(), group.mode()) &&
         IsAmong(selection.ownerships(), group.ownership());
}

// Adds groups to what a selection finds.
class Finder {
 public:
  Finder(const v1::Selection& selection, const CellSums& cells)
      : selection_(selection), asked_(selection), age_year_(AgeYear(selection, cells)) {}

  // A group that Matches.
  void Add(const v1::CellKey& group, int64_t sum, Found& found) const {
    found.known.all += sum;
    if (!asked_.IsKnownOf(group)) return;
    found.known.known += sum;
    if (MatchesWhatMayBeUnknown(selection_, group, age_year_)) found.count += sum;
  }

 private:
  const v1::Selection& selection_;
  const Asked asked_;
  const int age_year_;
};

}  // namespace

std::optional<int> YearsOverAge(const v1::CellKey& group, int school_year_start) {
  if (group.birth_year() == 0 || group.grade() == 0) return std::nullopt;
  return school_year_start - group.birth_year() - (group.grade() + kIntendedAgeBeforeGradeOne);
}

Found& Found::operator+=(const Found& other) {
  count += other.count;
  known.known += other.known.known;
  known.all += other.known.all;
  return *this;
}

Found Find(const v1::Selection& selection, const Split& split, const CellSums& cells) {
  const Finder finder(selection, cells);
  Found found;
  for (const auto& [group, sum] : cells.Of(selection.measure())) {
    if (IsIn(split, group) && Matches(selection, group)) finder.Add(group, sum, found);
  }
  return found;
}

std::map<std::string, Found> FindByUnit(const v1::Selection& selection, const CellSums& cells) {
  const Finder finder(selection, cells);
  std::map<std::string, Found> by_unit;
  for (const auto& [group, sum] : cells.Of(selection.measure())) {
    if (Matches(selection, group)) finder.Add(group, sum, by_unit[group.unit()]);
  }
  return by_unit;
}

}  // namespace learncity::reporting
