#include "platform/runtime/quantity.h"

#include <charconv>
#include <limits>
#include <span>
#include <system_error>

#include "platform/runtime/concat.h"

namespace learncity::runtime {
namespace {

struct Unit {
  std::string_view name;
  int64_t factor;
};

// From small to large: the largest that divides a value is the one to show it in.
constexpr Unit kDurationUnits[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr Unit kByteUnits[] = {{"B", 1},
                               {"KiB", int64_t{1} << 10},
                               {"MiB", int64_t{1} << 20},
                               {"GiB", int64_t{1} << 30},
                               {"TiB", int64_t{1} << 40}};

std::optional<int64_t> Parse(std::string_view text, std::span<const Unit> units) {
  const size_t digits = text.find_first_not_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  const std::optional<int64_t> number = ParseInt(text.substr(0, digits));
  if (!number.has_value()) return std::nullopt;
  for (const Unit& unit : units) {
    if (text.substr(digits) != unit.name) continue;
    if (*number > std::numeric_limits<int64_t>::max() / unit.factor) return std::nullopt;
    return *number * unit.factor;
  }
  return std::nullopt;
}

std::string Format(int64_t value, std::span<const Unit> units) {
  Unit best = units.front();
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) best = unit;
  }
  return Concat(value / best.factor, best.name);
}

}  // namespace

std::optional<int64_t> ParseInt(std::string_view text) {
  int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  const std::optional<int64_t> value = Parse(text, kDurationUnits);
  if (!value.has_value()) return std::nullopt;
  return std::chrono::milliseconds(*value);
}

std::string FormatDuration(std::chrono::milliseconds duration) {
  return Format(duration.count(), kDurationUnits);
}

std::optional<int64_t> ParseBytes(std::string_view text) { return Parse(text, kByteUnits); }

std::string FormatBytes(int64_t bytes) { return Format(bytes, kByteUnits); }

}  // namespace learncity::runtime
