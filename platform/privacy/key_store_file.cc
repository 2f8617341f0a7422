#include "platform/privacy/key_store_file.h"

#include <limits>

#include "absl/strings/str_cat.h"

namespace learncity::privacy {
namespace {

// "LCKS" in ASCII.
constexpr int64_t kApplicationId = 0x4c434b53;
// Format 1 has no claims.
constexpr int64_t kFormat = 2;

constexpr char kTables[] = R"sql(
CREATE TABLE store (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), check_value BLOB NOT NULL);
CREATE TABLE person_key (
  person BLOB PRIMARY KEY,
  wrapped_key BLOB NOT NULL,
  caller TEXT NOT NULL,
  request_id TEXT NOT NULL,
  national_index BLOB,
  reserved_at_us INTEGER NOT NULL,
  confirmed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX person_key_by_request ON person_key (request_id, caller);
CREATE UNIQUE INDEX person_key_by_national_index ON person_key (national_index)
  WHERE national_index IS NOT NULL;
CREATE INDEX person_key_unconfirmed ON person_key (reserved_at_us) WHERE confirmed = 0;
CREATE TABLE erased (person BLOB PRIMARY KEY) WITHOUT ROWID;
PRAGMA application_id=0x4c434b53;
)sql";

constexpr char kTablesOfFormat2[] = R"sql(
CREATE TABLE claim (
  person BLOB NOT NULL,
  national_index BLOB NOT NULL,
  claimed_at_us INTEGER NOT NULL,
  PRIMARY KEY (person, national_index)
) WITHOUT ROWID;
CREATE UNIQUE INDEX claim_by_national_index ON claim (national_index)
  WHERE national_index <> x'';
CREATE INDEX claim_by_age ON claim (claimed_at_us);
PRAGMA user_version=2;
)sql";

constexpr char kSelect[] =
    "SELECT person, wrapped_key, caller, request_id, national_index, reserved_at_us, confirmed "
    "FROM person_key ";

std::string CheckValue(const MasterKey& master_key) {
  return KeyedHash(master_key.Derive(Purpose::kCheckMasterKey), "key store");
}

absl::Status Refused(const std::string& path, std::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("key store ", path, ": ", std::string(why), "; the file was left as it is"));
}

absl::Status Lost(const std::string& path) {
  return absl::DataLossError(
      absl::StrCat("key store ", path,
                   " is missing or empty, and persons are sealed with its keys: "
                   "restore it from a backup; nothing was changed"));
}

absl::Status Make(sqlite::Database& database, const MasterKey& master_key) {
  absl::Status made = database.Execute(kTables);
  made.Update(database.Execute(kTablesOfFormat2));
  if (!made.ok()) return made;
  absl::StatusOr<sqlite::Statement> check =
      database.Prepare("INSERT INTO store (only_row, check_value) VALUES (1, ?1)");
  if (!check.ok()) return check.status();
  const std::string value = CheckValue(master_key);
  check->BindBlob(1, value);
  return check->Run();
}

absl::Status CheckMasterKey(sqlite::Database& database, const MasterKey& master_key) {
  absl::StatusOr<sqlite::Statement> check = database.Prepare("SELECT check_value FROM store");
  if (!check.ok()) return check.status();
  absl::StatusOr<bool> row = check->Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::DataLossError(absl::StrCat("key store ", database.path(), " is damaged"));
  if (check->ColumnBlob(0) == CheckValue(master_key)) return absl::OkStatus();
  return Refused(database.path(),
                 "it was made with another master key; name the master key's file it belongs to");
}

