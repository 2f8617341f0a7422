// All that is random in a history comes from its seed: what is drawn here, and what libsodium and
// SQLite draw by themselves.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace learncity::simulation {

// One thread; the same everywhere.
class Chance {
 public:
  explicit Chance(uint64_t seed) : engine_(seed) {}

  // 0 to n - 1.
  int Below(int n) { return static_cast<int>(engine_() % static_cast<uint64_t>(n)); }
  bool OneIn(int n) { return Below(n) == 0; }
  template <class T>
  const T& OneOf(const std::vector<T>& choices) {
    return choices[static_cast<size_t>(Below(static_cast<int>(choices.size())))];
  }

 private:
  std::mt19937_64 engine_;
};

// From here on ids, keys, nonces and the salts of write-ahead logs follow from the seed, in the
// whole process. Nothing else may use libsodium or SQLite at the same time.
void SeedLibraries(uint64_t seed);

}  // namespace learncity::simulation
