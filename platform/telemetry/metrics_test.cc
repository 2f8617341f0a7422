#include "platform/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "platform/runtime/loop.h"

namespace learncity::telemetry {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::chrono::seconds kPatience{20};

MetricSpec Turns(const std::string& service) {
  return {.name = "learncity_ledger_turns_total",
          .help = "Turns committed.",
          .fixed = {{"service", service}}};
}

MetricSpec Calls() {
  return {.name = "learncity_rpc_calls_total",
          .help = "Calls answered.",
          .labels = {{"method", {"GetCenter", "other"}}, {"code", {"OK", "NOT_FOUND"}}}};
}

TEST(Registry, ExposesSortedNamesAndAllDeclaredSeries) {
  Registry registry;
  registry.AddGauge({.name = "learncity_queue_inputs", .help = "Inputs that wait."}).Set(12.5);
  Family<Counter>& calls = registry.AddCounters(Calls());
  calls.With({"GetCenter", "NOT_FOUND"}).Add();
  calls.With({"GetCenter", "NOT_FOUND"}).Add(2);
  EXPECT_EQ(registry.Expose(),
            "# HELP learncity_queue_inputs Inputs that wait.\n"
            "# TYPE learncity_queue_inputs gauge\n"
            "learncity_queue_inputs 12.5\n"
            "# HELP learncity_rpc_calls_total Calls answered.\n"
            "# TYPE learncity_rpc_calls_total counter\n"
            "learncity_rpc_calls_total{method=\"GetCenter\",code=\"OK\"} 0\n"
            "learncity_rpc_calls_total{method=\"GetCenter\",code=\"NOT_FOUND\"} 3\n"
            "learncity_rpc_calls_total{method=\"other\",code=\"OK\"} 0\n"
            "learncity_rpc_calls_total{method=\"other\",code=\"NOT_FOUND\"} 0\n");
}

TEST(Registry, ExposesOneHeadForServicesThatShareAName) {
  Registry registry;
  registry.AddCounter(Turns("reporting")).Add(2);
  registry.AddCounter(Turns("enrollment")).Add(1);
  EXPECT_EQ(registry.Expose(),
            "# HELP learncity_ledger_turns_total Turns committed.\n"
            "# TYPE learncity_ledger_turns_total counter\n"
            "learncity_ledger_turns_total{service=\"enrollment\"} 1\n"
            "learncity_ledger_turns_total{service=\"reporting\"} 2\n");
}

TEST(Registry, ExposesHistogramsCumulatively) {
  Registry registry;
  const double bounds[] = {0.01, 0.5};
  Histogram& turns =
      registry.AddHistogram({.name = "learncity_turn_seconds", .help = "Time of a turn."}, bounds);
  turns.Observe(0.01);
  turns.Observe(250ms);
  turns.Observe(2s);
  EXPECT_THAT(turns.counts(), ElementsAre(1, 1, 1));
  EXPECT_THAT(registry.Expose(), HasSubstr("# TYPE learncity_turn_seconds histogram\n"
                                           "learncity_turn_seconds_bucket{le=\"0.01\"} 1\n"
                                           "learncity_turn_seconds_bucket{le=\"0.5\"} 2\n"
                                           "learncity_turn_seconds_bucket{le=\"+Inf\"} 3\n"
                                           "learncity_turn_seconds_sum 2.26\n"
                                           "learncity_turn_seconds_count 3\n"));
}

TEST(Registry, ReadsCallbacksWhenItIsScraped) {
  Registry registry;
  double lag = 3;
  registry.AddGaugeCallback({.name = "learncity_follower_lag_events",
                             .help = "Events not applied yet.",
                             .fixed = {{"feed", "registry"}}},
                            [&lag] { return lag; });
  lag = INFINITY;
  EXPECT_THAT(registry.Expose(), HasSubstr("lag_events{feed=\"registry\"} +Inf\n"));
}

TEST(Registry, EscapesHelpAndLabelValues) {
  Registry registry;
  registry.AddGauge({.name = "learncity_disk_bytes",
                     .help = "Free\nspace \\ \"here\".",
                     .fixed = {{"path", "C:\\a\"\n"}}});
  EXPECT_EQ(registry.Expose(),
            "# HELP learncity_disk_bytes Free\\nspace \\\\ \"here\".\n"
            "# TYPE learncity_disk_bytes gauge\n"
            "learncity_disk_bytes{path=\"C:\\\\a\\\"\\n\"} 0\n");
}

TEST(Registry, SaysWhatRuns) {
  Registry registry;
  registry.AddBuildInfo("0.1.0", "4f2a9c1");
  EXPECT_THAT(registry.Expose(),
              HasSubstr("learncity_build_info{version=\"0.1.0\",revision=\"4f2a9c1\",compiler="));
}

TEST(Family, CountsAnUndeclaredValueAsOther) {
  Registry registry;
  Family<Counter>& calls = registry.AddCounters(Calls());
  calls.With({"DropTables", "OK"}).Add();
  EXPECT_EQ(calls.With({"other", "OK"}).value(), 1u);
}

TEST(FamilyDeathTest, AbortsOnAnUndeclaredValueWithoutOther) {
  Registry registry;
  Family<Counter>& calls = registry.AddCounters(Calls());
  EXPECT_DEATH(calls.With({"GetCenter", "LATE"}), "label code has no LATE");
  EXPECT_DEATH(calls.With({"GetCenter"}), "check failed");
}

TEST(RegistryDeathTest, AbortsOnNamesThatMislead) {
  Registry registry;
  EXPECT_DEATH(registry.AddCounter({.name = "learncity_calls", .help = "x"}), "learncity_calls");
  EXPECT_DEATH(registry.AddGauge({.name = "queue", .help = "x"}), "queue");
  EXPECT_DEATH(registry.AddGauge({.name = "learncity_wait_ms", .help = "x"}), "ends in _ms");
}

TEST(RegistryDeathTest, AbortsOnMoreSeriesThanItsLimit) {
  Registry registry;
  std::vector<std::string> values;
  for (int i = 0; i < 50; ++i) values.push_back(std::to_string(i));
  EXPECT_DEATH(registry.AddGauges({.name = "learncity_learners",
                                   .help = "x",
                                   .labels = {{"center", values}, {"year", values}}}),
               "2500 and 2000");
}

TEST(RegistryDeathTest, AbortsOnASeriesThatIsThereAlready) {
  Registry registry;
  registry.AddCounter(Turns("registry"));
  EXPECT_DEATH(registry.AddCounter(Turns("registry")), "is there already");
  MetricSpec other = Turns("reporting");
  other.help = "Something else.";
  EXPECT_DEATH(registry.AddCounter(other), "differs from the metric of this name");
}

TEST(Metrics, LoseNothingWhenThreadsCountWhileTheyAreScraped) {
  constexpr int kObservations = 5000;
  Registry registry;
  Counter& turns = registry.AddCounter(Turns("registry"));
  Gauge& open = registry.AddGauge({.name = "learncity_open_files", .help = "Files open."});
  Histogram& sizes = registry.AddHistogram(
      {.name = "learncity_turn_bytes", .help = "Bytes of a turn."}, kBytesBounds);
  Mutex mutex;
  CondVar changed;
  int done = 0;
  const auto step = [&] {
    for (int i = 0; i < kObservations; ++i) {
      turns.Add();
      open.Add(1);
      sizes.Observe(64);
    }
    MutexLock lock(&mutex);
    ++done;
    changed.NotifyAll();
    return false;
  };
  runtime::Loop first("first", step, std::chrono::hours(1));
  runtime::Loop second("second", step, std::chrono::hours(1));
  EXPECT_THAT(registry.Expose(), HasSubstr("learncity_turn_bytes_count"));
  MutexLock lock(&mutex);
  ASSERT_TRUE(changed.WaitFor(&mutex, kPatience, [&] { return done == 2; }));
  EXPECT_EQ(turns.value(), 2u * kObservations);
  EXPECT_EQ(open.value(), 2 * kObservations);
  EXPECT_EQ(sizes.counts()[0], 2u * kObservations);
  EXPECT_EQ(sizes.sum(), 2.0 * 64 * kObservations);
}

}  // namespace
}  // namespace learncity::telemetry
