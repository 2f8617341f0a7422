#include "platform/ledger/id.h"

#include <sodium.h>

#include "absl/strings/escaping.h"

namespace learncity {
namespace {

constexpr int kVersionTimeOrdered = 7;
constexpr int kVersionHashed = 8;

void Stamp(Id& id, int version) {
  id.bytes[6] = static_cast<uint8_t>((id.bytes[6] & 0x0f) | (version << 4));
  id.bytes[8] = static_cast<uint8_t>((id.bytes[8] & 0x3f) | 0x80);
}

void SetTime(Id& id, Time now) {
  const auto ms = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  for (int i = 0; i < 6; ++i) id.bytes[i] = static_cast<uint8_t>(ms >> (40 - 8 * i));
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<Id> Id::FromBytes(std::string_view bytes) {
  if (bytes.size() != 16) return std::nullopt;
  Id id;
  std::memcpy(id.bytes.data(), bytes.data(), 16);
  return id;
}

std::optional<Id> Id::Parse(std::string_view uuid) {
  if (uuid.size() != 36) return std::nullopt;
  Id id;
  size_t byte = 0;
  for (size_t i = 0; i < 36;) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (uuid[i++] != '-') return std::nullopt;
      continue;
    }
    const int high = HexDigit(uuid[i]), low = HexDigit(uuid[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[byte++] = static_cast<uint8_t>(high << 4 | low);
    i += 2;
  }
  return id;
}

std::string Id::ToString() const {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[bytes[i] >> 4];
    text += kHex[bytes[i] & 15];
  }
  return text;
}

Id TimeOrderedId(Time now, std::string_view seed, int64_t n) {
  Id id;
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, 16);
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(seed.data()),
                            seed.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&n), sizeof n);
  crypto_generichash_final(&state, id.bytes.data(), 16);
  SetTime(id, now);
  Stamp(id, kVersionTimeOrdered);
  return id;
}

Id RandomId(Time now) {
  Id id;
  randombytes_buf(id.bytes.data(), id.bytes.size());
  SetTime(id, now);
  Stamp(id, kVersionTimeOrdered);
  return id;
}

Id IdOf(std::string_view resource_name) {
  const auto slash = resource_name.rfind('/');
  const auto last =
      slash == std::string_view::npos ? resource_name : resource_name.substr(slash + 1);
  if (auto id = Id::Parse(last)) return *id;
  Id id;
  crypto_generichash(id.bytes.data(), 16,
                     reinterpret_cast<const unsigned char*>(resource_name.data()),
                     resource_name.size(), nullptr, 0);
  Stamp(id, kVersionHashed);
  return id;
}

}  // namespace learncity
