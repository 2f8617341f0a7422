// How far a long piece of work is, for whoever watches a terminal or reads a log.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace learncity::demo {

// "  learners             500 of 1,000       2,104/s  1 s left"; a stage that is done says how long
// it took.
std::string ProgressLine(const std::string& stage, int64_t done, int64_t all,
                         std::chrono::milliseconds elapsed);

// 1234567 is "1,234,567".
std::string WithCommas(int64_t number);

// Whether what is written to std::cout, or std::cerr, is shown on a terminal. False for any other.
bool IsTerminal(const std::ostream& out);

// One line per stage. On a terminal it is rewritten in place, ten times a second at most; elsewhere
// a stage writes a line when it ends, and one every ten seconds until then. One thread.
class Progress {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  // `out` outlives it.
  Progress(std::ostream& out, bool is_terminal, Now now = std::chrono::steady_clock::now)
      : out_(out), is_terminal_(is_terminal), now_(std::move(now)) {}

  void Begin(const std::string& stage, int64_t all);
  void Update(int64_t done);
  // Ends the line, at what was last told; the stage's seconds.
  double End();

 private:
  void Write(bool is_last);

  std::ostream& out_;
  const bool is_terminal_;
  const Now now_;
  std::string stage_;
  int64_t all_ = 0;
  int64_t done_ = 0;
  std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point written_;
};

}  // namespace learncity::demo
