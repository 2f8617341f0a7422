// Draws that are the same everywhere for the same seed: the standard's engine, and reductions of
// our own, since its distributions differ between libraries.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string_view>

namespace learncity::demo {

// One thread.
class Dice {
 public:
  // `stream` separates what is drawn for one purpose from what is drawn for another, so that a
  // change in the first leaves the second as it was.
  Dice(uint64_t seed, std::string_view stream) : engine_(seed ^ Hash(stream)) {}

  // 0 to n - 1; n is above 0.
  int Below(int n) { return static_cast<int>(engine_() % static_cast<uint64_t>(n)); }
  // First to last, both included.
  int Between(int first, int last) { return first + Below(last - first + 1); }
  // True in that share of all draws, 0 to 1.
  bool Happens(double share) { return static_cast<double>(engine_() >> 11) * 0x1p-53 < share; }
  template <class T, size_t n>
  const T& OneOf(const std::array<T, n>& choices) {
    return choices[static_cast<size_t>(Below(static_cast<int>(n)))];
  }

 private:
  // FNV-1a.
  static uint64_t Hash(std::string_view text) {
    uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
  }

  std::mt19937_64 engine_;
};

}  // namespace learncity::demo
