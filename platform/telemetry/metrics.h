// Metrics of a process: counters, gauges and histograms, declared at start-up, read by Prometheus.
//
//   Family<Counter>& calls = registry.AddCounters(
//       {.name = "learncity_rpc_calls_total", .help = "Calls answered.",
//        .fixed = {{"service", "registry"}},
//        .labels = {{"method", {"GetCenter", "other"}}, {"code", {"OK", "NOT_FOUND"}}}});
//   calls.With({"GetCenter", "OK"}).Add();
//
// Names begin with learncity_ and end in their base unit (_seconds, _bytes); counters in _total.
// All values of a label are declared with the metric, so every series exists from the start and
// their number has a limit. Ids of anything are never label values.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/runtime/mutex.h"

namespace learncity::telemetry {

// Series of one metric name, over all that add to it.
constexpr size_t kSeriesMax = 2000;
// Bounds of one histogram; +Inf comes on top.
constexpr size_t kBoundsMax = 32;

// The three instruments are written and read from any thread, without locks.
class Counter {
 public:
  void Add(uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

class Gauge {
 public:
  void Set(double value) { value_.store(value, std::memory_order_relaxed); }
  void Add(double difference) { value_.fetch_add(difference, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

class Histogram {
 public:
  // Upper bounds, included in their bucket; ascending, finite, 1 to kBoundsMax of them.
  explicit Histogram(std::span<const double> bounds);
  // In the unit the name ends in. NaN is a bug and aborts.
  void Observe(double value);
  // For names ending in _seconds.
  void Observe(std::chrono::nanoseconds duration) {
    Observe(std::chrono::duration<double>(duration).count());
  }

  std::span<const double> bounds() const { return bounds_; }
  // Observations per bucket, not cumulative; the last is above all bounds.
  std::vector<uint64_t> counts() const;
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  const std::vector<double> bounds_;
  std::array<std::atomic<uint64_t>, kBoundsMax + 1> counts_{};
  std::atomic<double> sum_{0};
};

// 0.5 ms to 10 s: calls, turns, writes.
inline constexpr double kSecondsBounds[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                            0.1,    0.25,  0.5,    1,     2.5,  5,     10};
// 64 B to 4 MiB, by four.
inline constexpr double kBytesBounds[] = {64,    256,    1024,    4096,   16384,
                                          65536, 262144, 1048576, 4194304};
// 1 to 1,024, by two: inputs of a turn, rows of a batch.
inline constexpr double kCountBounds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

struct Label {
  std::string name;
  // Different from each other. Where values come from outside, "other" is among them.
  std::vector<std::string> values;
};

struct MetricSpec {
  std::string name;
  // One sentence.
  std::string help;
  // Labels with one value: which service, which feed. What tells several families of a name apart.
  std::vector<std::pair<std::string, std::string>> fixed;
  std::vector<Label> labels;
};

// The series of one metric: one Instrument for each combination of label values. Immutable, so With
// is called from any thread. Callers on a hot path keep the reference that With returns.
template <typename Instrument>
class Family {
 public:
  using Make = std::function<std::unique_ptr<Instrument>()>;
  Family(std::vector<Label> labels, const Make& make);

  // Values in the order of the labels. One that was not declared counts as "other"; where that is
  // not declared either, it is a bug and aborts.
  Instrument& With(std::initializer_list<std::string_view> values) const;
  const std::vector<std::unique_ptr<Instrument>>& series() const { return series_; }

 private:
  const std::vector<Label> labels_;
  // In the order of the declared values, the last label fastest.
  std::vector<std::unique_ptr<Instrument>> series_;
};

// The metrics of a process, or of one part of it. Add… and Expose are called from any thread.
//
// What Add… returns lives as long as the registry. Several families may share a name when type,
// help and label names are the same and their fixed values differ. A wrong name, a series that is
// there already and more than kSeriesMax are bugs and abort.
class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Counter& AddCounter(const MetricSpec& spec);
  Family<Counter>& AddCounters(const MetricSpec& spec);
  Gauge& AddGauge(const MetricSpec& spec);
  Family<Gauge>& AddGauges(const MetricSpec& spec);
  Histogram& AddHistogram(const MetricSpec& spec, std::span<const double> bounds);
  Family<Histogram>& AddHistograms(const MetricSpec& spec, std::span<const double> bounds);
  // `read` is called by Expose on its thread. It is quick, adds no metrics, and what it reads
  // outlives the last Expose.
  void AddGaugeCallback(const MetricSpec& spec, std::function<double()> read);

  // learncity_build_info{version=…, revision=…, compiler=…} 1
  void AddBuildInfo(std::string_view version, std::string_view revision);

  // Prometheus text format 0.0.4: sorted by name, then by fixed values, then in declared order.
  std::string Expose() const LEARNCITY_EXCLUDES(mutex_);

 private:
  // Appends the samples of one family to the text.
  using Write = std::function<void(std::string* text)>;
  struct Metric;

  template <typename Instrument>
  Family<Instrument>& Add(const MetricSpec& spec, std::string_view type,
                          const typename Family<Instrument>::Make& make);
  void Insert(const MetricSpec& spec, std::string_view type, Write write)
      LEARNCITY_EXCLUDES(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, Metric> metrics_ LEARNCITY_GUARDED_BY(mutex_);
};

}  // namespace learncity::telemetry
