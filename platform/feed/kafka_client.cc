#include "platform/feed/kafka_client.h"

#include <array>
#include <string_view>

#include "platform/runtime/concat.h"
#include "platform/runtime/run_or_leave.h"
#include "platform/telemetry/log.h"

namespace learncity::feed::kafka {
namespace {

// librdkafka 2.0 does not come back from closing a client whose topic was deleted meanwhile.
constexpr std::chrono::seconds kEndingPatience{2};

// Of syslog, as librdkafka counts.
constexpr int kWarning = 4;

// It warns of each setting that is new to it, too.
void Say(const rd_kafka_t*, int level, const char* facility, const char* text) {
  const bool is_warning = level <= kWarning && std::string_view(facility) != "CONFWARN";
  telemetry::Log(is_warning ? telemetry::Level::kWarning : telemetry::Level::kDebug, "kafka_client",
                 {{"facility", facility}, {"text", text}});
}

// For every client; docs/adr/0013-a-feed-on-kafka.md says why.
const std::vector<std::pair<std::string, std::string>>& CommonSettings() {
  static const auto* const kSettings = new std::vector<std::pair<std::string, std::string>>{
      {"socket.nagle.disable", "true"},  {"socket.keepalive.enable", "true"},
      {"socket.timeout.ms", "10000"},    {"reconnect.backoff.max.ms", "1000"},
      {"log.connection.close", "false"}, {"allow.auto.create.topics", "false"},
      {"message.max.bytes", "4000000"},
  };
  return *kSettings;
}

absl::StatusCode CodeOf(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
      return absl::StatusCode::kUnavailable;
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return absl::StatusCode::kNotFound;
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
      return absl::StatusCode::kResourceExhausted;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
      return absl::StatusCode::kInvalidArgument;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return absl::StatusCode::kPermissionDenied;
    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
      return absl::StatusCode::kAlreadyExists;
    default:
      return absl::StatusCode::kInternal;
  }
}

}  // namespace

void Free::operator()(rd_kafka_t* client) const {
  if (rd_kafka_type(client) == RD_KAFKA_PRODUCER) {
    rd_kafka_purge(
        client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  }
  const bool has_ended = runtime::RunOrLeave(
      [client] { rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE); },
      kEndingPatience);
  if (!has_ended) telemetry::Log(telemetry::Level::kWarning, "kafka_client_left_behind");
}

absl::Status ToStatus(rd_kafka_resp_err_t error, const std::string& what) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::Status(CodeOf(error), Concat(what, ": ", rd_kafka_err2str(error), " (",
                                            rd_kafka_err2name(error), ")"));
}

absl::StatusOr<Owned<rd_kafka_t>> OpenClient(
    rd_kafka_type_t type, const KafkaOptions& options,
    const std::vector<std::pair<std::string, std::string>>& settings,
    void (*delivered)(rd_kafka_t*, const rd_kafka_message_t*, void*), void* opaque) {
  std::map<std::string, std::string> all = {{"bootstrap.servers", options.brokers},
                                            {"client.id", options.client}};
  for (const auto& [name, value] : CommonSettings()) all[name] = value;
  for (const auto& [name, value] : settings) all[name] = value;
  for (const auto& [name, value] : options.settings) all[name] = value;

  std::array<char, kErrorBytes> error{};
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : all) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), error.data(), error.size()) !=
        RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(conf);
      return absl::InvalidArgumentError(Concat("Kafka setting ", name, ": ", error.data()));
    }
  }
  rd_kafka_conf_set_log_cb(conf, Say);
  rd_kafka_conf_set_opaque(conf, opaque);
  if (delivered != nullptr) rd_kafka_conf_set_dr_msg_cb(conf, delivered);
  rd_kafka_t* client = rd_kafka_new(type, conf, error.data(), error.size());
  if (client != nullptr) return Owned<rd_kafka_t>(client);
  rd_kafka_conf_destroy(conf);
  return absl::InvalidArgumentError(Concat("Kafka client: ", error.data()));
}

absl::StatusOr<TopicShape> ReadShape(rd_kafka_t* client, const std::string& topic,
                                     std::chrono::milliseconds timeout) {
  const std::string what = Concat("topic ", topic);
  const Owned<rd_kafka_topic_t> asked(rd_kafka_topic_new(client, topic.c_str(), nullptr));
  if (!asked) return ToStatus(rd_kafka_last_error(), what);
  const rd_kafka_metadata_t* found = nullptr;
  if (const auto error =
          rd_kafka_metadata(client, 0, asked.get(), &found, static_cast<int>(timeout.count()));
      error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return ToStatus(error, what);
  }
  absl::Status status = absl::InternalError(Concat(what, ": the brokers did not say"));
  TopicShape shape;
  if (found->topic_cnt == 1) {
    const rd_kafka_metadata_topic_t& said = found->topics[0];
    status = ToStatus(said.err, what);
    shape.partitions = said.partition_cnt;
    if (said.partition_cnt > 0) shape.replication = said.partitions[0].replica_cnt;
  }
  rd_kafka_metadata_destroy(found);
  if (!status.ok()) return status;
  return shape;
}

absl::Status CheckTopic(rd_kafka_t* client, const std::string& topic,
                        std::chrono::milliseconds timeout) {
  const auto shape = ReadShape(client, topic, timeout);
  if (!shape.ok()) return shape.status();
  if (shape->partitions == 1) return absl::OkStatus();
  return absl::FailedPreconditionError(
      Concat("topic ", topic, " has ", shape->partitions,
             " partitions; a feed is one: delete it and run learncity topics apply"));
}

}  // namespace learncity::feed::kafka
