// What a person may do to topics behind the platform's back; for tests.
#pragma once

#include <memory>
#include <string>

#include "platform/feed/kafka_topic.h"

namespace learncity::feed {

KafkaOptions TestKafka();
// A name that no test has used.
std::string NewTopicName();
// Makes it with one partition unless told otherwise.
void MakeTopic(const std::string& name, int partitions = 1);
std::shared_ptr<KafkaTopic> NewKafkaTopic(bool exists = true);
void DeleteTopic(const std::string& name);
// As retention does.
void DeleteRecordsBefore(const std::string& name, int64_t offset);

}  // namespace learncity::feed
