#include "services/learncity/demo/apportion.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace learncity::demo {

int64_t OneIn(int one_in, double count) {
  return std::max<int64_t>(1, std::llround(count / one_in));
}

std::vector<int64_t> Apportion(int64_t whole, const std::vector<double>& weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<int64_t> parts;
  std::vector<std::pair<double, size_t>> remainders;
  for (size_t i = 0; i < weights.size(); ++i) {
    const double exact = static_cast<double>(whole) * weights[i] / sum;
    parts.push_back(static_cast<int64_t>(std::floor(exact)));
    remainders.emplace_back(static_cast<double>(parts.back()) - exact, i);
  }
  std::sort(remainders.begin(), remainders.end());
  const int64_t rest = whole - std::accumulate(parts.begin(), parts.end(), int64_t{0});
  for (int64_t i = 0; i < rest; ++i) ++parts[remainders[static_cast<size_t>(i)].second];
  return parts;
}

}  // namespace learncity::demo
