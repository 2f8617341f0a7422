// One file of a PowerLossDisk: its bytes as programs see them, its bytes as the disk would keep
// them, the locks on it and the memory its WAL index is shared through. No locking of its own: the
// disk's mutex is held around every call.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace learncity {

// The unit in which a write is torn when power is lost.
inline constexpr size_t kSectorBytes = 512;

// What one connection holds on one file.
struct HeldLocks {
  // SQLITE_LOCK_NONE … SQLITE_LOCK_EXCLUSIVE, 0 to 4.
  int level = 0;
  uint16_t shm_shared = 0;
  uint16_t shm_exclusive = 0;
};

class PowerLossFile {
 public:
  static constexpr int kShmLocks = 8;

  PowerLossFile() = default;
  // A file whose bytes are all durable.
  explicit PowerLossFile(std::string bytes) : current_(bytes), durable_(std::move(bytes)) {}

  const std::string& current() const { return current_; }
  const std::string& durable() const { return durable_; }

  void Write(size_t offset, std::string_view bytes);
  void Truncate(size_t size);
  void Sync();
  // Applies to both, as damage to the medium does.
  void FlipByte(size_t offset);
  void TruncateForGood(size_t size);

  // Each change since the last sync is dropped, kept or, if a write, kept in some sectors only.
  std::string AfterPowerLoss(std::mt19937_64& random) const;

  // False: another connection's lock is in the way. The rules are those of sqlite3_io_methods.
  bool Lock(HeldLocks& mine, int level);
  void Unlock(HeldLocks& mine, int level);
  bool IsReserved() const { return reserved_; }

  // Null: there is no such region and it was not to be made.
  std::byte* ShmRegion(size_t region, size_t size, bool extend);
  bool ShmLock(HeldLocks& mine, int first, int count, bool exclusive);
  void ShmUnlock(HeldLocks& mine, int first, int count);
  void ShmOpened() { ++shm_users_; }
  // The last one to leave takes the index along; the next reader builds it from the WAL.
  void ShmClosed(HeldLocks& mine);

 private:
  struct Change {
    bool is_truncate;
    // Of a truncate: the new size.
    size_t offset;
    std::string bytes;
  };

  std::string current_;
  std::string durable_;
  std::vector<Change> unsynced_;

  int shared_ = 0;
  bool reserved_ = false;
  bool pending_ = false;
  bool exclusive_ = false;

  int shm_users_ = 0;
  std::vector<std::unique_ptr<std::byte[]>> shm_regions_;
  std::array<int, kShmLocks> shm_shared_ = {};
  std::array<bool, kShmLocks> shm_exclusive_ = {};
};

}  // namespace learncity
