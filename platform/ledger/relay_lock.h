// Who carries a ledger's events to its topic: one process at a time, and how far it has come. That
// is for economy alone; two at once repeat events, which followers skip.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"

namespace learncity::ledger {

// Made by an Engine. One thread.
class RelayLock {
 public:
  virtual ~RelayLock() = default;

  // Whether this process has the lock; takes it when nobody has. Asked at least every second: who
  // does not ask loses it to others after a while, and learns of that here.
  virtual bool Hold() = 0;
  // The position that was last saved, by whichever process; absent where none was, or where the
  // engine keeps none.
  virtual absl::StatusOr<std::optional<int64_t>> Saved() = 0;
  virtual absl::Status Save(int64_t position) = 0;
};

}  // namespace learncity::ledger
