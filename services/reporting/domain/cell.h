// A cell: the sum of what every fact contributes under one key.
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "learncity/reporting/v1/facts.pb.h"
#include "platform/ledger/id.h"

namespace learncity::reporting {

// The key's fields, in the order by which contributions are sorted.
inline auto OrderOf(const v1::CellKey& key) {
  return std::tuple(key.measure(), key.isced_level(), key.grade(), key.sex(), key.birth_year(),
                    key.center_kind(), key.time());
}

// The cell's document id: a hash of every field of its key.
Id CellId(const v1::CellKey& key);

// Adds to a cell, which is empty before the first.
void Apply(v1::Cell& cell, const v1::Contribution& delta);

}  // namespace learncity::reporting
