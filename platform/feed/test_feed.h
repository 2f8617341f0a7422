// A feed that tests write by hand, and what they read back from its topic.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/feed/envelope.h"
#include "platform/feed/source.h"
#include "platform/feed/topic.h"
#include "platform/ledger/record.h"

namespace learncity::feed {

const inline FeedName kTestFeed{.city = "test", .feed = "kitchen"};

inline ledger::Record NumberedRecord(int64_t position) {
  return {.position = position,
          .time = Time(std::chrono::microseconds(position)),
          .type = "learncity.ledger_testing.v1.PlateEvent",
          .subject = TimeOrderedId(Time{}, "plate", position % 7),
          .version = position,
          .data = "event " + std::to_string(position)};
}

// A ledger of so many events, which grows when `head` does.
struct TestLedger {
  ledger::Head head;
  // Those that were read, and how often somebody asked.
  int64_t read = 0;
  int64_t asked = 0;

  Source AsSource() {
    return [this](int64_t after, int limit) -> absl::StatusOr<std::vector<ledger::Record>> {
      ++asked;
      std::vector<ledger::Record> records;
      for (int64_t at = after + 1; at <= head.position && std::ssize(records) < limit; ++at) {
        records.push_back(NumberedRecord(at));
      }
      read += std::ssize(records);
      return records;
    };
  }
};

// The positions on a topic, in the order they stand there; 0 for what is no event of the feed.
inline std::vector<int64_t> PositionsOf(const std::vector<Message>& messages) {
  std::vector<int64_t> positions;
  for (const Message& message : messages) {
    const auto carried = FromMessage(kTestFeed, message);
    positions.push_back(carried.ok() ? carried->record.position : 0);
  }
  return positions;
}

// Whether before each position all lower ones have stood.
inline bool IsWhole(const std::vector<int64_t>& positions) {
  int64_t highest = 0;
  for (const int64_t position : positions) {
    if (position > highest + 1) return false;
    highest = std::max(highest, position);
  }
  return true;
}

}  // namespace learncity::feed
