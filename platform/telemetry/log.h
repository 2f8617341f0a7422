// Structured logs: one JSON object per line on stderr.
//
//   Log(Level::kInfo, "turn_committed", {{"inputs", 12}, {"duration_seconds", 0.004}});
//   {"time":"2025-…Z","level":"info","event":"turn_committed","inputs":12,"duration_seconds":0.004}
//
// Never personal data: no names, numbers of papers, addresses, contacts or birth dates; ids and
// counts only. So there is no free text with values in it: the event says what happened, fields
// carry scalars, and messages of other libraries go in a field after the caller has judged them.
//
// Log is called from any thread. A line is one write(2) of at most kLineBytesMax, which a pipe
// takes undivided. A line that stderr does not take is lost; logging never fails its caller.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/runtime/mutex.h"

namespace learncity::telemetry {

enum class Level { kDebug, kInfo, kWarning, kError };

// PIPE_BUF. Fields that would make a line longer are left out and "truncated":true says so.
constexpr size_t kLineBytesMax = 4096;
// Longer text values are cut.
constexpr size_t kTextBytesMax = 1024;

// The name of an event or field: a snake_case literal, checked by the compiler. "time", "level",
// "event" and "truncated" belong to the line itself.
class Name {
 public:
  consteval Name(const char* text) : text_(text) {
    if (text_.empty() || text_.size() > 64) throw "a name has 1 to 64 characters";
    for (const char c : text_) {
      const bool snake_case = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      if (!snake_case) throw "a name is written in snake_case";
    }
    if (text_ == "time" || text_ == "level" || text_ == "event" || text_ == "truncated") {
      throw "this name belongs to the line itself";
    }
  }
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// A scalar, or a view of a text that lives until Log returns. Texts may hold any bytes: control
// characters are escaped, what is not UTF-8 becomes U+FFFD. NaN and infinities become texts.
class Value {
 public:
  Value(std::same_as<bool> auto value) : value_(value) {}
  Value(std::signed_integral auto value) : value_(static_cast<int64_t>(value)) {}
  template <std::unsigned_integral Number>
    requires(!std::same_as<Number, bool>)
  Value(Number value) : value_(static_cast<uint64_t>(value)) {}
  Value(std::floating_point auto value) : value_(static_cast<double>(value)) {}
  Value(const char* text) : value_(std::string_view(text)) {}
  // std::string, std::string_view, absl::string_view.
  template <typename Text>
    requires requires(const Text& text) { std::string_view(text.data(), text.size()); }
  Value(const Text& text) : value_(std::string_view(text.data(), text.size())) {}

  using Variant = std::variant<bool, int64_t, uint64_t, double, std::string_view>;
  const Variant& variant() const { return value_; }

 private:
  Variant value_;
};

struct Field {
  Name name;
  Value value;
};

// Units stand last in a field's name: "wait_seconds", "size_bytes".
void Log(Level level, Name event, std::initializer_list<Field> fields = {});

// Lines below the level are dropped; kInfo until set. For the whole process, from any thread.
void SetLogLevel(Level level);

// Takes the lines of the whole process instead of stderr for as long as it lives; one at a time.
// For tests. Called from any thread, also at the same time.
class CapturedLog {
 public:
  CapturedLog();
  ~CapturedLog();
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;

  // Without their line ends, in the order written.
  std::vector<std::string> lines() const LEARNCITY_EXCLUDES(mutex_);

 private:
  friend void Log(Level level, Name event, std::initializer_list<Field> fields);
  void Take(std::string line) LEARNCITY_EXCLUDES(mutex_);

  mutable Mutex mutex_;
  std::vector<std::string> lines_ LEARNCITY_GUARDED_BY(mutex_);
};

}  // namespace learncity::telemetry
