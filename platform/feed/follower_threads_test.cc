// A follower and a writer on threads of their own, with requests in between.
#include <algorithm>
#include <atomic>

#include "platform/feed/follower.h"
#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/loop.h"
#include "platform/runtime/mutex.h"

namespace learncity::feed {
namespace {

using ledger::kKitchen;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kEvents = 3000;

TEST(FollowerOnALoop, CatchesUpBesideRequestsAndThroughARestart) {
  ledger::Kitchen kitchen;
  for (int i = 0; i < kEvents; ++i) kitchen.Add(ledger::PlateId(i % 50), ledger::Served("a", 1));
  ledger::DiskEngine engine;
  ledger::JarLedger jars(engine);
  for (const int64_t until : {int64_t{kEvents} / 2, int64_t{kEvents}}) {
    ASSERT_TRUE(jars.Open().ok());
    Mutex mutex;
    CondVar changed;
    int64_t applied = 0;
    std::atomic<int> answered{0};
    std::atomic<runtime::Loop*> following{nullptr};
    Follower follower(
        {.feed = kKitchen, .epoch = 1, .batch_records_max = 64},
        [&](int64_t after, int limit) -> absl::StatusOr<std::vector<ledger::Record>> {
          if (after >= until) return std::vector<ledger::Record>();
          const auto first = kitchen.records().begin() + after;
          return std::vector<ledger::Record>(first,
                                             first + std::min<int64_t>(limit, until - after));
        },
        jars.writer(), jars.Applied(),
        [&](int64_t position) {
          if (auto* loop = following.load()) loop->Wake();
          MutexLock lock(&mutex);
          applied = position;
          changed.NotifyAll();
        });
    runtime::Loop writing(
        "writer", [&] { return jars.writer().Step(); }, milliseconds(20));
    jars.writer().OnWork([&] { writing.Wake(); });
    {
      runtime::Loop loop(
          "follower", [&] { return follower.Step(); }, milliseconds(20));
      following = &loop;
      for (int i = 0; i < 200; ++i) {
        ledger::RequestInput input;
        input.method = "/jars/open";
        input.caller = "lan";
        input.request_id = jars.NewRequestId();
        input.request_hash = std::string(32, 'h');
        input.request =
            std::make_unique<ledger::OpenJarRequest>(ledger::Open(Concat(until, "-", i), 1));
        input.moment = {.now = jars.now, .seed = input.request_id.ToString()};
        input.done = [&](const ledger::Answer& answer) { answered += answer.ok() ? 1 : 0; };
        ASSERT_TRUE(jars.writer().Submit(std::move(input)).ok());
      }
      MutexLock lock(&mutex);
      EXPECT_TRUE(changed.WaitFor(&mutex, seconds(60), [&] { return applied == until; }))
          << "applied " << applied << " of " << until;
    }
    following = nullptr;
    writing.Stop();
    jars.Work();
    EXPECT_EQ(answered, 200);
    EXPECT_EQ(follower.counts().applied, until);
    EXPECT_EQ(jars.Beans("a"), until);
    EXPECT_EQ(jars.FindTally("a")->servings(), until);
    jars.Close();
  }
  ASSERT_TRUE(jars.Open().ok());
  EXPECT_THAT(jars.Divergences(kitchen.records()), testing::IsEmpty());
}

}  // namespace
}  // namespace learncity::feed
