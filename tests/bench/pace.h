// How fast calls were answered, and the client that keeps a number of them in flight.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "platform/runtime/check.h"
#include "platform/runtime/mutex.h"

namespace learncity::bench {

constexpr char kToken[] = "bench-token-0123456789";
constexpr char kAuthorization[] = "Bearer bench-token-0123456789";

// What one side of a pair did in its time.
struct Pace {
  int64_t calls = 0;
  double seconds = 0;
  double p50_ms = 0;
  double p99_ms = 0;

  double PerSecond() const { return static_cast<double>(calls) / seconds; }
};

// Takes the latencies apart in place.
Pace PaceOf(std::vector<uint32_t>& latencies_us, std::chrono::duration<double> time);

// A channel of its own to a server on this machine.
std::shared_ptr<grpc::Channel> ChannelTo(int port);

// Keeps so many calls in flight, each begun by the callback of one that ended, on gRPC's threads.
// A call that fails ends the program: a refused write is not a measured one.
template <class Request, class Response>
class ClosedLoop {
 public:
  // The async stub's method, and what fills in the next request; both from any thread.
  using Begin = std::function<void(grpc::ClientContext*, const Request*, Response*,
                                   std::function<void(grpc::Status)>)>;
  using Next = std::function<void(Request*)>;

  ClosedLoop(Begin begin, Next next) : begin_(std::move(begin)), next_(std::move(next)) {}

  // Returns once every call has ended; those that ended after the time are not counted.
  Pace Run(int in_flight, std::chrono::milliseconds time) {
    std::vector<std::unique_ptr<Slot>> slots;
    for (int i = 0; i < in_flight; ++i) slots.push_back(std::make_unique<Slot>(*this));
    stopping_ = false;
    {
      MutexLock lock(&mutex_);
      running_ = in_flight;
    }
    const auto began = std::chrono::steady_clock::now();
    for (auto& slot : slots) slot->Start();
    {
      MutexLock lock(&mutex_);
      ended_.WaitUntil(&mutex_, began + time, [] { return false; });
      stopping_ = true;
      const auto stopped = std::chrono::steady_clock::now();
      ended_.Wait(&mutex_, [this]() LEARNCITY_REQUIRES(mutex_) { return running_ == 0; });
      std::vector<uint32_t> all;
      for (auto& slot : slots)
        all.insert(all.end(), slot->latencies.begin(), slot->latencies.end());
      return PaceOf(all, stopped - began);
    }
  }

 private:
  struct Slot {
    explicit Slot(ClosedLoop& l) : loop(l) { latencies.reserve(size_t{1} << 14); }

    void Start() {
      context.emplace();
      context->AddMetadata("authorization", kAuthorization);
      loop.next_(&request);
      began = std::chrono::steady_clock::now();
      loop.begin_(&*context, &request, &response, [this](const grpc::Status& s) { End(s); });
    }

    void End(const grpc::Status& status) {
      LEARNCITY_CHECK(status.ok())
          << status.error_message() << " for " << request.ShortDebugString();
      const auto took = std::chrono::steady_clock::now() - began;
      if (loop.stopping_) return loop.OneEnded();
      latencies.push_back(static_cast<uint32_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
      Start();
    }

    ClosedLoop& loop;
    std::optional<grpc::ClientContext> context;
    Request request;
    Response response;
    std::chrono::steady_clock::time_point began;
    std::vector<uint32_t> latencies;
  };

  void OneEnded() {
    MutexLock lock(&mutex_);
    if (--running_ == 0) ended_.NotifyAll();
  }

  const Begin begin_;
  const Next next_;
  std::atomic<bool> stopping_{false};
  Mutex mutex_;
  CondVar ended_;
  int running_ LEARNCITY_GUARDED_BY(mutex_) = 0;
};

}  // namespace learncity::bench
