// Days and instants as the protos write them, and which day it is in the city. Pure.
//
// A Day is a calendar day without a zone; days since 1970-01-01 are
// `day.time_since_epoch().count()` and `Day(std::chrono::days(n))`.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "platform/runtime/time.h"

namespace learncity {

using Day = std::chrono::sys_days;

// Nullopt when there is no such day: February 30th, or a part that is 0.
std::optional<Day> ToDay(const google::type::Date& date);

// The same for a date that the field rules have passed; a date that is no day is a bug and aborts.
Day DayOf(const google::type::Date& date);

google::type::Date ToDate(Day day);

// The day it is in the city: UTC+7, as in all of Vietnam, without daylight saving time.
Day Today(Time now);

// ISO 8601, as "2026-09-05".
std::string FormatDay(Day day);

google::protobuf::Timestamp ToTimestamp(Time time);
// Parts of a microsecond are dropped.
Time ToTime(const google::protobuf::Timestamp& timestamp);

// Whether a resource with `valid_from`, and perhaps `valid_to`, is valid on that day. `valid_to` is
// the first day on which it no longer is.
template <class Resource>
bool IsValidOn(const Resource& resource, Day day) {
  return DayOf(resource.valid_from()) <= day &&
         (!resource.has_valid_to() || day < DayOf(resource.valid_to()));
}

// False when its last day would be before its first.
template <class Resource>
bool IsEverValid(const Resource& resource) {
  return !resource.has_valid_to() || DayOf(resource.valid_from()) < DayOf(resource.valid_to());
}

// When it is valid, the last day included: "from 2025-01-01 to 2025-06-30", "from 2025-07-01 on".
template <class Resource>
std::string FormatValidity(const Resource& resource) {
  const std::string from = "from " + FormatDay(DayOf(resource.valid_from()));
  if (!resource.has_valid_to()) return from + " on";
  return from + " to " + FormatDay(DayOf(resource.valid_to()) - std::chrono::days(1));
}

}  // namespace learncity
