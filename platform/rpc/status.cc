#include "platform/rpc/status.h"

#include <array>
#include <utility>

#include "google/rpc/status.pb.h"
#include "platform/rpc/resource_name.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"

namespace learncity::rpc {
namespace {

constexpr std::string_view kPlatformDomain = "rpc.learncity";
// A full queue of writes empties within this time.
constexpr std::chrono::seconds kRetryAfter{1};

// At most `bytes_max` bytes, cut between two characters.
std::string Cut(std::string text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

bool AsksForRetry(grpc::StatusCode code) {
  return code == grpc::StatusCode::RESOURCE_EXHAUSTED || code == grpc::StatusCode::UNAVAILABLE;
}

grpc::Status Finished(const google::rpc::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), status.message(),
          status.SerializeAsString()};
}

google::rpc::Status NewStatus(absl::StatusCode code, std::string message,
                              const google::rpc::ErrorInfo& error) {
  google::rpc::Status status;
  status.set_code(static_cast<int>(code));
  status.set_message(Cut(std::move(message), kMessageBytesMax));
  status.add_details()->PackFrom(error);
  if (AsksForRetry(static_cast<grpc::StatusCode>(code))) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(kRetryAfter.count());
    status.add_details()->PackFrom(retry);
  }
  return status;
}

// The first violations whose serialized form has at most `bytes_max` bytes.
google::rpc::BadRequest FirstWithin(const google::rpc::BadRequest& all, size_t bytes_max) {
  google::rpc::BadRequest kept;
  size_t bytes = 0;
  for (const auto& violation : all.field_violations()) {
    // Tag and length take at most four bytes below 2 MiB.
    bytes += violation.ByteSizeLong() + 4;
    if (bytes > bytes_max) break;
    *kept.add_field_violations() = violation;
  }
  return kept;
}

bool StaysInside(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

}  // namespace

void AddViolation(google::rpc::BadRequest* violations, std::string field, std::string reason,
                  std::string description) {
  if (violations->field_violations_size() >= kViolationsMax) return;
  auto* violation = violations->add_field_violations();
  violation->set_field(std::move(field));
  violation->set_reason(std::move(reason));
  violation->set_description(std::move(description));
}

grpc::Status ToStatus(const Refusal& refusal) {
  google::rpc::ErrorInfo error;
  error.set_reason(refusal.reason);
  error.set_domain(refusal.domain);
  const std::string resource = Cut(refusal.resource, 200);
  if (!resource.empty()) (*error.mutable_metadata())["resource"] = resource;
  google::rpc::Status status = NewStatus(refusal.code, refusal.message, error);
  if (!resource.empty()) {
    google::rpc::ResourceInfo about;
    if (const ResourceType* type = FindResourceTypeOfName(resource)) {
      about.set_resource_type(type->type);
    }
    about.set_resource_name(resource);
    status.add_details()->PackFrom(about);
  }
  return Finished(status);
}

grpc::Status ToStatus(const absl::Status& fault) {
  if (fault.ok()) return grpc::Status::OK;
  google::rpc::ErrorInfo error;
  error.set_reason(std::string(CodeName(static_cast<grpc::StatusCode>(fault.code()))));
  error.set_domain(std::string(kPlatformDomain));
  std::string message(fault.message());
  if (StaysInside(fault.code())) {
    telemetry::Log(telemetry::Level::kError, "fault",
                   {{"code", error.reason()}, {"text", message}});
    message = "The service failed. Repeating the request is safe; its operator's log says why.";
  }
  return Finished(NewStatus(fault.code(), message, error));
}

grpc::Status ToStatus(const google::rpc::BadRequest& violations) {
  if (violations.field_violations().empty()) return grpc::Status::OK;
  google::rpc::ErrorInfo error;
  error.set_reason("FIELDS_INVALID");
  error.set_domain(std::string(kPlatformDomain));
  const auto& first = violations.field_violations(0);
  const int more = violations.field_violations_size() - 1;
  std::string message = Concat(first.field(), " ", first.description(), ".");
  if (more > 0) message += Concat(" ", more, " more: see BadRequest in the details.");
  google::rpc::Status status =
      NewStatus(absl::StatusCode::kInvalidArgument, std::move(message), error);
  // 64 bytes for the wrapping of the last detail in its Any.
  status.add_details()->PackFrom(
      FirstWithin(violations, kDetailsBytesMax - status.ByteSizeLong() - 64));
  return Finished(status);
}

std::string SerializeWithin(const google::rpc::BadRequest& violations, size_t bytes_max) {
  return FirstWithin(violations, bytes_max).SerializeAsString();
}

Refusal PlatformRefusal(absl::StatusCode code, std::string reason, std::string message,
                        std::string_view resource) {
  return {.code = code,
          .domain = std::string(kPlatformDomain),
          .reason = std::move(reason),
          .message = std::move(message),
          .resource = std::string(resource)};
}

std::string_view CodeName(grpc::StatusCode code) {
  static constexpr std::array<std::string_view, 17> kNames = {"OK",
                                                              "CANCELLED",
                                                              "UNKNOWN",
                                                              "INVALID_ARGUMENT",
                                                              "DEADLINE_EXCEEDED",
                                                              "NOT_FOUND",
                                                              "ALREADY_EXISTS",
                                                              "PERMISSION_DENIED",
                                                              "RESOURCE_EXHAUSTED",
                                                              "FAILED_PRECONDITION",
                                                              "ABORTED",
                                                              "OUT_OF_RANGE",
                                                              "UNIMPLEMENTED",
                                                              "INTERNAL",
                                                              "UNAVAILABLE",
                                                              "DATA_LOSS",
                                                              "UNAUTHENTICATED"};
  const auto index = static_cast<size_t>(code);
  return index < kNames.size() ? kNames[index] : "UNKNOWN";
}

Details::Details(const grpc::Status& status) {
  google::rpc::Status parsed;
  if (!parsed.ParseFromString(status.error_details())) return;
  for (const auto& detail : parsed.details()) {
    if (detail.UnpackTo(&error) || detail.UnpackTo(&violations) || detail.UnpackTo(&resource)) {
      continue;
    }
    google::rpc::RetryInfo retry;
    if (!detail.UnpackTo(&retry)) continue;
    const auto& delay = retry.retry_delay();
    retry_after = std::chrono::seconds(delay.seconds()) +
                  std::chrono::milliseconds(delay.nanos() / 1'000'000);
  }
}

}  // namespace learncity::rpc
