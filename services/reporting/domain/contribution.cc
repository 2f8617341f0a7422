#include "services/reporting/domain/contribution.h"

#include "services/reporting/domain/cell.h"
#include "services/reporting/domain/stretches.h"

namespace learncity::reporting {

Contributions Contribution(const v1::RecognitionFact& fact) {
  v1::CellKey group;
  group.set_measure(v1::MEASURE_RECOGNITIONS);
  group.set_recognition(fact.kind());
  group.set_unit(fact.unit());
  Tally tally;
  for (const v1::Stretch& period : fact.periods()) {
    tally.Add(group, {period.from_day(), period.to_day()});
  }
  return std::move(tally).Take();
}

Contributions Contribution(const v1::AwardFact& fact) {
  v1::CellKey group;
  group.set_measure(v1::MEASURE_AWARDS);
  group.set_is_international(fact.is_international());
  Tally tally;
  if (fact.withdrawn_year() == 0) {
    tally.AddFrom(group, fact.year());
  } else {
    tally.Add(group, {fact.year(), fact.withdrawn_year()});
  }
  return std::move(tally).Take();
}

Contributions Difference(const google::protobuf::RepeatedPtrField<v1::Contribution>& before,
                         const Contributions& after) {
  Contributions deltas;
  auto b = before.begin();
  auto a = after.begin();
  while (b != before.end() || a != after.end()) {
    const bool has_before =
        b != before.end() && (a == after.end() || OrderOf(b->key()) <= OrderOf(a->key()));
    const bool has_after =
        a != after.end() && (b == before.end() || OrderOf(a->key()) <= OrderOf(b->key()));
    const auto& key = has_before ? b->key() : a->key();
    const int64_t count = (has_after ? a->count() : 0) - (has_before ? b->count() : 0);
    if (count != 0) {
      v1::Contribution& delta = deltas.emplace_back();
      *delta.mutable_key() = key;
      delta.set_count(count);
    }
    if (has_before) ++b;
    if (has_after) ++a;
  }
  return deltas;
}

}  // namespace learncity::reporting
