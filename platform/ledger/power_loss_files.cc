#include "platform/ledger/power_loss_files.h"

#include <algorithm>
#include <utility>

namespace learncity {
namespace {

constexpr int kShared = 1;
constexpr int kReserved = 2;
constexpr int kPending = 3;
constexpr int kExclusive = 4;

void Put(std::string& file, size_t offset, std::string_view bytes) {
  if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
  bytes.copy(file.data() + offset, bytes.size());
}

void PutSomeSectors(std::string& file, size_t offset, std::string_view bytes,
                    std::mt19937_64& random) {
  while (!bytes.empty()) {
    const size_t part = std::min(bytes.size(), kSectorBytes - offset % kSectorBytes);
    if (random() % 2 == 0) Put(file, offset, bytes.substr(0, part));
    offset += part;
    bytes.remove_prefix(part);
  }
}

uint16_t Mask(int first, int count) { return static_cast<uint16_t>(((1U << count) - 1U) << first); }

}  // namespace

void PowerLossFile::Write(size_t offset, std::string_view bytes) {
  Put(current_, offset, bytes);
  unsynced_.push_back({false, offset, std::string(bytes)});
}

void PowerLossFile::Truncate(size_t size) {
  current_.resize(size);
  unsynced_.push_back({true, size, {}});
}

void PowerLossFile::Sync() {
  for (const Change& change : unsynced_) {
    if (change.is_truncate) {
      durable_.resize(change.offset);
    } else {
      Put(durable_, change.offset, change.bytes);
    }
  }
  unsynced_.clear();
}

void PowerLossFile::FlipByte(size_t offset) {
  if (offset < current_.size()) current_[offset] = static_cast<char>(~current_[offset]);
  if (offset < durable_.size()) durable_[offset] = static_cast<char>(~durable_[offset]);
}

void PowerLossFile::TruncateForGood(size_t size) {
  Sync();
  current_.resize(size);
  durable_.resize(size);
}

std::string PowerLossFile::AfterPowerLoss(std::mt19937_64& random) const {
  enum Fate { kDropped, kKept, kTorn };
  std::string left = durable_;
  for (const Change& change : unsynced_) {
    const auto fate = static_cast<Fate>(random() % 3);
    if (fate == kDropped) continue;
    if (change.is_truncate) {
      left.resize(change.offset);
    } else if (fate == kKept) {
      Put(left, change.offset, change.bytes);
    } else {
      PutSomeSectors(left, change.offset, change.bytes, random);
    }
  }
  return left;
}

bool PowerLossFile::Lock(HeldLocks& mine, int level) {
  if (mine.level >= level) return true;
  if (level == kShared) {
    if (pending_ || exclusive_) return false;
    ++shared_;
    mine.level = kShared;
    return true;
  }
  // From here on the caller is a reader already, and at most one reader goes further.
  if (mine.level < kReserved) {
    if (reserved_ || pending_) return false;
    reserved_ = true;
    mine.level = kReserved;
  }
  if (level == kReserved) return true;
  pending_ = true;
  mine.level = kPending;
  if (level == kPending) return true;
  if (shared_ > 1) return false;
  exclusive_ = true;
  mine.level = kExclusive;
  return true;
}

void PowerLossFile::Unlock(HeldLocks& mine, int level) {
  if (mine.level <= level) return;
  if (mine.level >= kReserved) reserved_ = pending_ = exclusive_ = false;
  if (level < kShared) --shared_;
  mine.level = level;
}

std::byte* PowerLossFile::ShmRegion(size_t region, size_t size, bool extend) {
  while (shm_regions_.size() <= region) {
    if (!extend) return nullptr;
    shm_regions_.push_back(std::make_unique<std::byte[]>(size));
  }
  return shm_regions_[region].get();
}

bool PowerLossFile::ShmLock(HeldLocks& mine, int first, int count, bool exclusive) {
  for (int i = first; i < first + count; ++i) {
    const int others = shm_shared_[i] - ((mine.shm_shared >> i) & 1);
    if (shm_exclusive_[i] && ((mine.shm_exclusive >> i) & 1) == 0) return false;
    if (exclusive && others > 0) return false;
  }
  for (int i = first; i < first + count; ++i) {
    if (exclusive) {
      shm_exclusive_[i] = true;
    } else if (((mine.shm_shared >> i) & 1) == 0) {
      ++shm_shared_[i];
    }
  }
  uint16_t& held = exclusive ? mine.shm_exclusive : mine.shm_shared;
  held = static_cast<uint16_t>(held | Mask(first, count));
  return true;
}

void PowerLossFile::ShmUnlock(HeldLocks& mine, int first, int count) {
  for (int i = first; i < first + count; ++i) {
    if (((mine.shm_exclusive >> i) & 1) != 0) shm_exclusive_[i] = false;
    if (((mine.shm_shared >> i) & 1) != 0) --shm_shared_[i];
  }
  mine.shm_exclusive = static_cast<uint16_t>(mine.shm_exclusive & ~Mask(first, count));
  mine.shm_shared = static_cast<uint16_t>(mine.shm_shared & ~Mask(first, count));
}

void PowerLossFile::ShmClosed(HeldLocks& mine) {
  ShmUnlock(mine, 0, kShmLocks);
  if (--shm_users_ == 0) shm_regions_.clear();
}

}  // namespace learncity
