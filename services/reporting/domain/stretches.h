// Stretches of time under which a fact counts: the common way to a fact's contributions.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "learncity/reporting/v1/facts.pb.h"
#include "services/reporting/domain/cell.h"
#include "services/reporting/domain/contribution.h"

namespace learncity::reporting {

// What touched a month counts at its end and at the end of so many months after it: twelve in all.
inline constexpr int kMonthsAfterRun = 11;

// From a time up to, not including, another.
using Span = std::pair<int, int>;

// The same times as the spans, none of them twice: in order, apart from each other, none empty.
std::vector<Span> UnionOf(std::vector<Span> spans);

// Adds up what a fact contributes.
class Tally {
 public:
  // One more counts under `group` in the span; nothing when that is empty.
  void Add(const v1::CellKey& group, Span span);
  // One more counts under `group` from that time on.
  void AddFrom(const v1::CellKey& group, int time);

  // What it comes to.
  Contributions Take() &&;

 private:
  void Move(const v1::CellKey& group, int time, int count);

  std::map<v1::CellKey, int64_t, KeyBefore> cells_;
};

}  // namespace learncity::reporting
