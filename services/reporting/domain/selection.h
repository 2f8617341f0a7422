// How many a Selection of the catalogue finds among the cells.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "learncity/reporting/v1/catalogue.pb.h"
#include "services/reporting/domain/cell_sums.h"

namespace learncity::reporting {

// One value of each dimension that a figure is split by; absent is the total.
struct Split {
  std::optional<type::v1::IscedLevel> isced_level;
  std::optional<type::v1::Sex> sex;
  std::optional<type::v1::CenterKind> center_kind;
  std::optional<type::v1::CredentialKind> credential_kind;
};

// In whole years: start year of the school year − birth year − intended age, which is grade + 5.
// Absent where birth year or grade is not known.
std::optional<int> YearsOverAge(const v1::CellKey& group, int school_year_start);

// Of those whom a selection would find if nothing that may be unknown were asked: of how many is
// known what it asks, and how many are they.
struct Known {
  int64_t known = 0;
  int64_t all = 0;
};

struct Found {
  // How many are selected.
  int64_t count = 0;
  Known known;

  Found& operator+=(const Found& other);
};

// One pass over the cells.
Found Find(const v1::Selection& selection, const Split& split, const CellSums& cells);
// The same of each unit, as it was recorded: one pass for all of them.
std::map<std::string, Found> FindByUnit(const v1::Selection& selection, const CellSums& cells);

}  // namespace learncity::reporting
