// What this program is.
#pragma once

#include <string_view>

namespace learncity {

#ifndef LEARNCITY_VERSION
#define LEARNCITY_VERSION "0.0.0"
#endif

inline constexpr std::string_view kVersion = LEARNCITY_VERSION;
// Which sources it was built from is not known to a build from an archive.
inline constexpr std::string_view kRevision = "unknown";

}  // namespace learncity
