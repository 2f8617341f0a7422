// Ends a process that does not come to its end.
#pragma once

#include <chrono>
#include <future>

namespace learncity::runtime {

// Made when stopping begins. If it still lives after `limit`, the process ends at once with
// `exit_code`, whatever its threads wait for: what was answered is durable, and what is not durable
// was not answered.
class StopWatchdog {
 public:
  StopWatchdog(std::chrono::milliseconds limit, int exit_code);
  // Stopping came to its end.
  ~StopWatchdog();
  StopWatchdog(const StopWatchdog&) = delete;
  StopWatchdog& operator=(const StopWatchdog&) = delete;

 private:
  std::promise<void> end_;
};

}  // namespace learncity::runtime
