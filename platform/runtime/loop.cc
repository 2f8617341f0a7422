#include "platform/runtime/loop.h"

#include <pthread.h>

#include <utility>

#include "platform/runtime/check.h"

namespace learncity::runtime {
namespace {

constexpr size_t kThreadNameBytesMax = 15;

}  // namespace

Loop::Loop(std::string name, std::function<bool()> step, std::chrono::milliseconds idle_max)
    : name_(std::move(name)), step_(std::move(step)), idle_max_(idle_max) {
  LEARNCITY_CHECK(step_ != nullptr) << "loop " << name_;
  LEARNCITY_CHECK_GT(idle_max_.count(), 0) << "loop " << name_;
  MutexLock lock(&join_mutex_);
  thread_ = std::thread([this] { Run(); });
  thread_id_ = thread_.get_id();
}

Loop::~Loop() { Stop(); }

void Loop::Wake() {
  MutexLock lock(&mutex_);
  woken_ = true;
  changed_.NotifyOne();
}

void Loop::Stop() {
  LEARNCITY_CHECK(std::this_thread::get_id() != thread_id_) << "loop " << name_ << " stops itself";
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.NotifyOne();
  }
  MutexLock lock(&join_mutex_);
  if (thread_.joinable()) thread_.join();
}

void Loop::Run() {
  pthread_setname_np(pthread_self(), name_.substr(0, kThreadNameBytesMax).c_str());
  bool more = true;
  while (true) {
    {
      MutexLock lock(&mutex_);
      if (!more) {
        changed_.WaitFor(&mutex_, idle_max_,
                         [this]() LEARNCITY_REQUIRES(mutex_) { return woken_ || stopping_; });
      }
      if (stopping_) return;
      woken_ = false;
    }
    more = step_();
  }
}

}  // namespace learncity::runtime
