#include "platform/feed/kafka_hands.h"
#include "platform/feed/test_topics.h"

namespace learncity::feed {

std::vector<TopicKind> TopicKinds() {
  return {{.name = "kafka", .make = [](bool exists) { return NewKafkaTopic(exists); }}};
}

}  // namespace learncity::feed
