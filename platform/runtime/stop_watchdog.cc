#include "platform/runtime/stop_watchdog.h"

#include <unistd.h>

#include <cstdio>
#include <thread>

#include "platform/runtime/mutex.h"

namespace learncity::runtime {

// Shared with the thread that waits, which is left behind when all is well.
struct StopWatchdog::State {
  Mutex mutex;
  CondVar changed;
  bool has_ended LEARNCITY_GUARDED_BY(mutex) = false;
};

StopWatchdog::StopWatchdog(std::chrono::milliseconds limit, int exit_code)
    : state_(std::make_shared<State>()) {
  std::thread([state = state_, limit, exit_code] {
    MutexLock lock(&state->mutex);
    const auto ended = [&state]() LEARNCITY_REQUIRES(state->mutex) { return state->has_ended; };
    if (state->changed.WaitFor(&state->mutex, limit, ended)) return;
    std::fputs("stopping did not come to its end: the process ends here\n", stderr);
    ::_exit(exit_code);
  }).detach();
}

StopWatchdog::~StopWatchdog() {
  MutexLock lock(&state_->mutex);
  state_->has_ended = true;
  state_->changed.NotifyAll();
}

}  // namespace learncity::runtime
