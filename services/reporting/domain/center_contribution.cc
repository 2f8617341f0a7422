#include <algorithm>
#include <set>
#include <string>

#include "services/reporting/domain/contribution.h"
#include "services/reporting/domain/days.h"
#include "services/reporting/domain/stretches.h"

namespace learncity::reporting {
namespace {

bool IsLearningSpace(type::v1::CenterKind kind) {
  return kind == type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER ||
         kind == type::v1::CENTER_KIND_LIBRARY || kind == type::v1::CENTER_KIND_CULTURE_HOUSE;
}

// The unit in which the center stands at the end of a day: empty where registry has not told.
std::string UnitOn(const v1::CenterFact& fact, int day) {
  std::string unit;
  for (const v1::Place& place : fact.places()) {
    if (unit.empty() || place.from_day() <= day) unit = place.unit();
  }
  return unit;
}

int StandardOn(const v1::CenterFact& fact, int day) {
  int level = 0;
  for (const v1::Standard& standard : fact.standards()) {
    if (standard.from_day() <= day && day < standard.to_day()) {
      level = std::max(level, standard.level());
    }
  }
  return level;
}

// The months at the end of which the space functions.
std::vector<Span> FunctioningMonths(const v1::CenterFact& fact) {
  std::vector<Span> months;
  for (const v1::Run& run : fact.runs()) {
    Span span{run.from_month(), run.to_month() + kMonthsAfterRun + 1};
    span.first = std::max(span.first, MonthNumber(DayOfNumber(fact.open_from_day())));
    // A center that closes within a month is not open at the end of it.
    if (fact.open_to_day() != 0) {
      span.second = std::min(span.second, MonthNumber(DayOfNumber(fact.open_to_day())));
    }
    months.push_back(span);
  }
  return UnionOf(std::move(months));
}

void AddFunctioning(const v1::CenterFact& fact, Tally& tally) {
  if (!IsLearningSpace(fact.kind())) return;
  v1::CellKey group;
  group.set_measure(v1::MEASURE_FUNCTIONING_SPACES);
  group.set_center_kind(fact.kind());
  for (const Span& span : FunctioningMonths(fact)) {
    std::set<int> turning = {span.first, span.second};
    for (const v1::Place& place : fact.places()) {
      const int month = MonthNumber(DayOfNumber(place.from_day()));
      if (span.first < month && month < span.second) turning.insert(month);
    }
    for (auto from = turning.begin(), to = std::next(from); to != turning.end(); from = to++) {
      group.set_unit(UnitOn(fact, DayNumber(LastDayOfMonth(*from))));
      tally.Add(group, {*from, *to});
    }
  }
}

void AddOpen(const v1::CenterFact& fact, Tally& tally) {
  if (fact.kind() == type::v1::CENTER_KIND_UNSPECIFIED) return;
  const bool closes = fact.open_to_day() != 0;
  std::set<int> turning = {fact.open_from_day()};
  for (const v1::Place& place : fact.places()) turning.insert(place.from_day());
  for (const v1::Standard& standard : fact.standards()) {
    turning.insert({standard.from_day(), standard.to_day()});
  }
  std::erase_if(turning, [&](int day) {
    return day < fact.open_from_day() || (closes && day >= fact.open_to_day());
  });
  v1::CellKey group;
  group.set_measure(v1::MEASURE_CENTERS);
  group.set_center_kind(fact.kind());
  group.set_ownership(fact.ownership());
  for (auto from = turning.begin(); from != turning.end(); ++from) {
    group.set_unit(UnitOn(fact, *from));
    group.set_standard_level(StandardOn(fact, *from));
    if (const auto to = std::next(from); to != turning.end()) {
      tally.Add(group, {*from, *to});
    } else if (closes) {
      tally.Add(group, {*from, fact.open_to_day()});
    } else {
      tally.AddFrom(group, *from);
    }
  }
}

}  // namespace

Contributions Contribution(const v1::CenterFact& fact) {
  Tally tally;
  AddFunctioning(fact, tally);
  AddOpen(fact, tally);
  return std::move(tally).Take();
}

}  // namespace learncity::reporting
