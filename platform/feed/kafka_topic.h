// A topic of Kafka, by librdkafka. Settings and why: docs/adr/0013-a-feed-on-kafka.md.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "platform/feed/topic.h"

namespace learncity::feed {

struct KafkaOptions {
  // "host:port,host:port".
  std::string brokers;
  // Shown in the brokers' logs and metrics.
  std::string client = "learncity";
  // Further settings by librdkafka's names, as of encryption and sign-on; they win over those made
  // here.
  std::map<std::string, std::string> settings;
  // Longest wait for an answer of the brokers.
  std::chrono::milliseconds timeout{3000};
  // Longest wait of a reader for messages.
  std::chrono::milliseconds patience{100};
};

class KafkaTopic : public Topic {
 public:
  KafkaTopic(KafkaOptions options, std::string name);

  const std::string& name() const override { return name_; }
  // FAILED_PRECONDITION: the topic has more than one partition.
  absl::StatusOr<std::unique_ptr<TopicWriter>> OpenWriter() override;
  absl::StatusOr<std::unique_ptr<TopicReader>> OpenReader() override;

 private:
  const KafkaOptions options_;
  const std::string name_;
};

}  // namespace learncity::feed
