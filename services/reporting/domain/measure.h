// The measures: by which dimensions the cells of each are told apart, and what their time counts.
#pragma once

#include <span>

#include "learncity/reporting/v1/catalogue.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::reporting {

// What the time in a measure's cells counts.
enum class CellTime {
  kDay,
  // Months, of which the last that is over counts.
  kClosedMonth,
  kYear,
  // By the year in which a school year begins.
  kSchoolYear,
};

struct MeasureShape {
  CellTime time = CellTime::kDay;
  // Numbers of the fields of CellKey that tell its cells apart, beside measure and time.
  std::span<const int> dimensions;
};

// Aborts for what is no measure.
const MeasureShape& ShapeOf(v1::Measure measure);

// Whether a field of CellKey, by its number, tells the measure's cells apart.
bool HasDimension(v1::Measure measure, int cell_key_field);

// The time up to which cells count, for figures as of a day; and the day for which they are true:
// the day itself, or of a monthly measure the end of the last closed month.
int TimeOf(v1::Measure measure, Day as_of);
Day DayOfFigures(v1::Measure measure, Day as_of);

}  // namespace learncity::reporting
