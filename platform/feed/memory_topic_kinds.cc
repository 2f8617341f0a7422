#include "platform/feed/memory_topic.h"
#include "platform/feed/test_topics.h"

namespace learncity::feed {

std::vector<TopicKind> TopicKinds() {
  return {{.name = "memory", .make = [](bool exists) {
             auto topic = std::make_shared<MemoryTopic>("learncity.test.kitchen.v1");
             topic->SetExists(exists);
             return topic;
           }}};
}

}  // namespace learncity::feed
