#include "services/learncity/import/request_ids.h"

#include <sodium.h>

#include "platform/rpc/resource_fields.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::importing {
namespace {

// Counts up whenever the same row becomes another request than before: an id that was used for
// another request is refused.
constexpr std::string_view kPurpose = "learncity import 1";

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

RequestIds::RequestIds(const Kind& kind, std::string_view token) : kind_(kind.name) {
  LEARNCITY_CHECK(sodium_init() >= 0);
  const std::string secret = Concat(kPurpose, "\n", token);
  crypto_generichash(key_.data(), key_.size(), Bytes(secret), secret.size(), nullptr, 0);
}

Id RequestIds::Hash(std::string_view bytes) const {
  Id id;
  crypto_generichash(id.bytes.data(), id.bytes.size(), Bytes(bytes), bytes.size(), key_.data(),
                     key_.size());
  id.bytes[6] = static_cast<uint8_t>((id.bytes[6] & 0x0f) | 0x80);
  id.bytes[8] = static_cast<uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}

Id RequestIds::Next(std::string_view own_key, const google::protobuf::Message& request) {
  const std::string row =
      Concat(kind_, "\n", own_key.size(), "\n", own_key, "\n", rpc::DeterministicBytes(request));
  const uint32_t times = times_[Hash(row)]++;
  return Hash(Concat(times, "\n", row));
}

}  // namespace learncity::importing
