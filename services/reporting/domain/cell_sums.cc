#include "services/reporting/domain/cell_sums.h"

#include "platform/runtime/check.h"
#include "services/reporting/domain/days.h"

namespace learncity::reporting {

CellSums::CellSums(const google::type::Date& as_of) : as_of_(as_of) {}

// Sums are true for the end of a day or of a closed month: the cells up to it are in them.
int CellSums::TimeOf(v1::Measure measure) const {
  switch (measure) {
    case v1::MEASURE_PUPILS:
      return DayNumber(DayOf(as_of_));
    case v1::MEASURE_FUNCTIONING_SPACES:
      return LastClosedMonth(DayOf(as_of_));
    case v1::MEASURE_UNSPECIFIED:
    case v1::Measure_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Measure_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  LEARNCITY_CHECK(false) << "no cells of measure " << static_cast<int>(measure);
  return 0;
}

google::type::Date CellSums::DateOf(v1::Measure measure) const {
  if (measure == v1::MEASURE_FUNCTIONING_SPACES) return ToDate(LastDayOfMonth(TimeOf(measure)));
  return as_of_;
}

void CellSums::Add(const v1::Cell& cell) {
  const v1::CellKey& key = cell.key();
  if (cell.count() == 0 || key.time() > TimeOf(key.measure())) return;
  Sums& sums = measures_[static_cast<size_t>(key.measure())];
  sums.by_group[{key.isced_level(), key.grade(), key.sex(), key.birth_year(), key.center_kind()}] +=
      cell.count();
  ++sums.cells;
}

const std::map<CellGroup, int64_t>& CellSums::Of(v1::Measure measure) const {
  return measures_[static_cast<size_t>(measure)].by_group;
}

int64_t CellSums::CellsOf(v1::Measure measure) const {
  return measures_[static_cast<size_t>(measure)].cells;
}

}  // namespace learncity::reporting
