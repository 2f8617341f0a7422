// What a text or date must look like: learncity.options.v1.Format, and the parts that names are
// made of. Pure.
#pragma once

#include <string_view>

#include "google/type/date.pb.h"
#include "learncity/options/v1/options.pb.h"

namespace learncity::rpc {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Five digits of a commune-level unit, three of an old district or a cluster, or five, a hyphen and
// one to three of a residential group.
bool IsUnitCode(std::string_view text);
// A day that exists, as "20250701".
bool IsCompactDate(std::string_view text);

// Whether a text has a format for texts. A date's format is a bug here and aborts.
bool HasFormat(options::v1::Format format, std::string_view text);
// The same for FORMAT_FULL_DATE and FORMAT_PARTIAL_DATE. The year is 1 to 9999.
bool HasFormat(options::v1::Format format, const google::type::Date& date);

// Whether the format is one of dates.
bool IsDateFormat(options::v1::Format format);

// What it must be, with an example, as "a UUID, as \"0198c0de-…\"".
std::string_view Describe(options::v1::Format format);

// Characters of a text in UTF-8.
size_t CountCharacters(std::string_view text);

}  // namespace learncity::rpc
