#include "platform/privacy/secret_key.h"

#include <sodium.h>

#include <cstring>

#include "platform/runtime/check.h"

namespace learncity::privacy {

SecretKey::SecretKey() : bytes_{} {
  // Cheap after the first time, and nothing of this folder works without a key.
  LEARNCITY_CHECK_GE(sodium_init(), 0);
}

SecretKey SecretKey::Random() {
  SecretKey key;
  randombytes_buf(key.data(), kBytes);
  return key;
}

SecretKey SecretKey::TakeFrom(std::string& bytes) {
  LEARNCITY_CHECK_EQ(bytes.size(), kBytes);
  SecretKey key;
  std::memcpy(key.data(), bytes.data(), kBytes);
  sodium_memzero(bytes.data(), kBytes);
  return key;
}

SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) {
  sodium_memzero(other.data(), kBytes);
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this == &other) return *this;
  bytes_ = other.bytes_;
  sodium_memzero(other.data(), kBytes);
  return *this;
}

SecretKey::~SecretKey() { sodium_memzero(data(), kBytes); }

SecretKey SecretKey::Copy() const {
  SecretKey copy;
  copy.bytes_ = bytes_;
  return copy;
}

std::string KeyedHash(const SecretKey& key, std::string_view bytes) {
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<uint8_t*>(hash.data()), hash.size(),
                     reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), key.data(),
                     SecretKey::kBytes);
  return hash;
}

}  // namespace learncity::privacy
