#include "platform/privacy/head_signer.h"

#include <sodium.h>

namespace learncity::privacy {
namespace {

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

}  // namespace

HeadSigner::HeadSigner(const MasterKey& master_key)
    : public_key_(crypto_sign_PUBLICKEYBYTES, '\0') {
  static_assert(crypto_sign_SECRETKEYBYTES == sizeof(secret_key_));
  static_assert(crypto_sign_SEEDBYTES == SecretKey::kBytes);
  const SecretKey seed = master_key.Derive(Purpose::kSignHeads);
  crypto_sign_seed_keypair(reinterpret_cast<uint8_t*>(public_key_.data()), secret_key_.data(),
                           seed.data());
}

HeadSigner::~HeadSigner() { sodium_memzero(secret_key_.data(), secret_key_.size()); }

std::string HeadSigner::Sign(std::string_view bytes) const {
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<uint8_t*>(signature.data()), nullptr, Bytes(bytes),
                       bytes.size(), secret_key_.data());
  return signature;
}

bool HeadSigner::Verify(std::string_view public_key, std::string_view bytes,
                        std::string_view signature) {
  if (public_key.size() != crypto_sign_PUBLICKEYBYTES) return false;
  if (signature.size() != crypto_sign_BYTES) return false;
  return crypto_sign_verify_detached(Bytes(signature), Bytes(bytes), bytes.size(),
                                     Bytes(public_key)) == 0;
}

}  // namespace learncity::privacy
