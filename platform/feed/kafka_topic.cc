#include "platform/feed/kafka_topic.h"

#include <array>
#include <utility>

#include "platform/feed/kafka_client.h"
#include "platform/runtime/concat.h"

namespace learncity::feed {
namespace {

using kafka::Owned;
using kafka::ToStatus;

constexpr int32_t kPartition = 0;

class KafkaWriter : public TopicWriter {
 public:
  static absl::StatusOr<std::unique_ptr<TopicWriter>> Open(const KafkaOptions& options,
                                                           const std::string& topic) {
    std::unique_ptr<KafkaWriter> writer(new KafkaWriter(topic));
    auto client = kafka::OpenClient(RD_KAFKA_PRODUCER, options,
                                    {{"enable.idempotence", "true"},
                                     {"enable.gapless.guarantee", "true"},
                                     {"message.timeout.ms", "0"},
                                     {"linger.ms", "2"},
                                     {"compression.codec", "lz4"},
                                     {"queue.buffering.max.messages", "20000"},
                                     {"queue.buffering.max.kbytes", "65536"}},
                                    OnDelivered, writer.get());
    if (!client.ok()) return client.status();
    writer->client_ = std::move(*client);
    // The first message would wait for what is asked here.
    if (auto status = kafka::CheckTopic(writer->client_.get(), topic, options.timeout);
        !status.ok()) {
      return status;
    }
    return writer;
  }

  absl::Status Send(const Message& message, int64_t position) override {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(message.headers.size());
    for (const auto& [name, value] : message.headers) {
      rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                          static_cast<ssize_t>(value.size()));
    }
    const auto error = rd_kafka_producev(
        client_.get(), RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_PARTITION(kPartition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(message.key.data(), message.key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(message.value.data()), message.value.size()),
        RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(position)), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_END);
    // Taken over only with the message.
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
    return ToStatus(error, Concat("position ", position, " to topic ", topic_));
  }

  absl::StatusOr<int64_t> Delivered() override {
    rd_kafka_poll(client_.get(), 0);
    std::array<char, kafka::kErrorBytes> reason{};
    const auto fatal = rd_kafka_fatal_error(client_.get(), reason.data(), reason.size());
    if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR) failed_.Update(ToStatus(fatal, reason.data()));
    if (!failed_.ok()) return failed_;
    return delivered_;
  }

 private:
  explicit KafkaWriter(std::string topic) : topic_(std::move(topic)) {}

  // In the order of sending, on the thread that polls.
  static void OnDelivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    auto* const writer = static_cast<KafkaWriter*>(opaque);
    const auto position = reinterpret_cast<int64_t>(message->_private);
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      writer->failed_.Update(
          ToStatus(message->err, Concat("position ", position, " to topic ", writer->topic_)));
    }
    if (writer->failed_.ok()) writer->delivered_ = position;
  }

  const std::string topic_;
  int64_t delivered_ = 0;
  absl::Status failed_;
  Owned<rd_kafka_t> client_;
};

class KafkaReader : public TopicReader {
 public:
  static absl::StatusOr<std::unique_ptr<TopicReader>> Open(const KafkaOptions& options,
                                                           const std::string& topic) {
    std::unique_ptr<KafkaReader> reader(new KafkaReader(options, topic));
    auto client = kafka::OpenClient(RD_KAFKA_CONSUMER, options,
                                    {// Needed to assign by hand; nothing is committed under it.
                                     {"group.id", options.client},
                                     {"enable.auto.commit", "false"},
                                     {"enable.auto.offset.store", "false"},
                                     {"auto.offset.reset", "earliest"},
                                     {"check.crcs", "true"},
                                     {"fetch.error.backoff.ms", "100"},
                                     // Past either it pauses for a second.
                                     {"queued.min.messages", "1000000"},
                                     {"queued.max.messages.kbytes", "32768"}});
    if (!client.ok()) return client.status();
    reader->client_ = std::move(*client);
    rd_kafka_poll_set_consumer(reader->client_.get());
    if (auto status = kafka::CheckTopic(reader->client_.get(), topic, options.timeout);
        !status.ok()) {
      return status;
    }
    return reader;
  }

  // Not by query_watermark_offsets, which waits for ever in librdkafka 2.0.
  absl::StatusOr<TopicEnds> Ends() override {
    TopicEnds ends;
    for (auto [which, offset] : {std::pair(RD_KAFKA_OFFSET_BEGINNING, &ends.first),
                                 std::pair(RD_KAFKA_OFFSET_END, &ends.next)}) {
      auto list = Place(which);
      const auto error = rd_kafka_offsets_for_times(client_.get(), list.get(),
                                                    static_cast<int>(options_.timeout.count()));
      if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Error(error, "ends of");
      if (list->elems[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return Error(list->elems[0].err, "ends of");
      }
      *offset = list->elems[0].offset;
    }
    return ends;
  }

  absl::Status Seek(int64_t offset) override {
    const auto list = Place(offset);
    return Error(rd_kafka_assign(client_.get(), list.get()), "reading");
  }

  absl::StatusOr<std::vector<Message>> Take(int limit) override {
    std::vector<Message> messages;
    auto wait = static_cast<int>(options_.patience.count());
    while (messages.size() < static_cast<size_t>(limit)) {
      const Owned<rd_kafka_message_t> got(rd_kafka_consumer_poll(client_.get(), wait));
      if (!got) break;
      wait = 0;
      if (got->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        messages.push_back(FromKafka(*got));
      } else if (messages.empty()) {
        return Error(got->err, "reading");
      }
    }
    return messages;
  }

 private:
  KafkaReader(KafkaOptions options, std::string topic)
      : options_(std::move(options)), topic_(std::move(topic)) {}

  Owned<rd_kafka_topic_partition_list_t> Place(int64_t offset) const {
    Owned<rd_kafka_topic_partition_list_t> list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), kPartition)->offset = offset;
    return list;
  }

  absl::Status Error(rd_kafka_resp_err_t error, std::string_view what) const {
    return ToStatus(error, Concat(what, " topic ", topic_));
  }

  static Message FromKafka(const rd_kafka_message_t& from) {
    Message message{.key = std::string(static_cast<const char*>(from.key), from.key_len),
                    .value = std::string(static_cast<const char*>(from.payload), from.len),
                    .headers = {}};
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&from, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return message;
    message.headers.reserve(rd_kafka_header_cnt(headers));
    const char* name = nullptr;
    const void* value = nullptr;
    size_t size = 0;
    for (size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
      message.headers.emplace_back(name, std::string(static_cast<const char*>(value), size));
    }
    return message;
  }

  const KafkaOptions options_;
  const std::string topic_;
  Owned<rd_kafka_t> client_;
};

}  // namespace

KafkaTopic::KafkaTopic(KafkaOptions options, std::string name)
    : options_(std::move(options)), name_(std::move(name)) {}

absl::StatusOr<std::unique_ptr<TopicWriter>> KafkaTopic::OpenWriter() {
  return KafkaWriter::Open(options_, name_);
}

absl::StatusOr<std::unique_ptr<TopicReader>> KafkaTopic::OpenReader() {
  return KafkaReader::Open(options_, name_);
}

}  // namespace learncity::feed
