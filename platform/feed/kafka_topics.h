// Makes the topics that feeds need, and refuses those that cannot carry one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/feed/kafka_topic.h"

namespace learncity::feed {

// A topic as it should be. It has one partition, as docs/adr/0003-a-feed-is-one-partition.md says.
struct TopicPlan {
  std::string name;
  int replication = 1;
  // By Kafka's names, as "retention.ms".
  std::map<std::string, std::string> settings;
};

// What was done to one topic.
struct TopicChange {
  enum class What { kNone, kMade, kSettings };
  std::string name;
  What what = What::kNone;
  // Which settings were changed, as "retention.ms: 1000 -> -1".
  std::vector<std::string> settings;
};

// Makes those that are missing and sets what differs, in the order of the plans.
// FAILED_PRECONDITION, having changed nothing, with all reasons: a topic that is there has more
// partitions or another number of replicas, or a plan compacts, by which events would be lost.
absl::StatusOr<std::vector<TopicChange>> ApplyTopics(const KafkaOptions& options,
                                                     const std::vector<TopicPlan>& plans);

}  // namespace learncity::feed
