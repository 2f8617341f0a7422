#include "platform/privacy/master_key.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "platform/runtime/unique_fd.h"

namespace learncity::privacy {
namespace {

constexpr char kContext[crypto_kdf_CONTEXTBYTES + 1] = "learncty";
static_assert(crypto_kdf_KEYBYTES == SecretKey::kBytes);

std::string Why(int error) { return std::strerror(error); }

absl::Status CannotOpen(const std::string& path, int error) {
  if (error == ENOENT) {
    return absl::NotFoundError(
        absl::StrCat("there is no master key at ", path,
                     ": put back the copy that is kept apart; only a new deployment makes a new "
                     "one, since no other key opens what is sealed already"));
  }
  return absl::PermissionDeniedError(
      absl::StrCat("the master key at ", path, " cannot be read (", Why(error),
                   "): give it to the user this program runs as, with mode 0600"));
}

// Reads one byte more than a key has, to see that there is none.
absl::StatusOr<SecretKey> ReadKey(const runtime::UniqueFd& file, const std::string& path) {
  SecretKey key;
  uint8_t more = 0;
  size_t count = 0;
  while (count <= SecretKey::kBytes) {
    const bool full = count == SecretKey::kBytes;
    const ssize_t got =
        read(file.get(), full ? &more : key.data() + count, full ? 1 : SecretKey::kBytes - count);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotOpen(path, errno);
    if (got == 0) break;
    count += static_cast<size_t>(got);
  }
  if (count == SecretKey::kBytes) return key;
  return absl::InvalidArgumentError(absl::StrCat(
      "the master key at ", path, " must be exactly 32 bytes, not text and without a line end, ",
      "and is ", count < SecretKey::kBytes ? "shorter" : "longer",
      ": put back the copy that is kept apart"));
}

absl::Status WriteFailed(const std::string& path) {
  const std::string why = Why(errno);
  unlink(path.c_str());
  return absl::InternalError(
      absl::StrCat("the new master key could not be written to ", path, " (", why, ")"));
}

}  // namespace

absl::StatusOr<MasterKey> MasterKey::Load(const std::string& path) {
  const runtime::UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return CannotOpen(path, errno);
  struct stat about = {};
  if (fstat(file.get(), &about) != 0) return CannotOpen(path, errno);
  if (!S_ISREG(about.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the master key at ", path, " is not a regular file: name a file of 32 bytes"));
  }
  if ((about.st_mode & S_IRWXO) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("the master key at ", path, " is open to every user of this machine: run ",
                     "'chmod 600 ", path, "', and consider who may have read it"));
  }
  absl::StatusOr<SecretKey> key = ReadKey(file, path);
  if (!key.ok()) return key.status();
  return MasterKey(*std::move(key));
}

absl::Status MasterKey::MakeFile(const std::string& path) {
  const runtime::UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0 && errno == EEXIST) {
    return absl::AlreadyExistsError(
        absl::StrCat("there is a file at ", path, " already, and it was left as it is"));
  }
  if (file.get() < 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("no master key can be made at ", path, " (", Why(errno), ")"));
  }
  const SecretKey key = SecretKey::Random();
  if (write(file.get(), key.data(), SecretKey::kBytes) != ssize_t{SecretKey::kBytes} ||
      fsync(file.get()) != 0) {
    return WriteFailed(path);
  }
  std::string folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  const runtime::UniqueFd directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || fsync(directory.get()) != 0) return WriteFailed(path);
  return absl::OkStatus();
}

absl::StatusOr<MasterKey> MasterKey::FromBytes(std::string_view bytes) {
  if (bytes.size() != SecretKey::kBytes) {
    return absl::InvalidArgumentError("a master key has exactly 32 bytes");
  }
  SecretKey key;
  std::memcpy(key.data(), bytes.data(), SecretKey::kBytes);
  return MasterKey(std::move(key));
}

SecretKey MasterKey::Derive(Purpose purpose) const {
  SecretKey derived;
  crypto_kdf_derive_from_key(derived.data(), SecretKey::kBytes, static_cast<uint64_t>(purpose),
                             kContext, key_.data());
  return derived;
}

}  // namespace learncity::privacy
