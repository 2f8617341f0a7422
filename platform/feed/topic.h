// What carries a feed between processes: a topic of one partition, as Kafka's. KafkaTopic is the
// real one; MemoryTopic, of tests and the simulation, passes the same contract suite.
//
// Errors of all of these: UNAVAILABLE the broker cannot be reached or does not answer in time ·
// NOT_FOUND no such topic · FAILED_PRECONDITION a topic that cannot carry a feed ·
// PERMISSION_DENIED · INVALID_ARGUMENT a message that the broker refuses · RESOURCE_EXHAUSTED ·
// INTERNAL the rest.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace learncity::feed {

// A message as it stands on a topic.
struct Message {
  std::string key;
  std::string value;
  std::vector<std::pair<std::string, std::string>> headers;

  friend bool operator==(const Message&, const Message&) = default;
};

// Offsets of the first message that is still there, and of the one that comes next. Equal: the
// topic is empty; both 0: it never had a message.
struct TopicEnds {
  int64_t first = 0;
  int64_t next = 0;

  friend bool operator==(const TopicEnds&, const TopicEnds&) = default;
};

// Appends messages in the order of Send, none left out between two that arrive. One thread.
class TopicWriter {
 public:
  virtual ~TopicWriter() = default;

  // Takes the message on its way. `position` rises from call to call. RESOURCE_EXHAUSTED: as much
  // is on its way as may be; try again when something was delivered.
  virtual absl::Status Send(const Message& message, int64_t position) = 0;
  // The highest position up to which the topic has everything durably, 0 at first. Does not wait.
  // Once it is an error, something was not delivered: what is still on its way may arrive or not,
  // and this writer is of no more use.
  virtual absl::StatusOr<int64_t> Delivered() = 0;
};

// Reads messages in the order of their offsets. One thread.
class TopicReader {
 public:
  virtual ~TopicReader() = default;

  virtual absl::StatusOr<TopicEnds> Ends() = 0;
  // The next message is the first with this offset or a higher one; an offset that the topic does
  // not have begins at its first.
  virtual absl::Status Seek(int64_t offset) = 0;
  // At most `limit` messages; none when none comes within the topic's patience.
  virtual absl::StatusOr<std::vector<Message>> Take(int limit) = 0;
};

// Called from any thread.
class Topic {
 public:
  virtual ~Topic() = default;

  virtual const std::string& name() const = 0;
  virtual absl::StatusOr<std::unique_ptr<TopicWriter>> OpenWriter() = 0;
  virtual absl::StatusOr<std::unique_ptr<TopicReader>> OpenReader() = 0;
};

}  // namespace learncity::feed
