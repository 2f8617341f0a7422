// One history: a city lives through what a seed draws, and every promise is checked each time that
// it was opened again and at the end.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tests/simulation/history.h"
#include "tests/simulation/world.h"

namespace learncity::simulation {

struct Lived {
  // Empty: every promise was kept.
  Findings findings;
  // What happened, a line each.
  std::string trace;
  int calls = 0;
  int ok = 0;
  int power_losses = 0;
  // Events of all ledgers by what they are, as "EnrollmentEvent.promoted".
  std::map<std::string, int> happened;
};

Lived Live(uint64_t seed, const Variant& variant = {});

// The bytes of the disk at the end of the history, and its trace.
std::string LeftOnDisk(uint64_t seed, std::string* trace);

}  // namespace learncity::simulation
