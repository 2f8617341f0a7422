// A CSV file that stands under its name only once all of it is written. Made readable for its owner
// alone: what is imported holds personal data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "platform/runtime/unique_fd.h"

namespace learncity::importing {

struct CsvForm {
  char separator = ',';
  bool has_byte_order_mark = false;
};

// One thread. Nothing is made before the first row.
class CsvWriter {
 public:
  CsvWriter(std::string path, const CsvForm& form, std::vector<std::string> header);
  // Removes what was not committed.
  ~CsvWriter();

  absl::Status Add(const std::vector<std::string>& cells);
  // Puts the file in its place, if there was a row. Another file that stands there is kept as
  // <path>.before.
  absl::Status Commit();

  const std::string& path() const { return path_; }
  int64_t rows() const { return rows_; }

 private:
  std::string PartPath() const { return path_ + ".part"; }
  void Append(const std::vector<std::string>& cells);
  absl::Status Flush();

  const std::string path_;
  const CsvForm form_;
  const std::vector<std::string> header_;
  runtime::UniqueFd file_;
  std::string pending_;
  int64_t rows_ = 0;
};

}  // namespace learncity::importing
