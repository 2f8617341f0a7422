// Messages and dates as a test writes them. Text that does not parse aborts.
#pragma once

#include <cstdio>
#include <string>

#include "google/protobuf/text_format.h"
#include "google/type/date.pb.h"
#include "platform/runtime/check.h"

namespace learncity {

// A message from its text format, as FromText<OfferingEvent>("seat_taken {}").
template <class Message>
Message FromText(const std::string& text) {
  Message message;
  LEARNCITY_CHECK(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// A date from ISO 8601, as DateOf("2026-09-05").
inline google::type::Date DateOf(const std::string& text) {
  int year = 0, month = 0, day = 0;
  LEARNCITY_CHECK_EQ(std::sscanf(text.c_str(), "%4d-%2d-%2d", &year, &month, &day), 3) << text;
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

}  // namespace learncity
