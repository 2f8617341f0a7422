// The relay lock of a ledger in PostgreSQL: an advisory lock of a session of its own. The server
// ends a session that is silent for too long, so that a process that was stopped gives the lock up;
// it learns of that when it next asks.
#pragma once

#include <chrono>
#include <memory>

#include "platform/ledger/postgres_ledger.h"
#include "platform/ledger/relay_lock.h"

namespace learncity::ledger {

class PostgresRelayLock : public RelayLock {
 public:
  explicit PostgresRelayLock(const PostgresOptions& options,
                             std::chrono::milliseconds silence_max = std::chrono::seconds(10));
  ~PostgresRelayLock() override;

  bool Hold() override;
  absl::StatusOr<std::optional<int64_t>> Saved() override;
  absl::Status Save(int64_t position) override;

 private:
  absl::Status Connect();
  // Asks the server whether the session has the lock, and takes it when nobody has.
  absl::Status Ask();

  const PostgresOptions options_;
  const std::chrono::milliseconds silence_max_;
  std::unique_ptr<postgres::Connection> connection_;
  bool holds_ = false;
  std::chrono::steady_clock::time_point next_ask_{};
};

}  // namespace learncity::ledger
