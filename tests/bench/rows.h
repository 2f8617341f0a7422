// The figures of docs/performance.md that this release can show.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/feed_on_kafka.h"
#include "tests/bench/filling.h"
#include "tests/bench/machine.h"
#include "tests/bench/pairs.h"

namespace learncity::bench {

// What --only takes, in the order in which they are measured.
inline constexpr const char* kRowNames[] = {"reads",     "enroll",   "turns-of-one",
                                            "followers", "postgres", "kafka"};

struct Results {
  std::vector<Row> rows;
  // Of achievements and reporting, following from the first event; 0 where not measured.
  double catch_up_events_per_second = 0;
  Freshness freshness;
};

// Each row works on a copy of the filled folder. An empty name measures all of them.
Results MeasureRows(const Ground& ground, const Filled& city, const Effort& effort,
                    const std::string& only);

}  // namespace learncity::bench
