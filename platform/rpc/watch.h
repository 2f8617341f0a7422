// A value that callers watch: each is sent it at once, and again whenever it has changed.
//
// The value is computed once for all who watch, and not at all while nobody does or nothing
// happens. Who reads slowly misses what was in between, never the last.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/alarm.h"
#include "grpcpp/grpcpp.h"
#include "platform/rpc/call.h"
#include "platform/rpc/gate.h"
#include "platform/runtime/mutex.h"

namespace learncity::rpc {

// Least time between two messages to one who watches.
constexpr std::chrono::milliseconds kWatchInterval{250};
// A message that has not gone out for so long goes nowhere: the stream ends with the next change.
constexpr std::chrono::seconds kWatchUnreadMax{60};
// Streams on one value; one more is refused with RESOURCE_EXHAUSTED.
constexpr size_t kWatchersMax = 1000;

struct Watched {
  // One message of the stream. From one thread at a time; may read for milliseconds.
  std::function<absl::StatusOr<std::shared_ptr<google::protobuf::Message>>()> compute;
  // What of it must differ for it to be sent again.
  std::function<std::string(const google::protobuf::Message&)> content;
  // How long it stays as it is if nothing happens, as until the day ends.
  std::function<std::chrono::microseconds()> lasts;
};

class Watch;

// One who watches, without the type of the messages. Ended by client, server, or a fault.
class Watcher : public AnyCall {
 public:
  using Message = google::protobuf::Message;
  using SteadyTime = std::chrono::steady_clock::time_point;

  Watcher(grpc::CallbackServerContext* context, const Method& method, std::shared_ptr<Watch> watch);

 protected:
  virtual ~Watcher();

  // Joins the watch, or ends at once when `let_in` is not OK. Inside the handler.
  void Begin(const grpc::Status& let_in);
  void OnSent() LEARNCITY_EXCLUDES(mutex_);
  void Stop(const grpc::Status& status) LEARNCITY_EXCLUDES(mutex_);

 private:
  friend class Watch;
  // What gRPC is asked for, by one thread at a time.
  virtual void Send(const Message& message) = 0;
  virtual void End(const grpc::Status& status) = 0;

  // When it may be offered a message again.
  SteadyTime ready() LEARNCITY_EXCLUDES(mutex_);
  // Sends it next, in place of what waits, unless its content is what was offered before.
  void Offer(std::shared_ptr<const Message> message, const std::string& content)
      LEARNCITY_EXCLUDES(mutex_);
  // Starts what can be started now. Gives back the mutex; the stream may be gone after it.
  void Move() LEARNCITY_RELEASE(mutex_);

  const std::shared_ptr<Watch> watch_;

  Mutex mutex_;
  std::shared_ptr<const Message> next_ LEARNCITY_GUARDED_BY(mutex_);
  std::shared_ptr<const Message> sending_ LEARNCITY_GUARDED_BY(mutex_);
  std::optional<std::string> content_ LEARNCITY_GUARDED_BY(mutex_);
  SteadyTime sent_at_ LEARNCITY_GUARDED_BY(mutex_);
  std::optional<grpc::Status> stop_ LEARNCITY_GUARDED_BY(mutex_);
  // One thread is in Move, and whether it has to look once more.
  bool moving_ LEARNCITY_GUARDED_BY(mutex_) = false;
  bool again_ LEARNCITY_GUARDED_BY(mutex_) = false;
};

template <class Response>
class WatchReactor final : public Watcher, public grpc::ServerWriteReactor<Response> {
 public:
  WatchReactor(grpc::CallbackServerContext* context, const Gate& gate,
               const google::protobuf::Message& request, std::shared_ptr<Watch> watch)
      : Watcher(context, gate.MethodOf(request.GetDescriptor()), std::move(watch)) {
    auto let_in = gate.LetIn(this, method().descriptor->service()->full_name());
    Begin(let_in.ok() ? gate.Check(*this, method(), request) : let_in);
  }

 private:
  ~WatchReactor() override = default;
  void Send(const Message& message) override {
    this->StartWrite(static_cast<const Response*>(&message));
  }
  void End(const grpc::Status& status) override { this->Finish(status); }

  void OnWriteDone(bool) override { OnSent(); }
  void OnCancel() override { Stop({grpc::StatusCode::CANCELLED, "the caller left"}); }
  void OnDone() override { delete this; }
};

// From any thread. Shared by its owner, its streams and its alarm.
class Watch : public std::enable_shared_from_this<Watch> {
 public:
  explicit Watch(Watched watched) : watched_(std::move(watched)) {}

  // A stream that watches; return it from the handler.
  template <class Response>
  grpc::ServerWriteReactor<Response>* Open(grpc::CallbackServerContext* context, const Gate& gate,
                                           const google::protobuf::Message& request) {
    return new WatchReactor<Response>(context, gate, request, shared_from_this());
  }
  // Something has happened that may change the value. Returns at once.
  void Changed() LEARNCITY_EXCLUDES(mutex_);
  // Ends all streams, and takes no more. What `watched` uses must stay until this has returned.
  void End() LEARNCITY_EXCLUDES(computing_, mutex_);

 private:
  friend class Watcher;
  using SteadyTime = Watcher::SteadyTime;

  void Join(Watcher* watcher) LEARNCITY_EXCLUDES(computing_, mutex_);
  void Leave(Watcher* watcher) LEARNCITY_EXCLUDES(mutex_);
  // The alarm's: computes, and offers the value to all who are ready for it.
  void Publish() LEARNCITY_EXCLUDES(computing_, mutex_);
  // Sees to it that Publish is called then, or before.
  void PublishAt(SteadyTime when) LEARNCITY_REQUIRES(mutex_);

  const Watched watched_;

  // Held while the value is computed and given out, so that nobody is given an older one after a
  // newer one. Taken before mutex_.
  Mutex computing_;
  Mutex mutex_;
  std::set<Watcher*> watchers_ LEARNCITY_GUARDED_BY(mutex_);
  std::unique_ptr<grpc::Alarm> alarm_ LEARNCITY_GUARDED_BY(mutex_);
  SteadyTime alarm_at_ LEARNCITY_GUARDED_BY(mutex_);
  SteadyTime published_at_ LEARNCITY_GUARDED_BY(mutex_);
  bool ended_ LEARNCITY_GUARDED_BY(mutex_) = false;
};

}  // namespace learncity::rpc
