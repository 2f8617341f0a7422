// Guarantee 8: more than fits is refused at once with when to come back, what is taken is answered,
// and memory stays bounded.
#include <atomic>
#include <fstream>
#include <string>

#include "absl/strings/numbers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/ledger/sqlite.h"
#include "platform/runtime/concat.h"
#include "tests/contract/at_once.h"
#include "tests/contract/examples.h"

namespace learncity::contract {
namespace {

using ::testing::HasSubstr;

constexpr int kQueue = 4;
constexpr int kCallers = 16;

TestCityOptions SmallQueue() {
  return {.limits = {.turn_inputs_max = 2, .queue_requests_max = kQueue}};
}

// Memory of this process that is in RAM.
int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * 4096;
}

TEST(Overload, IsRefusedAtOnceAndWhatWasTakenIsAnswered) {
  TestCity city(SmallQueue());
  Grounds grounds(city);
  std::vector<registry::v1::OpenUnitRequest> requests;
  for (int i = 0; i < kCallers; ++i) {
    requests.push_back(grounds.NewUnit());
    Name(&requests.back());
  }
  // As long as another holds the file, no turn begins and the queue fills.
  auto holder = sqlite::Database::Open(city.city().registry().place(), {});
  ASSERT_TRUE(holder.ok());
  ASSERT_TRUE(holder->Execute("BEGIN IMMEDIATE").ok());
  std::atomic<int> shed{0};
  std::vector<Reply> replies(requests.size());
  // Two that a turn has taken up and those that wait are not refused.
  constexpr int kShedMin = kCallers - kQueue - 2;
  Reply meanwhile;
  AtOnce(kCallers + 1, [&](int i) {
    if (i < kCallers) {
      Reply& reply = replies[static_cast<size_t>(i)];
      reply = Send(city.NewChannel(), requests[static_cast<size_t>(i)], TokenOf("registrar"));
      if (!reply.ok()) ++shed;
      shed.notify_all();
      return;
    }
    // Other services go on, reads too, and the file is given back once all others are refused.
    for (int now = shed; now < kShedMin; now = shed) shed.wait(now);
    auto learner = enrollment::v1::RegisterLearnerRequest();
    learner.mutable_learner();
    Name(&learner);
    meanwhile = Send(city.NewChannel(), learner, TokenOf("clerk"));
    EXPECT_TRUE(Send(city.NewChannel(), registry::v1::ListUnitsRequest(), TokenOf("clerk")).ok());
    EXPECT_TRUE(holder->Execute("ROLLBACK").ok());
  });
  EXPECT_TRUE(meanwhile.ok()) << meanwhile.status.error_message();
  int answered = 0;
  for (const Reply& reply : replies) {
    if (reply.ok()) {
      ++answered;
      continue;
    }
    EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    ASSERT_TRUE(reply.details().retry_after.has_value());
    EXPECT_GT(reply.details().retry_after->count(), 0);
  }
  EXPECT_GE(answered, kQueue);
  EXPECT_EQ(answered + shed, kCallers);
  EXPECT_THAT(city.Http("/metrics"),
              HasSubstr(Concat("learncity_ledger_shed{service=\"registry\"} ", shed.load())));
  // Nothing of what was refused has happened, so all of it can come again.
  EXPECT_EQ(city.Position("registry"), answered);
  for (const auto& request : requests) EXPECT_TRUE(city.Call(request).ok());
  EXPECT_EQ(city.Position("registry"), kCallers);
}

TEST(Overload, OfLargeRequestsKeepsMemoryBounded) {
  TestCity city(SmallQueue());
  Grounds grounds(city);
  // Half a megabyte that this release does not know, in a request that it does.
  auto request = grounds.NewUnit();
  request.GetReflection()->MutableUnknownFields(&request)->AddLengthDelimited(
      1000, std::string(size_t{512} << 10, 'x'));
  const int64_t before = ResidentBytes();
  std::atomic<int> taken{0}, refused{0};
  AtOnce(8, [&](int caller) {
    const auto channel = city.NewChannel();
    for (int i = 0; i < 100; ++i) {
      registry::v1::OpenUnitRequest own = request;
      own.mutable_unit()->set_code(std::to_string(20000 + caller * 100 + i));
      Name(&own);
      const Reply reply = Send(channel, own, TokenOf("registrar"));
      if (!reply.ok()) {
        EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
      }
      ++(reply.ok() ? taken : refused);
    }
  });
  EXPECT_EQ(taken + refused, 800);
  EXPECT_GT(taken, 0);
  // 400 MiB went through. A sanitizer keeps up to 256 MiB of what was freed.
  EXPECT_LT(ResidentBytes() - before, int64_t{384} << 20);
}

}  // namespace
}  // namespace learncity::contract
