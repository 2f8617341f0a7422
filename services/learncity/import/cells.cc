#include "services/learncity/import/cells.h"

#include <algorithm>
#include <charconv>

#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "platform/text/unicode.h"

namespace learncity::importing {
namespace {

constexpr size_t kYearDigits = 4;

// The numbers between the separators; empty when one is not of one to four digits.
std::vector<std::string_view> NumbersOf(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> numbers;
  while (true) {
    const size_t end = std::min(text.find_first_of(separators), text.size());
    const std::string_view number = text.substr(0, end);
    const bool is_number =
        !number.empty() && number.size() <= kYearDigits &&
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) return {};
    numbers.push_back(number);
    if (end == text.size()) return numbers;
    text.remove_prefix(end + 1);
  }
}

int ToNumber(std::string_view digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::string FormText(const DateForm& form) {
  std::string text = form.day_first ? "dd/mm/yyyy, as 05/09/2015" : "yyyy-mm-dd, as 2015-09-05";
  if (form.may_be_partial) text += form.day_first ? ", 09/2015 or 2015" : ", 2015-09 or 2015";
  return text;
}

Wrong NoDate(const DateForm& form) {
  std::string what = Concat("the date must be written ", FormText(form));
  if (!form.day_first) {
    what += "; for dates as 05/09/2015 write (dd/mm/yyyy) after the column's name";
  }
  return {"NOT_A_DATE", what + "."};
}

// Whether a date with day, or day and month, 0 begins a month or year that there is.
bool Exists(google::type::Date date) {
  if (date.day() == 0) date.set_day(1);
  if (date.month() == 0) date.set_month(1);
  return ToDay(date).has_value();
}

}  // namespace

std::variant<int32_t, Wrong> ReadNumber(std::string_view text) {
  int32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc() && read.ptr == end) return number;
  return Wrong{"NOT_A_NUMBER", "a whole number in digits is asked for, as 12."};
}

std::variant<google::type::Date, Wrong> ReadDate(std::string_view text, const DateForm& form) {
  std::vector<std::string_view> parts = NumbersOf(text, form.day_first ? "/-." : "-");
  if (form.day_first) std::reverse(parts.begin(), parts.end());
  const size_t parts_min = form.may_be_partial ? 1 : 3;
  const bool has_form =
      parts.size() >= parts_min && parts.size() <= 3 && parts[0].size() == kYearDigits &&
      std::all_of(parts.begin() + 1, parts.end(), [](auto part) { return part.size() <= 2; });
  if (!has_form) return NoDate(form);
  google::type::Date date;
  date.set_year(ToNumber(parts[0]));
  if (parts.size() > 1) date.set_month(ToNumber(parts[1]));
  if (parts.size() > 2) date.set_day(ToNumber(parts[2]));
  const bool says_zero =
      (parts.size() > 1 && date.month() == 0) || (parts.size() > 2 && date.day() == 0);
  if (says_zero || !Exists(date)) {
    return Wrong{"IMPOSSIBLE_DATE", "there is no such day in the calendar; correct it."};
  }
  return date;
}

std::vector<std::string> ReadList(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(";|\n"), text.size());
    std::string item = text::Normalised(text.substr(0, end));
    if (!item.empty()) items.push_back(std::move(item));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

}  // namespace learncity::importing
