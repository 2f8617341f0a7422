// The units of one snapshot over time, and what was counted in them: where what was recorded under
// a unit stands on a day, and what a unit's own figure is divided by.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "learncity/reporting/v1/facts.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::reporting {

class Units {
 public:
  // Every reference document of the snapshot, in any order.
  void Add(const v1::UnitReference& unit);
  void Add(const v1::UnitCountReference& count);

  // The units of commune level that are in force on a day, in the order of their names.
  std::vector<const v1::UnitReference*> InForceOn(Day day) const;

  // The unit of commune level, in force on the day, to which belongs what was recorded under a
  // unit: the unit itself, the default successor of one that has ended, the commune of a
  // residential group. nullptr for what stands in none: a unit that ended without a successor, a
  // district, one that nobody has told of; and one that begins only after the day, since nobody can
  // say of what earlier unit it was a part.
  const v1::UnitReference* StandsIn(const std::string& recorded, Day day) const;

  // The unit's latest count of the series that is dated no later than the day; nullptr when there
  // is none.
  const v1::UnitCountReference* CountOf(const std::string& unit, const std::string& series,
                                        Day day) const;

  // By the units' names.
  const std::map<std::string, v1::UnitReference>& all() const { return units_; }

 private:
  const v1::UnitReference* Find(const std::string& name) const;

  std::map<std::string, v1::UnitReference> units_;
  // Of unit and series, by day.
  std::map<std::pair<std::string, std::string>, std::map<int, v1::UnitCountReference>> counts_;
};

}  // namespace learncity::reporting
