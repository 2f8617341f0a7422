#include "platform/rpc/page_token.h"

#include "absl/strings/escaping.h"
#include "platform/runtime/check.h"

namespace learncity::rpc {
namespace {

std::string_view Fingerprint(std::string_view arguments) {
  LEARNCITY_CHECK(arguments.size() >= kFingerprintBytes) << arguments.size() << " bytes of hash";
  return arguments.substr(0, kFingerprintBytes);
}

}  // namespace

std::string MakePageToken(const Id& last, std::string_view arguments) {
  std::string bytes(last.view());
  bytes += Fingerprint(arguments);
  return absl::WebSafeBase64Escape(bytes);
}

std::optional<Id> ParsePageToken(std::string_view token, std::string_view arguments) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(absl::string_view(token.data(), token.size()), &bytes)) {
    return std::nullopt;
  }
  constexpr size_t kIdBytes = 16;
  if (bytes.size() != kIdBytes + kFingerprintBytes ||
      std::string_view(bytes).substr(kIdBytes) != Fingerprint(arguments)) {
    return std::nullopt;
  }
  return Id::FromBytes(std::string_view(bytes).substr(0, kIdBytes));
}

}  // namespace learncity::rpc
