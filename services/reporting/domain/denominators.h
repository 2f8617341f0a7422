// Dated numbers of inhabitants from outside, as data/<city>/population.csv holds them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/calendar/calendar.h"

namespace learncity::reporting {

struct PopulationRow {
  // ISO 3166-2, as "VN-HN".
  std::string place;
  // As the file writes it: "2025" or "2025-07-01".
  std::string date;
  // The first day it may be used for: that day, or the first of that year.
  Day from;
  int64_t population = 0;
  // Where the number comes from.
  std::string source;
  // The file calls it "estimated" rather than "sourced".
  bool is_estimated = false;
};

class Population {
 public:
  Population() = default;
  explicit Population(std::vector<PopulationRow> rows) : rows_(std::move(rows)) {}

  // The place's latest number that is dated no later than `day`; nullptr when there is none.
  const PopulationRow* On(const std::string& place, Day day) const;

 private:
  std::vector<PopulationRow> rows_;
};

// Reads CSV (RFC 4180) with the header place,date,population,source,status. INVALID_ARGUMENT says
// "file:line: column: what is wrong".
absl::StatusOr<Population> ParsePopulation(std::string_view csv, const std::string& file);

}  // namespace learncity::reporting
