#include "platform/ledger/postgres_relay_lock.h"

#include <cstdlib>

#include "platform/ledger/postgres_schema.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

using postgres::Params;
using std::chrono::steady_clock;

// How often a holder shows that it lives, and who waits looks whether the lock is free.
constexpr std::chrono::seconds kAskInterval{1};

constexpr std::string_view kTakeSql =
    "SELECT pg_try_advisory_lock(hashtextextended($1, 0))::integer::bigint";
constexpr std::string_view kSaveSql =
    "INSERT INTO ledger VALUES('relay', $1) ON CONFLICT(key) DO UPDATE SET value=excluded.value";

}  // namespace

PostgresRelayLock::PostgresRelayLock(const PostgresOptions& options,
                                     std::chrono::milliseconds silence_max)
    : options_(options), silence_max_(silence_max) {}
PostgresRelayLock::~PostgresRelayLock() = default;

absl::Status PostgresRelayLock::Connect() {
  if (connection_ && connection_->alive()) return absl::OkStatus();
  // A lock goes with the session that took it.
  holds_ = false;
  auto opened = postgres::Connection::Open(options_.connect);
  if (!opened.ok()) return opened.status();
  connection_ = std::move(*opened);
  return connection_->Execute(Concat("SET idle_session_timeout=", silence_max_.count()));
}

absl::Status PostgresRelayLock::Ask() {
  if (auto status = Connect(); !status.ok()) return status;
  if (holds_) return connection_->Run("SELECT 1").status();
  const auto taken = connection_->Run(
      kTakeSql, Params().Text(Concat("learncity relay ", options_.connect.schema)));
  if (!taken.ok()) return taken.status();
  holds_ = taken->Int(0, 0) == 1;
  return absl::OkStatus();
}

bool PostgresRelayLock::Hold() {
  if (steady_clock::now() < next_ask_) return holds_;
  next_ask_ = steady_clock::now() + kAskInterval;
  if (!Ask().ok()) holds_ = false;
  return holds_;
}

absl::StatusOr<std::optional<int64_t>> PostgresRelayLock::Saved() {
  if (auto status = Connect(); !status.ok()) return status;
  const auto found = connection_->Run("SELECT value FROM ledger WHERE key='relay'");
  if (!found.ok()) return found.status();
  if (found->rows() == 0) return std::optional<int64_t>();
  return std::optional<int64_t>(std::atoll(TextAt(*found, 0, 0).c_str()));
}

absl::Status PostgresRelayLock::Save(int64_t position) {
  if (auto status = Connect(); !status.ok()) return status;
  return connection_->Run(kSaveSql, Params().Text(Concat(position))).status();
}

}  // namespace learncity::ledger
