#include "tests/bench/pairs.h"

#include <algorithm>
#include <iostream>

#include "tests/bench/machine.h"

namespace learncity::bench {

std::vector<double> Row::Ratios() const {
  std::vector<double> ratios;
  for (size_t i = 0; i < ours.size(); ++i) {
    ratios.push_back(ours[i].pace.PerSecond() / theirs[i].pace.PerSecond());
  }
  std::sort(ratios.begin(), ratios.end());
  return ratios;
}

double Row::Ratio() const {
  const std::vector<double> ratios = Ratios();
  return ratios[ratios.size() / 2];
}

double Row::Median(const std::vector<Sample>& samples,
                   const std::function<double(const Sample&)>& value) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(value(sample));
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

namespace {

Sample RunSide(const Side& side, std::chrono::milliseconds time) {
  const auto before = CpuTime();
  Sample sample = side(time);
  const std::chrono::duration<double, std::micro> spent = CpuTime() - before;
  sample.cpu_us_per_call =
      spent.count() / static_cast<double>(std::max<int64_t>(1, sample.pace.calls));
  return sample;
}

}  // namespace

Row MeasurePairs(Row row, const Effort& effort, const Side& ours, const Side& theirs) {
  std::cerr << "measuring: " << row.what << ", " << row.in_flight << " in flight" << std::flush;
  ours(effort.warm_up);
  theirs(effort.warm_up);
  for (int i = 0; i < effort.pairs; ++i) {
    row.theirs.push_back(RunSide(theirs, effort.time));
    row.ours.push_back(RunSide(ours, effort.time));
    std::cerr << " " << static_cast<int64_t>(row.ours.back().pace.PerSecond()) << "/"
              << static_cast<int64_t>(row.theirs.back().pace.PerSecond()) << std::flush;
  }
  std::cerr << std::endl;
  return row;
}

}  // namespace learncity::bench
