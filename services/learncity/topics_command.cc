// topics apply: makes the topics that the city's feeds are carried on.
#include <iostream>

#include "platform/runtime/concat.h"
#include "services/learncity/commands.h"
#include "services/learncity/kafka_config.h"
#include "services/learncity/opened.h"
#include "services/learncity/topic_plans.h"

namespace learncity {

runtime::ExitCode ApplyTopics(const TopicsOptions& options) {
  const auto plans = LoadTopicPlans(options.file);
  if (!plans.ok()) return Fail(plans.status(), runtime::kExitConfig);
  const auto kafka = ReadKafkaOptions(options.kafka, options.kafka_settings);
  if (!kafka.ok()) return Fail(kafka.status(), runtime::kExitConfig);
  const auto changes = feed::ApplyTopics(*kafka, *plans);
  if (!changes.ok()) return Fail(changes.status());
  for (const feed::TopicChange& change : *changes) {
    using What = feed::TopicChange::What;
    std::cout << change.name << ": "
              << (change.what == What::kMade   ? "made"
                  : change.what == What::kNone ? "as planned"
                                               : Join(change.settings, ", "))
              << "\n";
  }
  std::cout << "next: learncity serve --kafka " << options.kafka << std::endl;
  return runtime::kExitOk;
}

}  // namespace learncity
