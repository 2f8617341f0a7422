// What can be imported, and of which columns a row is made.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace learncity::importing {

// How a cell is read. An empty one leaves its field absent.
enum class Parse {
  kText,
  // A whole number in digits.
  kNumber,
  // yes, no, có, không.
  kYesOrNo,
  // A word of the field's enum; see words.h.
  kWord,
  // yyyy-mm-dd, or dd/mm/yyyy where the header says so.
  kDate,
  // The same, or a month, or a year.
  kPartialDate,
  // A unit's name, or the code that it has on the row's day.
  kUnit,
  // A center's name, its code in the ministry's database, or its own key.
  kCenter,
  // A resource's name, or its own key; see own_keys.h.
  kName,
  // Several of them, with a semicolon or a vertical bar between two.
  kNames,
  // Number of a subject in a register, or a learner's name.
  kSubject,
};

enum class Presence {
  kOptional,
  kRequired,
  // Required, as a column or as an option of the command for every row that has no such cell.
  kRequiredOrGiven,
};

struct Column {
  // From the request, as "learner.person.birth_date".
  std::string_view path;
  // How the header may name it. Both are compared folded; see platform/text/unicode.h.
  std::string_view english;
  std::string_view vietnamese;
  Presence presence;
  Parse parse;
};

struct Kind {
  // As the command line has it: "learners".
  std::string_view name;
  // What a row becomes: the default instance of a write method's request.
  const google::protobuf::Message& (*request)();
  std::span<const Column> columns;
  // The date on which a unit's code is looked up; empty is today.
  std::string_view day;
  // Fields that name together the document a row is about. Rows about the same one are sent one
  // after another, in the file's order; rows of others at once. None: each row makes its own.
  std::span<const std::string_view> same;
  // Whether a row may rest on any before it, so that each waits for the one before.
  bool one_at_a_time;
  // Of a caller who may send it, and read what it names.
  std::string_view role;
  // Columns of files as they are published that say nothing the request has room for: passed over.
  std::span<const std::string_view> passed_over = {};
  // Sets what each row's request says whatever the row; nullptr when there is nothing.
  void (*begin)(google::protobuf::Message& request) = nullptr;
};

// What the command gives for columns that a file, or a row of it, has not: by their English names.
using Given = std::map<std::string, std::string, std::less<>>;

// In the order in which a city is filled.
std::span<const Kind> AllKinds();
// nullptr when there is none of that name.
const Kind* FindKind(std::string_view name);

// The method that a kind's rows are sent to.
const google::protobuf::MethodDescriptor& MethodOf(const Kind& kind);
// The service whose feed it moves: "enrollment".
std::string FeedOf(const Kind& kind);

// A column of every kind: the own key by which another file may name what a row makes. Not sent.
inline constexpr std::string_view kKeyEnglish = "key";
inline constexpr std::string_view kKeyVietnamese = "mã riêng";
// Columns that are passed over: what a reject file has added.
inline constexpr std::string_view kErrorColumn = "error";
inline constexpr std::string_view kReasonColumn = "reason";

}  // namespace learncity::importing
