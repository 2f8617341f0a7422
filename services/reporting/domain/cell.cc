#include "services/reporting/domain/cell.h"

#include "absl/strings/str_cat.h"

namespace learncity::reporting {

Id CellId(const v1::CellKey& key) {
  // One word after the slash that is never a UUID, so that IdOf hashes the whole.
  return IdOf(absl::StrCat("cells/", static_cast<int>(key.measure()), ".",
                           static_cast<int>(key.isced_level()), ".", key.grade(), ".",
                           static_cast<int>(key.sex()), ".", key.birth_year(), ".",
                           static_cast<int>(key.center_kind()), ".", key.time()));
}

void Apply(v1::Cell& cell, const v1::Contribution& delta) {
  if (!cell.has_key()) *cell.mutable_key() = delta.key();
  cell.set_count(cell.count() + delta.count());
}

}  // namespace learncity::reporting
