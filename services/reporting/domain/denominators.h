// Dated numbers from outside that rates divide by, as data/<city>/denominators.csv holds them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/reporting/v1/catalogue.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::reporting {

struct DenominatorRow {
  // What was counted, as "population" or "households".
  std::string series;
  // ISO 3166-2, as "VN-HN".
  std::string place;
  // As the file writes it: "2025" or "2025-07-01".
  std::string date;
  // The first day it may be used for: that day, or the first of that year.
  Day from;
  // Ages of the persons counted, both included; both 0 for everybody, age_max 0 for no limit.
  int age_min = 0;
  int age_max = 0;
  int64_t count = 0;
  // Where the number comes from.
  std::string source;
  // The file calls it "estimated" rather than "sourced".
  bool is_estimated = false;
};

// "population", or "population aged 15 to 64".
std::string SeriesText(const std::string& series, int age_min, int age_max);

class Denominators {
 public:
  Denominators() = default;
  explicit Denominators(std::vector<DenominatorRow> rows) : rows_(std::move(rows)) {}

  // The place's latest number of the series and ages that is dated no later than `day`; nullptr
  // when there is none.
  const DenominatorRow* On(const v1::Denominator& asked, const std::string& place, Day day) const;
  // Whether any row is of the series.
  bool Knows(const std::string& series) const;

 private:
  std::vector<DenominatorRow> rows_;
};

// Reads CSV (RFC 4180) with the header series,place,date,age_min,age_max,count,source,status.
// INVALID_ARGUMENT says "file:line: column: what is wrong".
absl::StatusOr<Denominators> ParseDenominators(std::string_view csv, const std::string& file);

}  // namespace learncity::reporting
