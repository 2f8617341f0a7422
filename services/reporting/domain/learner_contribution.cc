#include <optional>
#include <set>

#include "services/reporting/domain/contribution.h"
#include "services/reporting/domain/days.h"
#include "services/reporting/domain/facts.h"
#include "services/reporting/domain/stretches.h"

namespace learncity::reporting {
namespace {

v1::CellKey GroupOf(v1::Measure measure, const v1::LearnerFact& fact) {
  v1::CellKey group;
  group.set_measure(measure);
  group.set_sex(fact.sex());
  return group;
}

bool IsHeld(const v1::Seat& seat) { return seat.from_day() < seat.to_day(); }

// The grade at a level on a day, if a seat of that level is held then.
std::optional<int> GradeOn(const v1::LearnerFact& fact, type::v1::IscedLevel level, int day) {
  std::optional<int> grade;
  for (const v1::Seat& seat : fact.seats()) {
    if (IsFormal(seat) && seat.isced_level() == level && seat.from_day() <= day &&
        day < seat.to_day()) {
      grade = seat.grade();
    }
  }
  return grade;
}

void AddLevel(const v1::LearnerFact& fact, type::v1::IscedLevel level, Tally& tally) {
  std::set<int> turning_days;
  for (const v1::Seat& seat : fact.seats()) {
    if (IsFormal(seat) && seat.isced_level() == level) {
      turning_days.insert({seat.from_day(), seat.to_day()});
    }
  }
  v1::CellKey group = GroupOf(v1::MEASURE_PUPILS, fact);
  group.set_isced_level(level);
  group.set_birth_year(fact.birth_year());
  std::optional<int> held;
  int since = 0;
  for (const int day : turning_days) {
    if (held) {
      group.set_grade(*held);
      tally.Add(group, {since, day});
    }
    held = GradeOn(fact, level, day);
    since = day;
  }
}

void AddPupils(const v1::LearnerFact& fact, Tally& tally) {
  std::set<type::v1::IscedLevel> levels;
  for (const v1::Seat& seat : fact.seats()) {
    if (IsFormal(seat)) levels.insert(seat.isced_level());
  }
  for (const auto level : levels) AddLevel(fact, level, tally);
}

void AddParticipation(const v1::LearnerFact& fact, Tally& tally) {
  std::vector<Span> months;
  for (const v1::Seat& seat : fact.seats()) {
    if (!IsHeld(seat)) continue;
    months.emplace_back(MonthNumber(DayOfNumber(seat.from_day())),
                        MonthNumber(DayOfNumber(seat.to_day() - 1)) + kMonthsAfterRun + 1);
  }
  v1::CellKey group = GroupOf(v1::MEASURE_PARTICIPANTS, fact);
  group.set_birth_year(fact.birth_year());
  group.set_has_disability(fact.has_disability());
  group.set_is_disadvantaged(fact.is_disadvantaged());
  for (const Span& span : UnionOf(std::move(months))) tally.Add(group, span);
}

void AddLiteracy(const v1::LearnerFact& fact, Tally& tally) {
  std::vector<Span> years;
  for (const v1::Seat& seat : fact.seats()) {
    if (seat.kind() != type::v1::OFFERING_KIND_LITERACY_CLASS || !IsHeld(seat)) continue;
    years.emplace_back(YearOf(DayOfNumber(seat.from_day())),
                       YearOf(DayOfNumber(seat.to_day() - 1)) + 1);
  }
  v1::CellKey group = GroupOf(v1::MEASURE_LITERACY_LEARNERS, fact);
  group.set_birth_year(fact.birth_year());
  for (const Span& span : UnionOf(std::move(years))) tally.Add(group, span);
}

void AddEnrollments(const v1::LearnerFact& fact, Tally& tally) {
  v1::CellKey group = GroupOf(v1::MEASURE_ENROLLMENTS, fact);
  for (const v1::Seat& seat : fact.seats()) {
    if (!IsHeld(seat)) continue;
    group.set_mode(seat.mode());
    const int school_year = SchoolYearStart(DayOfNumber(seat.from_day()));
    tally.Add(group, {school_year, school_year + 1});
  }
}

void AddCredentials(const v1::LearnerFact& fact, Tally& tally) {
  v1::CellKey group = GroupOf(v1::MEASURE_CREDENTIALS, fact);
  for (const v1::Credential& credential : fact.credentials()) {
    group.set_credential_kind(credential.kind());
    tally.Add(group, {credential.year(), credential.year() + 1});
  }
}

}  // namespace

Contributions Contribution(const v1::LearnerFact& fact) {
  Tally tally;
  AddPupils(fact, tally);
  AddParticipation(fact, tally);
  AddLiteracy(fact, tally);
  AddEnrollments(fact, tally);
  AddCredentials(fact, tally);
  return std::move(tally).Take();
}

}  // namespace learncity::reporting
