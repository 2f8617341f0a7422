#include "platform/ledger/power_loss_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <new>
#include <thread>
#include <utility>

#include "platform/ledger/power_loss_medium.h"
#include "platform/runtime/check.h"

namespace learncity {
namespace {

using Handle = PowerLossMedium::Handle;

// Julian day 2460676.5, the first instant of 2025, in milliseconds: files hold no time of day.
constexpr sqlite3_int64 kJulianMilliseconds = 212'002'444'800'000;

// SQLite allocates szOsFile bytes and hands out the address; the rest is built in place.
struct OpenFile {
  sqlite3_file base;
  PowerLossMedium* medium;
  Handle handle;
};

OpenFile& Of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

PowerLossMedium& MediumOf(sqlite3_vfs* vfs) {
  return *static_cast<PowerLossMedium*>(vfs->pAppData);
}

int Close(sqlite3_file* file) {
  OpenFile& open = Of(file);
  open.medium->CloseShm(open.handle);
  open.medium->Close(open.handle);
  open.handle.~Handle();
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
  return Of(file).medium->Live(Of(file).handle, [&](PowerLossFile& bytes) -> int {
    const auto wanted = static_cast<size_t>(amount);
    const auto start = std::min(static_cast<size_t>(offset), bytes.current().size());
    const size_t got = bytes.current().copy(static_cast<char*>(out), wanted, start);
    if (got == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(out) + got, 0, wanted - got);
    return SQLITE_IOERR_SHORT_READ;
  });
}

int Write(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
  return Of(file).medium->Write(
      Of(file).handle, static_cast<size_t>(offset),
      std::string_view(static_cast<const char*>(bytes), static_cast<size_t>(amount)));
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return Of(file).medium->Truncate(Of(file).handle, static_cast<size_t>(size));
}

int Sync(sqlite3_file* file, int) { return Of(file).medium->Sync(Of(file).handle); }

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Of(file).medium->Live(Of(file).handle, [&](PowerLossFile& bytes) {
    *size = static_cast<sqlite3_int64>(bytes.current().size());
    return SQLITE_OK;
  });
}

int Lock(sqlite3_file* file, int level) {
  return Of(file).medium->Live(Of(file).handle, [&](PowerLossFile& bytes) {
    return bytes.Lock(Of(file).handle.locks, level) ? SQLITE_OK : SQLITE_BUSY;
  });
}

int Unlock(sqlite3_file* file, int level) {
  Of(file).medium->Unlock(Of(file).handle, level);
  return SQLITE_OK;
}

int CheckReservedLock(sqlite3_file* file, int* reserved) {
  return Of(file).medium->Live(Of(file).handle, [&](PowerLossFile& bytes) {
    *reserved = bytes.IsReserved() ? 1 : 0;
    return SQLITE_OK;
  });
}

int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }

int SectorSize(sqlite3_file*) { return static_cast<int>(kSectorBytes); }

// A torn write never touches bytes outside of it.
int DeviceCharacteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int ShmMap(sqlite3_file* file, int region, int size, int extend, volatile void** out) {
  *out = nullptr;
  Handle& handle = Of(file).handle;
  return Of(file).medium->Live(handle, [&](PowerLossFile& bytes) {
    if (!handle.shm_open) bytes.ShmOpened();
    handle.shm_open = true;
    *out = bytes.ShmRegion(static_cast<size_t>(region), static_cast<size_t>(size), extend != 0);
    return SQLITE_OK;
  });
}

int ShmLock(sqlite3_file* file, int first, int count, int flags) {
  OpenFile& open = Of(file);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    open.medium->ShmUnlock(open.handle, first, count);
    return SQLITE_OK;
  }
  return open.medium->Live(open.handle, [&](PowerLossFile& bytes) {
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    return bytes.ShmLock(open.handle.locks, first, count, exclusive) ? SQLITE_OK : SQLITE_BUSY;
  });
}

void ShmBarrier(sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }

int ShmUnmap(sqlite3_file* file, int) {
  Of(file).medium->CloseShm(Of(file).handle);
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = Close,
    .xRead = Read,
    .xWrite = Write,
    .xTruncate = Truncate,
    .xSync = Sync,
    .xFileSize = FileSize,
    .xLock = Lock,
    .xUnlock = Unlock,
    .xCheckReservedLock = CheckReservedLock,
    .xFileControl = FileControl,
    .xSectorSize = SectorSize,
    .xDeviceCharacteristics = DeviceCharacteristics,
    .xShmMap = ShmMap,
    .xShmLock = ShmLock,
    .xShmBarrier = ShmBarrier,
    .xShmUnmap = ShmUnmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* open = reinterpret_cast<OpenFile*>(file);
  open->base.pMethods = nullptr;
  open->medium = &MediumOf(vfs);
  auto* handle = new (&open->handle) Handle();
  int granted = flags;
  const int code = open->medium->Open(name == nullptr ? "" : name, flags, *handle, &granted);
  if (code != SQLITE_OK) {
    handle->~Handle();
    return code;
  }
  if (out_flags != nullptr) *out_flags = granted;
  open->base.pMethods = &kMethods;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  return MediumOf(vfs).Delete(name, sync_folder != 0);
}

