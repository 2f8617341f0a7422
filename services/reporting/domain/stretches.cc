#include "services/reporting/domain/stretches.h"

#include <algorithm>

namespace learncity::reporting {

std::vector<Span> UnionOf(std::vector<Span> spans) {
  std::erase_if(spans, [](const Span& span) { return span.first >= span.second; });
  std::sort(spans.begin(), spans.end());
  std::vector<Span> joined;
  for (const Span& span : spans) {
    if (joined.empty() || joined.back().second < span.first) {
      joined.push_back(span);
    } else {
      joined.back().second = std::max(joined.back().second, span.second);
    }
  }
  return joined;
}

void Tally::Move(const v1::CellKey& group, int time, int count) {
  v1::CellKey key = group;
  key.set_time(time);
  cells_[key] += count;
}

void Tally::Add(const v1::CellKey& group, Span span) {
  if (span.first >= span.second) return;
  Move(group, span.first, +1);
  Move(group, span.second, -1);
}

void Tally::AddFrom(const v1::CellKey& group, int time) { Move(group, time, +1); }

Contributions Tally::Take() && {
  Contributions all;
  for (const auto& [key, count] : cells_) {
    if (count == 0) continue;
    v1::Contribution& one = all.emplace_back();
    *one.mutable_key() = key;
    one.set_count(count);
  }
  return all;
}

}  // namespace learncity::reporting
