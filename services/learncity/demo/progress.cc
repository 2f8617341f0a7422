#include "services/learncity/demo/progress.h"

#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "platform/runtime/concat.h"

namespace learncity::demo {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTerminalInterval{100};
constexpr milliseconds kPlainInterval{10'000};
constexpr char kRewrite[] = "\r\x1b[K";

int64_t WholeSeconds(double seconds) { return static_cast<int64_t>(std::ceil(seconds)); }

std::string OneDecimal(double number) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.1f", number);
  return text.data();
}

}  // namespace

std::string WithCommas(int64_t number) {
  std::string text = std::to_string(number);
  const int first = number < 0 ? 1 : 0;
  for (int at = static_cast<int>(text.size()) - 3; at > first; at -= 3) {
    text.insert(static_cast<size_t>(at), ",");
  }
  return text;
}

std::string ProgressLine(const std::string& stage, int64_t done, int64_t all,
                         milliseconds elapsed) {
  const double seconds = static_cast<double>(elapsed.count()) / 1000;
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  std::string time;
  if (done == all) {
    time = Concat(OneDecimal(seconds), " s");
  } else if (rate > 0) {
    time = Concat(WholeSeconds(static_cast<double>(all - done) / rate), " s left");
  }
  // A single one has no rate.
  const std::string per_second = all > 1 ? Concat(WithCommas(std::llround(rate)), "/s") : "";
  std::array<char, 160> line;
  std::snprintf(line.data(), line.size(), "  %-32s %9s of %-9s %11s  %s", stage.c_str(),
                WithCommas(done).c_str(), WithCommas(all).c_str(), per_second.c_str(),
                time.c_str());
  return line.data();
}

bool IsTerminal(const std::ostream& out) {
  const char* const kind = std::getenv("TERM");
  if (kind == nullptr || std::string_view(kind) == "dumb") return false;
  if (out.rdbuf() == std::cout.rdbuf()) return isatty(STDOUT_FILENO) == 1;
  return out.rdbuf() == std::cerr.rdbuf() && isatty(STDERR_FILENO) == 1;
}

void Progress::Begin(const std::string& stage, int64_t all) {
  stage_ = stage;
  all_ = all;
  done_ = 0;
  began_ = written_ = now_();
  if (is_terminal_) Write(false);
}

void Progress::Update(int64_t done) {
  done_ = done;
  if (now_() - written_ >= (is_terminal_ ? kTerminalInterval : kPlainInterval)) Write(false);
}

double Progress::End() {
  Write(true);
  return std::chrono::duration<double>(now_() - began_).count();
}

void Progress::Write(bool is_last) {
  written_ = now_();
  const auto elapsed = std::chrono::duration_cast<milliseconds>(written_ - began_);
  if (is_terminal_) out_ << kRewrite;
  out_ << ProgressLine(stage_, done_, all_, elapsed);
  if (is_last || !is_terminal_) out_ << '\n';
  out_ << std::flush;
}

}  // namespace learncity::demo
