// What stands against a file before anything of it is sent: where, by which rule, and what to do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/runtime/concat.h"

namespace learncity::importing {

// Told at once; nothing is looked for beyond.
constexpr size_t kFindingsMax = 100;

struct Finding {
  // Line of the file on which the row begins, from 1.
  int64_t line = 1;
  // Cell in its row, from 1; 0 is the row or the file as a whole.
  int column = 0;
  // The column's name as the header has it; empty when it has none.
  std::string name = {};
  // For programs: "IMPOSSIBLE_DATE".
  std::string rule;
  // What is wrong and what to do. Repeats no value of a personal field.
  std::string what;
};

// One thread.
class Findings {
 public:
  // Past kFindingsMax it does nothing.
  void Add(Finding finding) {
    if (!full()) all_.push_back(std::move(finding));
  }

  bool empty() const { return all_.empty(); }
  bool full() const { return all_.size() >= kFindingsMax; }
  size_t size() const { return all_.size(); }
  const std::vector<Finding>& all() const { return all_; }

 private:
  std::vector<Finding> all_;
};

// "learners.csv:12:3: ngày sinh: IMPOSSIBLE_DATE: there is no such day; correct it."
inline std::string FindingText(std::string_view file, const Finding& finding) {
  std::string text = Concat(file, ":", finding.line, ":");
  if (finding.column > 0) text += Concat(finding.column, ":");
  if (!finding.name.empty()) text += Concat(" ", finding.name, ":");
  return text + Concat(" ", finding.rule, ": ", finding.what);
}

}  // namespace learncity::importing
