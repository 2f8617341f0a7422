// Splitting a whole number into whole parts. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace learncity::demo {

// One in so many of `count`, rounded, and at least one.
int64_t OneIn(int one_in, double count);

// Splits a whole in proportion to weights by the largest remainder: no part is a whole one off.
std::vector<int64_t> Apportion(int64_t whole, const std::vector<double>& weights);

// Where a part ends that begins where the one before it ends: `before` of `all` in `whole`.
inline int64_t Boundary(int64_t whole, int64_t before, int64_t all) { return whole * before / all; }

// Whether the i-th of `all` is one of `chosen` that are spread evenly over them.
inline bool IsChosen(int64_t i, int64_t chosen, int64_t all) {
  return Boundary(chosen, i + 1, all) > Boundary(chosen, i, all);
}

}  // namespace learncity::demo
