#include "platform/calendar/calendar.h"

#include <array>
#include <cstdio>

#include "platform/runtime/check.h"

namespace learncity {
namespace {

constexpr std::chrono::hours kCityOffset{7};

}  // namespace

std::optional<Day> ToDay(const google::type::Date& date) {
  if (date.year() < 1 || date.year() > static_cast<int>(std::chrono::year::max())) {
    return std::nullopt;
  }
  if (date.month() < 1 || date.month() > 12 || date.day() < 1 || date.day() > 31) {
    return std::nullopt;
  }
  const std::chrono::year_month_day day(std::chrono::year(date.year()),
                                        std::chrono::month(static_cast<unsigned>(date.month())),
                                        std::chrono::day(static_cast<unsigned>(date.day())));
  if (!day.ok()) return std::nullopt;
  return Day(day);
}

Day DayOf(const google::type::Date& date) {
  const auto day = ToDay(date);
  LEARNCITY_CHECK(day.has_value()) << date.year() << "-" << date.month() << "-" << date.day();
  return *day;
}

google::type::Date ToDate(Day day) {
  const std::chrono::year_month_day parts(day);
  google::type::Date date;
  date.set_year(static_cast<int>(parts.year()));
  date.set_month(static_cast<int>(static_cast<unsigned>(parts.month())));
  date.set_day(static_cast<int>(static_cast<unsigned>(parts.day())));
  return date;
}

Day Today(Time now) { return std::chrono::floor<std::chrono::days>(now + kCityOffset); }

std::string FormatDay(Day day) {
  const google::type::Date date = ToDate(day);
  std::array<char, 48> text;
  const int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year(),
                                   date.month(), date.day());
  return std::string(text.data(), static_cast<size_t>(length));
}

google::protobuf::Timestamp ToTimestamp(Time time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(second.time_since_epoch().count());
  timestamp.set_nanos(static_cast<int>(std::chrono::nanoseconds(time - second).count()));
  return timestamp;
}

Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return Time(std::chrono::seconds(timestamp.seconds()) +
              std::chrono::microseconds(timestamp.nanos() / 1000));
}

}  // namespace learncity
