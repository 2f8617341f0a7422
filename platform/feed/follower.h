// Follows another service's feed: what it reads there becomes inputs of the own ledger's turns, in
// which effect and cursor commit together.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "platform/feed/source.h"
#include "platform/ledger/writer.h"

namespace learncity::feed {

struct FollowerOptions {
  std::string feed;
  int64_t epoch = 1;
  // Events in one input. A turn stops taking inputs at its own limits.
  int batch_records_max = 256;
};

// How a follower is doing.
struct FollowerCounts {
  // Position of the last event that is applied.
  int64_t applied = 0;
  int64_t batches = 0;
  int64_t faults = 0;
  // Why the last batch failed; empty when it did not.
  std::string last_fault;
};

// Step and the writer's done callback may be on different threads; each from one at a time. The
// writer must outlive it, or be abandoned before it goes.
class Follower {
 public:
  // `applied` is the ledger's cursor at start. `moved` is called with each new cursor, from the
  // writer's thread, and may be called after the follower is gone, until the writer is. The source
  // may repeat and may skip: the fence in the turn lets through cursor + 1 alone.
  Follower(FollowerOptions options, Source source, ledger::Writer& writer, int64_t applied,
           std::function<void(int64_t position)> moved);
  ~Follower();

  // Reads a stretch and hands it to the writer, unless as many are on their way as may be: one that
  // the writer is at, and one that waits. True when there may be more at once; false: wake it when
  // the feed or the writer has moved.
  bool Step();
  const std::string& feed() const;
  FollowerCounts counts() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace learncity::feed
