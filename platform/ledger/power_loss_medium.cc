#include "platform/ledger/power_loss_medium.h"

#include <sqlite3.h>

#include <set>
#include <utility>

#include "platform/runtime/check.h"

namespace learncity {

PowerLossMedium::~PowerLossMedium() {
  MutexLock lock(&mutex_);
  LEARNCITY_CHECK_EQ(open_handles_, 0) << "a connection outlives its disk";
}

int PowerLossMedium::Open(std::string_view name, int flags, Handle& handle, int* out_flags) {
  MutexLock lock(&mutex_);
  if (dead_) return SQLITE_IOERR;
  const auto found = current_.find(name);
  if (!name.empty() && found != current_.end()) {
    if ((flags & SQLITE_OPEN_CREATE) != 0 && (flags & SQLITE_OPEN_EXCLUSIVE) != 0) {
      return SQLITE_CANTOPEN;
    }
    handle.file = found->second;
  } else {
    if (!name.empty() && ((flags & SQLITE_OPEN_CREATE) == 0 || read_only_)) return SQLITE_CANTOPEN;
    handle.file = std::make_shared<PowerLossFile>();
    if (!name.empty()) current_.emplace(name, handle.file);
  }
  handle.name = name;
  handle.generation = generation_;
  handle.delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  *out_flags = flags;
  if (read_only_) {
    *out_flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
  }
  ++open_handles_;
  return SQLITE_OK;
}

void PowerLossMedium::Close(Handle& handle) {
  MutexLock lock(&mutex_);
  handle.file->Unlock(handle.locks, SQLITE_LOCK_NONE);
  if (handle.delete_on_close && !IsStale(handle)) current_.erase(handle.name);
  handle.file = nullptr;
  --open_handles_;
}

void PowerLossMedium::CloseShm(Handle& handle) {
  MutexLock lock(&mutex_);
  if (handle.shm_open) handle.file->ShmClosed(handle.locks);
  handle.shm_open = false;
}

int PowerLossMedium::Live(const Handle& handle, const std::function<int(PowerLossFile&)>& call) {
  MutexLock lock(&mutex_);
  return IsStale(handle) ? SQLITE_IOERR : call(*handle.file);
}

int PowerLossMedium::Counted(const std::function<int()>& operation) {
  const bool dies = ++operations_ == crash_at_;
  dead_ = dies;
  if (dies && crash_when_ == When::kBefore) return SQLITE_IOERR;
  const int code = operation();
  return dies ? SQLITE_IOERR : code;
}

int PowerLossMedium::Write(const Handle& handle, size_t offset, std::string_view bytes) {
  MutexLock lock(&mutex_);
  if (IsStale(handle)) return SQLITE_IOERR;
  const bool fits = !full_ || offset + bytes.size() <= handle.file->current().size();
  return Counted([&] {
    if (!fits) return SQLITE_FULL;
    handle.file->Write(offset, bytes);
    return SQLITE_OK;
  });
}

int PowerLossMedium::Truncate(const Handle& handle, size_t size) {
  MutexLock lock(&mutex_);
  if (IsStale(handle)) return SQLITE_IOERR;
  return Counted([&] {
    handle.file->Truncate(size);
    return SQLITE_OK;
  });
}

int PowerLossMedium::Sync(const Handle& handle) {
  MutexLock lock(&mutex_);
  if (IsStale(handle)) return SQLITE_IOERR;
  const bool fails = std::exchange(sync_fails_, false);
  return Counted([&]() LEARNCITY_NO_THREAD_SAFETY_ANALYSIS {
    if (fails) return SQLITE_IOERR_FSYNC;
    handle.file->Sync();
    const auto seen = current_.find(handle.name);
    const auto kept = durable_.find(handle.name);
    const bool is_named = seen != current_.end() && seen->second == handle.file;
    if (is_named && (kept == durable_.end() || kept->second != handle.file)) durable_ = current_;
    return SQLITE_OK;
  });
}

int PowerLossMedium::Delete(std::string_view name, bool sync_folder) {
  MutexLock lock(&mutex_);
  if (dead_) return SQLITE_IOERR;
  return Counted([&]() LEARNCITY_NO_THREAD_SAFETY_ANALYSIS {
    const auto found = current_.find(name);
    if (found == current_.end()) return SQLITE_IOERR_DELETE_NOENT;
    if (read_only_) return SQLITE_IOERR_DELETE;
    current_.erase(found);
    if (const auto kept = durable_.find(name); sync_folder && kept != durable_.end()) {
      durable_.erase(kept);
    }
    return SQLITE_OK;
  });
}

int PowerLossMedium::Access(std::string_view name, bool for_writing, bool* yes) {
  MutexLock lock(&mutex_);
  if (dead_) return SQLITE_IOERR_ACCESS;
  *yes = current_.contains(name) && !(for_writing && read_only_);
  return SQLITE_OK;
}

void PowerLossMedium::Unlock(Handle& handle, int level) {
  MutexLock lock(&mutex_);
  handle.file->Unlock(handle.locks, level);
}

void PowerLossMedium::ShmUnlock(Handle& handle, int first, int count) {
  MutexLock lock(&mutex_);
  handle.file->ShmUnlock(handle.locks, first, count);
}

uint64_t PowerLossMedium::Random() {
  MutexLock lock(&mutex_);
  return random_();
}

void PowerLossMedium::LosePower() {
  MutexLock lock(&mutex_);
  std::set<std::string> names;
  for (const auto& [name, file] : current_) names.insert(name);
  for (const auto& [name, file] : durable_) names.insert(name);
  Folder left;
  for (const std::string& name : names) {
    const auto seen = current_.find(name);
    const auto kept = durable_.find(name);
    FilePtr file = seen == current_.end() ? nullptr : seen->second;
    const FilePtr old = kept == durable_.end() ? nullptr : kept->second;
    // A creation, deletion or replacement that was not synced happened or not.
    if (file != old && random_() % 2 == 0) file = old;
    if (file == nullptr) continue;
    left[name] = std::make_shared<PowerLossFile>(file->AfterPowerLoss(random_));
  }
  current_ = left;
  durable_ = std::move(left);
  ++generation_;
  dead_ = false;
  crash_at_ = 0;
}

void PowerLossMedium::CrashAt(int64_t nth_operation, When when) {
  MutexLock lock(&mutex_);
  crash_at_ = nth_operation;
  crash_when_ = when;
}

int64_t PowerLossMedium::operations() const {
  MutexLock lock(&mutex_);
  return operations_;
}

bool PowerLossMedium::dead() const {
  MutexLock lock(&mutex_);
  return dead_;
}

void PowerLossMedium::FailNextSync() {
  MutexLock lock(&mutex_);
  sync_fails_ = true;
}

void PowerLossMedium::SetFull(bool full) {
  MutexLock lock(&mutex_);
  full_ = full;
}

void PowerLossMedium::SetReadOnly(bool read_only) {
  MutexLock lock(&mutex_);
  read_only_ = read_only;
}

std::vector<std::string> PowerLossMedium::FileNames() const {
  MutexLock lock(&mutex_);
  std::vector<std::string> names;
  for (const auto& [name, file] : current_) names.push_back(name);
  return names;
}

std::string PowerLossMedium::Current(std::string_view name) const {
  MutexLock lock(&mutex_);
  const auto file = current_.find(name);
  return file == current_.end() ? std::string() : file->second->current();
}

std::string PowerLossMedium::Durable(std::string_view name) const {
  MutexLock lock(&mutex_);
  const auto file = durable_.find(name);
  return file == durable_.end() ? std::string() : file->second->durable();
}

void PowerLossMedium::Put(std::string_view name, std::string bytes) {
  MutexLock lock(&mutex_);
  const auto file = std::make_shared<PowerLossFile>(std::move(bytes));
  current_.insert_or_assign(std::string(name), file);
  durable_.insert_or_assign(std::string(name), file);
}

void PowerLossMedium::Harm(std::string_view name,
                           const std::function<void(PowerLossFile&)>& damage) {
  MutexLock lock(&mutex_);
  const auto file = current_.find(name);
  LEARNCITY_CHECK(file != current_.end()) << "no file " << name;
  damage(*file->second);
}

}  // namespace learncity
