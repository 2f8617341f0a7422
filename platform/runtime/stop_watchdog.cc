#include "platform/runtime/stop_watchdog.h"

#include <unistd.h>

#include <cstdio>
#include <thread>

namespace learncity::runtime {

StopWatchdog::StopWatchdog(std::chrono::milliseconds limit, int exit_code) {
  std::thread([end = end_.get_future(), limit, exit_code] {
    if (end.wait_for(limit) == std::future_status::ready) return;
    std::fputs("stopping did not come to its end: the process ends here\n", stderr);
    ::_exit(exit_code);
  }).detach();
}

StopWatchdog::~StopWatchdog() { end_.set_value(); }

}  // namespace learncity::runtime
