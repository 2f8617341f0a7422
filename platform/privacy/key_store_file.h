// The tables of a key store and the statements over them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/ledger/id.h"
#include "platform/ledger/sqlite.h"
#include "platform/privacy/master_key.h"

namespace learncity::privacy {

struct KeyStoreOptions {
  std::string path;
  // As sqlite::OpenOptions::vfs.
  std::string vfs;
  // About 150 bytes each.
  size_t cached_keys_max = 10'000;
  // Whether a file is made where there is none; else DATA_LOSS.
  bool makes = true;
  // Whether a file of an earlier release is brought up to date; else FAILED_PRECONDITION.
  bool upgrades = true;
};

struct KeyRow {
  Id person;
  std::string wrapped_key;
  std::string caller;
  std::string request_id;
  // Keyed hash of the national id; empty without one.
  std::string national_index;
  int64_t reserved_at_us = 0;
  bool confirmed = false;
};

// A national id that may become a person's, or may still be, while a change is undecided.
struct ClaimRow {
  Id person;
  // Empty: the person may come to have none.
  std::string national_index;
  int64_t claimed_at_us = 0;
};

// Belongs to one thread at a time. Writes stand between Begin and Commit.
class KeyStoreFile {
 public:
  // The contract of KeyStore::OpenFile.
  static absl::StatusOr<KeyStoreFile> Open(const KeyStoreOptions& options,
                                           const MasterKey& master_key);

  absl::Status Begin();
  absl::Status Commit();
  // Ends a transaction that is still open.
  void RollBack();

  absl::StatusOr<std::optional<KeyRow>> FindPerson(const Id& person);
  absl::StatusOr<std::optional<KeyRow>> FindRequest(std::string_view caller,
                                                    std::string_view request_id);
  // Who has the national id.
  absl::StatusOr<std::optional<KeyRow>> FindNational(std::string_view national_index);
  // Who has claimed it.
  absl::StatusOr<std::optional<ClaimRow>> FindClaim(std::string_view national_index);
  absl::StatusOr<bool> IsErased(const Id& person);
  // A row is left out of the result once `limit` are there.
  absl::StatusOr<std::vector<KeyRow>> ListUnconfirmed(int64_t before_us, size_t limit);
  absl::StatusOr<std::vector<ClaimRow>> ListClaims(int64_t before_us, size_t limit);

  absl::Status Insert(const KeyRow& row);
  absl::Status UpdateReservation(const KeyRow& row);
  absl::Status SetConfirmed(const Id& person);
  // The person's claims go too.
  absl::Status Delete(const Id& person);
  // Takes the later time, of a claim that is there.
  absl::Status PutClaim(const ClaimRow& claim);
  // The person's claim of this national id, and all that are older.
  absl::Status DeleteClaims(const Id& person, std::string_view national_index, int64_t before_us);
  absl::Status RememberErased(const Id& person);

  // Changes when another connection has written.
  absl::StatusOr<int64_t> DataVersion();
  absl::Status CheckpointAndTruncate() { return database_.CheckpointAndTruncate(); }

 private:
  explicit KeyStoreFile(sqlite::Database database) : database_(std::move(database)) {}
  absl::Status Prepare();

  sqlite::Database database_;
  // Destroyed before their connection.
  sqlite::Statement find_person_;
  sqlite::Statement find_request_;
  sqlite::Statement find_national_;
  sqlite::Statement find_claim_;
  sqlite::Statement find_erased_;
  sqlite::Statement list_unconfirmed_;
  sqlite::Statement list_claims_;
  sqlite::Statement insert_;
  sqlite::Statement update_;
  sqlite::Statement confirm_;
  sqlite::Statement delete_;
  sqlite::Statement put_claim_;
  sqlite::Statement delete_claims_;
  sqlite::Statement remember_erased_;
  sqlite::Statement data_version_;
};

}  // namespace learncity::privacy