int Access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
  bool yes = false;
  const int code = MediumOf(vfs).Access(name, flags == SQLITE_ACCESS_READWRITE, &yes);
  *result = yes ? 1 : 0;
  return code;
}

int FullPathname(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

int Randomness(sqlite3_vfs* vfs, int size, char* out) {
  for (int i = 0; i < size; ++i) out[i] = static_cast<char>(MediumOf(vfs).Random());
  return size;
}

int Sleep(sqlite3_vfs*, int microseconds) {
  std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
  return microseconds;
}

int CurrentTime(sqlite3_vfs*, sqlite3_int64* out) {
  *out = kJulianMilliseconds;
  return SQLITE_OK;
}

int CurrentTimeAsDouble(sqlite3_vfs*, double* out) {
  *out = static_cast<double>(kJulianMilliseconds) / 86'400'000.0;
  return SQLITE_OK;
}

int LastError(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

void SeedSqlite(uint32_t seed) {
  LEARNCITY_CHECK_EQ(sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed),
                                          static_cast<sqlite3*>(nullptr)),
                     SQLITE_OK);
}

struct PowerLossDisk::Registration {
  Registration(std::string vfs_name, uint64_t seed) : name(std::move(vfs_name)), medium(seed) {
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(OpenFile);
    vfs.mxPathname = 512;
    vfs.zName = name.c_str();
    vfs.pAppData = &medium;
    vfs.xOpen = Open;
    vfs.xDelete = Delete;
    vfs.xAccess = Access;
    vfs.xFullPathname = FullPathname;
    vfs.xRandomness = Randomness;
    vfs.xSleep = Sleep;
    vfs.xCurrentTime = CurrentTimeAsDouble;
    vfs.xGetLastError = LastError;
    vfs.xCurrentTimeInt64 = CurrentTime;
    LEARNCITY_CHECK(sqlite3_vfs_find(name.c_str()) == nullptr) << "two disks named " << name;
    LEARNCITY_CHECK_EQ(sqlite3_vfs_register(&vfs, 0), SQLITE_OK);
  }
  ~Registration() { sqlite3_vfs_unregister(&vfs); }

  const std::string name;
  PowerLossMedium medium;
  sqlite3_vfs vfs = {};
};

PowerLossDisk::PowerLossDisk(std::string vfs_name, uint64_t seed)
    : registration_(std::make_unique<Registration>(std::move(vfs_name), seed)) {}

PowerLossDisk::~PowerLossDisk() = default;

const std::string& PowerLossDisk::vfs_name() const { return registration_->name; }

void PowerLossDisk::LosePower() { registration_->medium.LosePower(); }

void PowerLossDisk::CrashAt(int64_t nth_operation, When when) {
  registration_->medium.CrashAt(nth_operation, when);
}

int64_t PowerLossDisk::operations() const { return registration_->medium.operations(); }

bool PowerLossDisk::dead() const { return registration_->medium.dead(); }

void PowerLossDisk::FailNextSync() { registration_->medium.FailNextSync(); }

void PowerLossDisk::SetFull(bool full) { registration_->medium.SetFull(full); }

void PowerLossDisk::SetReadOnly(bool read_only) { registration_->medium.SetReadOnly(read_only); }

std::vector<std::string> PowerLossDisk::FileNames() const {
  return registration_->medium.FileNames();
}

std::string PowerLossDisk::ReadFile(std::string_view name) const {
  return registration_->medium.Current(name);
}

std::string PowerLossDisk::ReadDurable(std::string_view name) const {
  return registration_->medium.Durable(name);
}

void PowerLossDisk::WriteFile(std::string_view name, std::string bytes) {
  registration_->medium.Put(name, std::move(bytes));
}

void PowerLossDisk::FlipByte(std::string_view name, int64_t offset) {
  registration_->medium.Harm(
      name, [&](PowerLossFile& file) { file.FlipByte(static_cast<size_t>(offset)); });
}

void PowerLossDisk::TruncateFile(std::string_view name, int64_t size) {
  registration_->medium.Harm(
      name, [&](PowerLossFile& file) { file.TruncateForGood(static_cast<size_t>(size)); });
}

}  // namespace learncity
