#include "services/reporting/domain/cell_sums.h"

#include "services/reporting/domain/measure.h"

namespace learncity::reporting {

CellSums::CellSums(const google::type::Date& as_of) : as_of_(as_of) {
  for (int m = v1::MEASURE_UNSPECIFIED + 1; m < v1::Measure_ARRAYSIZE; ++m) {
    times_[static_cast<size_t>(m)] = reporting::TimeOf(static_cast<v1::Measure>(m), DayOf(as_of_));
  }
}

google::type::Date CellSums::DateOf(v1::Measure measure) const {
  return ToDate(DayOfFigures(measure, DayOf(as_of_)));
}

void CellSums::Add(const v1::Cell& cell) {
  const auto measure = static_cast<size_t>(cell.key().measure());
  if (cell.count() == 0 || cell.key().time() > times_[measure]) return;
  Sums& sums = measures_[measure];
  const auto [at, is_new] = sums.added.emplace(cell.key(), sums.groups.size());
  if (is_new) sums.groups.emplace_back(at->first, 0);
  sums.groups[at->second].second += cell.count();
  ++sums.cells;
}

void CellSums::AddGroup(const v1::CellKey& group, int64_t sum, int64_t cells) {
  Sums& sums = measures_[static_cast<size_t>(group.measure())];
  sums.groups.emplace_back(group, sum);
  sums.cells += cells;
}

const CellSums::Groups& CellSums::Of(v1::Measure measure) const {
  return measures_[static_cast<size_t>(measure)].groups;
}

int64_t CellSums::CellsOf(v1::Measure measure) const {
  return measures_[static_cast<size_t>(measure)].cells;
}

}  // namespace learncity::reporting
