#include "platform/feed/kafka_topics.h"

#include <array>
#include <optional>
#include <utility>

#include "platform/feed/kafka_client.h"
#include "platform/runtime/concat.h"

namespace learncity::feed {
namespace {

using kafka::Owned;
using kafka::ToStatus;

constexpr char kCleanup[] = "cleanup.policy";

// How a topic is.
struct Found {
  kafka::TopicShape shape;
  std::map<std::string, std::string> settings;
};

// One client that asks the brokers for one thing after another.
class Admin {
 public:
  static absl::StatusOr<Admin> Open(const KafkaOptions& options) {
    auto client = kafka::OpenClient(RD_KAFKA_PRODUCER, options, {});
    if (!client.ok()) return client.status();
    return Admin(options, std::move(*client));
  }

  // Absent: there is no such topic.
  absl::StatusOr<std::optional<Found>> Look(const std::string& topic) {
    const auto shape = kafka::ReadShape(client_.get(), topic, options_.timeout);
    if (absl::IsNotFound(shape.status())) return std::optional<Found>();
    if (!shape.ok()) return shape.status();
    Found found{.shape = *shape};
    if (auto status = ReadSettings(topic, &found.settings); !status.ok()) return status;
    return std::optional(std::move(found));
  }

  absl::Status Make(const TopicPlan& plan) {
    std::array<char, kafka::kErrorBytes> error{};
    Owned<rd_kafka_NewTopic_t> made(
        rd_kafka_NewTopic_new(plan.name.c_str(), 1, plan.replication, error.data(), error.size()));
    if (!made) return absl::InvalidArgumentError(Concat("topic ", plan.name, ": ", error.data()));
    for (const auto& [name, value] : plan.settings) {
      rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
    }
    rd_kafka_NewTopic_t* topics[] = {made.get()};
    const auto ask = [&](const rd_kafka_AdminOptions_t* how, rd_kafka_queue_t* answers) {
      rd_kafka_CreateTopics(client_.get(), topics, 1, how, answers);
    };
    const auto event = Ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, ask, Concat("making ", plan.name));
    if (!event.ok()) return event.status();
    size_t count = 0;
    const rd_kafka_topic_result_t** results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(event->get()), &count);
    if (count != 1) return absl::InternalError("the brokers did not say");
    return Answered(rd_kafka_topic_result_error(results[0]),
                    rd_kafka_topic_result_error_string(results[0]), Concat("making ", plan.name));
  }

  // Sets all that the plan says; what it does not say goes back to the brokers' default.
  absl::Status Set(const TopicPlan& plan) {
    const auto resource = TopicResource(plan.name);
    for (const auto& [name, value] : plan.settings) {
      rd_kafka_ConfigResource_set_config(resource.get(), name.c_str(), value.c_str());
    }
    rd_kafka_ConfigResource_t* resources[] = {resource.get()};
    const auto ask = [&](const rd_kafka_AdminOptions_t* how, rd_kafka_queue_t* answers) {
      rd_kafka_AlterConfigs(client_.get(), resources, 1, how, answers);
    };
    const std::string what = Concat("setting ", plan.name);
    const auto event = Ask(RD_KAFKA_ADMIN_OP_ALTERCONFIGS, ask, what);
    if (!event.ok()) return event.status();
    size_t count = 0;
    const rd_kafka_ConfigResource_t** results = rd_kafka_AlterConfigs_result_resources(
        rd_kafka_event_AlterConfigs_result(event->get()), &count);
    return AnsweredFor(results, count, what);
  }

 private:
  Admin(KafkaOptions options, Owned<rd_kafka_t> client)
      : options_(std::move(options)),
        client_(std::move(client)),
        answers_(rd_kafka_queue_new(client_.get())) {}

  int TimeoutMs() const { return static_cast<int>(options_.timeout.count()); }

  static Owned<rd_kafka_ConfigResource_t> TopicResource(const std::string& topic) {
    return Owned<rd_kafka_ConfigResource_t>(
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  }

  static absl::Status Answered(rd_kafka_resp_err_t error, const char* text,
                               const std::string& what) {
    return ToStatus(error, text == nullptr ? what : Concat(what, ": ", text));
  }

  // Of the one topic that was asked about.
  static absl::Status AnsweredFor(const rd_kafka_ConfigResource_t** results, size_t count,
                                  const std::string& what) {
    if (count != 1) return absl::InternalError(Concat(what, ": the brokers did not say"));
    return Answered(rd_kafka_ConfigResource_error(results[0]),
                    rd_kafka_ConfigResource_error_string(results[0]), what);
  }

  template <class Asking>
  absl::StatusOr<Owned<rd_kafka_event_t>> Ask(rd_kafka_admin_op_t operation, const Asking& asking,
                                              const std::string& what) {
    const Owned<rd_kafka_AdminOptions_t> how(rd_kafka_AdminOptions_new(client_.get(), operation));
    std::array<char, kafka::kErrorBytes> error{};
    rd_kafka_AdminOptions_set_request_timeout(how.get(), TimeoutMs(), error.data(), error.size());
    asking(how.get(), answers_.get());
    Owned<rd_kafka_event_t> event(rd_kafka_queue_poll(answers_.get(), 2 * TimeoutMs()));
    if (!event) return absl::UnavailableError(Concat(what, ": no answer"));
    const auto failed = rd_kafka_event_error(event.get());
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return Answered(failed, rd_kafka_event_error_string(event.get()), what);
    }
    return event;
  }

