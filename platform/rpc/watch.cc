#include "platform/rpc/watch.h"

#include <algorithm>
#include <utility>

#include "platform/rpc/status.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

using std::chrono::steady_clock;

grpc::Status Stopping() {
  return ToStatus(
      absl::UnavailableError("The server stops. Watch again, at another one or later."));
}

}  // namespace

Watcher::Watcher(grpc::CallbackServerContext* context, const Method& method,
                 std::shared_ptr<Watch> watch)
    : AnyCall(context, method), watch_(std::move(watch)) {}

Watcher::~Watcher() { watch_->Leave(this); }

void Watcher::Begin(const grpc::Status& let_in) {
  if (let_in.ok()) return watch_->Join(this);
  Stop(let_in);
}

void Watcher::OnSent() {
  mutex_.Lock();
  sending_ = nullptr;
  Move();
}

void Watcher::Stop(const grpc::Status& status) {
  mutex_.Lock();
  if (!stop_) stop_ = status;
  next_ = nullptr;
  Move();
}

Watcher::SteadyTime Watcher::ready() {
  MutexLock lock(&mutex_);
  return sent_at_ + kWatchInterval;
}

void Watcher::Offer(std::shared_ptr<const Message> message, const std::string& content) {
  mutex_.Lock();
  const auto now = steady_clock::now();
  if (sending_ && now > sent_at_ + kWatchUnreadMax) TryCancel();
  if (!stop_ && content_ != content) {
    next_ = std::move(message);
    content_ = content;
  }
  Move();
}

void Watcher::Move() {
  again_ = true;
  if (moving_) return mutex_.Unlock();
  moving_ = true;
  while (again_) {
    again_ = false;
    const Message* send = nullptr;
    if (!sending_ && next_) {
      sending_ = std::exchange(next_, nullptr);
      sent_at_ = steady_clock::now();
      send = sending_.get();
    }
    const bool end = stop_ && !sending_;
    const grpc::Status status = end ? *stop_ : grpc::Status::OK;
    mutex_.Unlock();
    if (send != nullptr) Send(*send);
    // From here on nobody else starts anything, since this thread stays the one in Move.
    if (end) {
      Count(status);
      return End(status);
    }
    mutex_.Lock();
  }
  moving_ = false;
  mutex_.Unlock();
}

void Watch::Changed() {
  MutexLock lock(&mutex_);
  PublishAt(std::max(steady_clock::now(), published_at_ + kWatchInterval));
}

void Watch::End() {
  // Whoever computes is waited for; whoever comes later sees that it has ended.
  MutexLock computing(&computing_);
  MutexLock lock(&mutex_);
  ended_ = true;
  alarm_.reset();
  for (Watcher* watcher : watchers_) watcher->Stop(Stopping());
}

void Watch::Join(Watcher* watcher) {
  MutexLock computing(&computing_);
  {
    MutexLock lock(&mutex_);
    if (ended_) return watcher->Stop(Stopping());
    if (watchers_.size() >= kWatchersMax) {
      return watcher->Stop(ToStatus(absl::ResourceExhaustedError(
          Concat("Already ", kWatchersMax, " streams watch this. Try again later."))));
    }
    // Before it is computed, so that no change in between is missed.
    watchers_.insert(watcher);
    PublishAt(steady_clock::now() + watched_.lasts());
  }
  auto value = watched_.compute();
  if (!value.ok()) return watcher->Stop(ToStatus(value.status()));
  const std::string content = watched_.content(**value);
  watcher->Offer(*std::move(value), content);
}

void Watch::Leave(Watcher* watcher) {
  MutexLock lock(&mutex_);
  watchers_.erase(watcher);
  if (watchers_.empty()) alarm_.reset();
}

void Watch::PublishAt(SteadyTime when) {
  if (ended_ || watchers_.empty()) return;
  if (alarm_ && alarm_at_ <= when) return;
  alarm_ = std::make_unique<grpc::Alarm>();
  alarm_at_ = when;
  const auto left = std::max(when - steady_clock::now(), steady_clock::duration::zero());
  alarm_->Set(std::chrono::system_clock::now() + left, [weak = weak_from_this()](bool rang) {
    const auto self = rang ? weak.lock() : nullptr;
    if (self) self->Publish();
  });
}

void Watch::Publish() {
  MutexLock computing(&computing_);
  {
    MutexLock lock(&mutex_);
    if (ended_ || watchers_.empty()) return;
    alarm_.reset();
    published_at_ = steady_clock::now();
    PublishAt(published_at_ + watched_.lasts());
  }
  const auto value = watched_.compute();
  const std::string content = value.ok() ? watched_.content(**value) : "";
  MutexLock lock(&mutex_);
  for (Watcher* watcher : watchers_) {
    if (!value.ok()) {
      watcher->Stop(ToStatus(value.status()));
    } else if (const auto ready = watcher->ready(); ready > steady_clock::now()) {
      PublishAt(ready);
    } else {
      watcher->Offer(*value, content);
    }
  }
}

}  // namespace learncity::rpc
