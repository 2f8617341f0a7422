// The cells of one snapshot as of one date, added up over their times: what figures are read from.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "google/type/date.pb.h"
#include "learncity/reporting/v1/facts.pb.h"
#include "services/reporting/domain/cell.h"

namespace learncity::reporting {

class CellSums {
 public:
  // `as_of` is a full date.
  explicit CellSums(const google::type::Date& as_of);
  CellSums(CellSums&&) = default;
  CellSums& operator=(CellSums&&) = default;

  // Every cell of the snapshot, in any order. Those of a later time are passed over.
  void Add(const v1::Cell& cell);
  // What the cells of one group come to, of which `cells` are not 0. `group` outlives the sums. All
  // groups in their order, and no cell beside them.
  void AddGroup(const v1::CellKey& group, int64_t sum, int64_t cells);
  // Up to which time the cells of a measure count.
  int TimeOf(v1::Measure measure) const { return times_[static_cast<size_t>(measure)]; }

  const google::type::Date& as_of() const { return as_of_; }
  // The date that a measure's sums are true for: `as_of`, or the end of the last closed month.
  google::type::Date DateOf(v1::Measure measure) const;
  // How many are there on that date, each group once and in no particular order. The key's time
  // says nothing.
  using Groups = std::vector<std::pair<const v1::CellKey&, int64_t>>;
  const Groups& Of(v1::Measure measure) const;
  // How many cells that are not 0 went into the sums. A recount comes to the same number, although
  // it knows no cells of 0.
  int64_t CellsOf(v1::Measure measure) const;

 private:
  struct Sums {
    Groups groups;
    // Where a group stands whose cells came one by one; owns its key.
    std::map<v1::CellKey, size_t, GroupBefore> added;
    int64_t cells = 0;
  };

  google::type::Date as_of_;
  // By measure.
  std::array<int, v1::Measure_ARRAYSIZE> times_{};
  std::array<Sums, v1::Measure_ARRAYSIZE> measures_;
};

}  // namespace learncity::reporting
