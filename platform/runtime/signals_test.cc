#include "platform/runtime/signals.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>

#include "platform/runtime/loop.h"

namespace learncity::runtime {
namespace {

using namespace std::chrono_literals;

TEST(StopSignal, CatchesSigterm) {
  StopSignal stop;
  EXPECT_FALSE(stop.WaitFor(0ms));
  EXPECT_EQ(stop.reason(), "");
  ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
  EXPECT_TRUE(stop.WaitFor(20s));
  EXPECT_EQ(stop.reason(), "SIGTERM");
  stop.Wait();
}

TEST(StopSignal, CatchesSigintFromTheTerminal) {
  StopSignal stop;
  ASSERT_EQ(::raise(SIGINT), 0);
  EXPECT_TRUE(stop.WaitFor(20s));
  EXPECT_EQ(stop.reason(), "SIGINT");
}

TEST(StopSignal, WakesEveryWaiterWhenTheProgramRaisesIt) {
  StopSignal stop;
  Mutex mutex;
  CondVar changed;
  int woken = 0;
  const auto step = [&] {
    stop.Wait();
    MutexLock lock(&mutex);
    ++woken;
    changed.NotifyAll();
    return false;
  };
  Loop first("first", step, 1h);
  Loop second("second", step, 1h);
  stop.Raise();
  MutexLock lock(&mutex);
  EXPECT_TRUE(changed.WaitFor(&mutex, 20s, [&] { return woken == 2; }));
  EXPECT_EQ(stop.reason(), "program");
}

TEST(StopSignal, TimesOutWhenNobodyAsks) {
  StopSignal stop;
  EXPECT_FALSE(stop.WaitFor(2ms));
}

TEST(StopSignal, TurnsAWriteToAClosedPeerIntoAnError) {
  StopSignal stop;
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  const UniqueFd here(pair[0]);
  std::optional<UniqueFd> peer(pair[1]);
  peer.reset();
  EXPECT_EQ(::write(here.get(), "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
}

}  // namespace
}  // namespace learncity::runtime
