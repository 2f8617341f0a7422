#include "tests/simulation/simulation.h"

#include <chrono>

#include "platform/runtime/concat.h"
#include "tests/simulation/beginnings.h"
#include "tests/simulation/checks.h"
#include "tests/simulation/client.h"

namespace learncity::simulation {
namespace {

using namespace std::chrono_literals;

constexpr int kActsMin = 12;
constexpr int kActsMax = 42;

const Beginning& SomeBeginning(Chance& chance) {
  const int drawn = chance.Below(16);
  return drawn == 0 ? NoCity() : drawn < 3 ? EmptyCity() : FoundedCity();
}

class Life {
 public:
  Life(uint64_t seed, const Variant& variant)
      : chance_(seed),
        beginning_(SomeBeginning(chance_)),
        world_(seed, variant, chance_, beginning_.files, beginning_.now),
        client_(world_, chance_, beginning_.known) {}

  // The bytes of the disk as they are now.
  std::string Disk() const { return world_.DiskBytes(); }

  Lived Run() {
    const int acts = kActsMin + chance_.Below(kActsMax - kActsMin + 1);
    for (int i = 0; i < acts && lived_.findings.empty(); ++i) {
      Act();
      if (world_.dead()) Restart();
    }
    if (lived_.findings.empty()) End();
    for (const Call& call : client_.history()) {
      ++lived_.calls;
      lived_.ok += call.end == simulation::End::kOk ? 1 : 0;
    }
    lived_.trace = world_.trace();
    return std::move(lived_);
  }

 private:
  void Act() {
    const int drawn = chance_.Below(100);
    if (drawn < 45) {
      for (int calls = 1 + chance_.Below(7); calls > 0; --calls) client_.Act();
    } else if (drawn < 85) {
      for (int steps = 1 + chance_.Below(6); steps > 0 && !world_.dead(); --steps) world_.Step();
    } else if (drawn < 92) {
      Wait();
    } else if (drawn < 95) {
      world_.ArmCrash(80);
    } else if (drawn < 96) {
      Restart();
    } else {
      world_.SetDiskFull(chance_.OneIn(4));
    }
  }

  void Wait() {
    static const std::vector<std::chrono::minutes> kWaits = {1min,    2min,     11min,    24h,
                                                             24h * 9, 24h * 30, 24h * 100};
    const auto wait = chance_.OneOf(kWaits);
    // No call waits for days: what it repeats would be forgotten meanwhile. Some wait in vain.
    if (wait >= 24h || chance_.OneIn(2)) {
      world_.Settle();
      if (world_.dead()) return;
    }
    world_.Say(Concat(wait.count(), " minutes pass"));
    world_.Pass(wait);
  }

  void Restart() {
    world_.Restart();
    ++lived_.power_losses;
    Check(false);
  }

  void Check(bool at_rest) {
    auto seen = Look(world_.city(), world_.disk().vfs_name());
    if (!seen.ok()) return lived_.findings.push_back(seen.status().ToString());
    keys_.insert(seen->keys.begin(), seen->keys.end());
    Findings& findings = lived_.findings;
    CheckRequests(*seen, client_.history(), world_.now(), effects_, findings);
    CheckCauses(*seen, effects_, findings);
    CheckPlaces(*seen, Today(world_.now()), findings);
    CheckClosings(*seen, findings);
    CheckSeats(*seen, at_rest, findings);
    CheckWaitlists(*seen, effects_, world_.now(), at_rest, findings);
    CheckRecognitions(*seen, findings);
    CheckPersons(world_, *seen, keys_, client_.history(), at_rest, findings);
    CheckLedgers(world_.city(), *seen, at_rest, findings);
    CheckRecounts(*seen, world_.now(), at_rest, findings);
    CheckReporting(*seen, at_rest);
    if (at_rest) CheckNationalIds(world_, *seen, client_, findings);
    CountEvents(*seen);
  }

  void CountEvents(const Seen& seen) {
    lived_.happened.clear();
    for (const auto& [service, ledger] : seen.ledgers) {
      for (const Happened& one : ledger.events) {
        ++lived_.happened[Concat(one.event->GetDescriptor()->name(), ".", one.what())];
      }
    }
  }

  void CheckReporting(const Seen& seen, bool at_rest) {
    const Day today = Today(world_.now());
    auto reader = world_.city().reporting().readers().Mine();
    if (!reader.ok()) return lived_.findings.push_back(reader.status().ToString());
    const auto registry = (*reader)->ReadCursor("registry");
    const auto enrollment = (*reader)->ReadCursor("enrollment");
    const auto achievements = (*reader)->ReadCursor("achievements");
    if (!registry.ok() || !enrollment.ok() || !achievements.ok()) {
      return lived_.findings.push_back("no cursor");
    }
    CheckFacts(**reader, {registry->position, enrollment->position, achievements->position}, seen,
               today, lived_.findings);
    CheckBoard(world_.city(), today, lived_.findings);
    if (at_rest) CheckTopics(world_, lived_.findings);
    if (!at_rest || world_.shadow() == nullptr) return;
    auto shadow = world_.shadow()->readers().Mine();
    if (!shadow.ok()) return lived_.findings.push_back(shadow.status().ToString());
    CheckFacts(**shadow, {registry->position, enrollment->position}, seen, today, lived_.findings);
  }

  void End() {
    if (!world_.Drain()) {
      lived_.findings.push_back("the city does not come to rest");
      return;
    }
    Check(true);
  }

  Lived lived_;
  Chance chance_;
  const Beginning& beginning_;
  World world_;
  Client client_;
  Effects effects_;
  // Every row that the key store was seen to hold.
  std::map<Id, Seen::Key> keys_;
};

}  // namespace

Lived Live(uint64_t seed, const Variant& variant) { return Life(seed, variant).Run(); }

std::string LeftOnDisk(uint64_t seed, std::string* trace) {
  Life life(seed, {});
  *trace = life.Run().trace;
  return life.Disk();
}

}  // namespace learncity::simulation
