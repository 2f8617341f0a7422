#include "platform/privacy/key_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/privacy/cipher.h"

namespace learncity::privacy {
namespace {

using Kind = ReserveOutcome::Kind;

// Ends the transaction if an error leaves the scope before Commit.
class Turn {
 public:
  explicit Turn(KeyStoreFile& file) : file_(file), begun_(file.Begin()) {}
  ~Turn() { file_.RollBack(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  const absl::Status& begun() const { return begun_; }
  absl::Status Commit() { return file_.Commit(); }

 private:
  KeyStoreFile& file_;
  const absl::Status begun_;
};

int64_t Microseconds(Time time) { return time.time_since_epoch().count(); }

Time FromMicroseconds(int64_t us) { return Time(std::chrono::microseconds(us)); }

// The same id written with spaces, dots, dashes or small letters is the same id.
std::string Normalised(std::string_view national_id) {
  std::string kept;
  for (const char c : national_id) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || byte >= 0x80) kept += absl::ascii_toupper(byte);
  }
  return kept;
}

ReserveOutcome OutcomeOf(Kind kind, const KeyRow& row) {
  return {.kind = kind,
          .person = row.person,
          .confirmed = row.confirmed,
          .reserved_at = FromMicroseconds(row.reserved_at_us)};
}

absl::Status Erased(const Id& person) {
  return absl::NotFoundError(absl::StrCat("person ", person.ToString(), " was erased"));
}

absl::Status NoKey(const Id& person) {
  return absl::NotFoundError(absl::StrCat("person ", person.ToString(), " has no key"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<KeyStore>> KeyStore::OpenFile(const KeyStoreOptions& options,
                                                             const MasterKey& master_key) {
  absl::StatusOr<KeyStoreFile> file = KeyStoreFile::Open(options, master_key);
  if (!file.ok()) return file.status();
  return std::unique_ptr<KeyStore>(new KeyStore(*std::move(file), options, master_key));
}

KeyStore::KeyStore(KeyStoreFile file, const KeyStoreOptions& options, const MasterKey& master_key)
    : wrap_key_(master_key.Derive(Purpose::kWrapPersonKeys)),
      index_key_(master_key.Derive(Purpose::kIndexIds)),
      file_(std::move(file)),
      cache_(options.cached_keys_max) {}

absl::StatusOr<ReserveOutcome> KeyStore::Reserve(const Reservation& reservation) {
  absl::StatusOr<std::vector<ReserveOutcome>> outcomes = ReserveMany({&reservation, 1});
  if (!outcomes.ok()) return outcomes.status();
  return outcomes->front();
}

absl::StatusOr<std::vector<ReserveOutcome>> KeyStore::ReserveMany(
    std::span<const Reservation> reservations) {
  if (reservations.size() > kReservationsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("at most ", kReservationsMax, " reservations at once"));
  }
  MutexLock lock(&mutex_);
  Turn turn(file_);
  if (!turn.begun().ok()) return turn.begun();
  std::vector<ReserveOutcome> outcomes;
  for (const Reservation& reservation : reservations) {
    absl::StatusOr<ReserveOutcome> outcome = ReserveInTurn(reservation);
    if (!outcome.ok()) return outcome.status();
    outcomes.push_back(*outcome);
  }
  if (absl::Status committed = turn.Commit(); !committed.ok()) return committed;
  return outcomes;
}

absl::StatusOr<std::string> KeyStore::IndexOf(std::string_view national_id) const {
  if (national_id.empty()) return "";
  const std::string normalised = Normalised(national_id);
  if (normalised.empty()) {
    return absl::InvalidArgumentError("a national id needs a letter or a digit");
  }
  return KeyedHash(index_key_, normalised);
}

absl::StatusOr<std::optional<KeyRow>> KeyStore::Holder(const std::string& index) {
  if (index.empty()) return std::nullopt;
  auto holder = file_.FindNational(index);
  if (!holder.ok() || holder->has_value()) return holder;
  const auto claim = file_.FindClaim(index);
  if (!claim.ok()) return claim.status();
  if (!claim->has_value()) return std::nullopt;
  return file_.FindPerson((*claim)->person);
}

absl::StatusOr<KeyRow> KeyStore::InsertKey(const Reservation& reservation,
                                           const std::string& index) {
  const SecretKey key = SecretKey::Random();
  const std::string_view key_bytes(reinterpret_cast<const char*>(key.data()), SecretKey::kBytes);
  KeyRow row = {.person = reservation.person,
                .wrapped_key = Encrypt(wrap_key_, reservation.person.view(), key_bytes),
                .caller = reservation.caller,
                .request_id = reservation.request_id,
                .national_index = index,
                .reserved_at_us = Microseconds(reservation.reserved_at)};
  if (absl::Status inserted = file_.Insert(row); !inserted.ok()) return inserted;
  return row;
}

absl::StatusOr<ReserveOutcome> KeyStore::ReserveInTurn(const Reservation& reservation) {
  const absl::StatusOr<std::string> index = IndexOf(reservation.national_id);
  if (!index.ok()) return index.status();
  if (reservation.is_restated) return Claim(reservation, *index);
  const auto mine = file_.FindRequest(reservation.caller, reservation.request_id);
  if (!mine.ok()) return mine.status();
  if (mine->has_value()) return TakeUp(**mine, reservation, *index);
  const auto holder = Holder(*index);
  if (!holder.ok()) return holder.status();
  if (holder->has_value()) return OutcomeOf(Kind::kHeldByAnother, **holder);
  const auto same_id = file_.FindPerson(reservation.person);
  if (!same_id.ok()) return same_id.status();
  if (same_id->has_value()) return OutcomeOf(Kind::kHeldByAnother, **same_id);
  const absl::StatusOr<bool> erased = file_.IsErased(reservation.person);
  if (!erased.ok()) return erased.status();
  if (*erased) return absl::FailedPreconditionError(Erased(reservation.person).message());
  const absl::StatusOr<KeyRow> row = InsertKey(reservation, *index);
  if (!row.ok()) return row.status();
  return OutcomeOf(Kind::kReserved, *row);
}

absl::StatusOr<ReserveOutcome> KeyStore::Claim(const Reservation& reservation,
                                               const std::string& index) {
  const auto holder = Holder(index);
  if (!holder.ok()) return holder.status();
  if (holder->has_value() && (*holder)->person != reservation.person) {
    return OutcomeOf(Kind::kHeldByAnother, **holder);
  }
  auto mine = file_.FindPerson(reservation.person);
  if (!mine.ok()) return mine.status();
  if (!mine->has_value()) {
    const absl::StatusOr<bool> erased = file_.IsErased(reservation.person);
    if (!erased.ok()) return erased.status();
    if (*erased) return ReserveOutcome{.kind = Kind::kErased, .person = reservation.person};
    // No caller is called "": the row can be taken for no registration.
    Reservation unnamed = reservation;
    unnamed.caller.clear();
    unnamed.request_id = reservation.person.ToString();
    absl::StatusOr<KeyRow> row = InsertKey(unnamed, "");
    if (!row.ok()) return row.status();
    if (absl::Status confirmed = file_.SetConfirmed(row->person); !confirmed.ok()) return confirmed;
    mine = *std::move(row);
  }
  if (index == (*mine)->national_index) return OutcomeOf(Kind::kReserved, **mine);
  if (absl::Status claimed =
          file_.PutClaim({.person = reservation.person,
                          .national_index = index,
                          .claimed_at_us = Microseconds(reservation.reserved_at)});
      !claimed.ok()) {
    return claimed;
  }
  return OutcomeOf(Kind::kReserved, **mine);
}

// Its ten minutes start again. Its national id stays: the attempt before may be on its way into the
// ledger, or there, and the index must hold what the ledger will.
absl::StatusOr<ReserveOutcome> KeyStore::TakeUp(const KeyRow& mine, const Reservation& reservation,
                                                const std::string& index) {
  if (mine.confirmed) return OutcomeOf(Kind::kReserved, mine);
  if (index != mine.national_index) return OutcomeOf(Kind::kOtherNationalId, mine);
  KeyRow row = mine;
  row.reserved_at_us = std::max(mine.reserved_at_us, Microseconds(reservation.reserved_at));
  if (absl::Status updated = file_.UpdateReservation(row); !updated.ok()) return updated;
  return OutcomeOf(Kind::kReserved, row);
}

absl::Status KeyStore::Confirm(const Id& person) { return ConfirmMany({&person, 1}); }

absl::Status KeyStore::ConfirmMany(std::span<const Id> persons) {
  MutexLock lock(&mutex_);
  Turn turn(file_);
  if (!turn.begun().ok()) return turn.begun();
  for (const Id& person : persons) {
    const auto row = file_.FindPerson(person);
    if (!row.ok()) return row.status();
    if (!row->has_value()) return NoKey(person);
    if ((*row)->confirmed) continue;
    if (absl::Status confirmed = file_.SetConfirmed(person); !confirmed.ok()) return confirmed;
  }
  return turn.Commit();
}

absl::Status KeyStore::Free(const Id& person, Time older_than) {
  MutexLock lock(&mutex_);
  Turn turn(file_);
  if (!turn.begun().ok()) return turn.begun();
  const auto row = file_.FindPerson(person);
  if (!row.ok()) return row.status();
  if (!row->has_value()) return absl::OkStatus();
  if ((*row)->confirmed || (*row)->reserved_at_us >= Microseconds(older_than)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the reservation of person ", person.ToString(),
                     (*row)->confirmed ? " is confirmed" : " was taken up again"));
  }
  cache_.Remove(person);
  if (absl::Status deleted = file_.Delete(person); !deleted.ok()) return deleted;
  return turn.Commit();
}

absl::StatusOr<std::vector<UnconfirmedReservation>> KeyStore::Unconfirmed(Time older_than,
                                                                          size_t limit) {
  MutexLock lock(&mutex_);
  const absl::StatusOr<std::vector<KeyRow>> rows =
      file_.ListUnconfirmed(Microseconds(older_than), std::min(limit, kUnconfirmedMax));
  if (!rows.ok()) return rows.status();
  std::vector<UnconfirmedReservation> unconfirmed;
  for (const KeyRow& row : *rows) {
    unconfirmed.push_back({row.person, FromMicroseconds(row.reserved_at_us)});
  }
  return unconfirmed;
}

absl::Status KeyStore::Settle(std::span<const Settlement> settlements, Time now, Time older_than) {
  MutexLock lock(&mutex_);
  Turn turn(file_);
  if (!turn.begun().ok()) return turn.begun();
  for (const Settlement& settlement : settlements) {
    if (absl::Status settled = SettleInTurn(settlement, now, older_than); !settled.ok()) {
      return settled;
    }
  }
  return turn.Commit();
}

absl::Status KeyStore::SettleInTurn(const Settlement& settlement, Time now, Time older_than) {
  const absl::StatusOr<std::string> index = IndexOf(settlement.national_id);
  if (!index.ok()) return index.status();
  const auto found = file_.FindPerson(settlement.person);
  if (!found.ok()) return found.status();
  if (!found->has_value()) return absl::OkStatus();
  KeyRow row = **found;
  absl::Status status = file_.DeleteClaims(row.person, *index, Microseconds(older_than));
  if (status.ok() && row.national_index != *index) {
    if (!row.national_index.empty()) {
      status = file_.PutClaim({.person = row.person,
                               .national_index = row.national_index,
                               .claimed_at_us = Microseconds(now)});
    }
    row.national_index = *index;
    if (status.ok()) status = file_.UpdateReservation(row);
  }
  if (status.ok() && !row.confirmed) status = file_.SetConfirmed(row.person);
  return status;
}

absl::StatusOr<std::vector<Id>> KeyStore::Unsettled(Time older_than, size_t limit) {
  MutexLock lock(&mutex_);
  const absl::StatusOr<std::vector<ClaimRow>> claims =
      file_.ListClaims(Microseconds(older_than), std::min(limit, kUnconfirmedMax));
  if (!claims.ok()) return claims.status();
  std::vector<Id> persons;
  for (const ClaimRow& claim : *claims) {
    if (std::find(persons.begin(), persons.end(), claim.person) == persons.end()) {
      persons.push_back(claim.person);
    }
  }
  return persons;
}

absl::Status KeyStore::Erase(const Id& person) {
  MutexLock lock(&mutex_);
  cache_.Remove(person);
  Turn turn(file_);
  if (!turn.begun().ok()) return turn.begun();
  if (absl::Status deleted = file_.Delete(person); !deleted.ok()) return deleted;
  if (absl::Status noted = file_.RememberErased(person); !noted.ok()) return noted;
  if (absl::Status committed = turn.Commit(); !committed.ok()) return committed;
  return file_.CheckpointAndTruncate();
}

absl::StatusOr<bool> KeyStore::HasKey(const Id& person) {
  MutexLock lock(&mutex_);
  const auto row = file_.FindPerson(person);
  if (!row.ok()) return row.status();
  return row->has_value();
}

absl::StatusOr<std::string> KeyStore::Seal(const Id& person, std::string_view plaintext) {
  const absl::StatusOr<SecretKey> key = KeyOf(person);
  if (!key.ok()) return key.status();
  return Encrypt(*key, person.view(), plaintext);
}

absl::StatusOr<std::string> KeyStore::Open(const Id& person, std::string_view sealed) {
  const absl::StatusOr<SecretKey> key = KeyOf(person);
  if (!key.ok()) return key.status();
  std::optional<std::string> plaintext = Decrypt(*key, person.view(), sealed);
  if (plaintext) return *std::move(plaintext);
  return absl::DataLossError(absl::StrCat("sealed bytes of person ", person.ToString(),
                                          " were changed, or belong to another person"));
}

absl::StatusOr<SecretKey> KeyStore::KeyOf(const Id& person) {
  MutexLock lock(&mutex_);
  const absl::StatusOr<int64_t> version = file_.DataVersion();
  if (!version.ok()) return version.status();
  if (*version != cached_version_) cache_.Clear();
  cached_version_ = *version;
  if (const SecretKey* cached = cache_.Find(person); cached != nullptr) return cached->Copy();
  const auto row = file_.FindPerson(person);
  if (!row.ok()) return row.status();
  if (!row->has_value()) {
    const absl::StatusOr<bool> erased = file_.IsErased(person);
    if (!erased.ok()) return erased.status();
    return *erased ? Erased(person) : NoKey(person);
  }
  std::optional<std::string> bytes = Decrypt(wrap_key_, person.view(), (*row)->wrapped_key);
  if (!bytes || bytes->size() != SecretKey::kBytes) {
    return absl::DataLossError(absl::StrCat("the key of person ", person.ToString(),
                                            " is damaged: restore the key store"));
  }
  SecretKey key = SecretKey::TakeFrom(*bytes);
  cache_.Put(person, key.Copy());
  return key;
}

}  // namespace learncity::privacy
