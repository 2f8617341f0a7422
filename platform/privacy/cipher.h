// XChaCha20-Poly1305 with a random nonce, as one string: version byte · 24 bytes of nonce ·
// ciphertext and tag.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/privacy/secret_key.h"

namespace learncity::privacy {

// What is bound beside the plaintext must be given again to open.
std::string Encrypt(const SecretKey& key, std::string_view bound, std::string_view plaintext);

// Nothing: another key, another `bound`, or bytes that were changed or are too short.
std::optional<std::string> Decrypt(const SecretKey& key, std::string_view bound,
                                   std::string_view sealed);

}  // namespace learncity::privacy
