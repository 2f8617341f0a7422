#include "platform/feed/positions.h"

#include <atomic>
#include <thread>

#include "gtest/gtest.h"

namespace learncity::feed {
namespace {

// What a waiter was told.
struct Told {
  int times = 0;
  absl::Status status;
  int64_t applied = 0;

  Positions::Done AsDone() {
    return [this](absl::Status said, int64_t position) {
      ++times;
      status = std::move(said);
      applied = position;
    };
  }
};

TEST(Positions, AnswerAtOnceWhatIsReached) {
  Positions positions;
  positions.Set("registry", 1, 7);
  Told told;
  EXPECT_EQ(positions.Await("registry", 1, 7, told.AsDone()), 0);
  EXPECT_EQ(told.times, 1);
  EXPECT_TRUE(told.status.ok());
  EXPECT_EQ(told.applied, 7);
}

TEST(Positions, AnswerEachWaiterWhenItsPositionIsReached) {
  Positions positions;
  positions.Set("registry", 1, 0);
  Told at_five, at_nine;
  EXPECT_NE(positions.Await("registry", 1, 9, at_nine.AsDone()), 0);
  EXPECT_NE(positions.Await("registry", 1, 5, at_five.AsDone()), 0);
  positions.Set("registry", 1, 4);
  EXPECT_EQ(at_five.times, 0);
  positions.Set("registry", 1, 6);
  EXPECT_EQ(at_five.times, 1);
  EXPECT_EQ(at_five.applied, 6);
  EXPECT_EQ(at_nine.times, 0);
  positions.Set("registry", 1, 20);
  EXPECT_EQ(at_five.times, 1);
  EXPECT_EQ(at_nine.times, 1);
}

TEST(Positions, DoNotGoBackWithinAnEpoch) {
  Positions positions;
  positions.Set("registry", 1, 7);
  positions.Set("registry", 1, 6);
  EXPECT_EQ(positions.Get("registry")->position, 7);
  positions.Set("registry", 2, 3);
  EXPECT_EQ(positions.Get("registry")->epoch, 2);
  EXPECT_EQ(positions.Get("registry")->position, 3);
  EXPECT_FALSE(positions.Get("enrollment").has_value());
  EXPECT_EQ(positions.All().size(), 1u);
}

TEST(Positions, TellWaitersOfAnEpochThatIsGone) {
  Positions positions;
  positions.Set("registry", 1, 7);
  Told waiting, late;
  positions.Await("registry", 1, 100, waiting.AsDone());
  positions.Set("registry", 2, 200);
  EXPECT_EQ(waiting.times, 1);
  EXPECT_EQ(waiting.status.code(), absl::StatusCode::kAborted);
  positions.Await("registry", 1, 1, late.AsDone());
  EXPECT_EQ(late.status.code(), absl::StatusCode::kAborted);
}

TEST(Positions, OfAFeedThatIsNotFollowedAreNotFound) {
  Positions positions;
  Told told;
  EXPECT_EQ(positions.Await("weather", 1, 1, told.AsDone()), 0);
  EXPECT_EQ(told.status.code(), absl::StatusCode::kNotFound);
}

TEST(Positions, DoNotAnswerWhoHasCancelled) {
  Positions positions;
  positions.Set("registry", 1, 0);
  Told told;
  const auto ticket = positions.Await("registry", 1, 5, told.AsDone());
  EXPECT_TRUE(positions.Cancel(ticket));
  EXPECT_FALSE(positions.Cancel(ticket));
  EXPECT_FALSE(positions.Cancel(0));
  positions.Set("registry", 1, 5);
  EXPECT_EQ(told.times, 0);
}

TEST(Positions, HaveALimitOfWaiters) {
  Positions positions;
  positions.Set("registry", 1, 0);
  Told all, one_more;
  for (size_t i = 0; i < kWaitersMax; ++i) positions.Await("registry", 1, 5, all.AsDone());
  positions.Await("registry", 1, 5, one_more.AsDone());
  EXPECT_EQ(one_more.status.code(), absl::StatusCode::kResourceExhausted);
  positions.Set("registry", 1, 5);
  EXPECT_EQ(all.times, static_cast<int>(kWaitersMax));
}

TEST(Positions, SendEverybodyAwayWhenTheyClose) {
  Positions positions;
  positions.Set("registry", 1, 0);
  Told waiting, late;
  positions.Await("registry", 1, 5, waiting.AsDone());
  positions.Close();
  EXPECT_EQ(waiting.times, 1);
  EXPECT_EQ(waiting.status.code(), absl::StatusCode::kUnavailable);
  positions.Await("registry", 1, 0, late.AsDone());
  EXPECT_EQ(late.status.code(), absl::StatusCode::kUnavailable);
}

// Every waiter is either told once or has cancelled, whatever the threads do.
TEST(Positions, TellEachWaiterOnceWhileThreadsRace) {
  Positions positions;
  positions.Set("registry", 1, 0);
  constexpr int64_t kLast = 2000;
  std::atomic<int64_t> told{0};
  std::atomic<int64_t> cancelled{0};
  std::thread follower([&] {
    for (int64_t position = 1; position <= kLast; ++position) {
      positions.Set("registry", 1, position);
    }
  });
  for (int64_t position = 1; position <= kLast; ++position) {
    const auto ticket =
        positions.Await("registry", 1, position, [&](absl::Status, int64_t) { ++told; });
    if (position % 3 == 0 && positions.Cancel(ticket)) ++cancelled;
  }
  follower.join();
  EXPECT_EQ(told + cancelled, kLast);
}

}  // namespace
}  // namespace learncity::feed
