#include "services/learncity/folder.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_split.h"
#include "platform/ledger/id.h"
#include "platform/runtime/concat.h"

namespace learncity {
namespace {

constexpr std::string_view kTokensHead =
    "# Development tokens: token identity role[,role] [scope]. Whoever has a token has its "
    "roles.\n";

// Written to a new file that only its owner may read.
absl::Status WriteSecret(const std::string& path, std::string_view text) {
  const runtime::UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid() ||
      ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return absl::PermissionDeniedError(Concat("cannot write ", path));
  }
  return absl::OkStatus();
}

// `how` is of flock. The file says who has it, of several the last one.
absl::StatusOr<runtime::UniqueFd> LockFile(const std::string& folder, const std::string& name,
                                           int how) {
  const std::string path = Concat(folder, "/", name);
  runtime::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.valid()) return absl::PermissionDeniedError(Concat("cannot open ", path));
  if (::flock(file.get(), how | LOCK_NB) != 0) {
    char text[32] = {};
    const auto length = ::pread(file.get(), text, sizeof text - 1, 0);
    return absl::UnavailableError(
        Concat(folder, " is in use by process ",
               std::string_view(text, length > 0 ? static_cast<size_t>(length) : 0),
               "; stop it, or name another --folder"));
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(file.get(), 0) != 0 ||
      ::pwrite(file.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return absl::PermissionDeniedError(Concat("cannot write ", path));
  }
  return file;
}

std::string RandomToken() {
  // Two time-ordered ids carry 148 random bits.
  return Concat(RandomId(Time{}).ToString(), RandomId(Time{}).ToString());
}

}  // namespace

absl::StatusOr<FolderLock> FolderLock::Take(const std::string& folder,
                                            const std::set<std::string, std::less<>>& services) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::PermissionDeniedError(Concat("cannot make ", folder, ": ", error.message()));
  }
  std::vector<runtime::UniqueFd> files;
  auto whole = LockFile(folder, "lock", services.empty() ? LOCK_EX : LOCK_SH);
  if (!whole.ok()) return whole.status();
  files.push_back(std::move(*whole));
  for (const std::string& service : services) {
    auto own = LockFile(folder, Concat(service, ".lock"), LOCK_EX);
    if (!own.ok()) return own.status();
    files.push_back(std::move(*own));
  }
  return FolderLock(std::move(files));
}

absl::Status CheckNothingIsMissing(const std::string& folder,
                                   const std::set<std::string, std::less<>>& services) {
  // In the order in which City::Open makes them. A start that was cut short leaves the first ones.
  // What other processes make may come at any time.
  std::vector<std::string_view> files;
  if (services.empty()) {
    files = {"persons.keys", "registry.ledger", "enrollment.ledger", "achievements.ledger",
             "reporting.ledger"};
  } else if (services.contains("enrollment")) {
    files = {"persons.keys", "enrollment.ledger"};
  }
  // Less is no database, and would be taken for a file that is new.
  constexpr uintmax_t kHeaderBytes = 100;
  std::string missing;
  for (const std::string_view file : files) {
    const std::string path = Concat(folder, "/", file);
    std::error_code error;
    const uintmax_t bytes = std::filesystem::file_size(path, error);
    if (error || bytes < kHeaderBytes) {
      if (missing.empty()) missing = path;
    } else if (!missing.empty()) {
      return absl::DataLossError(Concat(missing, " is missing or empty, and ", path,
                                        " is there: restore the first from a backup; nothing was "
                                        "changed"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<privacy::MasterKey> LoadMasterKey(const std::string& folder,
                                                 const std::string& path) {
  const std::string file = path.empty() ? Concat(folder, "/master.key") : path;
  const bool fresh = !std::filesystem::exists(Concat(folder, "/persons.keys"));
  if (path.empty() && fresh && !std::filesystem::exists(file)) {
    if (auto status = privacy::MasterKey::MakeFile(file); !status.ok()) return status;
  }
  return privacy::MasterKey::Load(file);
}

absl::StatusOr<std::string> LoadTokens(const std::string& folder, const std::string& path) {
  const std::string file = path.empty() ? Concat(folder, "/tokens.txt") : path;
  if (path.empty() && !std::filesystem::exists(file)) {
    const std::string text = Concat(
        kTokensHead, RandomToken(), " office registrar,clerk,learning_promoter,statistician\n",
        RandomToken(), " privacy privacy_officer\n", RandomToken(),
        " operations operator,auditor\n", RandomToken(), " services service\n");
    if (auto status = WriteSecret(file, text); !status.ok()) return status;
  }
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return absl::NotFoundError(Concat("cannot read ", file, "; --tokens names the file"));
  return text.str();
}

std::string TokenOf(const std::string& tokens, const std::string& role) {
  const std::vector<std::string> lines = absl::StrSplit(tokens, '\n');
  for (const std::string& line : lines) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ');
    // Without a scope, or with the whole city: what follows asks for no less.
    const bool is_city = parts.size() == 3 || (parts.size() == 4 && parts[3] == "city");
    if (!is_city || line.starts_with('#')) continue;
    const std::vector<std::string> roles = absl::StrSplit(parts[2], ',');
    if (std::find(roles.begin(), roles.end(), role) != roles.end()) return parts[0];
  }
  return "";
}

}  // namespace learncity
