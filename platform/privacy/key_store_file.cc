#include "platform/privacy/key_store_file.h"

#include "absl/strings/str_cat.h"

namespace learncity::privacy {
namespace {

// "LCKS" in ASCII.
constexpr int64_t kApplicationId = 0x4c434b53;
constexpr int64_t kFormat = 1;

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
PRAGMA user_version=1;
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

absl::Status Make(sqlite::Database& database, const MasterKey& master_key) {
  absl::Status made = database.Execute(kTables);
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

// In one transaction, so that two starting at once make one store.
absl::Status MakeOrCheck(sqlite::Database& database, const MasterKey& master_key) {
  absl::Status begun = database.Execute("BEGIN IMMEDIATE");
  if (!begun.ok()) return begun;
  const absl::StatusOr<bool> is_key_store = IsKeyStore(database);
  absl::Status status = is_key_store.status();
  if (status.ok()) {
    status = *is_key_store ? CheckMasterKey(database, master_key) : Make(database, master_key);
  }
  // A write that is begun and undone is refused by a file that cannot be written, and changes none.
  if (status.ok()) {
    status = database.Execute(*is_key_store ? "PRAGMA user_version=1; ROLLBACK" : "COMMIT");
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
      sqlite::Database::Open(options.path, {.create = true, .vfs = options.vfs});
  if (!database.ok()) return database.status();
  // Before anything is set, since setting the journal's mode writes.
  const absl::StatusOr<bool> is_key_store = IsKeyStore(*database);
  if (!is_key_store.ok()) return is_key_store.status();
  if (*is_key_store) {
    if (absl::Status right = CheckMasterKey(*database, master_key); !right.ok()) return right;
  }
  absl::Status ready = database->Execute(
      "PRAGMA page_size=4096; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
      "PRAGMA journal_mode=WAL;");
  if (ready.ok()) ready = MakeOrCheck(*database, master_key);
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
      {&find_erased_, "SELECT 1 FROM erased WHERE person = ?1"},
      {&list_unconfirmed_,
       select + "WHERE confirmed = 0 AND reserved_at_us < ?1 ORDER BY reserved_at_us LIMIT ?2"},
      {&insert_, "INSERT INTO person_key VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)"},
      {&update_,
       "UPDATE person_key SET national_index = ?2, reserved_at_us = ?3 WHERE person = ?1"},
      {&confirm_, "UPDATE person_key SET confirmed = 1 WHERE person = ?1"},
      {&delete_, "DELETE FROM person_key WHERE person = ?1"},
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

absl::StatusOr<bool> KeyStoreFile::IsErased(const Id& person) {
  find_erased_.BindBlob(1, person.view());
  const absl::StatusOr<bool> there = find_erased_.Step();
  find_erased_.Reset();
  return there;
}

absl::StatusOr<std::vector<KeyRow>> KeyStoreFile::ListUnconfirmed(int64_t before_us, size_t limit) {
  std::vector<KeyRow> rows;
  list_unconfirmed_.BindInt(1, before_us);
  list_unconfirmed_.BindInt(2, static_cast<int64_t>(limit));
  absl::StatusOr<std::optional<KeyRow>> row = NextRow(list_unconfirmed_);
  for (; row.ok() && row->has_value(); row = NextRow(list_unconfirmed_)) {
    rows.push_back(**std::move(row));
  }
  list_unconfirmed_.Reset();
  if (!row.ok()) return row.status();
  return rows;
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

absl::Status KeyStoreFile::Delete(const Id& person) { return RunFor(delete_, person); }

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
