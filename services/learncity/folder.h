// The folder in which a city lives: ledgers, keys, tokens, and the lock that keeps a second process
// out.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/privacy/master_key.h"
#include "platform/runtime/unique_fd.h"

namespace learncity {

// Held while a process writes to the folder. UNAVAILABLE names the process that holds it.
class FolderLock {
 public:
  // For some services: others may be served from the same folder at the same time. Empty is all.
  static absl::StatusOr<FolderLock> Take(const std::string& folder,
                                         const std::set<std::string, std::less<>>& services = {});

 private:
  explicit FolderLock(std::vector<runtime::UniqueFd> files) : files_(std::move(files)) {}
  std::vector<runtime::UniqueFd> files_;
};

// DATA_LOSS when a ledger or the keys are missing or empty while files that are made after them are
// there: what is opened would begin anew beside what knows of more. Changes nothing. Of `services`;
// empty is all.
absl::Status CheckNothingIsMissing(const std::string& folder,
                                   const std::set<std::string, std::less<>>& services = {});

// Loads the master key. An empty path is <folder>/master.key, which is made when the folder is new:
// fit for trying out, while production keeps the key elsewhere and names it.
absl::StatusOr<privacy::MasterKey> LoadMasterKey(const std::string& folder,
                                                 const std::string& path);

// The text of <folder>/tokens.txt, one "token identity roles [scope]" a line; made with random
// tokens for an office (registrar, clerk, learning_promoter, statistician), privacy and operations
// when there is none.
absl::StatusOr<std::string> LoadTokens(const std::string& folder, const std::string& path);

// The first token in a tokens file that has the role for the whole city.
std::string TokenOf(const std::string& tokens, const std::string& role);

}  // namespace learncity
