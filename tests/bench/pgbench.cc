#include "tests/bench/pgbench.h"

#include <algorithm>
#include <cstdlib>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/child_process.h"

namespace learncity::bench {
namespace {

constexpr char kUser[] = "postgres";
constexpr char kDatabase[] = "pgbench";
constexpr char kScale[] = "10";

std::string Program(const std::string& name) { return Concat("/usr/lib/postgresql/15/bin/", name); }

// The number after a word in what it says.
double NumberAfter(const std::string& said, const std::string& word) {
  const size_t at = said.find(word);
  LEARNCITY_CHECK(at != std::string::npos) << "pgbench does not say " << word << ": " << said;
  return std::strtod(said.c_str() + at + word.size(), nullptr);
}

}  // namespace

Pgbench::Pgbench(PostgresServer& server) : server_(server) {
  SaidBy({Program("createdb"), "--maintenance-db", server.conninfo(), kDatabase}, kUser);
  SaidBy({Program("pgbench"), "-i", "-q", "-s", kScale, server.conninfo_of(kDatabase)}, kUser);
}

Sample Pgbench::SimpleUpdate(int clients, std::chrono::milliseconds time) const {
  const auto seconds = std::max<int64_t>(1, time.count() / 1000);
  const std::string said = SaidBy({Program("pgbench"), "-b", "simple-update", "-n", "-M",
                                   "prepared", "-c", std::to_string(clients), "-j", "1", "-T",
                                   std::to_string(seconds), server_.conninfo_of(kDatabase)},
                                  kUser);
  Sample sample;
  sample.pace.seconds = static_cast<double>(seconds);
  sample.pace.calls =
      static_cast<int64_t>(NumberAfter(said, "tps = ") * static_cast<double>(seconds));
  sample.pace.p50_ms = NumberAfter(said, "latency average = ");
  return sample;
}

}  // namespace learncity::bench
