#include "platform/feed/follower.h"

#include "platform/runtime/mutex.h"

namespace learncity::feed {

// Constant: options, source, writer, moved. Guarded: the rest. Shared with the callback of a batch
// on its way, which may come after the follower is gone.
struct Follower::State {
  FollowerOptions options;
  Source source;
  ledger::Writer& writer;
  std::function<void(int64_t)> moved;

  mutable Mutex mutex;
  bool on_its_way LEARNCITY_GUARDED_BY(mutex) = false;
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
    if (s.on_its_way) return false;
    after = s.counts.applied;
  }
  const auto fault = [&](const absl::Status& status) {
    MutexLock lock(&s.mutex);
    ++s.counts.faults;
    s.counts.last_fault = status.ToString();
    s.on_its_way = false;
    return false;
  };
  auto records = s.source(after, s.options.batch_records_max);
  if (!records.ok()) return fault(records.status());
  if (records->empty()) return false;
  {
    MutexLock lock(&s.mutex);
    s.on_its_way = true;
    ++s.counts.batches;
  }
  ledger::EventInput input{.feed = s.options.feed,
                           .epoch = s.options.epoch,
                           .records = std::move(*records),
                           .done = [state = state_](absl::Status status, int64_t applied) {
                             bool moved = false;
                             {
                               MutexLock lock(&state->mutex);
                               state->on_its_way = false;
                               if (!status.ok()) ++state->counts.faults;
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
  if (!submitted.ok()) return fault(submitted);
  return true;
}

}  // namespace learncity::feed
