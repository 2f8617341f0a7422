// What the clients of a history asked, and what they were told.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "platform/ledger/id.h"
#include "platform/runtime/time.h"

namespace learncity::simulation {

// How a call ended, as far as its caller can know.
enum class End {
  // No answer, or one that leaves open whether anything happened.
  kUnknown,
  kOk,
  // A rule, or the edge, said no: nothing happened.
  kRefused,
  // A fault that says that nothing happened.
  kFailed,
};

// One call of a write method. A repetition is a call of its own with the same request_id.
struct Call {
  // The service, as "enrollment".
  std::string service;
  std::string method;
  std::string caller;
  Id request_id;
  // 0; one more for a repetition that comes when the answer before it has been forgotten, which is
  // a request of its own.
  int generation = 0;
  // Keyed hash of the request without its request_id.
  std::string hash;
  // As the client sent it, in clear.
  std::shared_ptr<const google::protobuf::Message> request;
  Time asked_at;

  // How often it was answered: once at most.
  int answers = 0;
  End end = End::kUnknown;
  // The refusal's reason, or the fault.
  std::string why;
  // When it is ok: the resource it was answered with, and its position.
  Id document;
  int64_t position = 0;
};

// In the order of asking. Calls stay where they are.
using History = std::deque<Call>;

// What does not hold, one sentence each.
using Findings = std::vector<std::string>;

}  // namespace learncity::simulation
