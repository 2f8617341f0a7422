// An event on a topic: CloudEvents 1.0, binary mode of its Kafka protocol binding.
//
//   key               the document's id as text, as partitionkey says
//   value             the serialized event, exactly as it is stored
//   ce_specversion    1.0
//   ce_id             "<epoch>-<position>", unique within the source
//   ce_source         "urn:learncity:<city>:<service>"
//   ce_type           full name of the event's message
//   ce_subject        the document's id
//   ce_time           when it happened, RFC 3339
//   ce_sequence       the position with leading zeros, 19 digits: its texts sort as positions do
//   ce_partitionkey   the document's id
//   ce_epoch          the ledger's epoch, 1 until it is restored with a loss
//   ce_subjectversion the document's version after the event
//   content-type      application/protobuf
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "platform/feed/topic.h"
#include "platform/ledger/record.h"

namespace learncity::feed {

// Names one feed in the world: a service of a city.
struct FeedName {
  // Lower case, as "hanoi".
  std::string city;
  // The service that owns it, as "registry".
  std::string feed;

  // "urn:learncity:hanoi:registry".
  std::string Source() const;
  // "learncity.hanoi.registry.v1": what its topic is called.
  std::string Topic() const;
};

// A record and the epoch it was committed in.
struct Carried {
  int64_t epoch = 1;
  ledger::Record record;
};

Message ToMessage(const FeedName& name, int64_t epoch, const ledger::Record& record);
// INVALID_ARGUMENT names the attribute that is missing or wrong; a message of another feed is one.
absl::StatusOr<Carried> FromMessage(const FeedName& name, Message message);

}  // namespace learncity::feed
