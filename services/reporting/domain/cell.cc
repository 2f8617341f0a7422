#include "services/reporting/domain/cell.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace learncity::reporting {
namespace {

template <class AnyCell>
void AddTo(AnyCell& cell, const v1::Contribution& delta) {
  if (!cell.has_key()) *cell.mutable_key() = delta.key();
  cell.set_count(cell.count() + delta.count());
}

}  // namespace

Id CellId(const v1::CellKey& key) {
  // Fields stand in the order of their numbers, so equal keys have equal bytes. One word after the
  // slash that is never a UUID lets IdOf hash the whole.
  return IdOf(absl::StrCat("cells/", absl::BytesToHexString(key.SerializeAsString())));
}

void Apply(v1::Cell& cell, const v1::Contribution& delta) { AddTo(cell, delta); }
void Apply(v1::RecountedCell& cell, const v1::Contribution& delta) { AddTo(cell, delta); }

}  // namespace learncity::reporting
