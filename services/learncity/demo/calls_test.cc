#include "services/learncity/demo/calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "platform/rpc/status.h"

namespace learncity::demo {
namespace {

using std::chrono::milliseconds;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::SizeIs;

const grpc::Status kUnavailable(grpc::StatusCode::UNAVAILABLE, "not now");
const grpc::Status kInvalid(grpc::StatusCode::INVALID_ARGUMENT, "never");

CallLimits Limits(int in_flight_max) {
  return {.in_flight_max = in_flight_max, .backoff_first = milliseconds(1)};
}

TEST(Calls, AreNeverMoreThanTheLimitAtATime) {
  constexpr size_t kCount = 50, kLimit = 8;
  Calls calls(Limits(kLimit), "token");
  std::vector<Calls::Done> held;
  std::vector<size_t> peaks;
  size_t started = 0, ended = 0;
  calls.Run(
      kCount,
      [&](size_t i, grpc::ClientContext*, Calls::Done done) {
        held.push_back(std::move(done));
        peaks.push_back(++started - ended);
        // Nothing is answered until the limit is reached: without that many, this would not end.
        if (held.size() < kLimit && i + 1 < kCount) return;
        for (const auto& answer : std::exchange(held, {})) answer(grpc::Status::OK);
      },
      [&](size_t, const grpc::ClientContext&, const grpc::Status& status) {
        ++ended;
        return status.ok();
      });
  EXPECT_EQ(ended, kCount);
  EXPECT_THAT(peaks, SizeIs(kCount));
  EXPECT_THAT(peaks, Each(testing::Le(kLimit)));
}

TEST(Calls, BeginAsOthersEnd) {
  Calls calls(Limits(4), "token");
  std::vector<size_t> ready = {0}, sent;
  calls.Run(
      [&]() -> std::optional<size_t> {
        if (ready.empty()) return std::nullopt;
        const size_t next = ready.back();
        ready.pop_back();
        return next;
      },
      [&](size_t i, grpc::ClientContext*, const Calls::Done& done) {
        sent.push_back(i);
        done(grpc::Status::OK);
      },
      [&](size_t i, const grpc::ClientContext&, const grpc::Status&) {
        if (i < 3) ready.push_back(i + 1);
        return true;
      });
  EXPECT_THAT(sent, ElementsAre(0, 1, 2, 3));
}

// Runs one call, whose tries are answered with these in turn and with the last one from then on.
std::vector<grpc::StatusCode> EndOf(Calls& calls, const std::vector<grpc::Status>& answers,
                                    size_t* tries) {
  std::vector<grpc::StatusCode> ended;
  *tries = 0;
  calls.Run(
      1,
      [&](size_t, grpc::ClientContext*, const Calls::Done& done) {
        done(answers[std::min((*tries)++, answers.size() - 1)]);
      },
      [&](size_t, const grpc::ClientContext&, const grpc::Status& status) {
        ended.push_back(status.error_code());
        return true;
      });
  return ended;
}

TEST(Calls, AreTriedAgainWhenItMayPass) {
  Calls calls(Limits(1), "token");
  const grpc::Status exhausted(grpc::StatusCode::RESOURCE_EXHAUSTED, "queue full");
  size_t tries = 0;
  EXPECT_THAT(EndOf(calls, {kUnavailable, exhausted, grpc::Status::OK}, &tries),
              ElementsAre(grpc::StatusCode::OK));
  EXPECT_EQ(tries, 3u);
  EXPECT_EQ(calls.retries(), 2);
}

TEST(Calls, AreNotTriedAgainOtherwise) {
  Calls calls(Limits(1), "token");
  size_t tries = 0;
  EXPECT_THAT(EndOf(calls, {kInvalid}, &tries), ElementsAre(grpc::StatusCode::INVALID_ARGUMENT));
  EXPECT_EQ(tries, 1u);
}

TEST(Calls, AreGivenUpWhenTheirTimeIsOver) {
  CallLimits limits = Limits(1);
  limits.retry_time_max = milliseconds(20);
  Calls calls(limits, "token");
  size_t tries = 0;
  EXPECT_THAT(EndOf(calls, {kUnavailable}, &tries), ElementsAre(grpc::StatusCode::UNAVAILABLE));
  EXPECT_THAT(tries, Ge(1u));
}

TEST(Calls, WaitAsLongAsTheServerAsks) {
  // A refusal with this code asks for a second, which is more than there is.
  CallLimits limits = Limits(1);
  limits.retry_time_max = milliseconds(900);
  Calls calls(limits, "token");
  size_t tries = 0;
  const auto asks = rpc::ToStatus(absl::ResourceExhaustedError("queue full"));
  EXPECT_THAT(EndOf(calls, {asks}, &tries), ElementsAre(grpc::StatusCode::RESOURCE_EXHAUSTED));
  EXPECT_EQ(tries, 1u);
}

TEST(Calls, EndWhenOneSaysStop) {
  Calls calls(Limits(4), "token");
  std::vector<Calls::Done> held;
  size_t started = 0;
  std::vector<size_t> ended;
  calls.Run(
      100,
      [&](size_t, grpc::ClientContext*, Calls::Done done) {
        ++started;
        held.push_back(std::move(done));
        if (held.size() < 4) return;
        held[2](kInvalid);
        for (const size_t other : {0, 1, 3}) held[other](kUnavailable);
      },
      [&](size_t i, const grpc::ClientContext&, const grpc::Status& status) {
        ended.push_back(i);
        return status.ok();
      });
  EXPECT_EQ(started, 4u);
  EXPECT_THAT(ended, ElementsAre(2u));
}

}  // namespace
}  // namespace learncity::demo
