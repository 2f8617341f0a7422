// The words by which a cell says a value of an enum: its proto name, its short name in English, and
// what the field calls it in Vietnamese.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"

namespace learncity::importing {

// Constant after construction.
class Words {
 public:
  explicit Words(const google::protobuf::EnumDescriptor* type);

  // By folded words; see platform/text/unicode.h. Nullopt when it is none of them.
  std::optional<int> Find(std::string_view word) const;
  // "ward (phường), commune (xã)": what to write instead.
  const std::string& list() const { return list_; }

 private:
  // Adds a word of a value; one that another value has is a bug and aborts.
  void Add(std::string_view word, int value);

  std::map<std::string, int, std::less<>> values_;
  std::string list_;
};

struct Word {
  // The value's proto name.
  std::string_view value;
  std::string_view word;
};

// What is said beside proto names and short names; of a value's words the first is shown.
std::span<const Word> AllWords();

// Of a yes or no that is not an enum: nullopt when it is neither.
std::optional<bool> FindYesOrNo(std::string_view word);

}  // namespace learncity::importing
