// The state behind a PowerLossDisk: its folder, its files and when it dies. The VFS in
// power_loss_vfs.cc translates SQLite's calls into these, and both speak SQLite's result codes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "platform/ledger/power_loss_files.h"
#include "platform/ledger/power_loss_vfs.h"
#include "platform/runtime/mutex.h"

namespace learncity {

// Called by the connections of any thread; one mutex guards all.
class PowerLossMedium {
 public:
  using When = PowerLossDisk::When;
  using FilePtr = std::shared_ptr<PowerLossFile>;

  // What a connection holds of a file. Used only inside the medium's calls.
  struct Handle {
    FilePtr file;
    // Empty for a temporary file.
    std::string name;
    // The medium's when the file was opened; another one means that power was lost since.
    int64_t generation = 0;
    bool delete_on_close = false;
    bool shm_open = false;
    HeldLocks locks;
  };

  explicit PowerLossMedium(uint64_t seed) : random_(seed) {}
  ~PowerLossMedium();
  PowerLossMedium(const PowerLossMedium&) = delete;
  PowerLossMedium& operator=(const PowerLossMedium&) = delete;

  int Open(std::string_view name, int flags, Handle& handle, int* out_flags);
  void Close(Handle& handle);
  void CloseShm(Handle& handle);
  // Runs a call that needs a living disk and is not counted.
  int Live(const Handle& handle, const std::function<int(PowerLossFile&)>& call);
  int Write(const Handle& handle, size_t offset, std::string_view bytes);
  int Truncate(const Handle& handle, size_t size);
  int Sync(const Handle& handle);
  int Delete(std::string_view name, bool sync_folder);
  int Access(std::string_view name, bool for_writing, bool* yes);
  // Releasing always works, on a dead disk as well.
  void Unlock(Handle& handle, int level);
  void ShmUnlock(Handle& handle, int first, int count);
  uint64_t Random();

  void LosePower();
  void CrashAt(int64_t nth_operation, When when);
  int64_t operations() const;
  bool dead() const;
  void FailNextSync();
  void SetFull(bool full);
  void SetReadOnly(bool read_only);
  std::vector<std::string> FileNames() const;
  std::string Current(std::string_view name) const;
  std::string Durable(std::string_view name) const;
  void Put(std::string_view name, std::string bytes);
  void Harm(std::string_view name, const std::function<void(PowerLossFile&)>& damage);

 private:
  using Folder = std::map<std::string, FilePtr, std::less<>>;

  // Counts the operation and carries it out unless the disk is dead or dies before it.
  int Counted(const std::function<int()>& operation) LEARNCITY_REQUIRES(mutex_);
  bool IsStale(const Handle& handle) const LEARNCITY_REQUIRES(mutex_) {
    return dead_ || handle.generation != generation_;
  }

  mutable Mutex mutex_;
  std::mt19937_64 random_ LEARNCITY_GUARDED_BY(mutex_);
  // The folder as programs see it, and as a power loss is sure to leave it.
  Folder current_ LEARNCITY_GUARDED_BY(mutex_);
  Folder durable_ LEARNCITY_GUARDED_BY(mutex_);
  int64_t open_handles_ LEARNCITY_GUARDED_BY(mutex_) = 0;
  int64_t generation_ LEARNCITY_GUARDED_BY(mutex_) = 0;
  int64_t operations_ LEARNCITY_GUARDED_BY(mutex_) = 0;
  int64_t crash_at_ LEARNCITY_GUARDED_BY(mutex_) = 0;
  When crash_when_ LEARNCITY_GUARDED_BY(mutex_) = When::kBefore;
  bool dead_ LEARNCITY_GUARDED_BY(mutex_) = false;
  bool sync_fails_ LEARNCITY_GUARDED_BY(mutex_) = false;
  bool full_ LEARNCITY_GUARDED_BY(mutex_) = false;
  bool read_only_ LEARNCITY_GUARDED_BY(mutex_) = false;
};

}  // namespace learncity
