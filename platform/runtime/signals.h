// How a program is asked to stop.
#pragma once

#include <signal.h>

#include <atomic>
#include <chrono>
#include <string_view>

#include "platform/runtime/unique_fd.h"

namespace learncity::runtime {

// A StopSignal is made by main before any thread exists; then any thread may wait on it or raise
// it.
//
// Making it blocks SIGTERM and SIGINT in this thread and so in all threads made later: they arrive
// here and interrupt nothing. SIGPIPE is ignored from then on; a write to a closed socket gives
// EPIPE. Once a stop has been asked for it stays so, and every wait returns at once.
//
// A child process inherits the blocked signals: unblock them between fork and exec
// (posix_spawnattr_setsigmask), or it cannot be terminated. One StopSignal at a time per process.
class StopSignal {
 public:
  StopSignal();
  // Gives this thread its old signal mask back. SIGPIPE stays ignored.
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void Wait();
  // False: nobody has asked for a stop before the timeout. Zero only looks.
  bool WaitFor(std::chrono::milliseconds timeout);
  // Asks for a stop from within the program.
  void Raise();
  // Who asked first: "SIGTERM", "SIGINT", "program", or "" while nobody has.
  std::string_view reason() const;

 private:
  void Record(int signal);

  sigset_t signals_;
  sigset_t old_mask_;
  UniqueFd signal_fd_;
  // Readable once a stop has been asked for; never drained.
  UniqueFd raised_fd_;
  // 0 nobody, kProgram, or a signal's number.
  std::atomic<int> first_{0};
};

}  // namespace learncity::runtime
