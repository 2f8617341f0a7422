#include "services/reporting/domain/population.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/reporting/domain/csv.h"

namespace learncity::reporting {
namespace {

enum Field { kPlace, kDate, kPopulation, kSource, kStatus, kFieldCount };
const std::vector<std::string> kHeader = {"place", "date", "population", "source", "status"};

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

absl::StatusOr<PopulationRow> ParseRow(const CsvRow& row, const std::string& file) {
  if (row.fields.size() != kFieldCount) {
    return absl::InvalidArgumentError(absl::StrCat(file, ":", row.line, ": ", row.fields.size(),
                                                   " fields where the header has ",
                                                   static_cast<int>(kFieldCount)));
  }
  PopulationRow parsed{.place = row.fields[kPlace],
                       .date = row.fields[kDate],
                       .source = row.fields[kSource],
                       .is_estimated = row.fields[kStatus] == "estimated"};
  const auto wrong = [&](Field field, const std::string& expected) {
    return Wrong(file, row.line, field,
                 absl::StrCat("\"", row.fields[field], "\" where ", expected, " must stand"));
  };
  if (parsed.place.empty()) return wrong(kPlace, "an ISO 3166-2 code");
  const auto from = ParseDate(parsed.date);
  if (!from) return wrong(kDate, "a year or a date, as 2025 or 2025-07-01,");
  parsed.from = *from;
  if (!absl::SimpleAtoi(row.fields[kPopulation], &parsed.population) || parsed.population <= 0) {
    return wrong(kPopulation, "a whole number above 0");
  }
  if (parsed.source.empty()) return wrong(kSource, "where the number comes from");
  if (!parsed.is_estimated && row.fields[kStatus] != "sourced") {
    return wrong(kStatus, "sourced or estimated");
  }
  return parsed;
}

}  // namespace

const PopulationRow* Population::On(const std::string& place, Day day) const {
  const PopulationRow* latest = nullptr;
  for (const PopulationRow& row : rows_) {
    if (row.place != place || row.from > day) continue;
    if (latest == nullptr || latest->from < row.from) latest = &row;
  }
  return latest;
}

absl::StatusOr<Population> ParsePopulation(std::string_view csv, const std::string& file) {
  const auto table = ParseCsv(csv, file);
  if (!table.ok()) return table.status();
  if (table->empty() || table->front().fields != kHeader) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ":1: the header must be ", absl::StrJoin(kHeader, ",")));
  }
  std::vector<PopulationRow> rows;
  for (size_t i = 1; i < table->size(); ++i) {
    auto row = ParseRow((*table)[i], file);
    if (!row.ok()) return row.status();
    for (const PopulationRow& other : rows) {
      if (other.place != row->place || other.from != row->from) continue;
      return Wrong(file, (*table)[i].line, kDate,
                   absl::StrCat(row->place, " has a number for ", other.date, " already"));
    }
    rows.push_back(*std::move(row));
  }
  return Population(std::move(rows));
}

}  // namespace learncity::reporting
