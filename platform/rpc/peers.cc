#include "platform/rpc/peers.h"

#include <vector>

#include "absl/strings/str_split.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

// The server's ping_interval_min is ten seconds.
constexpr int kPingIntervalMs = 20'000;
constexpr int kPingTimeMs = 5'000;
constexpr int kReconnectMaxMs = 1'000;
constexpr int kMessageBytesMax = 16 << 20;

constexpr char kServiceConfig[] = R"json({
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 3,
      "initialBackoff": "0.1s",
      "maxBackoff": "1s",
      "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }],
  "retryThrottling": {"maxTokens": 20, "tokenRatio": 0.5}
})json";

}  // namespace

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address,
                                           const std::shared_ptr<grpc::ChannelCredentials>& how) {
  grpc::ChannelArguments arguments;
  arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kPingIntervalMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPingTimeMs);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMaxMs / 10);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kReconnectMaxMs / 10);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  return grpc::CreateCustomChannel(address, how, arguments);
}

absl::StatusOr<Peers> Peers::Parse(std::string_view text,
                                   const std::shared_ptr<grpc::ChannelCredentials>& how) {
  Peers peers;
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), ',', absl::SkipEmpty());
  for (const std::string& part : parts) {
    const size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == part.size()) {
      return absl::InvalidArgumentError(
          Concat("peer \"", part, "\": write it as service=host:port"));
    }
    const std::string service = part.substr(0, equals);
    if (!peers.channels_.emplace(service, OpenChannel(part.substr(equals + 1), how)).second) {
      return absl::InvalidArgumentError(Concat("peer ", service, " is there twice"));
    }
  }
  return peers;
}

std::shared_ptr<grpc::Channel> Peers::Of(std::string_view service) const {
  if (all_) return all_;
  const auto found = channels_.find(service);
  return found == channels_.end() ? nullptr : found->second;
}

}  // namespace learncity::rpc