// Reads only. False: the file is empty and may become a key store.
absl::StatusOr<bool> IsKeyStore(sqlite::Database& database) {
  const absl::StatusOr<int64_t> application = database.QueryInt("PRAGMA application_id");
  if (!application.ok()) return application.status();
  const absl::StatusOr<int64_t> tables = database.QueryInt("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.status();
  if (*application == 0 && *tables == 0) return false;
  if (*application != kApplicationId) {
    return Refused(database.path(), "this is another program's database; name another file");
  }
  const absl::StatusOr<int64_t> format = database.QueryInt("PRAGMA user_version");
  if (!format.ok()) return format.status();
  if (*format > kFormat) {
    return Refused(database.path(), absl::StrCat("it has format ", *format,
                                                 " of a newer release, and this one reads format ",
                                                 kFormat, "; start the newer release"));
  }
  return true;
}

// Whether anything was changed: a file of an earlier release is brought up to date.
absl::StatusOr<bool> Upgrade(sqlite::Database& database, bool upgrades) {
  const absl::StatusOr<int64_t> format = database.QueryInt("PRAGMA user_version");
  if (!format.ok()) return format.status();
  if (*format == kFormat) return false;
  if (!upgrades) {
    return Refused(database.path(),
                   "it is of an earlier release; `learncity serve` brings it up "
                   "to date");
  }
  if (absl::Status added = database.Execute(kTablesOfFormat2); !added.ok()) return added;
  return true;
}

// In one transaction, so that two starting at once make one store.
absl::Status MakeOrCheck(sqlite::Database& database, const MasterKey& master_key, bool upgrades) {
  absl::Status begun = database.Execute("BEGIN IMMEDIATE");
  if (!begun.ok()) return begun;
  const absl::StatusOr<bool> is_key_store = IsKeyStore(database);
  absl::Status status = is_key_store.status();
  if (status.ok()) {
    status = *is_key_store ? CheckMasterKey(database, master_key) : Make(database, master_key);
  }
  absl::StatusOr<bool> changes = true;
  if (status.ok() && *is_key_store) {
    changes = Upgrade(database, upgrades);
    status = changes.status();
  }
  // A write that is begun and undone is refused by a file that cannot be written, and changes none.
  if (status.ok()) {
    status = database.Execute(*changes ? "COMMIT" : "PRAGMA user_version=2; ROLLBACK");
  }
  if (!status.ok() && database.InTransaction()) {
    const absl::Status undone = database.Execute("ROLLBACK");
    if (!undone.ok()) return undone;
  }
  return status;
}

absl::StatusOr<std::optional<KeyRow>> NextRow(sqlite::Statement& statement) {
  const absl::StatusOr<bool> there = statement.Step();
  if (!there.ok()) return there.status();
  if (!*there) return std::nullopt;
  const std::optional<Id> person = Id::FromBytes(statement.ColumnBlob(0));
  if (!person) return absl::DataLossError("a row of the key store has no person id");
  return KeyRow{.person = *person,
                .wrapped_key = std::string(statement.ColumnBlob(1)),
                .caller = std::string(statement.ColumnText(2)),
                .request_id = std::string(statement.ColumnText(3)),
                .national_index = std::string(statement.ColumnBlob(4)),
                .reserved_at_us = statement.ColumnInt(5),
                .confirmed = statement.ColumnInt(6) != 0};
}

absl::StatusOr<std::optional<KeyRow>> OnlyRow(sqlite::Statement& statement) {
  absl::StatusOr<std::optional<KeyRow>> row = NextRow(statement);
  statement.Reset();
  return row;
}

absl::StatusOr<std::optional<ClaimRow>> NextClaim(sqlite::Statement& statement) {
  const absl::StatusOr<bool> there = statement.Step();
  if (!there.ok()) return there.status();
  if (!*there) return std::nullopt;
  const std::optional<Id> person = Id::FromBytes(statement.ColumnBlob(0));
  if (!person) return absl::DataLossError("a claim of the key store has no person id");
  return ClaimRow{.person = *person,
                  .national_index = std::string(statement.ColumnBlob(1)),
                  .claimed_at_us = statement.ColumnInt(2)};
}

// The rows of a list that is bound, up to the first error.
template <class Row>
absl::StatusOr<std::vector<Row>> AllRows(
    sqlite::Statement& statement,
    absl::StatusOr<std::optional<Row>> (*next)(sqlite::Statement& statement)) {
  std::vector<Row> rows;
  absl::StatusOr<std::optional<Row>> row = next(statement);
  for (; row.ok() && row->has_value(); row = next(statement)) rows.push_back(**std::move(row));
  statement.Reset();
  if (!row.ok()) return row.status();
  return rows;
}

absl::Status RunFor(sqlite::Statement& statement, const Id& person) {
  statement.BindBlob(1, person.view());
  return statement.Run();
}

void BindIndex(sqlite::Statement& statement, int index, const std::string& national_index) {
  if (national_index.empty()) {
    statement.BindNull(index);
  } else {
    statement.BindBlob(index, national_index);
  }
}

}  // namespace

