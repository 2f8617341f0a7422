#include "platform/feed/follower.h"

#include <algorithm>

#include "platform/runtime/mutex.h"

namespace learncity::feed {
namespace {

constexpr int kOnTheirWayMax = 2;

}  // namespace

// Constant: options, source, writer, moved. Guarded: the rest. Shared with the callback of a batch
// on its way, which may come after the follower is gone.
struct Follower::State {
  FollowerOptions options;
  Source source;
  ledger::Writer& writer;
  std::function<void(int64_t)> moved;

  mutable Mutex mutex;
  int on_their_way LEARNCITY_GUARDED_BY(mutex) = 0;
  // What is on its way ends here; 0 once something failed, which makes the rest a gap.
  int64_t read_to LEARNCITY_GUARDED_BY(mutex) = 0;
  FollowerCounts counts LEARNCITY_GUARDED_BY(mutex);
};

Follower::Follower(FollowerOptions options, Source source, ledger::Writer& writer, int64_t applied,
                   std::function<void(int64_t)> moved)
    : state_(new State{.options = std::move(options),
                       .source = std::move(source),
                       .writer = writer,
                       .moved = std::move(moved),
                       .mutex = {},
                       .counts = {.applied = applied, .last_fault = ""}}) {}
Follower::~Follower() = default;

const std::string& Follower::feed() const { return state_->options.feed; }

FollowerCounts Follower::counts() const {
  MutexLock lock(&state_->mutex);
  return state_->counts;
}

bool Follower::Step() {
  State& s = *state_;
  int64_t after = 0;
  {
    MutexLock lock(&s.mutex);
    if (s.on_their_way >= kOnTheirWayMax) return false;
    after = std::max(s.counts.applied, s.read_to);
  }
  const auto fault = [&](const absl::Status& status) {
    MutexLock lock(&s.mutex);
    ++s.counts.faults;
    s.counts.last_fault = status.ToString();
    return false;
  };
  auto records = s.source(after, s.options.batch_records_max);
  if (!records.ok()) return fault(records.status());
  if (records->empty()) return false;
  {
    MutexLock lock(&s.mutex);
    ++s.on_their_way;
    s.read_to = std::max(s.read_to, records->back().position);
    ++s.counts.batches;
  }
  ledger::EventInput input{.feed = s.options.feed,
                           .epoch = s.options.epoch,
                           .records = std::move(*records),
                           .done = [state = state_](absl::Status status, int64_t applied) {
                             bool moved = false;
                             {
                               MutexLock lock(&state->mutex);
                               --state->on_their_way;
                               if (!status.ok()) {
                                 ++state->counts.faults;
                                 state->read_to = 0;
                               }
                               state->counts.last_fault = status.ok() ? "" : status.ToString();
                               // A turn that failed says nothing of the cursor; at a gap the
                               // ledger's is the truth, also where it is behind.
                               moved = applied > state->counts.applied;
                               if (moved || absl::IsOutOfRange(status)) {
                                 state->counts.applied = applied;
                               }
                             }
                             if (moved && state->moved) state->moved(applied);
                           }};
  const absl::Status submitted = s.writer.Submit(std::move(input));
  if (submitted.ok()) return true;
  {
    MutexLock lock(&s.mutex);
    --s.on_their_way;
    s.read_to = 0;
  }
  return fault(submitted);
}

}  // namespace learncity::feed
