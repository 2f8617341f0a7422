// The clock of deadlines and intervals inside a process: never goes back, and says nothing of the
// day.
//
// Handed in where a simulation must be able to choose it; else std::chrono::steady_clock is read.
#pragma once

#include <chrono>
#include <functional>

namespace learncity {

using Instant = std::chrono::steady_clock::time_point;

// Called from any thread.
using SteadyClock = std::function<Instant()>;

inline Instant SteadyNow() { return std::chrono::steady_clock::now(); }

}  // namespace learncity
