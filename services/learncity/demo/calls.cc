#include "services/learncity/demo/calls.h"

#include <algorithm>
#include <utility>

#include "platform/rpc/status.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::demo {
namespace {

// From the second try's wait to the longest: 100 ms doubled so often is past any limit.
constexpr int kDoublingsMax = 16;

bool MayPass(grpc::StatusCode code) {
  return code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::RESOURCE_EXHAUSTED;
}

}  // namespace

Calls::Calls(const CallLimits& limits, const std::string& token)
    : limits_(limits),
      authorization_(Concat("Bearer ", token)),
      slots_(static_cast<size_t>(limits.in_flight_max)) {
  LEARNCITY_CHECK_GT(limits.in_flight_max, 0);
  for (size_t slot = 0; slot < slots_.size(); ++slot) free_.push_back(slot);
}

void Calls::Run(size_t count, const Send& send, const Ended& ended) {
  size_t begun = 0;
  const Next next = [&]() -> std::optional<size_t> {
    if (begun == count) return std::nullopt;
    return begun++;
  };
  Run(next, send, ended);
}

void Calls::Run(const Next& next, const Send& send, const Ended& ended) {
  bool stopped = false;
  while (true) {
    while (!stopped && !free_.empty()) {
      if (!later_.empty() && later_.begin()->first <= Steady::now()) {
        const Try again = later_.begin()->second;
        later_.erase(later_.begin());
        Start(again, send);
      } else if (const auto call = next()) {
        Start({.call = *call, .first = Steady::now()}, send);
      } else {
        break;
      }
    }
    const bool nothing_under_way = free_.size() == slots_.size();
    if (nothing_under_way && (stopped || later_.empty())) break;
    for (const Answer& answer : WaitForAnswers()) {
      const Slot slot = std::move(slots_[answer.slot]);
      free_.push_back(answer.slot);
      if (stopped || TriesAgain(slot.what, answer.status)) continue;
      if (ended(slot.what.call, *slot.context, answer.status)) continue;
      stopped = true;
      later_.clear();
      for (const Slot& other : slots_) {
        if (other.context != nullptr) other.context->TryCancel();
      }
    }
  }
}

void Calls::Start(const Try& what, const Send& send) {
  const size_t index = free_.back();
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.what = what;
  slot.context = std::make_unique<grpc::ClientContext>();
  slot.context->AddMetadata("authorization", authorization_);
  slot.context->set_deadline(std::chrono::system_clock::now() + limits_.call_time_max);
  send(what.call, slot.context.get(),
       [this, index](grpc::Status status) { Answered(index, std::move(status)); });
}

bool Calls::TriesAgain(const Try& what, const grpc::Status& status) {
  if (!MayPass(status.error_code())) return false;
  const auto doubled = limits_.backoff_first * (1 << std::min(what.tries, kDoublingsMax));
  const auto asked = rpc::Details(status).retry_after.value_or(std::chrono::milliseconds(0));
  const auto wait = std::max(std::min(doubled, limits_.backoff_max), asked);
  const auto at = Steady::now() + wait;
  if (at - what.first > limits_.retry_time_max) return false;
  later_.emplace(at, Try{.call = what.call, .tries = what.tries + 1, .first = what.first});
  ++retries_;
  return true;
}

std::vector<Calls::Answer> Calls::WaitForAnswers() {
  const bool waits_for_retry = !free_.empty() && !later_.empty();
  MutexLock lock(&mutex_);
  const auto some = [this]() LEARNCITY_REQUIRES(mutex_) { return !answers_.empty(); };
  if (waits_for_retry) {
    answered_.WaitUntil(&mutex_, later_.begin()->first, some);
  } else {
    // Each call under way ends by its deadline.
    answered_.Wait(&mutex_, some);
  }
  return std::exchange(answers_, {});
}

void Calls::Answered(size_t slot, grpc::Status status) {
  // Notified under the lock: as soon as it is free, Run may return and the object go.
  MutexLock lock(&mutex_);
  answers_.push_back({slot, std::move(status)});
  answered_.NotifyOne();
}

}  // namespace learncity::demo
