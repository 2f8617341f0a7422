// The one secret of a deployment, from a file outside every database.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/privacy/secret_key.h"

namespace learncity::privacy {

// What a derived key is for. The numbers are part of every stored byte that depends on one: they
// are never changed or used again.
enum class Purpose {
  kWrapPersonKeys = 1,
  kIndexIds = 2,
  kHashRequests = 3,
  kSignHeads = 4,
  kCheckMasterKey = 5,
};

// Constant after Load; any thread may derive from it. Lost, nothing sealed can be opened again:
// it is kept in two places, neither of them beside a backup of the databases.
class MasterKey {
 public:
  // The file holds the 32 bytes and nothing else. NOT_FOUND missing · PERMISSION_DENIED unreadable,
  // or open to all users of the machine · INVALID_ARGUMENT not a file of 32 bytes. Each text says
  // what to do; none holds key material.
  static absl::StatusOr<MasterKey> Load(const std::string& path);
  // Makes a new key in a new file with mode 0600, durable on return. ALREADY_EXISTS: there is a
  // file, which stays as it is.
  static absl::Status MakeFile(const std::string& path);
  // INVALID_ARGUMENT unless there are 32 bytes.
  static absl::StatusOr<MasterKey> FromBytes(std::string_view bytes);

  SecretKey Derive(Purpose purpose) const;

 private:
  explicit MasterKey(SecretKey key) : key_(std::move(key)) {}

  SecretKey key_;
};

}  // namespace learncity::privacy
