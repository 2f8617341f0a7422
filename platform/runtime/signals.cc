#include "platform/runtime/signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>

#include "platform/runtime/check.h"

namespace learncity::runtime {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kProgram = -1;

// How long poll may sleep until the deadline: rounded up, so that it does not spin before it.
int PollTimeout(SteadyClock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
  if (left.count() <= 0) return 0;
  return static_cast<int>(std::min<int64_t>(left.count(), std::numeric_limits<int>::max()));
}

}  // namespace

StopSignal::StopSignal() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  LEARNCITY_CHECK_EQ(pthread_sigmask(SIG_BLOCK, &signals_, &old_mask_), 0);
  LEARNCITY_CHECK(::signal(SIGPIPE, SIG_IGN) != SIG_ERR);
  signal_fd_ = UniqueFd(::signalfd(-1, &signals_, SFD_NONBLOCK | SFD_CLOEXEC));
  raised_fd_ = UniqueFd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  LEARNCITY_CHECK(signal_fd_.valid() && raised_fd_.valid()) << "errno " << errno;
}

StopSignal::~StopSignal() { pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr); }

void StopSignal::Wait() {
  while (!WaitFor(std::chrono::hours(24))) {
  }
}

bool StopSignal::WaitFor(std::chrono::milliseconds timeout) {
  const auto deadline = SteadyClock::now() + timeout;
  while (true) {
    std::array<pollfd, 2> polled = {{{signal_fd_.get(), POLLIN, 0}, {raised_fd_.get(), POLLIN, 0}}};
    const int ready = ::poll(polled.data(), polled.size(), PollTimeout(deadline));
    if (ready < 0) {
      LEARNCITY_CHECK_EQ(errno, EINTR);
      continue;
    }
    if (polled[1].revents != 0) return true;
    signalfd_siginfo info;
    if (polled[0].revents != 0 &&
        ::read(signal_fd_.get(), &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info))) {
      Record(static_cast<int>(info.ssi_signo));
      return true;
    }
    // Another waiter may have read the signal first; then raised_fd_ is readable on the next turn.
    if (ready == 0 && SteadyClock::now() >= deadline) return false;
  }
}

void StopSignal::Raise() { Record(kProgram); }

void StopSignal::Record(int signal) {
  int nobody = 0;
  first_.compare_exchange_strong(nobody, signal);
  const uint64_t one = 1;
  // Fails only when the counter is full, which is readable as well.
  [[maybe_unused]] const ssize_t written = ::write(raised_fd_.get(), &one, sizeof(one));
}

std::string_view StopSignal::reason() const {
  switch (first_.load()) {
    case 0:
      return "";
    case SIGTERM:
      return "SIGTERM";
    case SIGINT:
      return "SIGINT";
    default:
      return "program";
  }
}

}  // namespace learncity::runtime
