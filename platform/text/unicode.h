// Vietnamese text as different programs write it, brought to one form. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace learncity::text {

// What no cell may hold.
enum class BadText { kNotUtf8, kControlCharacter };

// Nullopt when all of it is UTF-8 without control characters. Tabs and line ends may stand in it.
std::optional<BadText> FindBadText(std::string_view text);

// In NFC, without white space at both ends. The text must be UTF-8.
std::string Normalised(std::string_view text);

// By which names and words are compared: without case and diacritics, đ as d, and with one space
// for each run of spaces, dashes and underscores. The text must be UTF-8.
std::string Folded(std::string_view text);

// Bytes by whose order texts stand in Vietnamese alphabetical order: letters before tones. The text
// must be UTF-8.
std::string VietnameseOrder(std::string_view text);

}  // namespace learncity::text
