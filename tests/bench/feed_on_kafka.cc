#include "tests/bench/feed_on_kafka.h"

#include <algorithm>
#include <cstdlib>
#include <deque>

#include "absl/strings/str_split.h"
#include "platform/feed/kafka_topics.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/child_process.h"
#include "tests/bench/newcomers.h"

namespace learncity::bench {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::minutes kCatchUpMax{10};

void AwaitThat(const std::function<bool()>& is_so) {
  Mutex mutex;
  CondVar never;
  const auto deadline = steady_clock::now() + kCatchUpMax;
  while (!is_so()) {
    LEARNCITY_CHECK(steady_clock::now() < deadline) << "followers do not catch up";
    MutexLock lock(&mutex);
    never.WaitFor(&mutex, std::chrono::milliseconds(2), [] { return false; });
  }
}

}  // namespace

FeedOnKafka::Sides FeedOnKafka::Open(const std::set<std::string, std::less<>>& following) {
  const std::string code = Concat("bench", ++runs_);
  const feed::KafkaOptions kafka{.brokers = kafka_.brokers()};
  std::vector<feed::TopicPlan> plans;
  for (const std::string_view service : kServices) {
    plans.push_back({.name = feed::FeedName{code, std::string(service)}.Topic()});
  }
  LEARNCITY_CHECK_OK(feed::ApplyTopics(kafka, plans).status());
  const auto topics = [kafka](const feed::FeedName& name) {
    return std::make_shared<feed::KafkaTopic>(kafka, name.Topic());
  };
  Sides sides{.enrollment_topic = feed::FeedName{code, "enrollment"}.Topic()};
  auto owners = City::Open(BenchKey(), {.services = {"registry", "enrollment"},
                                        .code = code,
                                        .folder = ground_.Copy(city_.folder, "owners").string(),
                                        .topics = topics});
  LEARNCITY_CHECK_OK(owners.status());
  sides.owners = std::move(*owners);
  const std::filesystem::path folder = ground_.folder() / "following";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  auto followers = City::Open(
      BenchKey(),
      {.services = following,
       .elsewhere =
           [city = sides.owners.get()](const std::string& feed, int64_t) {
             host::Host* owner = city->Owner(feed);
             LEARNCITY_CHECK(owner != nullptr) << feed;
             return ElsewhereFeed{
                 .source = owner->AsSource(),
                 .head = [owner] { return owner->head().position; },
                 .signed_head = [city, owner]() -> absl::StatusOr<learncity::feed::v1::SignedHead> {
                   return city->SignedHeadOf(*owner);
                 }};
           },
       .code = code,
       .folder = folder.string(),
       .topics = topics});
  LEARNCITY_CHECK_OK(followers.status());
  sides.followers = std::move(*followers);
  return sides;
}

Sample FeedOnKafka::ConsumerPerf(const std::string& topic, int64_t messages) const {
  const std::string said = SaidBy(
      kafka_.Tool({"org.apache.kafka.tools.ConsumerPerformance", "--bootstrap-server",
                   kafka_.brokers(), "--topic", topic, "--messages", std::to_string(messages)}));
  // The last line with numbers alone: start, end, MB, MB/s, messages, messages/s, times of joining
  // and of fetching, and the two rates of fetching.
  std::vector<std::string> numbers;
  for (const auto& line : absl::StrSplit(said, '\n')) {
    const std::vector<std::string> parts = absl::StrSplit(line, ", ");
    if (parts.size() == 10 && std::isdigit(static_cast<unsigned char>(parts[0][0]))) {
      numbers = parts;
    }
  }
  LEARNCITY_CHECK_EQ(numbers.size(), size_t{10}) << said;
  Sample sample;
  sample.pace.calls = std::atoll(numbers[4].c_str());
  sample.pace.seconds =
      static_cast<double>(sample.pace.calls) / std::strtod(numbers[9].c_str(), nullptr);
  return sample;
}

Row FeedOnKafka::MeasureThroughput(const Effort& effort) {
  Row row{.what = "relay → Kafka → follower",
          .against = "Kafka's consumer-perf",
          .in_flight = 0,
          .goal = 0.3};
  for (int pair = 0; pair < effort.pairs; ++pair) {
    Sides sides = Open({"achievements"});
    const int64_t head = sides.owners->enrollment().head().position;
    host::Host& follower = sides.followers->achievements();
    const auto began = steady_clock::now();
    sides.owners->Start();
    sides.followers->Start();
    AwaitThat([&] { return follower.positions().Get("enrollment")->position >= head; });
    Sample ours;
    ours.pace.calls = head;
    ours.pace.seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
    row.ours.push_back(ours);
    sides.followers->Stop();
    sides.owners->Stop();
    row.theirs.push_back(ConsumerPerf(sides.enrollment_topic, head));
  }
  return row;
}

Freshness FeedOnKafka::MeasureFreshness(std::chrono::milliseconds time) {
  Sides sides = Open({"achievements", "reporting"});
  Admissions admissions(city_, static_cast<int64_t>(city_.enrollments.size()));
  // Guarded: commits of enrollment that reporting has not applied yet, and how long others took.
  Mutex mutex;
  std::deque<std::pair<int64_t, steady_clock::time_point>> committed;
  std::vector<uint32_t> latencies_us;
  bool measures = false;
  sides.owners->enrollment().OnCommit([&](const ledger::Head& head) {
    MutexLock lock(&mutex);
    committed.emplace_back(head.position, steady_clock::now());
  });
  // After the board's own.
  sides.followers->reporting().OnTurn([&](const ledger::TurnWrites& turn) {
    MutexLock lock(&mutex);
    for (const ledger::Cursor& cursor : turn.cursors) {
      if (cursor.feed != "enrollment") continue;
      while (!committed.empty() && committed.front().first <= cursor.position) {
        const auto took = steady_clock::now() - committed.front().second;
        if (measures) {
          latencies_us.push_back(static_cast<uint32_t>(
              std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
        }
        committed.pop_front();
      }
    }
  });
  sides.owners->Start();
  sides.followers->Start();
  AwaitThat([&] { return sides.followers->CaughtUp(); });
  // How many came a second, once reporting has them too.
  const auto arrive = [&](double per_second) {
    int64_t arrived = 0;
    {
      const auto next = [&](int) {
        enrollment::v1::EnrollLearnerRequest request;
        admissions.Next(&request);
        return request;
      };
      Arrivals arrivals(*sides.owners, next, 0, per_second);
      const auto end = steady_clock::now() + time;
      AwaitThat([&] { return steady_clock::now() >= end; });
      arrived = arrivals.arrived();
    }
    AwaitThat([&] { return sides.followers->CaughtUp(); });
    return static_cast<double>(arrived) * 1000 / static_cast<double>(time.count());
  };
  const double most = arrive(1e9);
  {
    MutexLock lock(&mutex);
    measures = true;
  }
  Freshness freshness{.per_second = arrive(most / 2)};
  sides.followers->Stop();
  sides.owners->Stop();
  MutexLock lock(&mutex);
  const Pace pace = PaceOf(latencies_us, time);
  freshness.p50_ms = pace.p50_ms;
  freshness.p99_ms = pace.p99_ms;
  return freshness;
}

}  // namespace learncity::bench
