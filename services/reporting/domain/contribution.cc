#include "services/reporting/domain/contribution.h"

#include <algorithm>
#include <optional>
#include <set>

#include "services/reporting/domain/cell.h"
#include "services/reporting/domain/days.h"

namespace learncity::reporting {
namespace {

constexpr int kMonthsAfterRun = 11;

void Add(Contributions& all, const v1::CellKey& group, int time, int count) {
  v1::Contribution& one = all.emplace_back();
  *one.mutable_key() = group;
  one.mutable_key()->set_time(time);
  one.set_count(count);
}

// Counted under `group` from a time up to, not including, another.
void AddStretch(Contributions& all, const v1::CellKey& group, int from, int to) {
  if (from >= to) return;
  Add(all, group, from, +1);
  Add(all, group, to, -1);
}

Contributions Sorted(Contributions all) {
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return OrderOf(a.key()) < OrderOf(b.key()); });
  return all;
}

// The grade at a level on a day, if a seat of that level is held then.
std::optional<int> GradeOn(const v1::LearnerFact& fact, type::v1::IscedLevel level, int day) {
  std::optional<int> grade;
  for (const v1::Seat& seat : fact.seats()) {
    if (seat.isced_level() == level && seat.from_day() <= day && day < seat.to_day()) {
      grade = seat.grade();
    }
  }
  return grade;
}

void AddLevel(Contributions& all, const v1::LearnerFact& fact, type::v1::IscedLevel level) {
  std::set<int> turning_days;
  for (const v1::Seat& seat : fact.seats()) {
    if (seat.isced_level() == level) turning_days.insert({seat.from_day(), seat.to_day()});
  }
  v1::CellKey group;
  group.set_measure(v1::MEASURE_PUPILS);
  group.set_isced_level(level);
  group.set_sex(fact.sex());
  group.set_birth_year(fact.birth_year());
  std::optional<int> held;
  int since = 0;
  for (const int day : turning_days) {
    const auto grade = GradeOn(fact, level, day);
    if (grade == held) continue;
    if (held) {
      group.set_grade(*held);
      AddStretch(all, group, since, day);
    }
    held = grade;
    since = day;
  }
}

}  // namespace

Contributions Contribution(const v1::LearnerFact& fact) {
  std::set<type::v1::IscedLevel> levels;
  for (const v1::Seat& seat : fact.seats()) levels.insert(seat.isced_level());
  Contributions all;
  for (const auto level : levels) AddLevel(all, fact, level);
  return Sorted(std::move(all));
}

Contributions Contribution(const v1::CenterFact& fact) {
  if (fact.kind() != type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER) return {};
  const int open_from = MonthNumber(DayOfNumber(fact.open_from_day()));
  // A center that closes within a month is not open at the end of it.
  const std::optional<int> open_to =
      fact.open_to_day() == 0 ? std::nullopt
                              : std::optional(MonthNumber(DayOfNumber(fact.open_to_day())));
  std::vector<std::pair<int, int>> stretches;
  for (const v1::Run& run : fact.runs()) {
    const int from = std::max(run.from_month(), open_from);
    const int to = run.to_month() + kMonthsAfterRun + 1;
    const int end = open_to ? std::min(to, *open_to) : to;
    if (from < end) stretches.emplace_back(from, end);
  }
  std::sort(stretches.begin(), stretches.end());
  v1::CellKey group;
  group.set_measure(v1::MEASURE_FUNCTIONING_SPACES);
  group.set_center_kind(fact.kind());
  Contributions all;
  for (size_t i = 0; i < stretches.size();) {
    auto [from, to] = stretches[i];
    while (++i < stretches.size() && stretches[i].first <= to) {
      to = std::max(to, stretches[i].second);
    }
    AddStretch(all, group, from, to);
  }
  return Sorted(std::move(all));
}

Contributions Difference(const google::protobuf::RepeatedPtrField<v1::Contribution>& before,
                         const Contributions& after) {
  Contributions deltas;
  auto b = before.begin();
  auto a = after.begin();
  while (b != before.end() || a != after.end()) {
    const bool has_before =
        b != before.end() && (a == after.end() || OrderOf(b->key()) <= OrderOf(a->key()));
    const bool has_after =
        a != after.end() && (b == before.end() || OrderOf(a->key()) <= OrderOf(b->key()));
    const auto& key = has_before ? b->key() : a->key();
    const int64_t count = (has_after ? a->count() : 0) - (has_before ? b->count() : 0);
    if (count != 0) {
      v1::Contribution& delta = deltas.emplace_back();
      *delta.mutable_key() = key;
      delta.set_count(count);
    }
    if (has_before) ++b;
    if (has_after) ++a;
  }
  return deltas;
}

}  // namespace learncity::reporting
