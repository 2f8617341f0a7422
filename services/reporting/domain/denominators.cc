#include "services/reporting/domain/denominators.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/reporting/domain/csv.h"

namespace learncity::reporting {
namespace {

enum Field { kSeries, kPlace, kDate, kAgeMin, kAgeMax, kCount, kSource, kStatus, kFieldCount };
const std::vector<std::string> kHeader = {"series",  "place", "date",   "age_min",
                                          "age_max", "count", "source", "status"};
constexpr int kAgeMost = 150;

absl::Status Wrong(const std::string& file, int line, Field field, const std::string& what) {
  return absl::InvalidArgumentError(
      absl::StrCat(file, ":", line, ": ", kHeader[field], ": ", what));
}

// "2025" is the first day of that year.
std::optional<Day> ParseDate(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '-');
  if (parts.size() != 1 && parts.size() != 3) return std::nullopt;
  const bool full = parts.size() == 3;
  if (parts[0].size() != 4 || (full && text.size() != 10)) return std::nullopt;
  int year = 0, month = 1, day = 1;
  if (!absl::SimpleAtoi(parts[0], &year)) return std::nullopt;
  if (full && (!absl::SimpleAtoi(parts[1], &month) || !absl::SimpleAtoi(parts[2], &day))) {
    return std::nullopt;
  }
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return ToDay(date);
}

// An empty field is 0.
bool ParseAge(const std::string& text, int* age) {
  *age = 0;
  return text.empty() || (absl::SimpleAtoi(text, age) && *age >= 0 && *age <= kAgeMost);
}

absl::StatusOr<DenominatorRow> ParseRow(const CsvRow& row, const std::string& file) {
  if (row.fields.size() != kFieldCount) {
    return absl::InvalidArgumentError(absl::StrCat(file, ":", row.line, ": ", row.fields.size(),
                                                   " fields where the header has ",
                                                   static_cast<int>(kFieldCount)));
  }
  DenominatorRow parsed{.series = row.fields[kSeries],
                        .place = row.fields[kPlace],
                        .date = row.fields[kDate],
                        .source = row.fields[kSource],
                        .is_estimated = row.fields[kStatus] == "estimated"};
  const auto wrong = [&](Field field, const std::string& expected) {
    return Wrong(file, row.line, field,
                 absl::StrCat("\"", row.fields[field], "\" where ", expected, " must stand"));
  };
  if (parsed.series.empty()) return wrong(kSeries, "the name of a series, as population,");
  if (parsed.place.empty()) return wrong(kPlace, "an ISO 3166-2 code");
  const auto from = ParseDate(parsed.date);
  if (!from) return wrong(kDate, "a year or a date, as 2025 or 2025-07-01,");
  parsed.from = *from;
  if (!ParseAge(row.fields[kAgeMin], &parsed.age_min)) return wrong(kAgeMin, "an age or nothing");
  if (!ParseAge(row.fields[kAgeMax], &parsed.age_max) ||
      (parsed.age_max != 0 && parsed.age_max < parsed.age_min)) {
    return wrong(kAgeMax, "an age from age_min on, or nothing,");
  }
  if (!absl::SimpleAtoi(row.fields[kCount], &parsed.count) || parsed.count <= 0) {
    return wrong(kCount, "a whole number above 0");
  }
  if (parsed.source.empty()) return wrong(kSource, "where the number comes from");
  if (!parsed.is_estimated && row.fields[kStatus] != "sourced") {
    return wrong(kStatus, "sourced or estimated");
  }
  return parsed;
}

bool IsOf(const DenominatorRow& row, const DenominatorRow& other) {
  return row.series == other.series && row.place == other.place && row.age_min == other.age_min &&
         row.age_max == other.age_max;
}

}  // namespace

std::string SeriesText(const std::string& series, int age_min, int age_max) {
  if (age_min == 0 && age_max == 0) return series;
  if (age_max == 0) return absl::StrCat(series, " aged ", age_min, " and over");
  if (age_min == age_max) return absl::StrCat(series, " aged ", age_min);
  return absl::StrCat(series, " aged ", age_min, " to ", age_max);
}

const DenominatorRow* Denominators::On(const v1::Denominator& asked, const std::string& place,
                                       Day day) const {
  const DenominatorRow* latest = nullptr;
  for (const DenominatorRow& row : rows_) {
    if (row.series != asked.series() || row.place != place || row.age_min != asked.age_min() ||
        row.age_max != asked.age_max() || row.from > day) {
      continue;
    }
    if (latest == nullptr || latest->from < row.from) latest = &row;
  }
  return latest;
}

bool Denominators::Knows(const std::string& series) const {
  return std::any_of(rows_.begin(), rows_.end(),
                     [&](const DenominatorRow& row) { return row.series == series; });
}

absl::StatusOr<Denominators> ParseDenominators(std::string_view csv, const std::string& file) {
  const auto table = ParseCsv(csv, file);
  if (!table.ok()) return table.status();
  if (table->empty() || table->front().fields != kHeader) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ":1: the header must be ", absl::StrJoin(kHeader, ",")));
  }
  std::vector<DenominatorRow> rows;
  for (size_t i = 1; i < table->size(); ++i) {
    auto row = ParseRow((*table)[i], file);
    if (!row.ok()) return row.status();
    for (const DenominatorRow& other : rows) {
      if (!IsOf(other, *row) || other.from != row->from) continue;
      return Wrong(file, (*table)[i].line, kDate,
                   absl::StrCat(SeriesText(row->series, row->age_min, row->age_max), " of ",
                                row->place, " has a number for ", other.date, " already"));
    }
    rows.push_back(*std::move(row));
  }
  return Denominators(std::move(rows));
}

}  // namespace learncity::reporting
