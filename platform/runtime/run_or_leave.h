// For calls into other libraries that may never come back.
#pragma once

#include <chrono>
#include <functional>

namespace learncity::runtime {

// Runs `call` on a thread of its own and waits until it has returned, but `patience` at the
// longest. False: it was left to itself, and goes on as long as it likes; what it uses stays until
// the process ends.
bool RunOrLeave(std::function<void()> call, std::chrono::milliseconds patience);

}  // namespace learncity::runtime
