#include "platform/feed/test_topics.h"

#include <chrono>
#include <thread>

namespace learncity::feed {
namespace {

constexpr std::chrono::seconds kPatience{30};

}  // namespace

absl::StatusOr<int64_t> WaitUntilDelivered(TopicWriter& writer, int64_t position) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    auto delivered = writer.Delivered();
    if (!delivered.ok() || *delivered >= position) return delivered;
    if (std::chrono::steady_clock::now() > deadline) return delivered;
    std::this_thread::yield();
  }
}

std::vector<Message> TakeAll(TopicReader& reader, size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::vector<Message> all;
  while (all.size() < count && std::chrono::steady_clock::now() < deadline) {
    auto taken = reader.Take(static_cast<int>(count - all.size()));
    EXPECT_TRUE(taken.ok()) << taken.status();
    if (!taken.ok()) break;
    for (Message& message : *taken) all.push_back(std::move(message));
  }
  return all;
}

}  // namespace learncity::feed
