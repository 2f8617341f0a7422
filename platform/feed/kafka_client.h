// What readers, writers and the administration of topics have in common: a client of librdkafka.
// Included by the Kafka files of this folder alone.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/feed/kafka_topic.h"

namespace learncity::feed::kafka {

// One call to free each of librdkafka's things.
struct Free {
  // Throws away what is on its way.
  void operator()(rd_kafka_t* client) const;
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
  void operator()(rd_kafka_ConfigResource_t* resource) const {
    rd_kafka_ConfigResource_destroy(resource);
  }
  void operator()(rd_kafka_AdminOptions_t* options) const {
    rd_kafka_AdminOptions_destroy(options);
  }
};
template <class Thing>
using Owned = std::unique_ptr<Thing, Free>;

constexpr size_t kErrorBytes = 512;

// What topic.h says for an error; `what` is what was tried.
absl::Status ToStatus(rd_kafka_resp_err_t error, const std::string& what);

// A client and its threads. INVALID_ARGUMENT: a setting that librdkafka does not take. `delivered`
// is called with `opaque` for each message of a producer, on the thread that polls it.
absl::StatusOr<Owned<rd_kafka_t>> OpenClient(
    rd_kafka_type_t type, const KafkaOptions& options,
    const std::vector<std::pair<std::string, std::string>>& settings,
    void (*delivered)(rd_kafka_t*, const rd_kafka_message_t*, void* opaque) = nullptr,
    void* opaque = nullptr);

// How many partitions a topic has, and replicas of them; NOT_FOUND: there is no such topic.
struct TopicShape {
  int partitions = 0;
  int replication = 0;
};
absl::StatusOr<TopicShape> ReadShape(rd_kafka_t* client, const std::string& topic,
                                     std::chrono::milliseconds timeout);

// OK when the topic is there and can carry a feed: it has one partition.
absl::Status CheckTopic(rd_kafka_t* client, const std::string& topic,
                        std::chrono::milliseconds timeout);

}  // namespace learncity::feed::kafka
