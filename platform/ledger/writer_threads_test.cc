// Many threads at one writer: what comes out equals some order one after another.
#include <atomic>
#include <thread>

#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/loop.h"
#include "platform/runtime/mutex.h"
#include "platform/testing/temp_folder.h"

namespace learncity::ledger {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kThreads = 8;
constexpr int kPerThread = 60;

// A ledger in a real file, its writer on a thread of its own.
class WriterOnALoop : public testing::Test {
 protected:
  WriterOnALoop() : schema_(JarSchema()), rules_(JarRules(knobs_)) {
    ledger_ = engine_.Open(schema_).value();
    writer_ = std::make_unique<Writer>(*ledger_, rules_, SystemNow, WriterLimits{});
    writer_->OnWork([this] { loop_->Wake(); });
    loop_ = std::make_unique<runtime::Loop>(
        "writer", [this] { return writer_->Step(); }, milliseconds(50));
  }
  ~WriterOnALoop() override {
    loop_->Stop();
    writer_->Abandon();
    writer_.reset();
    ledger_.reset();
  }

  // Submits and waits for the answer, as a call's thread does.
  std::string Ask(const google::protobuf::Message& request) {
    struct Waiting {
      Mutex mutex;
      CondVar changed;
      std::string word LEARNCITY_GUARDED_BY(mutex);
    };
    const auto waiting = std::make_shared<Waiting>();
    RequestInput input;
    input.method = "/jars/ask";
    input.caller = "lan";
    input.request_id = RandomId(SystemNow());
    input.request_hash = std::string(32, 'h');
    input.request.reset(request.New());
    input.request->CopyFrom(request);
    input.moment = {.now = SystemNow(), .seed = input.request_id.ToString()};
    input.done = [waiting](const Answer& answer) {
      MutexLock lock(&waiting->mutex);
      waiting->word = answer.refusal      ? answer.refusal->reason
                      : answer.fault.ok() ? "ok"
                                          : answer.fault.ToString();
      waiting->changed.NotifyAll();
    };
    if (auto submitted = writer_->Submit(std::move(input)); !submitted.ok()) {
      return submitted.ToString();
    }
    MutexLock lock(&waiting->mutex);
    if (!waiting->changed.WaitFor(
            &waiting->mutex, seconds(60),
            [&]() LEARNCITY_REQUIRES(waiting->mutex) { return !waiting->word.empty(); })) {
      return "no answer";
    }
    return waiting->word;
  }

  static void InThreads(const std::function<void(int thread)>& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) threads.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : threads) thread.join();
  }

  void ExpectSound() {
    const auto reader = engine_.OpenReader(schema_).value();
    EXPECT_THAT(Verify(*reader, schema_)->divergences, testing::IsEmpty());
  }
  Jar FindJar(Reader& reader, std::string_view name) {
    Jar jar;
    const auto row = reader.Get(*schema_.ByDocument(Jar::descriptor()), JarId(name)).value();
    EXPECT_TRUE(row && jar.ParseFromString(row->bytes));
    return jar;
  }

  const TempFolder folder_{"ledger_threads_test"};
  SqliteEngine engine_{folder_ / "ledger.db"};
  JarKnobs knobs_;
  const Schema schema_;
  const Rules rules_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<runtime::Loop> loop_;
};

TEST_F(WriterOnALoop, AcceptsExactlyAsManyAsTheLimit) {
  constexpr int kLimit = kThreads * kPerThread / 3;
  ASSERT_EQ(Ask(Open("a", kLimit)), "ok");
  std::atomic<int> accepted{0}, refused{0}, other{0};
  InThreads([&](int) {
    for (int i = 0; i < kPerThread; ++i) {
      const std::string word = Ask(Fill("a", 1));
      ++(word == "ok" ? accepted : word == "JAR_FULL" ? refused : other);
    }
  });
  EXPECT_EQ(accepted, kLimit);
  EXPECT_EQ(refused, kThreads * kPerThread - kLimit);
  EXPECT_EQ(other, 0);
  const auto reader = engine_.OpenReader(schema_).value();
  EXPECT_EQ(FindJar(*reader, "a").beans(), kLimit);
  ExpectSound();
}

TEST_F(WriterOnALoop, GivesALabelToOneOfThoseWhoAskForIt) {
  std::atomic<int> accepted{0}, refused{0};
  InThreads([&](int thread) {
    for (int i = 0; i < kPerThread; ++i) {
      const std::string word = Ask(Open(Concat(thread, "-", i), 1, Concat("label", i)));
      ++(word == "ok" ? accepted : refused);
    }
  });
  EXPECT_EQ(accepted, kPerThread);
  EXPECT_EQ(refused, (kThreads - 1) * kPerThread);
  ExpectSound();
}

TEST_F(WriterOnALoop, LosesNoBeansOfThoseThatArePouredToAndFro) {
  for (const char* name : {"a", "b", "c"}) ASSERT_EQ(Ask(Open(name, 1000)), "ok");
  ASSERT_EQ(Ask(Fill("a", 100)), "ok");
  std::atomic<bool> done{false};
  std::atomic<int> snapshots{0};
  // Readers see whole turns only, while these go on.
  std::thread watching([&] {
    Readers readers(engine_, schema_);
    do {
      Reader& reader = **readers.Mine();
      const absl::Status read = reader.InSnapshot([&]() -> absl::Status {
        const int64_t beans = FindJar(reader, "a").beans() + FindJar(reader, "b").beans() +
                              FindJar(reader, "c").beans();
        EXPECT_EQ(beans, 100);
        return absl::OkStatus();
      });
      EXPECT_TRUE(read.ok()) << read.ToString();
      ++snapshots;
    } while (!done);
  });
  InThreads([&](int thread) {
    const char* names[] = {"a", "b", "c"};
    for (int i = 0; i < kPerThread; ++i) {
      const std::string word = Ask(Pour(names[(thread + i) % 3], names[(thread + i + 1) % 3], 3));
      EXPECT_TRUE(word == "ok" || word == "TOO_FEW_BEANS") << word;
    }
  });
  done = true;
  watching.join();
  EXPECT_GT(snapshots, 0);
  ExpectSound();
}

TEST_F(WriterOnALoop, AnswersEverybodyWhenItIsClosedUnderLoad) {
  ASSERT_EQ(Ask(Open("a", 1'000'000)), "ok");
  std::atomic<int> accepted{0}, closed{0}, other{0};
  InThreads([&](int thread) {
    for (int i = 0; i < kPerThread; ++i) {
      if (thread == 0 && i == kPerThread / 2) writer_->Close();
      const std::string word = Ask(Fill("a", 1));
      const bool is_closed = word.find("UNAVAILABLE") == 0;
      ++(word == "ok" ? accepted : is_closed ? closed : other);
    }
  });
  EXPECT_EQ(other, 0);
  EXPECT_GT(closed, 0);
  const auto reader = engine_.OpenReader(schema_).value();
  EXPECT_EQ(FindJar(*reader, "a").beans(), accepted);
  ExpectSound();
}

}  // namespace
}  // namespace learncity::ledger
