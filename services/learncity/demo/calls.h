// Sends many calls, so many at a time, and tries again what may pass.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "platform/runtime/mutex.h"

namespace learncity::demo {

struct CallLimits {
  int in_flight_max = 64;
  // Deadline of one try.
  std::chrono::milliseconds call_time_max = std::chrono::seconds(30);
  // The wait before the second try; each further one is twice as long, up to the second limit. A
  // server that asks for a longer wait gets it.
  std::chrono::milliseconds backoff_first = std::chrono::milliseconds(100);
  std::chrono::milliseconds backoff_max = std::chrono::seconds(5);
  // No try begins when so much time has passed since the call's first one.
  std::chrono::milliseconds retry_time_max = std::chrono::seconds(60);
};

// Run is called by one thread; what it is given is called on that thread too.
class Calls {
 public:
  using Done = std::function<void(grpc::Status)>;
  // The next call to begin; none while nothing can begin until another has ended.
  using Next = std::function<std::optional<size_t>()>;
  // Starts call `i`. `context` lives until `done` has been called, which may be from any thread.
  using Send = std::function<void(size_t i, grpc::ClientContext* context, Done done)>;
  // Call `i` has ended for good. False stops: calls under way are cancelled, no other begins.
  using Ended = std::function<bool(size_t i, const grpc::ClientContext&, const grpc::Status&)>;

  // Calls carry `token` as bearer token.
  Calls(const CallLimits& limits, const std::string& token);

  // Sends what `next` gives and returns when all have ended and there is no next. UNAVAILABLE and
  // RESOURCE_EXHAUSTED are tried again; any other status ends a call.
  void Run(const Next& next, const Send& send, const Ended& ended) LEARNCITY_EXCLUDES(mutex_);
  // Calls 0 to count - 1.
  void Run(size_t count, const Send& send, const Ended& ended) LEARNCITY_EXCLUDES(mutex_);

  // Tries beyond each call's first, since construction.
  int64_t retries() const { return retries_; }

 private:
  using Steady = std::chrono::steady_clock;
  struct Try {
    size_t call = 0;
    // Of this call, before this one.
    int tries = 0;
    Steady::time_point first;
  };
  struct Slot {
    Try what;
    std::unique_ptr<grpc::ClientContext> context;
  };
  struct Answer {
    size_t slot = 0;
    grpc::Status status;
  };

  void Start(const Try& what, const Send& send);
  // Whether another try will follow.
  bool TriesAgain(const Try& what, const grpc::Status& status);
  // Waits for an answer; with free slots no longer than until the next retry.
  std::vector<Answer> WaitForAnswers() LEARNCITY_EXCLUDES(mutex_);
  // On gRPC's threads.
  void Answered(size_t slot, grpc::Status status) LEARNCITY_EXCLUDES(mutex_);

  const CallLimits limits_;
  const std::string authorization_;

  // The thread of Run only.
  std::vector<Slot> slots_;
  std::vector<size_t> free_;
  std::multimap<Steady::time_point, Try> later_;
  int64_t retries_ = 0;

  Mutex mutex_;
  CondVar answered_;
  std::vector<Answer> answers_ LEARNCITY_GUARDED_BY(mutex_);
};

}  // namespace learncity::demo
