#include "platform/privacy/cipher.h"

#include <sodium.h>

namespace learncity::privacy {
namespace {

constexpr char kVersion = 1;
constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr size_t kHeadBytes = 1 + kNonceBytes;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == SecretKey::kBytes);

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}
uint8_t* Bytes(std::string& text) { return reinterpret_cast<uint8_t*>(text.data()); }

}  // namespace

std::string Encrypt(const SecretKey& key, std::string_view bound, std::string_view plaintext) {
  std::string sealed(kHeadBytes + plaintext.size() + kTagBytes, '\0');
  sealed[0] = kVersion;
  uint8_t* nonce = Bytes(sealed) + 1;
  randombytes_buf(nonce, kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(Bytes(sealed) + kHeadBytes, nullptr, Bytes(plaintext),
                                             plaintext.size(), Bytes(bound), bound.size(), nullptr,
                                             nonce, key.data());
  return sealed;
}

std::optional<std::string> Decrypt(const SecretKey& key, std::string_view bound,
                                   std::string_view sealed) {
  if (sealed.size() < kHeadBytes + kTagBytes || sealed[0] != kVersion) return std::nullopt;
  const std::string_view body = sealed.substr(kHeadBytes);
  std::string plaintext(body.size() - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(Bytes(plaintext), nullptr, nullptr, Bytes(body),
                                                 body.size(), Bytes(bound), bound.size(),
                                                 Bytes(sealed) + 1, key.data()) != 0) {
    return std::nullopt;
  }
  return plaintext;
}

}  // namespace learncity::privacy
