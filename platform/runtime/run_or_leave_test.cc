#include "platform/runtime/run_or_leave.h"

#include <atomic>
#include <future>
#include <memory>

#include "gtest/gtest.h"

namespace learncity::runtime {
namespace {

TEST(RunOrLeave, WaitsForACallThatReturns) {
  std::atomic<bool> called{false};
  EXPECT_TRUE(RunOrLeave([&] { called = true; }, std::chrono::minutes(1)));
  EXPECT_TRUE(called);
}

TEST(RunOrLeave, LeavesACallThatDoesNot) {
  const auto end = std::make_shared<std::promise<void>>();
  const auto ended = std::make_shared<std::promise<void>>();
  EXPECT_FALSE(RunOrLeave(
      [end, ended] {
        end->get_future().wait();
        ended->set_value();
      },
      std::chrono::milliseconds(20)));
  end->set_value();
  ended->get_future().wait();
}

}  // namespace
}  // namespace learncity::runtime
