#include "platform/runtime/config.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "absl/strings/ascii.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/quantity.h"

namespace learncity::runtime {
namespace {

constexpr std::string_view kPrefix = "LEARNCITY_";
constexpr std::string_view kMask = "***";
constexpr std::string_view kRequired = "(required)";

std::string VariableName(const std::string& option) {
  return Concat(kPrefix, absl::AsciiStrToUpper(option));
}

bool IsOptionName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// A value in an error or listing: quoted, so that blanks at its ends show; without line ends.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += absl::ascii_iscntrl(static_cast<unsigned char>(c)) ? '?' : c;
  return quoted + "\"";
}

// What is wrong with the path, or "".
std::string_view PathFault(const std::string& text, PathKind kind) {
  if (text.empty()) return "is empty";
  std::error_code error;
  if (kind == PathKind::kExistingFile && !std::filesystem::is_regular_file(text, error)) {
    return "is not an existing file";
  }
  if (kind == PathKind::kExistingFolder && !std::filesystem::is_directory(text, error)) {
    return "is not an existing folder";
  }
  return "";
}

std::string_view PathAllowed(PathKind kind) {
  switch (kind) {
    case PathKind::kAny:
      return "path";
    case PathKind::kExistingFile:
      return "path of an existing file";
    case PathKind::kExistingFolder:
      return "path of an existing folder";
  }
  return "";
}

}  // namespace

std::map<std::string, std::string> EnvironmentVariables() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

Config::Config(std::map<std::string, std::string> environment,
               const std::vector<std::string>& overrides)
    : environment_(std::move(environment)) {
  for (const std::string& text : overrides) {
    const size_t equals = text.find('=');
    std::string name = text.substr(text.starts_with("--") ? 2 : 0);
    name = name.substr(0, name.find('='));
    std::replace(name.begin(), name.end(), '-', '_');
    if (equals == std::string::npos || !IsOptionName(name)) {
      // The text is not shown: without its name it may be a secret.
      errors_.push_back(Concat("argument ", &text - overrides.data() + 1,
                               ": is not understood; allowed: --name=value"));
    } else if (!overrides_.emplace(name, text.substr(equals + 1)).second) {
      errors_.push_back(Concat("--", name, ": is given twice; allowed: once"));
    }
  }
}

std::optional<Config::Given> Config::Read(Row row) {
  LEARNCITY_CHECK(IsOptionName(row.option.name)) << row.option.name;
  for (const Row& other : rows_) LEARNCITY_CHECK_NE(other.option.name, row.option.name);

  std::optional<Given> given;
  if (const auto it = environment_.find(VariableName(row.option.name)); it != environment_.end()) {
    given = Given{it->second, "environment"};
  }
  if (const auto it = overrides_.find(row.option.name); it != overrides_.end()) {
    given = Given{it->second, "override"};
  }
  row.value_text = given.has_value() ? Quoted(given->text) : row.default_text;
  row.origin = given.has_value() ? given->origin : "default";
  if (row.secret && row.value_text != kRequired) row.value_text = kMask;
  if (row.secret && row.default_text != kRequired) row.default_text = kMask;
  rows_.push_back(std::move(row));
  return given;
}

void Config::AddError(std::string_view what) {
  const Row& row = rows_.back();
  errors_.push_back(Concat(VariableName(row.option.name), " = ", row.value_text, " (", row.origin,
                           "): ", what, "; allowed: ", row.allowed));
}

std::string Config::Text(Row row, const std::optional<std::string>& default_value) {
  row.default_text = default_value.has_value() ? Quoted(*default_value) : std::string(kRequired);
  const std::optional<Given> given = Read(std::move(row));
  const std::string text = given.has_value() ? given->text : default_value.value_or("");
  if (!default_value.has_value() && text.empty()) AddError("is required and not given");
  return text;
}

std::string Config::String(const Option& option, const std::optional<std::string>& default_value) {
  return Text({.option = option, .allowed = "text"}, default_value);
}

std::string Config::Secret(const Option& option, const std::optional<std::string>& default_value) {
  return Text({.option = option, .allowed = "secret text", .secret = true}, default_value);
}

