// 32 secret bytes that leave no trace when they go.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace learncity::privacy {

// Zeroed when destroyed or moved from. Copied only by name, never printed.
class SecretKey {
 public:
  static constexpr size_t kBytes = 32;

  SecretKey();
  // Random bytes of the operating system.
  static SecretKey Random();
  // Takes the 32 bytes over and zeroes the text. Another length is a bug and aborts.
  static SecretKey TakeFrom(std::string& bytes);
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;
  ~SecretKey();
  SecretKey Copy() const;

  uint8_t* data() { return bytes_.data(); }
  const uint8_t* data() const { return bytes_.data(); }

 private:
  std::array<uint8_t, kBytes> bytes_;
};

// Keyed BLAKE2b, 32 bytes: without the key nobody can tell what was hashed, even by trying all.
std::string KeyedHash(const SecretKey& key, std::string_view bytes);

}  // namespace learncity::privacy
