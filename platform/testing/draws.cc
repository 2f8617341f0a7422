#include "platform/testing/draws.h"

#include <cstdlib>

#include "platform/runtime/concat.h"

namespace learncity {
namespace {

uint64_t SeedOr(uint64_t seed) {
  const char* given = std::getenv("LEARNCITY_SEED");
  return given == nullptr ? seed : std::strtoull(given, nullptr, 10);
}

}  // namespace

Draws::Draws(uint64_t seed)
    : seed_(SeedOr(seed)),
      engine_(seed_),
      trace_(__FILE__, __LINE__, Concat("LEARNCITY_SEED=", seed_)) {}

}  // namespace learncity
