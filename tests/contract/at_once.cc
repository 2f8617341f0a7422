#include "tests/contract/at_once.h"

#include <memory>
#include <vector>

#include "platform/runtime/concat.h"
#include "platform/runtime/loop.h"
#include "platform/runtime/mutex.h"

namespace learncity::contract {
namespace {

// Written by the threads and the one that waits for them.
struct Meeting {
  Mutex mutex;
  CondVar changed;
  int arrived LEARNCITY_GUARDED_BY(mutex) = 0;
  int ended LEARNCITY_GUARDED_BY(mutex) = 0;

  void ArriveAndWait(int n) {
    MutexLock lock(&mutex);
    ++arrived;
    changed.NotifyAll();
    changed.Wait(&mutex, [&]() LEARNCITY_REQUIRES(mutex) { return arrived == n; });
  }
  void End() {
    MutexLock lock(&mutex);
    ++ended;
    changed.NotifyAll();
  }
  void AwaitEnded(int n) {
    MutexLock lock(&mutex);
    changed.Wait(&mutex, [&]() LEARNCITY_REQUIRES(mutex) { return ended == n; });
  }
};

}  // namespace

void AtOnce(int n, const std::function<void(int)>& act) {
  Meeting meeting;
  std::vector<std::unique_ptr<runtime::Loop>> threads;
  for (int i = 0; i < n; ++i) {
    threads.push_back(std::make_unique<runtime::Loop>(
        Concat("at-once-", i),
        [&, i, acted = false]() mutable {
          if (acted) return false;
          acted = true;
          meeting.ArriveAndWait(n);
          act(i);
          meeting.End();
          return false;
        },
        std::chrono::hours(1)));
  }
  meeting.AwaitEnded(n);
}

}  // namespace learncity::contract
