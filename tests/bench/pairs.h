// Two sides measured in turn, several times: their ratio outlives a machine that others use too.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/pace.h"

namespace learncity::bench {

struct Effort {
  std::chrono::milliseconds time{2000};
  std::chrono::milliseconds warm_up{500};
  int pairs = 5;
};

// What a side did in its time. Of a side that writes nothing, all but pace and CPU is 0.
struct Sample {
  Pace pace;
  // Client, server and kernel together: what a machine with a faster disk would be busy with.
  double cpu_us_per_call = 0;
  double kib_per_call = 0;
  double calls_per_turn = 0;
  double turns_per_second = 0;
  // Of the events committed meanwhile, the share that the slowest follower applied; 0 to 1.
  double followed = 0;
};

using Side = std::function<Sample(std::chrono::milliseconds)>;

struct Row {
  std::string what;
  std::string against;
  int in_flight = 0;
  // The least ratio that is wanted.
  double goal = 0;
  std::vector<Sample> ours;
  std::vector<Sample> theirs;

  // One for each pair, from the smallest to the largest.
  std::vector<double> Ratios() const;
  double Ratio() const;
  // The median of one value over all pairs.
  static double Median(const std::vector<Sample>& samples,
                       const std::function<double(const Sample&)>& value);
};

// Fills in both sides of a row and what they cost.
Row MeasurePairs(Row row, const Effort& effort, const Side& ours, const Side& theirs);

}  // namespace learncity::bench
