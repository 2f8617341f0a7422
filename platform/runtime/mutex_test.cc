#include "platform/runtime/mutex.h"

#include <gtest/gtest.h>

#include "platform/runtime/loop.h"

namespace learncity {
namespace {

using namespace std::chrono_literals;

TEST(CondVar, GivesUpAtTheDeadlineWithTheMutexHeld) {
  Mutex mutex;
  CondVar changed;
  mutex.Lock();
  EXPECT_FALSE(changed.WaitUntil(&mutex, std::chrono::steady_clock::now() - 1s));
  EXPECT_FALSE(changed.WaitFor(&mutex, 1ms, [] { return false; }));
  EXPECT_TRUE(changed.WaitFor(&mutex, 0ms, [] { return true; }));
  mutex.Unlock();
  if (!mutex.TryLock()) FAIL() << "a wait has kept the mutex";
  mutex.Unlock();
}

TEST(CondVar, HandsATurnBackAndForth) {
  constexpr int kTurns = 200;
  Mutex mutex;
  CondVar changed;
  int turn = 0;
  runtime::Loop other(
      "other",
      [&] {
        MutexLock lock(&mutex);
        if (turn % 2 == 1) {
          ++turn;
          changed.NotifyAll();
        }
        return changed.WaitFor(&mutex, 20s, [&] { return turn % 2 == 1 || turn == kTurns; }) &&
               turn < kTurns;
      },
      1h);
  MutexLock lock(&mutex);
  while (turn < kTurns) {
    ASSERT_TRUE(changed.WaitFor(&mutex, 20s, [&] { return turn % 2 == 0; }));
    if (turn < kTurns) ++turn;
    changed.NotifyAll();
  }
  EXPECT_EQ(turn, kTurns);
}

}  // namespace
}  // namespace learncity
