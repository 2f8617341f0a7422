// Carries a ledger's events to its topic: in order, each at least once, none left out.
//
// For every message on the topic all lower positions stand before it, so its offset is not below
// its position - 1. A relay that begins after any message of the topic keeps that true, whatever
// happened to the one before it, and so do two at once. Where it is not true, the topic was made
// anew, and is filled from the start.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/feed/envelope.h"
#include "platform/feed/source.h"
#include "platform/feed/topic.h"
#include "platform/ledger/record.h"
#include "platform/ledger/relay_lock.h"
#include "platform/runtime/mutex.h"
#include "platform/runtime/steady.h"

namespace learncity::feed {

struct RelayOptions {
  FeedName name;
  // Events read from the ledger at a time.
  int batch_records_max = 1000;
  // How long it rests after something failed.
  std::chrono::milliseconds retry_after{500};
  // How often it saves how far it is.
  std::chrono::milliseconds save_interval{1000};
  // How often it looks whether the topic still has what it was given.
  std::chrono::milliseconds check_interval{10'000};
  SteadyClock clock = SteadyNow;
};

// How a relay is doing.
struct RelayCounts {
  // Whether it carries, or stands by while another process does.
  bool holds = false;
  // The topic has everything up to here; 0 until it has begun.
  int64_t delivered = 0;
  // How often it began, each time with a writer of its own.
  int64_t begun = 0;
  int64_t faults = 0;
  // Why it does not go on; empty while it does.
  std::string last_fault;
  // The topic has events that the ledger has not: the ledger was put back to an earlier state.
  bool is_behind_topic = false;
};

// Step is called from one thread at a time, counts from any.
class Relay {
 public:
  struct Parts {
    // The ledger's events after a position.
    Source events;
    std::function<absl::StatusOr<ledger::Head>()> head;
    std::unique_ptr<ledger::RelayLock> lock;
    std::shared_ptr<Topic> topic;
  };

  Relay(RelayOptions options, Parts parts);

  // True when there is more to do at once; false: wake it when the ledger has moved, and soon in
  // any case, to see what was delivered.
  bool Step();
  RelayCounts counts() const;

 private:
  absl::Status Begin();
  // What the end of a topic shows.
  struct TopicEnd {
    TopicEnds ends;
    // False: it is empty by now, or no event of this feed is near its end.
    bool has_events = false;
    int64_t epoch = 0;
    // Of that epoch: the highest position, and how far there is no hole.
    int64_t highest = 0;
    int64_t whole_to = 0;

    void See(const Carried& carried);
  };
  absl::StatusOr<TopicEnd> ReadTopicEnd();
  static int64_t StartOf(const TopicEnd& end, const ledger::Head& head,
                         std::optional<int64_t> saved);
  absl::StatusOr<bool> Carry();
  // Sends what is read and reads on; how many were sent.
  absl::StatusOr<int> Send();
  absl::Status Save();
  // UNAVAILABLE: the topic was made anew since.
  absl::Status Check();
  void Fail(const absl::Status& status);
  void Tell(const std::function<void(RelayCounts&)>& change);

  const RelayOptions options_;
  const Parts parts_;
  // Of the stepping thread.
  std::unique_ptr<TopicWriter> writer_;
  // Told its ends alone.
  std::unique_ptr<TopicReader> checker_;
  int64_t epoch_ = 1;
  // Read from the ledger and not sent yet.
  std::deque<ledger::Record> read_;
  int64_t sent_ = 0;
  int64_t delivered_ = 0;
  int64_t saved_ = 0;
  Instant next_save_{};
  Instant next_check_{};
  Instant next_try_{};

  mutable Mutex mutex_;
  RelayCounts counts_ LEARNCITY_GUARDED_BY(mutex_);
};

}  // namespace learncity::feed
