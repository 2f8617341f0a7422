#include "services/reporting/domain/csv.h"

#include "absl/strings/str_cat.h"

namespace learncity::reporting {
namespace {

class CsvScanner {
 public:
  CsvScanner(std::string_view text, const std::string& file) : rest_(text), file_(file) {}

  absl::StatusOr<std::vector<CsvRow>> Rows() {
    std::vector<CsvRow> rows;
    while (!rest_.empty()) {
      CsvRow row{.line = line_};
      do {
        auto field = Field();
        if (!field.ok()) return field.status();
        row.fields.push_back(*std::move(field));
      } while (Take(','));
      Take('\r');
      if (!rest_.empty() && !Take('\n')) return Wrong("a comma or the line's end must follow");
      ++line_;
      if (row.fields != std::vector<std::string>{""}) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  absl::StatusOr<std::string> Field() {
    if (Take('"')) return Quoted();
    const auto field = rest_.substr(0, rest_.find_first_of(",\r\n"));
    rest_.remove_prefix(field.size());
    return std::string(field);
  }

  absl::StatusOr<std::string> Quoted() {
    std::string field;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"' && !Take('"')) return field;
      if (c == '\n') ++line_;
      field += c;
    }
    return Wrong("a quotation is not closed");
  }

  absl::Status Wrong(const std::string& what) const {
    return absl::InvalidArgumentError(absl::StrCat(file_, ":", line_, ": ", what));
  }

  std::string_view rest_;
  std::string file_;
  int line_ = 1;
};

}  // namespace

absl::StatusOr<std::vector<CsvRow>> ParseCsv(std::string_view text, const std::string& file) {
  return CsvScanner(text, file).Rows();
}

}  // namespace learncity::reporting
