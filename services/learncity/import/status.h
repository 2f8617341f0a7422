// What a server's status means for an import.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"

namespace learncity::importing {

// Whether the city's rules said no to this one row, so that the others may go on.
bool IsRefusal(grpc::StatusCode code);

// What `what` ended with, with code, message and reason. No text of it repeats a value.
absl::Status FromGrpc(const grpc::Status& status, std::string_view what);

// The reason of a refusal, as "CENTER_NOT_OPEN"; the code where it has none.
std::string ReasonOf(const grpc::Status& status);
// Message and violations of a refusal, on one line.
std::string RefusalText(const grpc::Status& status);

// A trailing metadata's value; empty when there is none.
std::string Trailer(const grpc::ClientContext& context, const std::string& key);

// Where a write stands, from its trailing metadata; 0 when it has none.
struct Written {
  int64_t epoch = 1;
  int64_t position = 0;
};
Written WrittenAt(const grpc::ClientContext& context);

}  // namespace learncity::importing
