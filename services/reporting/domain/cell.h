// A cell: the sum of what every fact contributes under one key.
#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "learncity/reporting/v1/facts.pb.h"
#include "platform/ledger/id.h"

namespace learncity::reporting {

// The key's fields but for its time, in the order by which contributions are sorted.
inline auto GroupOrderOf(const v1::CellKey& key) {
  return std::tuple(key.measure(), key.isced_level(), key.grade(), key.sex(), key.birth_year(),
                    key.center_kind(), key.ownership(), key.standard_level(), key.has_disability(),
                    key.is_disadvantaged(), key.mode(), key.credential_kind(), key.recognition(),
                    key.is_international(), std::string_view(key.unit()));
}
inline auto OrderOf(const v1::CellKey& key) {
  return std::tuple_cat(GroupOrderOf(key), std::tuple(key.time()));
}

// Both orders for maps by key. What OrderOf gives is valid as long as its key.
struct KeyBefore {
  bool operator()(const v1::CellKey& a, const v1::CellKey& b) const {
    return OrderOf(a) < OrderOf(b);
  }
};
struct GroupBefore {
  bool operator()(const v1::CellKey& a, const v1::CellKey& b) const {
    return GroupOrderOf(a) < GroupOrderOf(b);
  }
};

// The cell's document id: a hash of every field of its key.
Id CellId(const v1::CellKey& key);

// Adds to a cell, which is empty before the first.
void Apply(v1::Cell& cell, const v1::Contribution& delta);
void Apply(v1::RecountedCell& cell, const v1::Contribution& delta);

}  // namespace learncity::reporting
