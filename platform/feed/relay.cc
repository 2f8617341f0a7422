#include "platform/feed/relay.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"

namespace learncity::feed {
namespace {

// Messages at a topic's end that a relay looks at before it begins.
constexpr int64_t kLookBack = 1000;

}  // namespace

Relay::Relay(RelayOptions options, Parts parts)
    : options_(std::move(options)), parts_(std::move(parts)) {}

RelayCounts Relay::counts() const {
  MutexLock lock(&mutex_);
  return counts_;
}

void Relay::Tell(const std::function<void(RelayCounts&)>& change) {
  MutexLock lock(&mutex_);
  change(counts_);
}

void Relay::Fail(const absl::Status& status) {
  writer_.reset();
  checker_.reset();
  next_try_ = options_.clock() + options_.retry_after;
  const std::string fault = status.ToString();
  bool is_new = false;
  Tell([&](RelayCounts& counts) {
    is_new = counts.last_fault != fault;
    counts.last_fault = fault;
    ++counts.faults;
  });
  if (!is_new) return;
  telemetry::Log(telemetry::Level::kWarning, "relay_failed",
                 {{"feed", options_.name.feed}, {"fault", fault}});
}

bool Relay::Step() {
  const bool holds = parts_.lock->Hold();
  Tell([&](RelayCounts& counts) { counts.holds = holds; });
  if (!holds) {
    writer_.reset();
    return false;
  }
  if (!writer_) {
    if (options_.clock() < next_try_) return false;
    if (auto status = Begin(); !status.ok()) {
      Fail(status);
      return false;
    }
  }
  const auto moved = Carry();
  if (!moved.ok()) Fail(moved.status());
  return moved.ok() && *moved;
}

// Where a hole stands in what is looked at, all before it is what the topic has.
void Relay::TopicEnd::See(const Carried& carried) {
  const int64_t position = carried.record.position;
  if (carried.epoch > epoch || !has_events) {
    epoch = carried.epoch;
    highest = whole_to = position;
    has_events = true;
  }
  if (carried.epoch < epoch) return;
  highest = std::max(highest, position);
  if (position == whole_to + 1) whole_to = position;
}

absl::StatusOr<Relay::TopicEnd> Relay::ReadTopicEnd() {
  auto reader = parts_.topic->OpenReader();
  if (!reader.ok()) return reader.status();
  const auto ends = (*reader)->Ends();
  if (!ends.ok()) return ends.status();
  TopicEnd end{.ends = *ends};
  if (ends->first == ends->next) return end;
  const int64_t from = std::max(ends->first, ends->next - kLookBack);
  if (auto status = (*reader)->Seek(from); !status.ok()) return status;
  int64_t seen = 0;
  while (seen < ends->next - from) {
    auto messages = (*reader)->Take(static_cast<int>(kLookBack));
    if (!messages.ok()) return messages.status();
    if (messages->empty()) break;
    seen += static_cast<int64_t>(messages->size());
    for (Message& message : *messages) {
      const auto carried = FromMessage(options_.name, std::move(message));
      if (carried.ok()) end.See(*carried);
    }
  }
  if (seen > 0) return end;
  return absl::UnavailableError(Concat("topic ", parts_.topic->name(), " does not show its end"));
}

// The smaller of what the topic shows and what was saved. Nothing counts where the topic has fewer
// messages than positions, or shows those of another epoch.
int64_t Relay::StartOf(const TopicEnd& end, const ledger::Head& head,
                       std::optional<int64_t> saved) {
  if (!end.has_events) {
    const int64_t start = std::min(saved.value_or(0), head.position);
    return end.ends.next < start ? 0 : start;
  }
  if (end.epoch != head.epoch || end.ends.next < end.whole_to) return 0;
  return std::min(end.whole_to, saved.value_or(end.whole_to));
}

absl::Status Relay::Begin() {
  const auto head = parts_.head();
  if (!head.ok()) return head.status();
  const auto saved = parts_.lock->Saved();
  if (!saved.ok()) return saved.status();
  const auto end = ReadTopicEnd();
  if (!end.ok()) return end.status();
  const bool is_behind =
      end->epoch > head->epoch || (end->epoch == head->epoch && end->highest > head->position);
  Tell([&](RelayCounts& counts) { counts.is_behind_topic = is_behind; });
  if (is_behind) {
    return absl::DataLossError(Concat("topic ", parts_.topic->name(), " has position ",
                                      end->highest, " of epoch ", end->epoch,
                                      ", the ledger ends at ", head->position, " of epoch ",
                                      head->epoch, ": it was put back to an earlier state"));
  }
  auto writer = parts_.topic->OpenWriter();
  if (!writer.ok()) return writer.status();
  writer_ = std::move(*writer);
  next_check_ = options_.clock() + options_.check_interval;
  epoch_ = head->epoch;
  sent_ = delivered_ = saved_ = StartOf(*end, *head, *saved);
  read_.clear();
  Tell([&](RelayCounts& counts) {
    counts.delivered = delivered_;
    counts.last_fault.clear();
    ++counts.begun;
  });
  telemetry::Log(
      telemetry::Level::kInfo, "relay_begins",
      {{"feed", options_.name.feed}, {"topic", parts_.topic->name()}, {"position", delivered_}});
  return absl::OkStatus();
}

absl::StatusOr<bool> Relay::Carry() {
  const auto delivered = writer_->Delivered();
  if (!delivered.ok()) return delivered.status();
  const bool has_moved = *delivered > delivered_;
  delivered_ = std::max(delivered_, *delivered);
  Tell([&](RelayCounts& counts) { counts.delivered = delivered_; });
  const auto sent = Send();
  if (!sent.ok()) return sent.status();
  if (auto status = Save(); !status.ok()) return status;
  if (auto status = Check(); !status.ok()) return status;
  return has_moved || *sent > 0;
}

absl::StatusOr<int> Relay::Send() {
  if (read_.empty()) {
    auto records = parts_.events(sent_, options_.batch_records_max);
    if (!records.ok()) return records.status();
    read_.assign(std::make_move_iterator(records->begin()),
                 std::make_move_iterator(records->end()));
  }
  int sent = 0;
  for (; !read_.empty(); read_.pop_front(), ++sent) {
    const ledger::Record& record = read_.front();
    if (record.position != sent_ + 1) {
      return absl::InternalError(
          Concat("the ledger gave position ", record.position, " after ", sent_));
    }
    const absl::Status status =
        writer_->Send(ToMessage(options_.name, epoch_, record), record.position);
    if (absl::IsResourceExhausted(status)) break;
    if (!status.ok()) return status;
    sent_ = record.position;
  }
  return sent;
}

absl::Status Relay::Check() {
  if (options_.clock() < next_check_) return absl::OkStatus();
  next_check_ = options_.clock() + options_.check_interval;
  if (!checker_) {
    auto reader = parts_.topic->OpenReader();
    if (!reader.ok())
      return absl::IsUnavailable(reader.status()) ? absl::OkStatus() : reader.status();
    checker_ = std::move(*reader);
  }
  const auto ends = checker_->Ends();
  if (absl::IsUnavailable(ends.status())) return absl::OkStatus();
  if (!ends.ok()) return ends.status();
  if (ends->next >= delivered_) return absl::OkStatus();
  return absl::UnavailableError(Concat("topic ", parts_.topic->name(), " ends at ", ends->next,
                                       " after it had taken ", delivered_,
                                       " events: it was made anew"));
}

absl::Status Relay::Save() {
  if (delivered_ == saved_ || options_.clock() < next_save_) return absl::OkStatus();
  next_save_ = options_.clock() + options_.save_interval;
  saved_ = delivered_;
  return parts_.lock->Save(saved_);
}

}  // namespace learncity::feed
