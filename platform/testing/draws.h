// Draws for randomised tests, which print their seed and take it back.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace learncity {

// Draws from `seed`, or from LEARNCITY_SEED where that is set; the same everywhere. One thread;
// failures name the seed while it lives.
class Draws {
 public:
  explicit Draws(uint64_t seed);

  uint64_t seed() const { return seed_; }
  // 0 to n - 1.
  int Below(int n) { return static_cast<int>(engine_() % static_cast<uint64_t>(n)); }
  template <class T>
  const T& OneOf(const std::vector<T>& choices) {
    return choices[static_cast<size_t>(Below(static_cast<int>(choices.size())))];
  }

 private:
  uint64_t seed_;
  std::mt19937_64 engine_;
  testing::ScopedTrace trace_;
};

}  // namespace learncity
