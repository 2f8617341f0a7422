// A listening TCP socket.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "platform/runtime/unique_fd.h"

namespace learncity::telemetry {

// Connections that may wait to be accepted.
constexpr int kListenQueueMax = 64;

struct Listener {
  runtime::UniqueFd fd;  // Does not block.
  uint16_t port = 0;
};

// `address` is a numeric IPv4 or IPv6 address; port 0 takes a free one. Errors are those of
// AdminServer::Start.
absl::StatusOr<Listener> Listen(const std::string& address, uint16_t port);

}  // namespace learncity::telemetry
