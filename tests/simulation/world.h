// The world of one history: a disk that loses power, a clock that is set, a carrier that loses and
// repeats, or topics that are emptied, deleted and out of reach, and the city that lives in it. One
// thread, no real time.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "platform/feed/memory_topic.h"
#include "platform/ledger/power_loss_vfs.h"
#include "services/learncity/city.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/shadow.h"

namespace learncity::simulation {

// What is different from the real city, so that the simulation can be shown to find it.
struct Variant {
  std::string synchronous = "FULL";
  // A second reporting beside the city's own, which follows as it says.
  Shadow::Follows shadow = Shadow::Follows::kNothing;
};

// The bytes of every file, by its name.
using Files = std::map<std::string, std::string>;

class World {
 public:
  // Opens the city that these files hold at that time; without files one begins, and its disk dies
  // soon. `chance` must outlive it.
  World(uint64_t seed, const Variant& variant, Chance& chance, const Files& files, Time now);
  ~World();

  // The city that is open now. A power loss ends it.
  City& city() { return *city_; }
  // Nullptr without one.
  Shadow* shadow() { return shadow_.get(); }
  const PowerLossDisk& disk() const { return disk_; }
  // By feed; none where followers read the ledgers.
  const std::map<std::string, std::shared_ptr<feed::MemoryTopic>>& topics() const {
    return topics_;
  }
  Time now() const { return now_; }

  void Pass(std::chrono::microseconds time) { now_ += time; }
  // One step of the whole city or of a part of it. True when anything moved.
  bool Step();

  // Goes on until no call waits any more, or the disk is dead.
  void Settle();

  // The disk dies before or after one of its next operations.
  void ArmCrash(int operations_max);
  void SetDiskFull(bool full);
  bool dead() const { return disk_.dead(); }
  // Power is lost and the city is opened again, which may need several attempts.
  void Restart();
  // Without faults: goes on until nothing is left to do. False: it did not come to that within
  // kDrainRoundsMax rounds of kDrainStepsMax steps, a minute each.
  bool Drain();

  // What happened, a line each.
  void Say(const std::string& what);
  const std::string& trace() const { return trace_; }

  // Closes the city for good.
  Files Close();
  // Every file and its durable bytes.
  std::string DiskBytes() const;

 private:
  bool TryOpen();
  std::shared_ptr<feed::Topic> TopicOf(const feed::FeedName& name);
  feed::Fate FateOnTopic();
  // Something that happens to a topic while the city lives.
  void TroubleATopic();
  feed::Source Carry(feed::Source ledger);
  bool StepEverything();

  Chance& chance_;
  const Variant variant_;
  // Pages in a write-ahead log before it is moved into the file.
  const int checkpoint_pages_;
  const bool has_topics_;
  PowerLossDisk disk_;
  Time now_;
  bool faults_ = true;
  int boots_ = 0;
  std::string trace_;
  // They outlive the city that is open, as a broker does.
  std::map<std::string, std::shared_ptr<feed::MemoryTopic>> topics_;
  std::unique_ptr<City> city_;
  std::unique_ptr<Shadow> shadow_;
};

}  // namespace learncity::simulation
