#include "services/reporting/domain/cell_sums.h"

#include "services/reporting/domain/measure.h"

namespace learncity::reporting {

CellSums::CellSums(const google::type::Date& as_of) : as_of_(as_of) {
  for (int m = v1::MEASURE_UNSPECIFIED + 1; m < v1::Measure_ARRAYSIZE; ++m) {
    times_[static_cast<size_t>(m)] = TimeOf(static_cast<v1::Measure>(m), DayOf(as_of_));
  }
}

google::type::Date CellSums::DateOf(v1::Measure measure) const {
  return ToDate(DayOfFigures(measure, DayOf(as_of_)));
}

void CellSums::Add(const v1::Cell& cell) {
  const auto measure = static_cast<size_t>(cell.key().measure());
  if (cell.count() == 0 || cell.key().time() > times_[measure]) return;
  Sums& sums = measures_[measure];
  sums.by_group[cell.key()] += cell.count();
  ++sums.cells;
}

const CellSums::ByGroup& CellSums::Of(v1::Measure measure) const {
  return measures_[static_cast<size_t>(measure)].by_group;
}

int64_t CellSums::CellsOf(v1::Measure measure) const {
  return measures_[static_cast<size_t>(measure)].cells;
}

}  // namespace learncity::reporting
