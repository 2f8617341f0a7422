// The one place where a "no" becomes a grpc::Status: google.rpc.Status with its details in
// `grpc-status-details-bin`, as AIP-193 asks. From any thread.
//
// Every error carries an ErrorInfo; violations a BadRequest; what is about a resource a
// ResourceInfo; RESOURCE_EXHAUSTED and UNAVAILABLE a RetryInfo.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/support/status.h"
#include "platform/ledger/decision.h"

namespace learncity::rpc {

// Violations and warnings of one call are google.rpc.BadRequest; there are at most this many.
constexpr int kViolationsMax = 100;

// `reason` is UPPER_SNAKE and for programs, `description` a sentence part that follows the field's
// name. Neither holds the value of a text. Past kViolationsMax it does nothing.
void AddViolation(google::rpc::BadRequest* violations, std::string field, std::string reason,
                  std::string description);

// Trailers must stay below 8 KiB in all, so details are cut to this many bytes: violations that do
// not fit are left out, and the message says how many there are.
constexpr size_t kDetailsBytesMax = 3072;
constexpr size_t kMessageBytesMax = 800;

grpc::Status ToStatus(const Refusal& refusal);
// A fault of the service. The text of INTERNAL, UNKNOWN and DATA_LOSS stays inside: it is logged
// here, once, as "fault". OK gives OK.
grpc::Status ToStatus(const absl::Status& fault);
// INVALID_ARGUMENT; OK when there are none.
grpc::Status ToStatus(const google::rpc::BadRequest& violations);

// Serialized, without the last ones where all would exceed kDetailsBytesMax. For trailing metadata.
std::string SerializeWithin(const google::rpc::BadRequest& violations, size_t bytes_max);

// A refusal by the platform rather than by a service's rule.
Refusal PlatformRefusal(absl::StatusCode code, std::string reason, std::string message,
                        std::string_view resource = "");

// "INVALID_ARGUMENT"; "UNKNOWN" for a number that is no code.
std::string_view CodeName(grpc::StatusCode code);

// What a status carries, for clients and tests. Absent parts are empty.
struct Details {
  explicit Details(const grpc::Status& status);

  google::rpc::ErrorInfo error;
  google::rpc::BadRequest violations;
  google::rpc::ResourceInfo resource;
  std::optional<std::chrono::milliseconds> retry_after;
};

}  // namespace learncity::rpc
