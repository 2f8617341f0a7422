// Comma-separated values, RFC 4180. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace learncity::reporting {

struct CsvRow {
  // Line of the file on which the row begins, from 1.
  int line = 0;
  std::vector<std::string> fields;
};

// The rows with the header; empty lines are passed over. INVALID_ARGUMENT names `file` and line
// where a quotation is not closed or something follows one.
absl::StatusOr<std::vector<CsvRow>> ParseCsv(std::string_view text, const std::string& file);

}  // namespace learncity::reporting
