// The keys of persons and the index of their national ids, in a file of their own. Whoever erases a
// person's key has erased all that was sealed with it, wherever copies of it lie.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/ledger/id.h"
#include "platform/privacy/key_cache.h"
#include "platform/privacy/key_store_file.h"
#include "platform/privacy/master_key.h"
#include "platform/runtime/mutex.h"
#include "platform/runtime/time.h"

namespace learncity::privacy {

// Key and index row of a person who is about to be written into a ledger.
struct Reservation {
  // Chosen by the caller and used for nobody else, ever.
  Id person;
  // The ledger holds the person, whose data is stated anew. They keep their key, or get one. The
  // national id is claimed beside the one that they have: both are theirs until Settle says which
  // the ledger holds. `caller` and `request_id` do not matter then.
  bool is_restated = false;
  std::string caller;
  std::string request_id;
  // Empty: the person has no papers, and no index row is made.
  std::string national_id;
  Time reserved_at;
};

struct ReserveOutcome {
  enum class Kind {
    // Key and index row belong to this caller and request_id, now or since an earlier attempt.
    kReserved,
    // The national id, or the person id, belongs to another request.
    kHeldByAnother,
    // This caller and request_id reserved the person with another national id, or without one, and
    // that is not confirmed: whoever asks the ledger knows which of the two it may hold.
    kOtherNationalId,
    // Of a restatement: the person was erased.
    kErased,
  };
  Kind kind = Kind::kReserved;
  // The id that the reservation has, which of an earlier attempt may be another than was asked for.
  Id person;
  bool confirmed = false;
  Time reserved_at;
};

// Which national id the ledger holds for a person; empty: none.
struct Settlement {
  Id person;
  std::string national_id;
};

struct UnconfirmedReservation {
  Id person;
  Time reserved_at;
};

// Any thread may call any method: one mutex guards the file and the keys at hand, and is free while
// bytes are sealed and opened. What a method answers is durable before it returns. Other processes
// may have the file open; a key they erase is forgotten here as well.
//
// Errors of the file come as sqlite::Database gives them and leave nothing half-done: call again.
class KeyStore {
 public:
  static constexpr size_t kReservationsMax = 2'000;
  static constexpr size_t kUnconfirmedMax = 1'000;

  // Makes the file if there is none. FAILED_PRECONDITION: another program's file, a newer
  // release's, or made with another master key · DATA_LOSS damaged · PERMISSION_DENIED read-only. A
  // file that is refused stays as it is.
  static absl::StatusOr<std::unique_ptr<KeyStore>> OpenFile(const KeyStoreOptions& options,
                                                            const MasterKey& master_key);

  // The same caller and request_id takes its own reservation up again: it keeps its person id and
  // national id, and while unconfirmed takes the new time. INVALID_ARGUMENT: a national id without
  // a letter or digit · FAILED_PRECONDITION: the person was erased.
  absl::StatusOr<ReserveOutcome> Reserve(const Reservation& reservation);
  // At most kReservationsMax at once, one after the other, all or none written.
  absl::StatusOr<std::vector<ReserveOutcome>> ReserveMany(
      std::span<const Reservation> reservations);

  // The ledger holds the person. Repeated, it changes nothing. NOT_FOUND: no such reservation.
  absl::Status Confirm(const Id& person);
  // All or none.
  absl::Status ConfirmMany(std::span<const Id> persons);
  // Takes key and index row back, if the reservation is unconfirmed and was taken up before
  // `older_than`. Nothing there is fine. FAILED_PRECONDITION: confirmed, or taken up since.
  absl::Status Free(const Id& person, Time older_than = Time::max());
  // Those taken up before `older_than`, oldest first, at most kUnconfirmedMax.
  absl::StatusOr<std::vector<UnconfirmedReservation>> Unconfirmed(Time older_than, size_t limit);

  // The ledger holds these persons with these national ids: the index says so from now on, and what
  // it said before is a claim made `now`, since an input on its way may bring it again. Claims made
  // before `older_than` end. Confirms too. Persons without a key are passed over. All or none.
  absl::Status Settle(std::span<const Settlement> settlements, Time now,
                      Time older_than = Time::min());
  // Persons with claims made before `older_than`, of the oldest claims first, at most
  // kUnconfirmedMax.
  absl::StatusOr<std::vector<Id>> Unsettled(Time older_than, size_t limit);

  // Removes key and index row; the id alone is remembered, so that it is never used again. On
  // success they are in neither file nor WAL. On an error (UNAVAILABLE: a reader of the file is in
  // the way) the key may be gone but its old bytes may be there: repeat until it succeeds.
  absl::Status Erase(const Id& person);
  absl::StatusOr<bool> HasKey(const Id& person);

  // Sealed bytes are 41 longer and open for this person only. NOT_FOUND: the person was erased, or
  // has no key · DATA_LOSS: sealed for another person, or changed since.
  absl::StatusOr<std::string> Seal(const Id& person, std::string_view plaintext);
  absl::StatusOr<std::string> Open(const Id& person, std::string_view sealed);

 private:
  KeyStore(KeyStoreFile file, const KeyStoreOptions& options, const MasterKey& master_key);

  absl::StatusOr<ReserveOutcome> ReserveInTurn(const Reservation& reservation)
      LEARNCITY_REQUIRES(mutex_);
  absl::StatusOr<ReserveOutcome> TakeUp(const KeyRow& mine, const Reservation& reservation,
                                        const std::string& index) LEARNCITY_REQUIRES(mutex_);
  absl::StatusOr<ReserveOutcome> Claim(const Reservation& reservation, const std::string& index)
      LEARNCITY_REQUIRES(mutex_);
  absl::StatusOr<KeyRow> InsertKey(const Reservation& reservation, const std::string& index)
      LEARNCITY_REQUIRES(mutex_);
  // Who has or claims the national id.
  absl::StatusOr<std::optional<KeyRow>> Holder(const std::string& index) LEARNCITY_REQUIRES(mutex_);
  absl::Status SettleInTurn(const Settlement& settlement, Time now, Time older_than)
      LEARNCITY_REQUIRES(mutex_);
  // Empty for none. INVALID_ARGUMENT: without a letter or digit.
  absl::StatusOr<std::string> IndexOf(std::string_view national_id) const;
  absl::StatusOr<SecretKey> KeyOf(const Id& person) LEARNCITY_EXCLUDES(mutex_);

  const SecretKey wrap_key_;
  const SecretKey index_key_;
  Mutex mutex_;
  KeyStoreFile file_ LEARNCITY_GUARDED_BY(mutex_);
  KeyCache cache_ LEARNCITY_GUARDED_BY(mutex_);
  // The file's data version for which the cache holds.
  int64_t cached_version_ LEARNCITY_GUARDED_BY(mutex_) = 0;
};

}  // namespace learncity::privacy
