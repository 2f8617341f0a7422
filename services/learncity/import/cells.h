// What is read from the text of one cell. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "google/type/date.pb.h"

namespace learncity::importing {

// Why a cell is not what its column asks for.
struct Wrong {
  std::string rule;
  std::string what;
};

// A whole number in digits, with a sign perhaps.
std::variant<int32_t, Wrong> ReadNumber(std::string_view text);

// How the dates of a column are written.
struct DateForm {
  // dd/mm/yyyy instead of yyyy-mm-dd.
  bool day_first = false;
  // A month, or a year, will do: what is not given is 0.
  bool may_be_partial = false;
};

std::variant<google::type::Date, Wrong> ReadDate(std::string_view text, const DateForm& form);

// The parts between semicolons, bars and line ends, without those that are empty.
std::vector<std::string> ReadList(std::string_view text);

}  // namespace learncity::importing