absl::StatusOr<KeyStoreFile> KeyStoreFile::Open(const KeyStoreOptions& options,
                                                const MasterKey& master_key) {
  absl::StatusOr<sqlite::Database> database =
      sqlite::Database::Open(options.path, {.create = options.makes, .vfs = options.vfs});
  if (!options.makes && absl::IsNotFound(database.status())) return Lost(options.path);
  if (!database.ok()) return database.status();
  // Before anything is set, since setting the journal's mode writes.
  const absl::StatusOr<bool> is_key_store = IsKeyStore(*database);
  if (!is_key_store.ok()) return is_key_store.status();
  if (!*is_key_store && !options.makes) return Lost(options.path);
  if (*is_key_store) {
    if (absl::Status right = CheckMasterKey(*database, master_key); !right.ok()) return right;
  }
  absl::Status ready = database->Execute(
      "PRAGMA page_size=4096; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
      "PRAGMA journal_mode=WAL;");
  if (ready.ok()) ready = MakeOrCheck(*database, master_key, options.upgrades);
  if (!ready.ok()) return ready;
  KeyStoreFile file(*std::move(database));
  if (absl::Status prepared = file.Prepare(); !prepared.ok()) return prepared;
  return file;
}

absl::Status KeyStoreFile::Prepare() {
  const std::string select = kSelect;
  const std::pair<sqlite::Statement*, std::string> statements[] = {
      {&find_person_, select + "WHERE person = ?1"},
      {&find_request_, select + "WHERE request_id = ?1 AND caller = ?2"},
      {&find_national_, select + "WHERE national_index = ?1"},
      {&find_claim_,
       "SELECT person, national_index, claimed_at_us FROM claim WHERE national_index = ?1 AND "
       "national_index <> x''"},
      {&find_erased_, "SELECT 1 FROM erased WHERE person = ?1"},
      {&list_unconfirmed_,
       select + "WHERE confirmed = 0 AND reserved_at_us < ?1 ORDER BY reserved_at_us LIMIT ?2"},
      {&list_claims_,
       "SELECT person, national_index, claimed_at_us FROM claim WHERE claimed_at_us < ?1 ORDER BY "
       "claimed_at_us LIMIT ?2"},
      {&insert_, "INSERT INTO person_key VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)"},
      {&update_,
       "UPDATE person_key SET national_index = ?2, reserved_at_us = ?3 WHERE person = ?1"},
      {&confirm_, "UPDATE person_key SET confirmed = 1 WHERE person = ?1"},
      {&delete_, "DELETE FROM person_key WHERE person = ?1"},
      {&put_claim_,
       "INSERT INTO claim VALUES (?1, ?2, ?3) ON CONFLICT (person, national_index) DO UPDATE SET "
       "claimed_at_us = max(claimed_at_us, ?3)"},
      {&delete_claims_,
       "DELETE FROM claim WHERE person = ?1 AND (national_index = ?2 OR claimed_at_us < ?3)"},
      {&remember_erased_, "INSERT OR IGNORE INTO erased VALUES (?1)"},
      {&data_version_, "PRAGMA data_version"},
  };
  for (const auto& [statement, sql] : statements) {
    absl::StatusOr<sqlite::Statement> prepared = database_.Prepare(sql);
    if (!prepared.ok()) return prepared.status();
    *statement = *std::move(prepared);
  }
  return absl::OkStatus();
}

absl::Status KeyStoreFile::Begin() { return database_.Execute("BEGIN IMMEDIATE"); }

absl::Status KeyStoreFile::Commit() { return database_.Execute("COMMIT"); }

void KeyStoreFile::RollBack() {
  if (!database_.InTransaction()) return;
  // SQLite undoes it in any case; a file that fails here fails at the next call as well.
  database_.Execute("ROLLBACK").IgnoreError();
}

