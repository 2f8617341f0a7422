#include "tests/simulation/chance.h"

#include <sodium.h>

#include "platform/ledger/power_loss_vfs.h"

namespace learncity::simulation {
namespace {

std::mt19937_64& Engine() {
  static auto* const engine = new std::mt19937_64();
  return *engine;
}

const char* Name() { return "seeded"; }

uint32_t Random() { return static_cast<uint32_t>(Engine()()); }

void Fill(void* const out, const size_t size) {
  auto* const bytes = static_cast<unsigned char*>(out);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<unsigned char>(Engine()());
}

randombytes_implementation seeded = {
    .implementation_name = Name,
    .random = Random,
    .stir = nullptr,
    .uniform = nullptr,
    .buf = Fill,
    .close = nullptr,
};

}  // namespace

void SeedLibraries(uint64_t seed) {
  randombytes_set_implementation(&seeded);
  Engine().seed(seed);
  SeedSqlite(static_cast<uint32_t>(seed % 0x7fffffff) + 1);
}

}  // namespace learncity::simulation
