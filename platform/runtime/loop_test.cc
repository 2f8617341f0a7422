#include "platform/runtime/loop.h"

#include <gtest/gtest.h>

#include <optional>

namespace learncity::runtime {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kPatience{20};

// Counts the steps of a loop and lets a test wait for them.
class Steps {
 public:
  // What the step returns: whether there is more.
  bool Count(int more_until) LEARNCITY_EXCLUDES(mutex_) {
    MutexLock lock(&mutex_);
    ++count_;
    changed_.NotifyAll();
    return count_ < more_until;
  }
  bool Reach(int count) LEARNCITY_EXCLUDES(mutex_) {
    MutexLock lock(&mutex_);
    return changed_.WaitFor(&mutex_, kPatience,
                            [&]() LEARNCITY_REQUIRES(mutex_) { return count_ >= count; });
  }
  int count() LEARNCITY_EXCLUDES(mutex_) {
    MutexLock lock(&mutex_);
    return count_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int count_ LEARNCITY_GUARDED_BY(mutex_) = 0;
};

TEST(Loop, StepsOnForAsLongAsThereIsMore) {
  Steps steps;
  Loop loop(
      "relay", [&] { return steps.Count(100); }, 1h);
  EXPECT_TRUE(steps.Reach(100));
  loop.Stop();
  EXPECT_EQ(steps.count(), 100);
}

TEST(Loop, StepsAtOnceWhenWoken) {
  Steps steps;
  Loop loop(
      "writer", [&] { return steps.Count(0); }, 1h);
  for (int i = 1; i <= 50; ++i) {
    ASSERT_TRUE(steps.Reach(i));
    loop.Wake();
  }
  EXPECT_TRUE(steps.Reach(51));
}

TEST(Loop, StepsWithoutWakeAfterItsIdleTime) {
  Steps steps;
  Loop loop(
      "timers", [&] { return steps.Count(0); }, 1ms);
  EXPECT_TRUE(steps.Reach(5));
}

TEST(Loop, DoesNotLoseAWakeThatComesDuringAStep) {
  Steps steps;
  Steps released;
  Loop loop(
      "follower",
      [&] {
        steps.Count(0);
        EXPECT_TRUE(released.Reach(1));
        return false;
      },
      1h);
  ASSERT_TRUE(steps.Reach(1));
  loop.Wake();
  released.Count(0);
  EXPECT_TRUE(steps.Reach(2));
}

TEST(Loop, FinishesTheStepThatRunsWhenStopped) {
  Steps started;
  Steps finished;
  std::optional<Loop> loop;
  loop.emplace(
      "writer",
      [&] {
        started.Count(0);
        for (int i = 0; i < 1000; ++i) finished.Count(0);
        return true;
      },
      1h);
  ASSERT_TRUE(started.Reach(1));
  loop->Stop();
  EXPECT_EQ(finished.count(), 1000 * started.count());
  loop->Wake();
  loop->Stop();
  loop.reset();
  EXPECT_EQ(finished.count(), 1000 * started.count());
}

TEST(LoopDeathTest, AbortsWhenItsStepStopsIt) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        Loop* self = nullptr;
        Steps ready;
        Loop loop(
            "selfish",
            [&] {
              ready.Reach(1);
              self->Stop();
              return false;
            },
            1h);
        self = &loop;
        ready.Count(0);
        loop.Wake();
        Steps().Reach(1);
      },
      "loop selfish stops itself");
}

}  // namespace
}  // namespace learncity::runtime
