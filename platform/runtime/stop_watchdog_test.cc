#include "platform/runtime/stop_watchdog.h"

#include <future>

#include "gtest/gtest.h"

namespace learncity::runtime {
namespace {

TEST(StopWatchdog, LetsGoOfWhatEndsInTime) {
  for (int i = 0; i < 100; ++i) StopWatchdog(std::chrono::seconds(30), 1);
}

TEST(StopWatchdogDeathTest, EndsWhatDoesNot) {
  EXPECT_EXIT(
      {
        StopWatchdog watchdog(std::chrono::milliseconds(10), 70);
        std::promise<void>().get_future().wait();
      },
      testing::ExitedWithCode(70), "did not come to its end");
}

}  // namespace
}  // namespace learncity::runtime
