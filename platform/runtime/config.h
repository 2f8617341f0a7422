// Typed configuration, from the environment and from options of the command line.
//
// A program reads all its options once at start-up, each with default, allowed values and meaning,
// then asks Finish, which reports every error there is at once:
//
//   Config config(EnvironmentVariables(), arguments);
//   options.inputs_max = config.Int({.name = "write_queue_inputs_max", .meaning = "…"},
//                                   4096, {.min = 1, .max = 100'000});
//   options.linger = config.Duration({.name = "relay_linger", .meaning = "…"}, 5ms, {0ms, 1min});
//   if (absl::Status status = config.Finish(); !status.ok()) { …; return kExitConfig; }
//
// The option write_queue_inputs_max is the variable LEARNCITY_WRITE_QUEUE_INPUTS_MAX, or the
// override `--write_queue_inputs_max=100`, which wins. Where a value is wrong the default is
// returned, so that reading goes on to the next error; nothing may be used before Finish is OK.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace learncity::runtime {

struct Option {
  // snake_case; used once per Config.
  std::string name;
  // One sentence for the reference table.
  std::string meaning;
};

// Limits are included.
struct IntRange {
  int64_t min;
  int64_t max;
};

struct DurationRange {
  std::chrono::milliseconds min;
  std::chrono::milliseconds max;
};

enum class PathKind { kAny, kExistingFile, kExistingFolder };

// The variables of this process.
std::map<std::string, std::string> EnvironmentVariables();

// Belongs to one thread at a time. A second read of the same name is a bug and aborts.
class Config {
 public:
  // Overrides are "name=value"; leading "--" is dropped and '-' in the name stands for '_'.
  Config(std::map<std::string, std::string> environment, const std::vector<std::string>& overrides);

  // A default of nullopt makes the option required. Texts are taken as they are; an empty one is
  // refused where the option is required.
  std::string String(const Option& option, const std::optional<std::string>& default_value);
  // Like String; its value appears in no error, table or listing.
  std::string Secret(const Option& option, const std::optional<std::string>& default_value);
  // Not empty when given; a default of "" means "none", and is not looked up.
  std::filesystem::path Path(const Option& option, const std::optional<std::string>& default_value,
                             PathKind kind = PathKind::kAny);
  // `unit` is what is counted, for the table: "inputs", "connections".
  int64_t Int(const Option& option, int64_t default_value, IntRange range,
              std::string_view unit = "");
  // Written "250ms", "30s", "5m", "12h", "7d".
  std::chrono::milliseconds Duration(const Option& option, std::chrono::milliseconds default_value,
                                     DurationRange range);
  // Written "512B", "64KiB", "4MiB", "2GiB", "1TiB".
  int64_t Bytes(const Option& option, int64_t default_value, IntRange range);
  // One of the names given; the default must be among the values.
  template <typename Value>
  Value Choice(const Option& option, Value default_value,
               std::initializer_list<std::pair<std::string_view, Value>> choices);

  // OK, or INVALID_ARGUMENT with one line per error: name, value, what is wrong, what is allowed.
  // Overrides that name no option count as errors.
  absl::Status Finish() const;

  // LEARNCITY_ variables that no option has read. They are not errors, since Kubernetes adds such
  // variables of its own, but worth a warning.
  std::vector<std::string> UnreadVariables() const;

  // One line per option in the order read: `name = value (default)`, or (environment), (override).
  // Secrets show as "***".
  std::string Effective() const;
  // A Markdown table: name, type and what is allowed, default, unit, meaning.
  std::string ReferenceTable() const;

 private:
  struct Given {
    std::string text;
    std::string_view origin;
  };
  // What the tables show of one option.
  struct Row {
    Option option;
    std::string allowed;
    std::string default_text;
    std::string unit;
    bool secret = false;
    std::string value_text;
    std::string_view origin;
  };

  // Starts the option's row and looks its text up; nullopt: not given.
  std::optional<Given> Read(Row row);
  void AddError(std::string_view what);
  std::string Text(Row row, const std::optional<std::string>& default_value);
  // How a number is written and read: as such, as a duration in milliseconds, or as a size.
  struct Notation {
    std::string_view noun;
    std::optional<int64_t> (*parse)(std::string_view);
    std::string (*format)(int64_t);
  };
  // Fills in the row's allowed values and default.
  int64_t Number(Row row, int64_t default_value, IntRange range, const Notation& notation);
  // The index of the name given among `names`, or of the default.
  size_t ChoiceIndex(const Option& option, size_t default_index,
                     const std::vector<std::string_view>& names);

  std::map<std::string, std::string> environment_;
  std::map<std::string, std::string> overrides_;
  std::vector<Row> rows_;
  std::vector<std::string> errors_;
};

template <typename Value>
Value Config::Choice(const Option& option, Value default_value,
                     std::initializer_list<std::pair<std::string_view, Value>> choices) {
  std::vector<std::string_view> names;
  size_t default_index = choices.size();
  for (const auto& [name, value] : choices) {
    if (value == default_value) default_index = names.size();
    names.push_back(name);
  }
  return choices.begin()[ChoiceIndex(option, default_index, names)].second;
}

}  // namespace learncity::runtime
