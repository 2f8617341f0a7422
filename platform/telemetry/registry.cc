#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/metrics.h"

namespace learncity::telemetry {
namespace {

std::string NumberText(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> text;
  return std::string(text.data(),
                     std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

// Backslash and line end are escaped in help texts, in label values the quote as well.
std::string Escaped(std::string_view text, bool quotes) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\\\";
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (c == '"' && quotes) {
      escaped += "\\\"";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string LabelText(std::string_view name, std::string_view value) {
  return Concat(name, "=\"", Escaped(value, true), "\"");
}

bool IsLabelName(std::string_view name) {
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' && name != "le" &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

std::string FixedText(const MetricSpec& spec) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : spec.fixed) texts.push_back(LabelText(name, value));
  return Join(texts, ",");
}

// The labels of each series, in the order of Family::series.
std::vector<std::string> SeriesTexts(const MetricSpec& spec) {
  std::vector<std::string> texts = {FixedText(spec)};
  for (const Label& label : spec.labels) {
    std::vector<std::string> longer;
    for (const std::string& text : texts) {
      for (const std::string& value : label.values) {
        longer.push_back(Concat(text, text.empty() ? "" : ",", LabelText(label.name, value)));
      }
    }
    texts = std::move(longer);
  }
  return texts;
}

std::vector<std::string> LabelNames(const MetricSpec& spec) {
  std::vector<std::string> names;
  for (const auto& [name, value] : spec.fixed) names.push_back(name);
  for (const Label& label : spec.labels) names.push_back(label.name);
  return names;
}

void CheckSpec(const MetricSpec& spec, std::string_view type) {
  const std::string& name = spec.name;
  LEARNCITY_CHECK(name.starts_with("learncity_") && IsLabelName(name)) << name;
  LEARNCITY_CHECK_EQ(name.ends_with("_total"), type == "counter") << name;
  for (const char* suffix : {"_ms", "_millis", "_minutes", "_kb", "_mb", "_count", "_sum"}) {
    LEARNCITY_CHECK(!name.ends_with(suffix)) << name << " ends in " << suffix;
  }
  LEARNCITY_CHECK(!spec.help.empty()) << name;
  std::vector<std::string> names = LabelNames(spec);
  for (const std::string& label : names) LEARNCITY_CHECK(IsLabelName(label)) << name << label;
  std::sort(names.begin(), names.end());
  LEARNCITY_CHECK(std::adjacent_find(names.begin(), names.end()) == names.end()) << name;
  for (const Label& label : spec.labels) {
    std::vector<std::string> values = label.values;
    std::sort(values.begin(), values.end());
    LEARNCITY_CHECK(std::adjacent_find(values.begin(), values.end()) == values.end()) << name;
  }
}

void WriteSample(std::string* text, std::string_view name, std::string_view labels,
                 std::string_view value) {
  *text += name;
  if (!labels.empty()) *text += Concat("{", labels, "}");
  *text += Concat(" ", value, "\n");
}

void WriteSeries(std::string* text, const std::string& name, const std::string& labels,
                 const Counter& counter) {
  WriteSample(text, name, labels, Concat(counter.value()));
}

void WriteSeries(std::string* text, const std::string& name, const std::string& labels,
                 const Gauge& gauge) {
  WriteSample(text, name, labels, NumberText(gauge.value()));
}

void WriteSeries(std::string* text, const std::string& name, const std::string& labels,
                 const Histogram& histogram) {
  const std::vector<uint64_t> counts = histogram.counts();
  const std::string separator = labels.empty() ? "" : ",";
  uint64_t total = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    const double bound = i < histogram.bounds().size() ? histogram.bounds()[i] : INFINITY;
    WriteSample(text, name + "_bucket",
                Concat(labels, separator, LabelText("le", NumberText(bound))), Concat(total));
  }
  WriteSample(text, name + "_sum", labels, NumberText(histogram.sum()));
  WriteSample(text, name + "_count", labels, Concat(total));
}

}  // namespace

// All families of one name.
struct Registry::Metric {
  std::string type;
  std::string help;
  std::vector<std::string> label_names;
  size_t series = 0;
  // By fixed labels.
  std::map<std::string, Write> families;
};

Registry::Registry() = default;
Registry::~Registry() = default;

template <typename Instrument>
Family<Instrument>& Registry::Add(const MetricSpec& spec, std::string_view type,
                                  const typename Family<Instrument>::Make& make) {
  const auto family = std::make_shared<Family<Instrument>>(spec.labels, make);
  Insert(spec, type, [family, name = spec.name, labels = SeriesTexts(spec)](std::string* text) {
    for (size_t i = 0; i < labels.size(); ++i) {
      WriteSeries(text, name, labels[i], *family->series()[i]);
    }
  });
  return *family;
}

void Registry::Insert(const MetricSpec& spec, std::string_view type, Write write) {
  CheckSpec(spec, type);
  MutexLock lock(&mutex_);
  Metric& metric = metrics_[spec.name];
  if (metric.families.empty()) {
    metric.type = type;
    metric.help = spec.help;
    metric.label_names = LabelNames(spec);
  }
  LEARNCITY_CHECK(metric.type == type && metric.help == spec.help &&
                  metric.label_names == LabelNames(spec))
      << spec.name << " differs from the metric of this name";
  metric.series += SeriesTexts(spec).size();
  LEARNCITY_CHECK_LE(metric.series, kSeriesMax) << spec.name;
  LEARNCITY_CHECK(metric.families.emplace(FixedText(spec), std::move(write)).second)
      << spec.name << " is there already";
}

Counter& Registry::AddCounter(const MetricSpec& spec) { return AddCounters(spec).With({}); }

Family<Counter>& Registry::AddCounters(const MetricSpec& spec) {
  return Add<Counter>(spec, "counter", [] { return std::make_unique<Counter>(); });
}

Gauge& Registry::AddGauge(const MetricSpec& spec) { return AddGauges(spec).With({}); }

Family<Gauge>& Registry::AddGauges(const MetricSpec& spec) {
  return Add<Gauge>(spec, "gauge", [] { return std::make_unique<Gauge>(); });
}

Histogram& Registry::AddHistogram(const MetricSpec& spec, std::span<const double> bounds) {
  return AddHistograms(spec, bounds).With({});
}

Family<Histogram>& Registry::AddHistograms(const MetricSpec& spec, std::span<const double> bounds) {
  return Add<Histogram>(spec, "histogram",
                        [bounds] { return std::make_unique<Histogram>(bounds); });
}

void Registry::AddGaugeCallback(const MetricSpec& spec, std::function<double()> read) {
  LEARNCITY_CHECK(read != nullptr && spec.labels.empty()) << spec.name;
  Insert(spec, "gauge",
         [read = std::move(read), name = spec.name, labels = FixedText(spec)](std::string* text) {
           WriteSample(text, name, labels, NumberText(read()));
         });
}

void Registry::AddBuildInfo(std::string_view version, std::string_view revision) {
  AddGauge({.name = "learncity_build_info",
            .help = "What runs; the value is always 1.",
            .fixed = {{"version", std::string(version)},
                      {"revision", std::string(revision)},
                      {"compiler", __VERSION__}}})
      .Set(1);
}

std::string Registry::Expose() const {
  std::string text;
  MutexLock lock(&mutex_);
  for (const auto& [name, metric] : metrics_) {
    text += Concat("# HELP ", name, " ", Escaped(metric.help, false), "\n");
    text += Concat("# TYPE ", name, " ", metric.type, "\n");
    for (const auto& [labels, write] : metric.families) write(&text);
  }
  return text;
}

}  // namespace learncity::telemetry