absl::StatusOr<std::optional<KeyRow>> KeyStoreFile::FindPerson(const Id& person) {
  find_person_.BindBlob(1, person.view());
  return OnlyRow(find_person_);
}

absl::StatusOr<std::optional<KeyRow>> KeyStoreFile::FindRequest(std::string_view caller,
                                                                std::string_view request_id) {
  find_request_.BindText(1, request_id);
  find_request_.BindText(2, caller);
  return OnlyRow(find_request_);
}

absl::StatusOr<std::optional<KeyRow>> KeyStoreFile::FindNational(std::string_view national_index) {
  find_national_.BindBlob(1, national_index);
  return OnlyRow(find_national_);
}

absl::StatusOr<std::optional<ClaimRow>> KeyStoreFile::FindClaim(std::string_view national_index) {
  find_claim_.BindBlob(1, national_index);
  absl::StatusOr<std::optional<ClaimRow>> claim = NextClaim(find_claim_);
  find_claim_.Reset();
  return claim;
}

absl::StatusOr<bool> KeyStoreFile::IsErased(const Id& person) {
  find_erased_.BindBlob(1, person.view());
  const absl::StatusOr<bool> there = find_erased_.Step();
  find_erased_.Reset();
  return there;
}

absl::StatusOr<std::vector<KeyRow>> KeyStoreFile::ListUnconfirmed(int64_t before_us, size_t limit) {
  list_unconfirmed_.BindInt(1, before_us);
  list_unconfirmed_.BindInt(2, static_cast<int64_t>(limit));
  return AllRows(list_unconfirmed_, NextRow);
}

absl::StatusOr<std::vector<ClaimRow>> KeyStoreFile::ListClaims(int64_t before_us, size_t limit) {
  list_claims_.BindInt(1, before_us);
  list_claims_.BindInt(2, static_cast<int64_t>(limit));
  return AllRows(list_claims_, NextClaim);
}

absl::Status KeyStoreFile::Insert(const KeyRow& row) {
  insert_.BindBlob(1, row.person.view());
  insert_.BindBlob(2, row.wrapped_key);
  insert_.BindText(3, row.caller);
  insert_.BindText(4, row.request_id);
  BindIndex(insert_, 5, row.national_index);
  insert_.BindInt(6, row.reserved_at_us);
  return insert_.Run();
}

absl::Status KeyStoreFile::UpdateReservation(const KeyRow& row) {
  update_.BindBlob(1, row.person.view());
  BindIndex(update_, 2, row.national_index);
  update_.BindInt(3, row.reserved_at_us);
  return update_.Run();
}

absl::Status KeyStoreFile::SetConfirmed(const Id& person) { return RunFor(confirm_, person); }

absl::Status KeyStoreFile::Delete(const Id& person) {
  absl::Status deleted = DeleteClaims(person, "", std::numeric_limits<int64_t>::max());
  if (!deleted.ok()) return deleted;
  return RunFor(delete_, person);
}

absl::Status KeyStoreFile::PutClaim(const ClaimRow& claim) {
  put_claim_.BindBlob(1, claim.person.view());
  put_claim_.BindBlob(2, claim.national_index);
  put_claim_.BindInt(3, claim.claimed_at_us);
  return put_claim_.Run();
}

absl::Status KeyStoreFile::DeleteClaims(const Id& person, std::string_view national_index,
                                        int64_t before_us) {
  delete_claims_.BindBlob(1, person.view());
  delete_claims_.BindBlob(2, national_index);
  delete_claims_.BindInt(3, before_us);
  return delete_claims_.Run();
}

absl::Status KeyStoreFile::RememberErased(const Id& person) {
  return RunFor(remember_erased_, person);
}

absl::StatusOr<int64_t> KeyStoreFile::DataVersion() {
  const absl::StatusOr<bool> row = data_version_.Step();
  const int64_t version = row.ok() && *row ? data_version_.ColumnInt(0) : 0;
  data_version_.Reset();
  if (!row.ok()) return row.status();
  return version;
}

}  // namespace learncity::privacy
