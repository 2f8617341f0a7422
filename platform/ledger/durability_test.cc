// SQLite's own: an answered write survives a loss of power at every point of a workload.
#include <map>

#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"
#include "platform/testing/draws.h"

namespace learncity::ledger {
namespace {

using ::testing::IsEmpty;
using When = PowerLossDisk::When;

constexpr int kRequests = 14;
constexpr int kEvents = 6;
constexpr int kBeans = 100;

struct Asked {
  std::unique_ptr<google::protobuf::Message> request;
  Call call;
  // 0: not answered with ok.
  int64_t position = 0;
};

// Requests in turns of three, with a stretch of the kitchen's feed in every other turn.
class Workload {
 public:
  explicit Workload(DiskEngine& engine) : engine_(engine), jars_(engine) {
    Ask(Open("a", kBeans));
    Ask(Open("b", kBeans));
    Ask(Fill("a", kBeans));
    while (asked_.size() < kRequests) Ask(Pour("a", "b", 1));
    for (int i = 0; i < kEvents; ++i) kitchen_.Add(PlateId(i % 2), Served("c", 1));
  }

  // Runs until the end, or until the disk dies.
  void Run() {
    if (!jars_.Open().ok()) return;
    for (size_t i = 0; i < asked_.size(); i += 3) {
      Turn(i, std::min(i + 3, asked_.size()));
      if (engine_.disk().dead()) break;
    }
    jars_.Close();
  }

  // After the loss of power: what was answered is there, nothing is there by half.
  // Returns how many answered writes are lost.
  int CountLost() {
    if (const absl::Status opened = jars_.Open(); !opened.ok()) {
      ADD_FAILURE() << opened.ToString();
      return 0;
    }
    EXPECT_THAT(jars_.Divergences(kitchen_.records()), IsEmpty());
    const int64_t applied = jars_.Applied();
    const auto tally = jars_.FindTally("c");
    EXPECT_EQ(tally ? tally->servings() : 0, applied) << "effect and cursor are torn apart";
    const int64_t a = std::max<int64_t>(jars_.Beans("a"), 0);
    const int64_t b = std::max<int64_t>(jars_.Beans("b"), 0);
    EXPECT_TRUE(a + b == kBeans || a + b == 0) << a << " and " << b << ": half a request";
    int lost = applied < acknowledged_cursor_ ? 1 : 0;
    // Everything is asked once more: what happened does not happen again.
    for (Asked& asked : asked_) {
      const Reply again = jars_.Ask(*asked.request, asked.call);
      EXPECT_EQ(again.Word(), "ok");
      if (asked.position == 0) continue;
      if (again.repeated) {
        EXPECT_EQ(again.position, asked.position) << "order was not kept";
      } else {
        ++lost;
      }
    }
    EXPECT_EQ(jars_.Feed(kitchen_.records()).applied, kEvents);
    EXPECT_EQ(jars_.Beans("b"), kRequests - 3);
    EXPECT_EQ(jars_.FindTally("c")->servings(), kEvents);
    EXPECT_THAT(jars_.Divergences(kitchen_.records()), IsEmpty());
    return lost;
  }

 private:
  void Ask(const google::protobuf::Message& request) {
    Asked& asked = asked_.emplace_back();
    asked.request.reset(request.New());
    asked.request->CopyFrom(request);
    asked.call.request_id = jars_.NewRequestId();
  }

  void Turn(size_t from, size_t to) {
    std::vector<ReplyPtr> replies;
    for (size_t i = from; i < to; ++i) {
      replies.push_back(jars_.Submit(*asked_[i].request, asked_[i].call));
    }
    DonePtr events;
    if (from % 2 == 1) {
      events = jars_.SubmitKitchen(kitchen_.After(acknowledged_cursor_, 2));
    }
    jars_.Work();
    for (size_t i = from; i < to; ++i) {
      if (replies[i - from]->ok()) asked_[i].position = replies[i - from]->position;
    }
    if (events && events->status.ok()) acknowledged_cursor_ = events->applied;
  }

  DiskEngine& engine_;
  JarLedger jars_;
  Kitchen kitchen_;
  std::vector<Asked> asked_;
  int64_t acknowledged_cursor_ = 0;
};

void Configure(DiskEngine& engine, const std::string& synchronous) {
  engine.options().synchronous = synchronous;
  // So that checkpoints fall into the workload.
  engine.options().checkpoint_pages = 30;
}

// Loses power once before and once after each operation of the workload; counts histories that lost
// an answered write.
int HistoriesThatLose(const std::string& synchronous, uint64_t seed) {
  int64_t operations = 0;
  {
    DiskEngine engine(seed);
    Configure(engine, synchronous);
    Workload workload(engine);
    workload.Run();
    operations = engine.disk().operations();
    EXPECT_EQ(workload.CountLost(), 0);
  }
  EXPECT_GT(operations, 100);
  int losing = 0;
  for (int64_t nth = 1; nth <= operations; ++nth) {
    for (const When when : {When::kBefore, When::kAfter}) {
      SCOPED_TRACE(Concat("crash ", when == When::kBefore ? "before" : "after", " operation ", nth,
                          ", seed ", seed));
      DiskEngine engine(seed + static_cast<uint64_t>(nth));
      Configure(engine, synchronous);
      Workload workload(engine);
      engine.disk().CrashAt(nth, when);
      workload.Run();
      EXPECT_TRUE(engine.disk().dead());
      engine.disk().LosePower();
      if (workload.CountLost() > 0) ++losing;
      if (testing::Test::HasFailure()) return losing;
    }
  }
  return losing;
}

TEST(Durability, KeepsEveryAnsweredWriteWherePowerIsLost) {
  Draws draws(4711);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(HistoriesThatLose("FULL", draws.seed() + 10'000 * static_cast<uint64_t>(round)), 0);
  }
}

// Shows that the test above is able to fail.
TEST(Durability, LosesAnAnsweredWriteWithSynchronousNormal) {
  Draws draws(4711);
  EXPECT_GT(HistoriesThatLose("NORMAL", draws.seed()), 0);
}

}  // namespace
}  // namespace learncity::ledger
