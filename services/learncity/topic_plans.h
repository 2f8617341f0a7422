// Reads the plan of a city's topics, deploy/kafka/topics.yaml.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/feed/kafka_topics.h"

namespace learncity {

// INVALID_ARGUMENT names file, line and what is wrong: no YAML, a name that means nothing, a
// service twice, more than one partition. NOT_FOUND: there is no such file.
absl::StatusOr<std::vector<feed::TopicPlan>> LoadTopicPlans(const std::string& path);

}  // namespace learncity
