// Feeds over a real Kafka: how fast a ledger's events reach its followers, and how soon.
#pragma once

#include <filesystem>
#include <string>

#include "platform/testing/kafka_server.h"
#include "services/learncity/city.h"
#include "tests/bench/filling.h"
#include "tests/bench/machine.h"
#include "tests/bench/pairs.h"

namespace learncity::bench {

// From commit to the figures read from memory.
struct Freshness {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

class FeedOnKafka {
 public:
  FeedOnKafka(const Ground& ground, const Filled& city) : ground_(ground), city_(city) {}

  // All events of enrollment from its ledger over relay, topic and follower into the ledger of
  // achievements, beside Kafka's own consumer on the same topic.
  Row MeasureThroughput(const Effort& effort);
  // At half of the enrollments that come in a while when as many come as can: until reporting's
  // board has them.
  Freshness MeasureFreshness(std::chrono::milliseconds time);

 private:
  // Cities whose services are followed, and which follow, each on topics of a name of its own.
  struct Sides {
    std::unique_ptr<City> owners;
    std::unique_ptr<City> followers;
    std::string enrollment_topic;
  };
  Sides Open(const std::set<std::string, std::less<>>& following);
  // Messages per second by kafka-consumer-perf-test.
  Sample ConsumerPerf(const std::string& topic, int64_t messages) const;

  const Ground& ground_;
  const Filled& city_;
  KafkaServer kafka_;
  int runs_ = 0;
};

}  // namespace learncity::bench
