// The cells of one snapshot as of one date, added up over their times: what figures are read from.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>

#include "google/type/date.pb.h"
#include "learncity/reporting/v1/facts.pb.h"

namespace learncity::reporting {

// A cell's key without measure and time.
struct CellGroup {
  type::v1::IscedLevel isced_level = type::v1::ISCED_LEVEL_UNSPECIFIED;
  int grade = 0;
  type::v1::Sex sex = type::v1::SEX_UNSPECIFIED;
  int birth_year = 0;
  type::v1::CenterKind center_kind = type::v1::CENTER_KIND_UNSPECIFIED;

  auto operator<=>(const CellGroup&) const = default;
};

class CellSums {
 public:
  // `as_of` is a full date.
  explicit CellSums(const google::type::Date& as_of);

  // Every cell of the snapshot, in any order. Those of a later time are passed over.
  void Add(const v1::Cell& cell);

  const google::type::Date& as_of() const { return as_of_; }
  // The date that a measure's sums are true for: `as_of`, or the end of the last closed month.
  google::type::Date DateOf(v1::Measure measure) const;
  // How many are there on that date.
  const std::map<CellGroup, int64_t>& Of(v1::Measure measure) const;
  // How many cells that are not 0 went into the sums. A recount comes to the same number, although
  // it knows no cells of 0.
  int64_t CellsOf(v1::Measure measure) const;

 private:
  struct Sums {
    std::map<CellGroup, int64_t> by_group;
    int64_t cells = 0;
  };
  int TimeOf(v1::Measure measure) const;

  google::type::Date as_of_;
  std::array<Sums, v1::Measure_ARRAYSIZE> measures_;
};

}  // namespace learncity::reporting
