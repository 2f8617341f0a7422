#include "tests/bench/table.h"

#include <iomanip>
#include <nlohmann/json.hpp>

#include "platform/runtime/concat.h"

namespace learncity::bench {
namespace {

double Rate(const Sample& s) { return s.pace.PerSecond(); }
double P50(const Sample& s) { return s.pace.p50_ms; }
double P99(const Sample& s) { return s.pace.p99_ms; }
double Cpu(const Sample& s) { return s.cpu_us_per_call; }
double Kib(const Sample& s) { return s.kib_per_call; }
double PerTurn(const Sample& s) { return s.calls_per_turn; }
double Turns(const Sample& s) { return s.turns_per_second; }
double FollowedShare(const Sample& s) { return s.followed; }

void PrintRow(const Row& row, std::ostream& out) {
  const auto ratios = row.Ratios();
  const auto ours = [&](double (*value)(const Sample&)) { return Row::Median(row.ours, value); };
  out << "| " << row.what << " | " << row.in_flight << std::fixed << std::setprecision(0) << " | "
      << ours(Rate) << " | " << row.against << " | " << Row::Median(row.theirs, Rate)
      << std::setprecision(2) << " | " << row.Ratio() << " (" << ratios.front() << "–"
      << ratios.back() << ") | ≥ " << row.goal << " | " << (row.Ratio() >= row.goal ? "yes" : "no")
      << " | " << std::setprecision(1) << ours(P50) << " / " << ours(P99) << " | "
      << Row::Median(row.theirs, P50) << " / " << Row::Median(row.theirs, P99)
      << std::setprecision(0) << " | " << ours(Cpu) << " / " << Row::Median(row.theirs, Cpu);
  if (ours(PerTurn) > 0) {
    out << std::setprecision(1) << " | " << ours(Kib) << " | " << ours(PerTurn) << " | "
        << std::setprecision(0) << ours(Turns);
  } else {
    out << " | – | – | –";
  }
  out << " |\n";
}

nlohmann::json SideJson(const std::vector<Sample>& samples) {
  nlohmann::json all = nlohmann::json::array();
  for (const Sample& s : samples) {
    all.push_back({{"per_second", Rate(s)},
                   {"p50_ms", P50(s)},
                   {"p99_ms", P99(s)},
                   {"cpu_us_per_call", Cpu(s)},
                   {"kib_per_call", Kib(s)},
                   {"calls_per_turn", PerTurn(s)},
                   {"turns_per_second", Turns(s)},
                   {"followed_share", FollowedShare(s)}});
  }
  return all;
}

}  // namespace

void PrintMachine(const Machine& m, std::ostream& out) {
  out << m.date << " · " << m.cores << " cores, " << m.cpu << " · load " << m.load
      << " · fdatasync " << std::fixed << std::setprecision(0) << m.fdatasync_p50_us
      << " µs (p50) · gRPC " << m.grpc << "\n";
}

void PrintTable(const Run& run, std::ostream& out) {
  PrintMachine(run.machine, out);
  out << run.command << " · " << run.enrollments << " learners and enrollments filled in "
      << run.filling_seconds << " s · " << run.effort.pairs << " pairs of "
      << run.effort.time.count() << " ms a side · medians (smallest–largest)\n\n"
      << "| figure | in flight | per second | against | per second | ratio | goal | met "
         "| p50 / p99 ms | of the other | CPU µs per call | KiB per write | writes per turn | "
         "turns per second |\n"
         "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Row& row : run.results.rows) PrintRow(row, out);
  for (const Row& row : run.results.rows) {
    const double followed = Row::Median(row.ours, FollowedShare);
    if (followed <= 0) continue;
    out << "\nAt " << row.in_flight << " in flight the slowest follower applied "
        << std::setprecision(0) << followed * 100 << " % of what was committed meanwhile.";
  }
  if (run.results.catch_up_events_per_second > 0) {
    out << "\nAchievements and reporting caught up with " << std::setprecision(0)
        << run.results.catch_up_events_per_second << " events per second.\n";
  }
  const Freshness& fresh = run.results.freshness;
  if (fresh.per_second > 0) {
    out << "\nAt " << std::setprecision(0) << fresh.per_second
        << " enrollments per second over Kafka a commit is in the figures after "
        << std::setprecision(1) << fresh.p50_ms << " ms (p50), " << fresh.p99_ms << " ms (p99).\n";
  }
}

std::string ToJson(const Run& run) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Row& row : run.results.rows) {
    rows.push_back({{"what", row.what},
                    {"against", row.against},
                    {"in_flight", row.in_flight},
                    {"goal", row.goal},
                    {"ratio", row.Ratio()},
                    {"ratios", row.Ratios()},
                    {"ours", SideJson(row.ours)},
                    {"theirs", SideJson(row.theirs)}});
  }
  const Machine& m = run.machine;
  return nlohmann::json{{"date", m.date},
                        {"cpu", m.cpu},
                        {"cores", m.cores},
                        {"load", m.load},
                        {"grpc", m.grpc},
                        {"fdatasync_p50_us", m.fdatasync_p50_us},
                        {"command", run.command},
                        {"enrollments", run.enrollments},
                        {"filling_seconds", run.filling_seconds},
                        {"pairs", run.effort.pairs},
                        {"side_ms", run.effort.time.count()},
                        {"catch_up_events_per_second", run.results.catch_up_events_per_second},
                        {"freshness",
                         {{"per_second", run.results.freshness.per_second},
                          {"p50_ms", run.results.freshness.p50_ms},
                          {"p99_ms", run.results.freshness.p99_ms}}},
                        {"rows", rows}}
      .dump(2);
}

}  // namespace learncity::bench
