#include "platform/runtime/run_or_leave.h"

#include <future>
#include <thread>
#include <utility>

namespace learncity::runtime {

bool RunOrLeave(std::function<void()> call, std::chrono::milliseconds patience) {
  std::promise<void> ending;
  const auto end = ending.get_future();
  std::thread([ending = std::move(ending), call = std::move(call)]() mutable {
    call();
    ending.set_value();
  }).detach();
  return end.wait_for(patience) == std::future_status::ready;
}

}  // namespace learncity::runtime
