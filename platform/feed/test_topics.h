// The kinds of topics that the contract suite runs on, and what tests of topics have in common.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/feed/topic.h"
#include "platform/runtime/concat.h"

namespace learncity::feed {

struct TopicKind {
  std::string name;
  // A topic that no test has used, and whether somebody has made it.
  std::function<std::shared_ptr<Topic>(bool exists)> make;
};
inline void PrintTo(const TopicKind& kind, std::ostream* out) { *out << kind.name; }

// Each test program has a file that says so.
std::vector<TopicKind> TopicKinds();

inline Message NumberedMessage(int64_t n) {
  return {.key = Concat("key", n),
          .value = Concat("value", n),
          .headers = {{"ce_sequence", Concat(n)}, {"ce_subject", Concat("key", n)}}};
}

// Waits until the topic has everything up to a position; what the writer said at last.
absl::StatusOr<int64_t> WaitUntilDelivered(TopicWriter& writer, int64_t position);
// Takes until there are so many, or nothing more comes.
std::vector<Message> TakeAll(TopicReader& reader, size_t count);

}  // namespace learncity::feed
