#include "services/reporting/domain/units.h"

#include <iterator>

#include "services/reporting/domain/days.h"

namespace learncity::reporting {
namespace {

bool HasEnded(const v1::UnitReference& unit, int day) {
  return unit.to_day() != 0 && unit.to_day() <= day;
}

}  // namespace

void Units::Add(const v1::UnitReference& unit) { units_[unit.name()] = unit; }

void Units::Add(const v1::UnitCountReference& count) {
  counts_[{count.unit(), count.series()}][count.day()] = count;
}

const v1::UnitReference* Units::Find(const std::string& name) const {
  const auto found = units_.find(name);
  return found == units_.end() ? nullptr : &found->second;
}

std::vector<const v1::UnitReference*> Units::InForceOn(Day day) const {
  const int number = DayNumber(day);
  std::vector<const v1::UnitReference*> in_force;
  for (const auto& [name, unit] : units_) {
    if (!unit.is_commune_level() || number < unit.from_day() || HasEnded(unit, number)) continue;
    in_force.push_back(&unit);
  }
  return in_force;
}

const v1::UnitReference* Units::StandsIn(const std::string& recorded, Day day) const {
  const int number = DayNumber(day);
  const v1::UnitReference* unit = Find(recorded);
  // Each step leads to a later unit or to a larger one; the bound is for references that contradict
  // each other.
  for (size_t steps = 0; unit != nullptr && steps <= units_.size(); ++steps) {
    if (number < unit->from_day()) return nullptr;
    if (HasEnded(*unit, number) && !unit->successor().empty()) {
      unit = Find(unit->successor());
    } else if (unit->is_commune_level()) {
      return HasEnded(*unit, number) ? nullptr : unit;
    } else {
      unit = Find(unit->parent());
    }
  }
  return nullptr;
}

const v1::UnitCountReference* Units::CountOf(const std::string& unit, const std::string& series,
                                             Day day) const {
  const auto found = counts_.find({unit, series});
  if (found == counts_.end()) return nullptr;
  const auto after = found->second.upper_bound(DayNumber(day));
  return after == found->second.begin() ? nullptr : &std::prev(after)->second;
}

}  // namespace learncity::reporting
