// Which observation is the figure of each indicator on a date. Pure.
#pragma once

#include <map>
#include <string>

#include "learncity/reporting/v1/reporting.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::reporting {

class ObservedValues {
 public:
  // Without a day it holds none.
  ObservedValues() = default;
  explicit ObservedValues(Day as_of) : as_of_(as_of) {}

  // Every observation of the snapshot, in any order. Passed over is what is withdrawn, and what is
  // of a period that begins after the day.
  void Add(const v1::Observation& observation);

  // Of the indicator's observations the one whose period ends last, among those the one whose
  // period begins last, and of one period the one recorded last; nullptr when there is none.
  const v1::Observation* Of(const std::string& indicator) const;

 private:
  Day as_of_ = Day::min();
  // By the indicator's name.
  std::map<std::string, v1::Observation> latest_;
};

}  // namespace learncity::reporting
