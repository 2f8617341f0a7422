// Own keys, as a school's numbers of its pupils, and the names of the resources that were made
// under them: what an import with a column `key` leaves in a names file, for imports that follow.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "platform/ledger/id.h"

namespace learncity::importing {

// Of all names files together.
constexpr size_t kOwnKeysMax = 3'000'000;

inline constexpr std::string_view kNameColumn = "name";

// One thread.
class OwnKeys {
 public:
  // Adds a names file: CSV with the columns `key` and `name`. INVALID_ARGUMENT names the line of
  // what is not one, or of a key that has two names.
  absl::Status Load(const std::string& path);

  // The name in that collection, as "learners".
  std::optional<std::string> Find(std::string_view collection, std::string_view key) const;

 private:
  // By "learners/own key".
  absl::flat_hash_map<std::string, Id> ids_;
};

}  // namespace learncity::importing
