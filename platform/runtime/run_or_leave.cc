#include "platform/runtime/run_or_leave.h"

#include <memory>
#include <thread>
#include <utility>

#include "platform/runtime/mutex.h"

namespace learncity::runtime {
namespace {

// Shared by the caller and the thread that it may leave.
struct Ending {
  Mutex mutex;
  CondVar changed;
  bool has_ended LEARNCITY_GUARDED_BY(mutex) = false;
};

}  // namespace

bool RunOrLeave(std::function<void()> call, std::chrono::milliseconds patience) {
  const auto ending = std::make_shared<Ending>();
  std::thread([ending, call = std::move(call)] {
    call();
    MutexLock lock(&ending->mutex);
    ending->has_ended = true;
    ending->changed.NotifyAll();
  }).detach();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  MutexLock lock(&ending->mutex);
  while (!ending->has_ended) {
    if (!ending->changed.WaitUntil(&ending->mutex, deadline)) return ending->has_ended;
  }
  return true;
}

}  // namespace learncity::runtime
