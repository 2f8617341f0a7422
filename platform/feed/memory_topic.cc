#include "platform/feed/memory_topic.h"

#include <algorithm>
#include <utility>

#include "platform/runtime/concat.h"

namespace learncity::feed {

class MemoryWriter : public TopicWriter {
 public:
  explicit MemoryWriter(std::shared_ptr<MemoryTopic> topic) : topic_(std::move(topic)) {}

  absl::Status Send(const Message& message, int64_t position) override {
    if (on_their_way_.size() >= MemoryTopic::kOnTheirWayMax) {
      return absl::ResourceExhaustedError("as much is on its way as may be");
    }
    on_their_way_.emplace_back(message, position);
    return absl::OkStatus();
  }

  absl::StatusOr<int64_t> Delivered() override {
    while (failed_.ok() && !on_their_way_.empty()) {
      auto& [message, position] = on_their_way_.front();
      const Fate fate = topic_->FateOf(position);
      if (fate == Fate::kWaits) break;
      if (fate != Fate::kArrives) {
        failed_ = absl::UnavailableError(Concat("position ", position, " was not delivered"));
      }
      if (fate != Fate::kFails) topic_->Append(std::move(message));
      if (fate == Fate::kArrives) delivered_ = position;
      on_their_way_.pop_front();
    }
    if (!failed_.ok()) return failed_;
    return delivered_;
  }

 private:
  const std::shared_ptr<MemoryTopic> topic_;
  std::deque<std::pair<Message, int64_t>> on_their_way_;
  int64_t delivered_ = 0;
  absl::Status failed_;
};

class MemoryReader : public TopicReader {
 public:
  explicit MemoryReader(std::shared_ptr<MemoryTopic> topic) : topic_(std::move(topic)) {}

  absl::StatusOr<TopicEnds> Ends() override {
    if (auto status = topic_->Reachable(); !status.ok()) return status;
    return topic_->ends();
  }
  absl::Status Seek(int64_t offset) override {
    offset_ = offset;
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<Message>> Take(int limit) override {
    if (auto status = topic_->Reachable(); !status.ok()) return status;
    return topic_->From(&offset_, limit);
  }

 private:
  const std::shared_ptr<MemoryTopic> topic_;
  int64_t offset_ = 0;
};

absl::StatusOr<std::unique_ptr<TopicWriter>> MemoryTopic::OpenWriter() {
  if (auto status = Reachable(); !status.ok()) return status;
  return std::make_unique<MemoryWriter>(shared_from_this());
}

absl::StatusOr<std::unique_ptr<TopicReader>> MemoryTopic::OpenReader() {
  if (auto status = Reachable(); !status.ok()) return status;
  return std::make_unique<MemoryReader>(shared_from_this());
}

absl::Status MemoryTopic::Reachable() const {
  MutexLock lock(&mutex_);
  if (is_down_) return absl::UnavailableError("the broker is down");
  if (!exists_) return absl::NotFoundError(Concat("there is no topic ", name_));
  return absl::OkStatus();
}

Fate MemoryTopic::FateOf(int64_t position) const {
  std::function<Fate(int64_t)> fate;
  {
    MutexLock lock(&mutex_);
    if (is_down_ || !exists_) return Fate::kWaits;
    fate = fate_;
  }
  return fate ? fate(position) : Fate::kArrives;
}

std::vector<Message> MemoryTopic::From(int64_t* offset, int limit) const {
  MutexLock lock(&mutex_);
  const auto next = first_ + static_cast<int64_t>(held_.size());
  if (*offset < first_ || *offset > next) *offset = first_;
  std::vector<Message> found;
  for (; *offset < next && found.size() < static_cast<size_t>(limit); ++*offset) {
    found.push_back(held_[static_cast<size_t>(*offset - first_)]);
  }
  return found;
}

void MemoryTopic::SetFate(std::function<Fate(int64_t)> fate) {
  MutexLock lock(&mutex_);
  fate_ = std::move(fate);
}

void MemoryTopic::SetDown(bool is_down) {
  MutexLock lock(&mutex_);
  is_down_ = is_down;
}

void MemoryTopic::SetExists(bool exists) {
  MutexLock lock(&mutex_);
  exists_ = exists;
}

void MemoryTopic::ForgetBefore(int64_t offset) {
  MutexLock lock(&mutex_);
  for (; first_ < offset && !held_.empty(); ++first_) held_.pop_front();
}

void MemoryTopic::Recreate() {
  MutexLock lock(&mutex_);
  held_.clear();
  first_ = 0;
}

void MemoryTopic::Append(Message message) {
  MutexLock lock(&mutex_);
  held_.push_back(std::move(message));
}

std::vector<Message> MemoryTopic::messages() const {
  MutexLock lock(&mutex_);
  return {held_.begin(), held_.end()};
}

TopicEnds MemoryTopic::ends() const {
  MutexLock lock(&mutex_);
  return {.first = first_, .next = first_ + static_cast<int64_t>(held_.size())};
}

}  // namespace learncity::feed
