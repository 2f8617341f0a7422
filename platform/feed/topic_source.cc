#include "platform/feed/topic_source.h"

#include <algorithm>
#include <utility>

#include "platform/telemetry/log.h"

namespace learncity::feed {

TopicSource::TopicSource(TopicSourceOptions options, std::shared_ptr<Topic> topic, Source owner)
    : options_(std::move(options)),
      topic_(std::move(topic)),
      owner_(std::move(owner)),
      ask_at_(options_.clock() + options_.quiet) {}

TopicSourceCounts TopicSource::counts() const {
  MutexLock lock(&mutex_);
  return counts_;
}

void TopicSource::Tell(const std::function<void(TopicSourceCounts&)>& change) {
  MutexLock lock(&mutex_);
  change(counts_);
}

// Each position stands at an offset of its own, so the one after `after` has at least that offset,
// and is yet to come where the topic ends before.
absl::Status TopicSource::Open(int64_t after) {
  auto reader = topic_->OpenReader();
  if (!reader.ok()) return reader.status();
  const auto ends = (*reader)->Ends();
  if (!ends.ok()) return ends.status();
  if (auto status = (*reader)->Seek(std::min(after, ends->next)); !status.ok()) return status;
  reader_ = std::move(*reader);
  taken_.clear();
  return absl::OkStatus();
}

void TopicSource::Take(int64_t after, int limit) {
  absl::Status status;
  if (!reader_) {
    if (options_.clock() < next_open_) return;
    next_open_ = options_.clock() + options_.quiet;
    status = Open(after);
  }
  absl::StatusOr<std::vector<Message>> messages = std::vector<Message>();
  if (status.ok()) messages = reader_->Take(limit);
  status.Update(messages.status());
  if (!status.ok()) reader_.reset();
  int64_t foreign = 0;
  int64_t passed_by = 0;
  for (size_t i = 0; messages.ok() && i < messages->size(); ++i) {
    auto carried = FromMessage(options_.name, std::move((*messages)[i]));
    if (!carried.ok()) {
      ++foreign;
    } else if (carried->epoch == options_.epoch && carried->record.position > after) {
      taken_.push_back(std::move(carried->record));
    } else {
      ++passed_by;
    }
  }
  const std::string fault = status.ok() ? "" : status.ToString();
  bool is_new = false;
  Tell([&](TopicSourceCounts& counts) {
    is_new = counts.last_fault != fault;
    counts.last_fault = fault;
    counts.foreign += foreign;
    counts.passed_by += passed_by;
    counts.faults += status.ok() ? 0 : 1;
  });
  if (!is_new) return;
  telemetry::Log(status.ok() ? telemetry::Level::kInfo : telemetry::Level::kWarning,
                 status.ok() ? telemetry::Name("topic_read_again") : "topic_not_read",
                 {{"topic", topic_->name()}, {"fault", fault}});
}

// What two relays sent one after the other repeats itself; only the next position counts.
std::vector<ledger::Record> TopicSource::NextInOrder(int64_t after, int limit) {
  std::vector<ledger::Record> next;
  while (!taken_.empty() && next.size() < static_cast<size_t>(limit)) {
    ledger::Record& record = taken_.front();
    if (record.position > after + 1) break;
    if (record.position == after + 1) {
      ++after;
      next.push_back(std::move(record));
    }
    taken_.pop_front();
  }
  return next;
}

// As long as it gives whole stretches, it is asked on: the topic may be far from where this is.
absl::StatusOr<std::vector<ledger::Record>> TopicSource::AskOwner(int64_t after, int limit) {
  auto records = owner_(after, limit);
  if (!records.ok()) return records;
  const bool is_whole = records->size() >= static_cast<size_t>(limit);
  ask_at_ = options_.clock();
  if (!is_whole) ask_at_ += options_.quiet;
  asks_on_ = is_whole;
  Tell([&](TopicSourceCounts& counts) {
    counts.from_owner += static_cast<int64_t>(records->size());
  });
  return records;
}

absl::StatusOr<std::vector<ledger::Record>> TopicSource::Read(int64_t after, int limit) {
  if (asks_on_) return AskOwner(after, limit);
  auto next = NextInOrder(after, limit);
  if (next.empty() && taken_.empty()) {
    Take(after, limit);
    next = NextInOrder(after, limit);
  }
  if (!next.empty()) {
    ask_at_ = options_.clock() + options_.quiet;
    Tell(
        [&](TopicSourceCounts& counts) { counts.from_topic += static_cast<int64_t>(next.size()); });
    return next;
  }
  const bool is_gap = !taken_.empty();
  if (is_gap || options_.clock() >= ask_at_) return AskOwner(after, limit);
  return next;
}

}  // namespace learncity::feed
