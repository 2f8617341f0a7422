// What a turn takes in: requests, stretches of followed feeds, and work on the ledger itself.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "platform/ledger/record.h"
#include "platform/ledger/schema.h"

namespace learncity::ledger {

// How a write was answered. Exactly one of ok, refusal and fault.
struct Answer {
  std::optional<Refusal> refusal;
  absl::Status fault;
  // What the request made or changed, as it stands at `position` or later; nullptr unless ok. Valid
  // during the call only.
  const google::protobuf::Message* document = nullptr;
  int64_t document_version = 0;
  int64_t epoch = 1;
  int64_t position = 0;
  // The request had been answered before; nothing happened this time.
  bool repeated = false;

  bool ok() const { return !refusal && fault.ok(); }
};

// A write method's call, sealed and checked.
struct RequestInput {
  // Full name of the method, "/learncity.enrollment.v1.EnrollmentService/EnrollLearner".
  std::string method;
  // Identity of the caller, as the token names it.
  std::string caller;
  Id request_id;
  // Keyed hash of the parsed request without request_id, before sealing: 32 bytes.
  std::string request_hash;
  std::unique_ptr<google::protobuf::Message> request;
  // What the edge holds against the request. Its answer in place of a decision; a repetition still
  // has the answer it had.
  std::optional<Refusal> refusal;
  Moment moment;
  // Past this the input is answered with DEADLINE_EXCEEDED instead of being run.
  std::optional<Time> deadline;
  // Called once, on the writer's thread, after the commit.
  std::function<void(const Answer&)> done;
};

// A stretch of a followed feed, in order.
struct EventInput {
  std::string feed;
  int64_t epoch = 1;
  std::vector<Record> records;
  // Called once, on the writer's thread, after the commit. `applied` is the cursor from then on. A
  // gap (a record after cursor + 1) is OUT_OF_RANGE, and the records before it are applied; an
  // unknown epoch is ABORTED. UNAVAILABLE, RESOURCE_EXHAUSTED and INTERNAL come from the
  // ledger and its disk: try again later. A record that cannot be applied for any other reason is
  // parked, which is OK.
  std::function<void(absl::Status, int64_t applied)> done;
};

// Work on the ledger that is neither: runs inside a turn when the queue reaches it. Frees
// reservations whose person the ledger does not hold.
struct CheckInput {
  const google::protobuf::Descriptor* kind = nullptr;
  Id id;
  // Whether the document is committed. Called again when the turn fails, and not at all when no
  // turn begins or the same turn has made the document: what it does must be idempotent, and be
  // asked for again.
  std::function<void(bool present)> act;
};

// Applies a feed's parked events of one aggregate again, in order, as after a repair of the rules.
struct ReplayInput {
  std::string feed;
  Id subject;
  // Called once, after the commit: how many were applied; those after a failing one stay parked.
  // The status is that of the failing one, unless it is poison as before.
  std::function<void(absl::Status, int applied)> done;
};

using Input = std::variant<RequestInput, EventInput, CheckInput, ReplayInput>;

}  // namespace learncity::ledger
