#include "platform/telemetry/metrics.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "platform/runtime/check.h"

namespace learncity::telemetry {
namespace {

size_t SeriesCount(const std::vector<Label>& labels) {
  size_t count = 1;
  for (const Label& label : labels) {
    LEARNCITY_CHECK(!label.values.empty() && label.values.size() <= kSeriesMax) << label.name;
    count *= label.values.size();
    LEARNCITY_CHECK_LE(count, kSeriesMax) << "label " << label.name;
  }
  return count;
}

}  // namespace

Histogram::Histogram(std::span<const double> bounds) : bounds_(bounds.begin(), bounds.end()) {
  LEARNCITY_CHECK(!bounds_.empty() && bounds_.size() <= kBoundsMax) << bounds_.size();
  LEARNCITY_CHECK(std::isfinite(bounds_.front()) && std::isfinite(bounds_.back()));
  LEARNCITY_CHECK(std::is_sorted(bounds_.begin(), bounds_.end(), std::less_equal<>()));
}

void Histogram::Observe(double value) {
  LEARNCITY_CHECK(!std::isnan(value));
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::vector<uint64_t> Histogram::counts() const {
  std::vector<uint64_t> counts;
  for (size_t i = 0; i <= bounds_.size(); ++i) {
    counts.push_back(counts_[i].load(std::memory_order_relaxed));
  }
  return counts;
}

template <typename Instrument>
Family<Instrument>::Family(std::vector<Label> labels, const Make& make)
    : labels_(std::move(labels)) {
  const size_t count = SeriesCount(labels_);
  for (size_t i = 0; i < count; ++i) series_.push_back(make());
}

template <typename Instrument>
Instrument& Family<Instrument>::With(std::initializer_list<std::string_view> values) const {
  LEARNCITY_CHECK_EQ(values.size(), labels_.size());
  size_t index = 0;
  auto value = values.begin();
  for (const Label& label : labels_) {
    auto found = std::find(label.values.begin(), label.values.end(), *value);
    if (found == label.values.end()) {
      found = std::find(label.values.begin(), label.values.end(), "other");
    }
    LEARNCITY_CHECK(found != label.values.end()) << "label " << label.name << " has no " << *value;
    index = index * label.values.size() + static_cast<size_t>(found - label.values.begin());
    ++value;
  }
  return *series_[index];
}

template class Family<Counter>;
template class Family<Gauge>;
template class Family<Histogram>;

}  // namespace learncity::telemetry
