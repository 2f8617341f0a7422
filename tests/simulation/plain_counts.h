// Pupils, centers, recognitions and awards counted the plain way, from the events alone: nothing of
// reporting goes in.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "platform/calendar/calendar.h"
#include "tests/simulation/seen.h"

namespace learncity::simulation {

// How far a reporting has applied the feeds it follows.
struct Applied {
  int64_t registry = 0;
  int64_t enrollment = 0;
  int64_t achievements = 0;
};

// How many of what, by the names below. Only what is not 0.
using Counts = std::map<std::string, int64_t>;

std::string Pupils(type::v1::IscedLevel level, type::v1::Sex sex);
std::string Centers(type::v1::CenterKind kind, type::v1::Ownership ownership, int standard_level);
std::string Recognitions(type::v1::RecognitionSubject kind);
std::string Awards(bool international);

// As of that day. What was not applied has not happened.
Counts CountPlainly(const Seen& seen, const Applied& applied, Day day);

}  // namespace learncity::simulation
