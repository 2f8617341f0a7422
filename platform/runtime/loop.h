// Where threads are created: a Loop drives one step function. (run_or_leave.h makes those that may
// be left behind.)
//
// Writers, relays and followers are step functions without threads; a program gives each a Loop, a
// simulation calls the same function by hand.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "platform/runtime/mutex.h"

namespace learncity::runtime {

// A Loop owns one thread, which alone calls `step`; Wake and Stop are called from any other thread
// (Wake also from the step itself).
//
// `step` does a bounded piece of work and returns true when there is more to do at once; after
// false the thread rests until Wake, but `idle_max` at the longest. Wakes that come during a step
// or on top of each other add up to one more step: none is lost. An exception out of `step` is a
// bug and ends the process.
//
// The thread starts in the constructor, so the Loop stands last among the members its step uses.
class Loop {
 public:
  // The first 15 bytes of the name show in debuggers and in `top -H`. `idle_max` is above zero.
  Loop(std::string name, std::function<bool()> step, std::chrono::milliseconds idle_max);
  // Stops.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void Wake() LEARNCITY_EXCLUDES(mutex_);
  // Lets the step that runs finish, starts no other, joins the thread. Idempotent; callers at the
  // same time all return after the join. Calling it from the step itself is a bug and aborts.
  void Stop() LEARNCITY_EXCLUDES(mutex_, join_mutex_);

  const std::string& name() const { return name_; }

 private:
  void Run() LEARNCITY_EXCLUDES(mutex_);

  const std::string name_;
  const std::function<bool()> step_;
  const std::chrono::milliseconds idle_max_;

  Mutex mutex_;
  CondVar changed_;
  bool woken_ LEARNCITY_GUARDED_BY(mutex_) = false;
  bool stopping_ LEARNCITY_GUARDED_BY(mutex_) = false;

  Mutex join_mutex_;
  std::thread thread_ LEARNCITY_GUARDED_BY(join_mutex_);
  // Set by the constructor.
  std::thread::id thread_id_;
};

}  // namespace learncity::runtime