  absl::Status ReadSettings(const std::string& topic,
                            std::map<std::string, std::string>* settings) {
    const auto resource = TopicResource(topic);
    rd_kafka_ConfigResource_t* resources[] = {resource.get()};
    const auto ask = [&](const rd_kafka_AdminOptions_t* how, rd_kafka_queue_t* answers) {
      rd_kafka_DescribeConfigs(client_.get(), resources, 1, how, answers);
    };
    const std::string what = Concat("settings of ", topic);
    const auto event = Ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, ask, what);
    if (!event.ok()) return event.status();
    size_t count = 0;
    const rd_kafka_ConfigResource_t** results = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(event->get()), &count);
    if (auto status = AnsweredFor(results, count, what); !status.ok()) return status;
    const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(results[0], &count);
    for (size_t i = 0; i < count; ++i) {
      const char* value = rd_kafka_ConfigEntry_value(entries[i]);
      (*settings)[rd_kafka_ConfigEntry_name(entries[i])] = value == nullptr ? "" : value;
    }
    return absl::OkStatus();
  }

  KafkaOptions options_;
  Owned<rd_kafka_t> client_;
  Owned<rd_kafka_queue_t> answers_;
};

// Why the topic cannot carry a feed as it is, or as it is planned.
std::vector<std::string> Unfit(const TopicPlan& plan, const std::optional<Found>& found) {
  std::vector<std::string> reasons;
  const auto cleanup = plan.settings.find(kCleanup);
  if (cleanup != plan.settings.end() && cleanup->second != "delete") {
    reasons.push_back(Concat(plan.name, ": ", kCleanup, " is ", cleanup->second,
                             ", by which events would be lost; a feed has delete"));
  }
  if (found && found->shape.partitions != 1) {
    reasons.push_back(Concat(plan.name, " has ", found->shape.partitions,
                             " partitions; a feed is one: delete the topic, it is filled anew"));
  }
  if (found && found->shape.replication != plan.replication) {
    reasons.push_back(Concat(plan.name, " has ", found->shape.replication,
                             " replicas, the plan says ", plan.replication,
                             "; change them by reassigning its partition"));
  }
  return reasons;
}

std::vector<std::string> Differing(const TopicPlan& plan, const Found& found) {
  std::vector<std::string> differing;
  for (const auto& [name, value] : plan.settings) {
    const auto is = found.settings.find(name);
    const std::string now = is == found.settings.end() ? "" : is->second;
    if (now != value) differing.push_back(Concat(name, ": ", now, " -> ", value));
  }
  return differing;
}

}  // namespace

absl::StatusOr<std::vector<TopicChange>> ApplyTopics(const KafkaOptions& options,
                                                     const std::vector<TopicPlan>& plans) {
  auto admin = Admin::Open(options);
  if (!admin.ok()) return admin.status();
  std::vector<std::optional<Found>> found;
  std::vector<std::string> unfit;
  for (const TopicPlan& plan : plans) {
    auto is = admin->Look(plan.name);
    if (!is.ok()) return is.status();
    for (std::string& reason : Unfit(plan, *is)) unfit.push_back(std::move(reason));
    found.push_back(*std::move(is));
  }
  if (!unfit.empty()) return absl::FailedPreconditionError(Join(unfit, "; "));

  std::vector<TopicChange> changes;
  for (size_t i = 0; i < plans.size(); ++i) {
    TopicChange& change = changes.emplace_back(TopicChange{.name = plans[i].name});
    absl::Status status;
    if (!found[i]) {
      change.what = TopicChange::What::kMade;
      status = admin->Make(plans[i]);
    } else if (change.settings = Differing(plans[i], *found[i]); !change.settings.empty()) {
      change.what = TopicChange::What::kSettings;
      status = admin->Set(plans[i]);
    }
    if (!status.ok()) return status;
  }
  return changes;
}

}  // namespace learncity::feed
