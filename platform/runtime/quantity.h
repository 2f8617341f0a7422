// Texts for numbers, durations and sizes, as people write them in configuration.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace learncity::runtime {

// All of these take the whole text, without blanks; nullopt is anything else, or out of range.

// "-12", "4096".
std::optional<int64_t> ParseInt(std::string_view text);

// A whole number, not negative, and its unit: "250ms", "30s", "5m", "12h", "7d".
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);
// The shortest text that ParseDuration reads back to the same.
std::string FormatDuration(std::chrono::milliseconds duration);

// A whole number, not negative, and its unit: "512B", "64KiB", "4MiB", "2GiB", "1TiB".
std::optional<int64_t> ParseBytes(std::string_view text);
std::string FormatBytes(int64_t bytes);

}  // namespace learncity::runtime
