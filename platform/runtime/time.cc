#include "platform/runtime/time.h"

#include <array>
#include <charconv>
#include <cstdio>

#include "platform/runtime/check.h"

namespace learncity {
namespace {

// The number that all of these digits write; -1 where they are not digits alone.
int Digits(std::string_view text) {
  int number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stopped == text.data() + text.size() ? number : -1;
}

}  // namespace

Time SystemNow() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string FormatTime(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const int year = static_cast<int>(date.year());
  LEARNCITY_CHECK(year >= 0 && year <= 9999) << "year " << year;
  std::array<char, 64> text;
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", year,
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return std::string(text.data(), static_cast<size_t>(length));
}

std::optional<Time> ParseTime(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00.000000Z";
  if (text.size() != kShape.size()) return std::nullopt;
  const auto number = [text](size_t from, size_t length) {
    return Digits(text.substr(from, length));
  };
  const std::chrono::year_month_day date(std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2))));
  const Time time = std::chrono::sys_days(date) + std::chrono::hours(number(11, 2)) +
                    std::chrono::minutes(number(14, 2)) + std::chrono::seconds(number(17, 2)) +
                    std::chrono::microseconds(number(20, 6));
  // Whatever is no digit, no separator or beyond its range is written in another way.
  const int year = static_cast<int>(date.year());
  if (!date.ok() || year < 0 || FormatTime(time) != text) return std::nullopt;
  return time;
}

}  // namespace learncity
