#include "platform/rpc/formats.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "platform/ledger/id.h"
#include "platform/runtime/check.h"

namespace learncity::rpc {
namespace {

using options::v1::Format;

// Characters of a subject's number.
constexpr size_t kSubjectNumberMax = 40;

std::optional<int> Digits(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

bool AreDigits(std::string_view text) { return Digits(text).has_value(); }

bool IsDay(int year, int month, int day) {
  // Bounds first: chrono keeps a month or day in one byte, where 257 is 1.
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) return false;
  return std::chrono::year_month_day(std::chrono::year(year),
                                     std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

// Four digits, '-', and `rest` digits.
bool IsYearAnd(std::string_view text, size_t rest, int* year, int* number) {
  if (text.size() != 5 + rest || text[4] != '-') return false;
  const auto first = Digits(text.substr(0, 4));
  const auto second = Digits(text.substr(5));
  if (!first || !second || *first < 1) return false;
  *year = *first;
  *number = *second;
  return true;
}

bool IsSubjectNumber(std::string_view text) {
  return !text.empty() && text.size() <= kSubjectNumberMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
         });
}

}  // namespace

bool IsUnitCode(std::string_view text) {
  const size_t hyphen = text.find('-');
  if (hyphen == std::string_view::npos) {
    return (text.size() == 5 || text.size() == 3) && AreDigits(text);
  }
  const std::string_view group = text.substr(hyphen + 1);
  return hyphen == 5 && AreDigits(text.substr(0, hyphen)) && !group.empty() && group.size() <= 3 &&
         AreDigits(group);
}

bool IsCompactDate(std::string_view text) {
  if (text.size() != 8) return false;
  const auto year = Digits(text.substr(0, 4));
  const auto month = Digits(text.substr(4, 2));
  const auto day = Digits(text.substr(6, 2));
  return year && month && day && IsDay(*year, *month, *day);
}

bool HasFormat(Format format, std::string_view text) {
  int year = 0;
  int number = 0;
  switch (format) {
    case options::v1::FORMAT_UNSPECIFIED:
      return true;
    case options::v1::FORMAT_UUID:
      return Id::Parse(text).has_value();
    case options::v1::FORMAT_UNIT_CODE:
      return IsUnitCode(text);
    case options::v1::FORMAT_SCHOOL_YEAR:
      return IsYearAnd(text, 4, &year, &number) && number == year + 1;
    case options::v1::FORMAT_MONTH:
      return IsYearAnd(text, 2, &year, &number) && number >= 1 && number <= 12;
    case options::v1::FORMAT_SUBJECT_NUMBER:
      return IsSubjectNumber(text);
    default:
      LEARNCITY_CHECK(false) << "format " << format << " is not one of texts";
      return false;
  }
}

bool HasFormat(Format format, const google::type::Date& date) {
  const bool partial = format == options::v1::FORMAT_PARTIAL_DATE;
  if (partial && date.day() == 0) {
    const int month = date.month() == 0 ? 1 : date.month();
    return IsDay(date.year(), month, 1);
  }
  return IsDay(date.year(), date.month(), date.day());
}

bool IsDateFormat(Format format) {
  return format == options::v1::FORMAT_FULL_DATE || format == options::v1::FORMAT_PARTIAL_DATE;
}

std::string_view Describe(Format format) {
  switch (format) {
    case options::v1::FORMAT_UUID:
      return "a UUID, as \"0198c0de-0000-7000-8000-000000000000\"";
    case options::v1::FORMAT_FULL_DATE:
      return "a day that exists, with year, month and day";
    case options::v1::FORMAT_PARTIAL_DATE:
      return "a date that exists, with a year; day, or day and month, may be 0";
    case options::v1::FORMAT_UNIT_CODE:
      return "five digits, as \"00004\", or three, as \"001\"; of a residential group five, a "
             "hyphen and one to three, as \"00004-12\"";
    case options::v1::FORMAT_SCHOOL_YEAR:
      return "two years that follow each other, as \"2026-2027\"";
    case options::v1::FORMAT_MONTH:
      return "a month, as \"2026-10\"";
    case options::v1::FORMAT_SUBJECT_NUMBER:
      return "one to forty letters from A to Z, digits and hyphens, as \"1203\"";
    default:
      return "anything";
  }
}

size_t CountCharacters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace learncity::rpc
