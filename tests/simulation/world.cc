#include "tests/simulation/world.h"

#include <algorithm>
#include <iterator>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"

namespace learncity::simulation {
namespace {

using namespace std::chrono_literals;

// Reservations and claims are looked into after ten minutes, and what a claim took the place of ten
// minutes after that.
constexpr int kDrainRoundsMin = 25;
constexpr int kDrainRoundsMax = 40;
constexpr int kDrainStepsMax = 200;
constexpr int kOpenAttemptsMax = 20;

privacy::MasterKey Master() { return privacy::MasterKey::FromBytes(std::string(32, 'm')).value(); }

}  // namespace

World::World(uint64_t seed, const Variant& variant, Chance& chance, const Files& files, Time now)
    : chance_(chance),
      variant_(variant),
      checkpoint_pages_(chance.OneIn(2) ? 10 : 4000),
      has_topics_(chance.OneIn(2)),
      disk_("simulation", seed),
      now_(now) {
  SeedLibraries(seed);
  telemetry::SetLogLevel(telemetry::Level::kError);
  for (const auto& [name, bytes] : files) disk_.WriteFile(name, bytes);
  if (files.empty()) {
    Say("the city starts from nothing");
    ArmCrash(400);
  }
  if (!TryOpen()) Restart();
}

World::~World() = default;

void World::Say(const std::string& what) {
  trace_ += Concat(FormatTime(now_).substr(0, 23), "  ", what, "\n");
}

feed::Source World::Carry(feed::Source ledger) {
  return [this, ledger = std::move(ledger)](
             int64_t after, int limit) -> absl::StatusOr<std::vector<ledger::Record>> {
    const int fate = faults_ ? chance_.Below(16) : 15;
    if (fate == 0) return absl::UnavailableError("the carrier lost a batch");
    // Some come again, or come one by one.
    if (fate == 1) return ledger(std::max<int64_t>(0, after - 1 - chance_.Below(6)), limit);
    if (fate == 2) return ledger(after, 1);
    auto records = ledger(after, limit);
    // The first are lost on the way: a gap.
    if (fate == 3 && records.ok() && records->size() > 1) records->erase(records->begin());
    return records;
  };
}

std::shared_ptr<feed::Topic> World::TopicOf(const feed::FeedName& name) {
  auto& topic = topics_[name.feed];
  if (!topic) {
    topic = std::make_shared<feed::MemoryTopic>(name.Topic());
    topic->SetFate([this](int64_t) { return FateOnTopic(); });
  }
  return topic;
}

feed::Fate World::FateOnTopic() {
  const int fate = faults_ ? chance_.Below(32) : 31;
  if (fate == 0) return feed::Fate::kFails;
  if (fate == 1) return feed::Fate::kArrivesUnheard;
  return fate < 4 ? feed::Fate::kWaits : feed::Fate::kArrives;
}

void World::TroubleATopic() {
  auto it = topics_.begin();
  std::advance(it, chance_.Below(static_cast<int>(topics_.size())));
  feed::MemoryTopic& topic = *it->second;
  switch (chance_.Below(6)) {
    case 0:
      Say(Concat("topic ", topic.name(), " is deleted and made anew"));
      return topic.Recreate();
    case 1:
      Say(Concat("topic ", topic.name(), " forgets"));
      return topic.ForgetBefore(topic.ends().next - chance_.Below(10));
    case 2:
      Say(Concat("topic ", topic.name(), " is out of reach"));
      return topic.SetDown(true);
    default:
      return topic.SetDown(false);
  }
}

bool World::TryOpen() {
  ++boots_;
  CityOptions options{.folder = "",
                      .ledger = {.vfs = disk_.vfs_name(),
                                 .synchronous = variant_.synchronous,
                                 .checkpoint_pages = checkpoint_pages_},
                      .limits = {},
                      .clock = [this] { return now_; },
                      // So small that a recount takes many turns of a small city.
                      .recount_slice = {.facts = 3, .cells = 8},
                      .carry = [this](const std::string&,
                                      feed::Source ledger) { return Carry(std::move(ledger)); }};
  if (has_topics_) {
    options.topics = [this](const feed::FeedName& name) { return TopicOf(name); };
    const SteadyClock steady = [this] { return Instant(now_.time_since_epoch()); };
    options.relay = {.batch_records_max = 5,
                     .retry_after = 5ms,
                     .save_interval = 10ms,
                     .check_interval = 20ms,
                     .clock = steady};
    options.topic_source = {.quiet = 50ms, .clock = steady};
  }
  auto city = City::Open(Master(), std::move(options));
  if (city.ok() && variant_.shadow != Shadow::Follows::kNothing) {
    auto shadow =
        Shadow::Open(**city, variant_.shadow, disk_.vfs_name(), boots_, [this] { return now_; });
    if (!shadow.ok()) return false;
    shadow_ = std::move(*shadow);
  }
  if (city.ok()) city_ = std::move(*city);
  if (!city.ok() && !disk_.dead()) {
    Say(Concat("the city cannot be opened: ", city.status().ToString()));
  }
  return city.ok();
}

void World::Restart() {
  for (int attempt = 1;; ++attempt) {
    shadow_.reset();
    city_.reset();
    disk_.LosePower();
    disk_.SetFull(false);
    Say("power is lost");
    LEARNCITY_CHECK(attempt < kOpenAttemptsMax) << "the city cannot be opened\n" << trace_;
    if (chance_.OneIn(4)) ArmCrash(60);
    if (TryOpen()) return;
  }
}

void World::ArmCrash(int operations_max) {
  const int in = 1 + chance_.Below(operations_max);
  const bool before = chance_.OneIn(2);
  Say(Concat("the disk dies ", before ? "before" : "after", " its operation number ", in));
  disk_.CrashAt(disk_.operations() + in,
                before ? PowerLossDisk::When::kBefore : PowerLossDisk::When::kAfter);
}

void World::SetDiskFull(bool full) {
  Say(full ? "the disk is full" : "the disk has space");
  disk_.SetFull(full);
}

bool World::StepEverything() {
  now_ += 1ms;
  bool moved = city_->Step();
  if (shadow_) moved |= shadow_->Step();
  return moved;
}

bool World::Step() {
  if (has_topics_ && chance_.OneIn(40)) TroubleATopic();
  const auto hosts = city_->hosts();
  const auto who = static_cast<size_t>(chance_.Below(2 * static_cast<int>(hosts.size())));
  if (who >= hosts.size()) return StepEverything();
  now_ += 1ms;
  return hosts[who]->Step();
}

void World::Settle() {
  const auto waits = [this] {
    return city_->registry().writer().queued() + city_->enrollment().writer().queued() +
               city_->achievements().writer().queued() + city_->reporting().writer().queued() >
           0;
  };
  int steps = 0;
  // One at least: what waits to be sealed is in no queue yet.
  do {
    LEARNCITY_CHECK(steps < kDrainStepsMax) << "calls wait for ever\n" << trace_;
    StepEverything();
    ++steps;
  } while (waits() && !dead());
}

bool World::Drain() {
  faults_ = false;
  disk_.CrashAt(0, PowerLossDisk::When::kBefore);
  disk_.SetFull(false);
  for (const auto& [feed, topic] : topics_) topic->SetDown(false);
  Say("nothing fails from now on");
  for (int round = 0; round < kDrainRoundsMax; ++round) {
    int steps = 0;
    while (StepEverything()) {
      if (++steps > kDrainStepsMax) return false;
    }
    const bool caught_up = city_->CaughtUp() && (!shadow_ || shadow_->CaughtUp());
    if (caught_up && round >= kDrainRoundsMin) return true;
    now_ += 1min;
  }
  return false;
}

Files World::Close() {
  shadow_.reset();
  city_.reset();
  Files files;
  for (const std::string& name : disk_.FileNames()) files[name] = disk_.ReadFile(name);
  return files;
}

std::string World::DiskBytes() const {
  std::string all;
  for (const std::string& name : disk_.FileNames()) {
    all += Concat(name, "\n", disk_.ReadDurable(name), "\n");
  }
  return all;
}

}  // namespace learncity::simulation
