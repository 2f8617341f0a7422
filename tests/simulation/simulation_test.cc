#include "tests/simulation/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "platform/runtime/concat.h"
#include "services/achievements/tables.h"
#include "services/enrollment/tables.h"
#include "services/registry/tables.h"
#include "services/reporting/tables.h"

namespace learncity::simulation {
namespace {

// Histories run in as many tests, so that ctest can run them side by side.
constexpr int kShards = 16;
constexpr int kHistories = 5120;
constexpr uint64_t kFirstSeed = 1;
// A planted bug is found within so many histories: a crash must fall between two commits of the
// bug, and where crashes fall moves with every change of what the ledger writes.
constexpr uint64_t kPlantedWithin = 2000;
// The same follower without the bug is clean over so many of them.
constexpr uint64_t kCleanOver = 256;

uint64_t NumberFrom(const char* name, uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

std::string Told(uint64_t seed, const Lived& lived) {
  std::string text = Concat("LEARNCITY_SIM_SEED=", seed, "\n", lived.trace);
  for (const std::string& finding : lived.findings) text += Concat("FOUND ", finding, "\n");
  return text;
}

// All that the services can publish, as "EnrollmentEvent.promoted".
std::vector<std::string> EveryEvent() {
  std::vector<std::string> all;
  for (const ledger::Schema* schema :
       {&registry::RegistrySchema(), &enrollment::EnrollmentSchema(),
        &achievements::AchievementsSchema(), &reporting::ReportingSchema()}) {
    for (const auto& table : schema->tables()) {
      if (table->origin != ledger::Table::Origin::kOwn) continue;
      const auto* event = table->event_prototype->GetDescriptor();
      const auto* what = event->oneof_decl(0);
      for (int i = 0; i < what->field_count(); ++i) {
        all.push_back(Concat(event->name(), ".", what->field(i)->name()));
      }
    }
  }
  return all;
}

class Simulation : public testing::TestWithParam<int> {};

TEST_P(Simulation, KeepsEveryPromise) {
  if (const uint64_t seed = NumberFrom("LEARNCITY_SIM_SEED", 0); seed != 0) {
    if (GetParam() != 0) return;
    const Lived lived = Live(seed);
    std::printf("%s", Told(seed, lived).c_str());
    EXPECT_TRUE(lived.findings.empty());
    return;
  }
  const uint64_t histories = NumberFrom("LEARNCITY_SIM_HISTORIES", kHistories) / kShards;
  const uint64_t first = kFirstSeed + histories * static_cast<uint64_t>(GetParam());
  int calls = 0, ok = 0, power_losses = 0;
  std::map<std::string, int> happened;
  for (uint64_t seed = first; seed < first + histories; ++seed) {
    const Lived lived = Live(seed);
    calls += lived.calls;
    ok += lived.ok;
    power_losses += lived.power_losses;
    for (const auto& [what, times] : lived.happened) happened[what] += times;
    ASSERT_TRUE(lived.findings.empty()) << Told(seed, lived);
  }
  const auto all = EveryEvent();
  const auto& rarest = *std::min_element(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return happened[a] < happened[b];
  });
  std::printf("seeds %llu to %llu: %d calls, %d ok, %d power losses; %s came %d times\n",
              static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + histories - 1), calls, ok, power_losses,
              rarest.c_str(), happened[rarest]);
  // Histories in which something never happens, nothing goes well, or nothing goes wrong, prove
  // nothing.
  if (histories >= kHistories / kShards) {
    EXPECT_GT(happened[rarest], 0) << rarest;
  }
  EXPECT_GT(ok, calls / 4);
  EXPECT_GT(power_losses, static_cast<int>(histories) / 2);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Simulation, testing::Range(0, kShards));

// The first seed that finds anything in the variant; 0: none does.
uint64_t FoundBy(const Variant& variant, uint64_t within) {
  for (uint64_t seed = kFirstSeed; seed < kFirstSeed + within; ++seed) {
    const Lived lived = Live(seed, variant);
    if (lived.findings.empty()) continue;
    std::printf("found by seed %llu: %s\n", static_cast<unsigned long long>(seed),
                lived.findings.front().c_str());
    return seed;
  }
  return 0;
}

TEST(PlantedBug, ACursorSavedBesideTheTurnIsFound) {
  EXPECT_NE(FoundBy({.shadow = Shadow::Follows::kBesideTheTurn}, kPlantedWithin), 0u);
}

TEST(PlantedBug, TheSameFollowerWithItsCursorInTheTurnIsClean) {
  EXPECT_EQ(FoundBy({.shadow = Shadow::Follows::kInTheTurn}, kCleanOver), 0u);
}

TEST(PlantedBug, ACommitThatIsNotSyncedIsFound) {
  EXPECT_NE(FoundBy({.synchronous = "NORMAL"}, kPlantedWithin), 0u);
}

TEST(SimulatedHistory, IsTheSameEachTimeByteForByte) {
  for (uint64_t seed = kFirstSeed; seed < kFirstSeed + 20; ++seed) {
    std::string trace, trace_again;
    const std::string disk = LeftOnDisk(seed, &trace), disk_again = LeftOnDisk(seed, &trace_again);
    ASSERT_EQ(trace, trace_again) << "LEARNCITY_SIM_SEED=" << seed;
    ASSERT_TRUE(disk == disk_again) << "LEARNCITY_SIM_SEED=" << seed;
  }
}

}  // namespace
}  // namespace learncity::simulation
