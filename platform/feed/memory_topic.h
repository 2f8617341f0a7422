// A topic in memory, whose troubles a test chooses.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/feed/topic.h"
#include "platform/runtime/mutex.h"

namespace learncity::feed {

// What becomes of a message that is sent.
enum class Fate {
  kArrives,
  // Stays on its way; asked again when its writer next looks.
  kWaits,
  // Is lost, and its writer learns it.
  kFails,
  // Arrives, and its writer hears that it failed.
  kArrivesUnheard,
};

class MemoryTopic : public Topic, public std::enable_shared_from_this<MemoryTopic> {
 public:
  static constexpr size_t kOnTheirWayMax = 20'000;

  explicit MemoryTopic(std::string name) : name_(std::move(name)) {}

  const std::string& name() const override { return name_; }
  absl::StatusOr<std::unique_ptr<TopicWriter>> OpenWriter() override;
  absl::StatusOr<std::unique_ptr<TopicReader>> OpenReader() override;

  // Everything arrives until this is set.
  void SetFate(std::function<Fate(int64_t position)> fate) LEARNCITY_EXCLUDES(mutex_);
  // Down: nothing can be opened or read, and what is sent waits.
  void SetDown(bool is_down) LEARNCITY_EXCLUDES(mutex_);
  // False: as if nobody had made it.
  void SetExists(bool exists) LEARNCITY_EXCLUDES(mutex_);
  // As retention does.
  void ForgetBefore(int64_t offset) LEARNCITY_EXCLUDES(mutex_);
  // Deletes it and makes it anew. Writers that are open go on.
  void Recreate() LEARNCITY_EXCLUDES(mutex_);
  // By another's hand.
  void Append(Message message) LEARNCITY_EXCLUDES(mutex_);

  // What it holds, from its first offset on.
  std::vector<Message> messages() const LEARNCITY_EXCLUDES(mutex_);
  TopicEnds ends() const LEARNCITY_EXCLUDES(mutex_);

 private:
  friend class MemoryWriter;
  friend class MemoryReader;

  absl::Status Reachable() const LEARNCITY_EXCLUDES(mutex_);
  Fate FateOf(int64_t position) const LEARNCITY_EXCLUDES(mutex_);
  std::vector<Message> From(int64_t* offset, int limit) const LEARNCITY_EXCLUDES(mutex_);

  const std::string name_;
  mutable Mutex mutex_;
  std::deque<Message> held_ LEARNCITY_GUARDED_BY(mutex_);
  int64_t first_ LEARNCITY_GUARDED_BY(mutex_) = 0;
  bool is_down_ LEARNCITY_GUARDED_BY(mutex_) = false;
  bool exists_ LEARNCITY_GUARDED_BY(mutex_) = true;
  std::function<Fate(int64_t)> fate_ LEARNCITY_GUARDED_BY(mutex_);
};

}  // namespace learncity::feed
