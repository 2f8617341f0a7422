#include "platform/feed/kafka_hands.h"

#include <atomic>
#include <chrono>

#include "platform/feed/kafka_client.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/kafka_server.h"

namespace learncity::feed {
namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr int kAnswerMs = 20'000;

using kafka::Owned;

// Asks for one thing and waits for the answer; aborts when it is an error.
template <class Asking>
void Ask(const Asking& asking) {
  const auto client = kafka::OpenClient(RD_KAFKA_PRODUCER, TestKafka(), {}).value();
  const Owned<rd_kafka_queue_t> answers(rd_kafka_queue_new(client.get()));
  asking(client.get(), answers.get());
  const Owned<rd_kafka_event_t> answer(rd_kafka_queue_poll(answers.get(), kAnswerMs));
  LEARNCITY_CHECK(answer != nullptr);
  LEARNCITY_CHECK_EQ(rd_kafka_event_error(answer.get()), RD_KAFKA_RESP_ERR_NO_ERROR)
      << rd_kafka_event_error_string(answer.get());
}

bool IsThere(const std::string& name) {
  const auto client = kafka::OpenClient(RD_KAFKA_PRODUCER, TestKafka(), {}).value();
  return !absl::IsNotFound(
      kafka::CheckTopic(client.get(), name, std::chrono::milliseconds(kAnswerMs)));
}

// What the brokers have been told shows after a while.
void WaitUntil(const std::string& name, bool is_there) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (IsThere(name) != is_there) {
    LEARNCITY_CHECK(std::chrono::steady_clock::now() < deadline) << name;
  }
}

}  // namespace

KafkaOptions TestKafka() { return {.brokers = KafkaServer::OfThisProgram().brokers()}; }

std::string NewTopicName() {
  static std::atomic<int> count{0};
  return Concat("learncity.test.topic", ++count, ".v1");
}

void MakeTopic(const std::string& name, int partitions) {
  char error[kafka::kErrorBytes];
  const Owned<rd_kafka_NewTopic_t> topic(
      rd_kafka_NewTopic_new(name.c_str(), partitions, 1, error, sizeof(error)));
  Ask([&](rd_kafka_t* client, rd_kafka_queue_t* answers) {
    rd_kafka_NewTopic_t* topics[] = {topic.get()};
    rd_kafka_CreateTopics(client, topics, 1, nullptr, answers);
  });
  WaitUntil(name, true);
}

std::shared_ptr<KafkaTopic> NewKafkaTopic(bool exists) {
  const std::string name = NewTopicName();
  if (exists) MakeTopic(name);
  return std::make_shared<KafkaTopic>(TestKafka(), name);
}

void DeleteTopic(const std::string& name) {
  rd_kafka_DeleteTopic_t* topic = rd_kafka_DeleteTopic_new(name.c_str());
  Ask([&](rd_kafka_t* client, rd_kafka_queue_t* answers) {
    rd_kafka_DeleteTopics(client, &topic, 1, nullptr, answers);
  });
  rd_kafka_DeleteTopic_destroy(topic);
  WaitUntil(name, false);
}

void DeleteRecordsBefore(const std::string& name, int64_t offset) {
  const Owned<rd_kafka_topic_partition_list_t> list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), name.c_str(), 0)->offset = offset;
  rd_kafka_DeleteRecords_t* records = rd_kafka_DeleteRecords_new(list.get());
  Ask([&](rd_kafka_t* client, rd_kafka_queue_t* answers) {
    rd_kafka_DeleteRecords(client, &records, 1, nullptr, answers);
  });
  rd_kafka_DeleteRecords_destroy(records);
}

}  // namespace learncity::feed
