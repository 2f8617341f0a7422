// How the commands are told of a Kafka.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "platform/feed/kafka_topic.h"

namespace learncity {

// `settings_file` has a line "name=value" for each of librdkafka's settings that are not the usual
// ones, as of encryption and sign-on; lines that begin with # say nothing. Empty: none.
// INVALID_ARGUMENT names file and line.
absl::StatusOr<feed::KafkaOptions> ReadKafkaOptions(const std::string& brokers,
                                                    const std::string& settings_file);

}  // namespace learncity
