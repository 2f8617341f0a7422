// The one notion of wall-clock time: UTC, in microseconds, taken from a Clock that is handed in.
//
// Only programs and tests choose the clock; everything else is given one. Deadlines and intervals
// inside a process use std::chrono::steady_clock instead.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace learncity {

using Time = std::chrono::sys_time<std::chrono::microseconds>;

// Called from any thread; may repeat a value and, with the system's clock, go back.
using Clock = std::function<Time()>;

Time SystemNow();

// RFC 3339 in UTC with always six digits of a second: "2025-04-30T08:15:00.000250Z". Texts sort as
// their times do. The year lies between 0 and 9999; any other is a bug and aborts.
std::string FormatTime(Time time);
// The time of a text that FormatTime has written; nullopt is any other.
std::optional<Time> ParseTime(std::string_view text);

}  // namespace learncity
