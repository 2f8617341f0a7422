// Signs the heads of ledgers (Ed25519), so that a rewritten chain contradicts what others hold.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "platform/privacy/master_key.h"

namespace learncity::privacy {

// Constant after it was made; any thread may sign.
class HeadSigner {
 public:
  explicit HeadSigner(const MasterKey& master_key);
  ~HeadSigner();
  HeadSigner(const HeadSigner&) = delete;
  HeadSigner& operator=(const HeadSigner&) = delete;

  // 64 bytes; the same bytes give the same signature.
  std::string Sign(std::string_view bytes) const;
  // 32 bytes, the same for every start with this master key. Published.
  const std::string& public_key() const { return public_key_; }

  // False as well for a key or signature of a wrong length.
  static bool Verify(std::string_view public_key, std::string_view bytes,
                     std::string_view signature);

 private:
  std::string public_key_;
  std::array<uint8_t, 64> secret_key_;
};

}  // namespace learncity::privacy
