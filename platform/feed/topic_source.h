// A follower's source in a cluster: reads the feed's topic, and asks the feed's owner for what the
// topic has not. So starting late, a hole, a topic that was emptied and a broker that is down are
// all the same: the owner is asked.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/feed/envelope.h"
#include "platform/feed/source.h"
#include "platform/feed/topic.h"
#include "platform/runtime/mutex.h"
#include "platform/runtime/steady.h"

namespace learncity::feed {

struct TopicSourceOptions {
  FeedName name;
  // Of the ledger that follows: events of another epoch are not its own.
  int64_t epoch = 1;
  // After the topic has had nothing new for so long, the owner is asked, and asked again as often.
  std::chrono::milliseconds quiet{2000};
  SteadyClock clock = SteadyNow;
};

// How a source is doing.
struct TopicSourceCounts {
  int64_t from_topic = 0;
  int64_t from_owner = 0;
  // Events on the topic that the follower had already, or that are of another epoch.
  int64_t passed_by = 0;
  // Messages that are no events of this feed.
  int64_t foreign = 0;
  int64_t faults = 0;
  // Why the topic was not read last; empty when it was.
  std::string last_fault;
};

// Read is called from one thread at a time, counts from any.
class TopicSource {
 public:
  TopicSource(TopicSourceOptions options, std::shared_ptr<Topic> topic, Source owner);

  // As a Source; waits as long as the topic does.
  absl::StatusOr<std::vector<ledger::Record>> Read(int64_t after, int limit);
  TopicSourceCounts counts() const;

 private:
  absl::Status Open(int64_t after);
  // Takes what has come on the topic; what is not past `after` is dropped.
  void Take(int64_t after, int limit);
  std::vector<ledger::Record> NextInOrder(int64_t after, int limit);
  absl::StatusOr<std::vector<ledger::Record>> AskOwner(int64_t after, int limit);
  void Tell(const std::function<void(TopicSourceCounts&)>& change);

  const TopicSourceOptions options_;
  const std::shared_ptr<Topic> topic_;
  const Source owner_;
  // Of the reading thread.
  std::unique_ptr<TopicReader> reader_;
  // Taken from the topic and not given yet, as they came.
  std::deque<ledger::Record> taken_;
  Instant next_open_{};
  Instant ask_at_;
  bool asks_on_ = false;

  mutable Mutex mutex_;
  TopicSourceCounts counts_ LEARNCITY_GUARDED_BY(mutex_);
};

}  // namespace learncity::feed