std::filesystem::path Config::Path(const Option& option,
                                   const std::optional<std::string>& default_value, PathKind kind) {
  const size_t errors_before = errors_.size();
  const std::string text =
      Text({.option = option, .allowed = std::string(PathAllowed(kind))}, default_value);
  const bool none = rows_.back().origin == "default" && text.empty();
  if (none || errors_.size() > errors_before) return text;
  if (const std::string_view fault = PathFault(text, kind); !fault.empty()) AddError(fault);
  return text;
}

int64_t Config::Number(Row row, int64_t default_value, IntRange range, const Notation& notation) {
  LEARNCITY_CHECK(range.min <= default_value && default_value <= range.max) << row.option.name;
  row.allowed = Concat(notation.noun, " from ", notation.format(range.min), " to ",
                       notation.format(range.max));
  row.default_text = notation.format(default_value);
  const std::optional<Given> given = Read(std::move(row));
  if (!given.has_value()) return default_value;
  const std::optional<int64_t> value = notation.parse(given->text);
  if (value.has_value() && range.min <= *value && *value <= range.max) return *value;
  AddError(value.has_value() ? "is out of range" : Concat("is not a ", notation.noun));
  return default_value;
}

int64_t Config::Int(const Option& option, int64_t default_value, IntRange range,
                    std::string_view unit) {
  return Number({.option = option, .unit = std::string(unit)}, default_value, range,
                {"whole number", ParseInt, [](int64_t value) { return Concat(value); }});
}

std::chrono::milliseconds Config::Duration(const Option& option,
                                           std::chrono::milliseconds default_value,
                                           DurationRange range) {
  const auto parse = [](std::string_view text) -> std::optional<int64_t> {
    const std::optional<std::chrono::milliseconds> duration = ParseDuration(text);
    if (!duration.has_value()) return std::nullopt;
    return duration->count();
  };
  const auto format = [](int64_t value) {
    return FormatDuration(std::chrono::milliseconds(value));
  };
  return std::chrono::milliseconds(
      Number({.option = option, .unit = "ms, s, m, h, d"}, default_value.count(),
             {range.min.count(), range.max.count()}, {"duration with unit", parse, format}));
}

int64_t Config::Bytes(const Option& option, int64_t default_value, IntRange range) {
  return Number({.option = option, .unit = "B, KiB, MiB, GiB, TiB"}, default_value, range,
                {"size with unit", ParseBytes, FormatBytes});
}

size_t Config::ChoiceIndex(const Option& option, size_t default_index,
                           const std::vector<std::string_view>& names) {
  LEARNCITY_CHECK_LT(default_index, names.size()) << option.name;
  const std::optional<Given> given = Read({.option = option,
                                           .allowed = Concat("one of ", Join(names, ", ")),
                                           .default_text = std::string(names[default_index])});
  if (!given.has_value()) return default_index;
  const auto found = std::find(names.begin(), names.end(), given->text);
  if (found != names.end()) return static_cast<size_t>(found - names.begin());
  AddError("is not known");
  return default_index;
}

absl::Status Config::Finish() const {
  std::vector<std::string> errors = errors_;
  for (const auto& [name, value] : overrides_) {
    const bool read = std::any_of(rows_.begin(), rows_.end(),
                                  [&](const Row& row) { return row.option.name == name; });
    if (!read) {
      errors.push_back(Concat("--", name, ": is no option; allowed: those of the reference"));
    }
  }
  if (errors.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(Join(errors, "\n"));
}

std::vector<std::string> Config::UnreadVariables() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : environment_) {
    const bool read = std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
      return VariableName(row.option.name) == name;
    });
    if (name.starts_with(kPrefix) && !read) names.push_back(name);
  }
  return names;
}

std::string Config::Effective() const {
  std::string text;
  for (const Row& row : rows_) {
    text += Concat(row.option.name, " = ", row.value_text, " (", row.origin, ")\n");
  }
  return text;
}

std::string Config::ReferenceTable() const {
  std::string text = "| name | type | default | unit | meaning |\n|---|---|---|---|---|\n";
  for (const Row& row : rows_) {
    text += Concat("| `", VariableName(row.option.name), "` | ", row.allowed, " | ",
                   row.default_text, " | ", row.unit, " | ", row.option.meaning, " |\n");
  }
  return text;
}

}  // namespace learncity::runtime
