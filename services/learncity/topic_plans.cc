#include "services/learncity/topic_plans.h"

#include <filesystem>
#include <set>

#include "platform/feed/envelope.h"
#include "platform/runtime/concat.h"
#include "yaml-cpp/yaml.h"

namespace learncity {
namespace {

// One file being read; the first thing that is wrong ends it.
class PlanFile {
 public:
  explicit PlanFile(std::string path) : path_(std::move(path)) {}

  absl::StatusOr<std::vector<feed::TopicPlan>> Read() {
    const YAML::Node file = YAML::LoadFile(path_);
    auto known = CheckNames(file, {"city", "replication", "settings", "topics"});
    if (!known.ok()) return known;
    for (const char* name : {"city", "topics"}) {
      if (!file[name]) return Wrong(file, Concat(name, " is missing"));
    }
    std::vector<feed::TopicPlan> plans;
    std::set<std::string> services;
    for (const YAML::Node& topic : file["topics"]) {
      if (known = CheckNames(topic, {"service", "partitions", "replication", "settings"});
          !known.ok()) {
        return known;
      }
      if (!topic["service"]) return Wrong(topic, "service is missing");
      const auto service = topic["service"].as<std::string>();
      if (!services.insert(service).second) return Wrong(topic, Concat(service, " is there twice"));
      if (topic["partitions"] && topic["partitions"].as<int>() != 1) {
        return Wrong(topic["partitions"], Concat(service, " has ", topic["partitions"].as<int>(),
                                                 " partitions; a feed is one"));
      }
      feed::TopicPlan plan{
          .name = feed::FeedName{.city = file["city"].as<std::string>(), .feed = service}.Topic()};
      for (const YAML::Node& from : {file, topic}) {
        if (from["replication"]) plan.replication = from["replication"].as<int>();
        for (const auto& setting : from["settings"]) {
          plan.settings[setting.first.as<std::string>()] = setting.second.as<std::string>();
        }
      }
      plans.push_back(std::move(plan));
    }
    return plans;
  }

  absl::Status Wrong(const YAML::Mark& mark, const std::string& what) const {
    return absl::InvalidArgumentError(Concat(path_, ":", mark.line + 1, ": ", what));
  }

 private:
  absl::Status Wrong(const YAML::Node& node, const std::string& what) const {
    return Wrong(node.Mark(), what);
  }

  absl::Status CheckNames(const YAML::Node& node, const std::set<std::string>& known) const {
    if (!node.IsMap()) return Wrong(node, "names and values are expected");
    for (const auto& entry : node) {
      const auto name = entry.first.as<std::string>();
      if (!known.contains(name)) return Wrong(entry.first, Concat(name, " means nothing here"));
    }
    return absl::OkStatus();
  }

  const std::string path_;
};

}  // namespace

absl::StatusOr<std::vector<feed::TopicPlan>> LoadTopicPlans(const std::string& path) {
  if (!std::filesystem::exists(path)) return absl::NotFoundError(Concat("there is no ", path));
  PlanFile file(path);
  try {
    return file.Read();
  } catch (const YAML::Exception& error) {
    return file.Wrong(error.mark, error.msg);
  }
}

}  // namespace learncity
