#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "absl/strings/str_cat.h"
#include "platform/ledger/power_loss_vfs.h"
#include "platform/ledger/sqlite.h"
#include "platform/privacy/key_store.h"

namespace learncity::privacy {
namespace {

using ::testing::HasSubstr;
using When = PowerLossDisk::When;

constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 9 / 1}};
constexpr char kFile[] = "keys.db";

MasterKey Master(char fill = 'm') { return MasterKey::FromBytes(std::string(32, fill)).value(); }

Id Person(int n) { return TimeOrderedId(kNow, "person", n); }

Reservation Asked(int n) {
  return {.person = Person(n),
          .caller = "clc-7",
          .request_id = absl::StrCat("request ", n),
          .national_id = absl::StrCat("00108501", n),
          .reserved_at = kNow};
}

absl::StatusOr<std::unique_ptr<KeyStore>> OpenOn(const PowerLossDisk& disk, char master = 'm') {
  return KeyStore::OpenFile({.path = kFile, .vfs = disk.vfs_name()}, Master(master));
}

std::map<std::string, std::string> AllBytes(const PowerLossDisk& disk) {
  std::map<std::string, std::string> files;
  for (const std::string& name : disk.FileNames()) {
    files[name] = disk.ReadFile(name);
    files[name + " on the disk"] = disk.ReadDurable(name);
  }
  return files;
}

bool Holds(const PowerLossDisk& disk, const std::string& canary) {
  for (const auto& [name, bytes] : AllBytes(disk)) {
    if (bytes.find(canary) != std::string::npos) return true;
  }
  return false;
}

// What is stored of a person and must go: the wrapped key, the index entry and the request id.
struct Canaries {
  std::string wrapped_key;
  std::string national_index;
  std::string request_id;
};

Canaries CanariesOf(const PowerLossDisk& disk, int n) {
  KeyStoreFile file = KeyStoreFile::Open({.path = kFile, .vfs = disk.vfs_name()}, Master()).value();
  const KeyRow row = file.FindPerson(Person(n))->value();
  return {row.wrapped_key, row.national_index, row.request_id};
}

bool HoldsAny(const PowerLossDisk& disk, const Canaries& canaries) {
  return Holds(disk, canaries.wrapped_key) || Holds(disk, canaries.national_index) ||
         Holds(disk, canaries.request_id);
}

TEST(KeyStoreErase, LeavesNoByteOfThePersonInFileAndWal) {
  // So many that tree pages were split and merged, which moves rows about.
  constexpr int kPersons = 3000;
  PowerLossDisk disk("erase", 5);
  const std::unique_ptr<KeyStore> store = OpenOn(disk).value();
  for (int n = 0; n < kPersons; n += 1000) {
    std::vector<Reservation> asked;
    for (int i = n; i < n + 1000; ++i) asked.push_back(Asked(100'000 + i));
    ASSERT_TRUE(store->ReserveMany(asked).ok());
  }
  std::vector<Canaries> erased;
  for (int n = 100'000; n < 100'000 + kPersons; n += 30) {
    erased.push_back(CanariesOf(disk, n));
    ASSERT_TRUE(HoldsAny(disk, erased.back()));
    ASSERT_TRUE(store->Erase(Person(n)).ok());
    EXPECT_FALSE(HoldsAny(disk, erased.back())) << "person " << n;
  }
  disk.LosePower();
  for (const Canaries& canaries : erased) EXPECT_FALSE(HoldsAny(disk, canaries));
}

TEST(KeyStoreErase, IsFinishedByARepetitionAfterACrashAtAnyPoint) {
  for (int64_t nth = 1;; ++nth) {
    PowerLossDisk disk("erase_crash", static_cast<uint64_t>(nth));
    std::unique_ptr<KeyStore> store = OpenOn(disk).value();
    ASSERT_TRUE(store->Reserve(Asked(1)).ok());
    ASSERT_TRUE(store->Reserve(Asked(2)).ok());
    ASSERT_TRUE(store->Confirm(Person(1)).ok());
    const Canaries canaries = CanariesOf(disk, 1);
    const std::string kept = store->Seal(Person(2), "Minh").value();
    disk.CrashAt(disk.operations() + nth, nth % 2 == 0 ? When::kBefore : When::kAfter);
    const bool answered = store->Erase(Person(1)).ok();
    if (!disk.dead()) {
      EXPECT_GT(nth, 5) << "the crash was never reached";
      break;
    }
    EXPECT_FALSE(answered);
    disk.LosePower();
    store = OpenOn(disk).value();
    ASSERT_TRUE(store->Erase(Person(1)).ok()) << "operation " << nth;
    EXPECT_FALSE(HoldsAny(disk, canaries)) << "operation " << nth;
    EXPECT_FALSE(store->HasKey(Person(1)).value());
    EXPECT_EQ(store->Open(Person(2), kept).value(), "Minh");
  }
}

TEST(KeyStoreErase, LeavesNoByteOfAClaim) {
  PowerLossDisk disk("erase_claim", 3);
  const std::unique_ptr<KeyStore> store = OpenOn(disk).value();
  ASSERT_TRUE(store->Reserve(Asked(1)).ok());
  Reservation restated = Asked(2);
  restated.person = Person(1);
  restated.is_restated = true;
  ASSERT_TRUE(store->Reserve(restated).ok());
  const std::string index = [&] {
    auto file = KeyStoreFile::Open({.path = kFile, .vfs = disk.vfs_name()}, Master()).value();
    return file.ListClaims(std::numeric_limits<int64_t>::max(), 1).value().front().national_index;
  }();
  ASSERT_TRUE(Holds(disk, index));
  ASSERT_TRUE(store->Erase(Person(1)).ok());
  EXPECT_FALSE(Holds(disk, index));
  EXPECT_TRUE(store->Unsettled(Time::max(), 10).value().empty());
}

TEST(KeyStorePowerLoss, KeepsWhatWasAnswered) {
  for (int64_t nth = 1;; ++nth) {
    PowerLossDisk disk("reserve_crash", static_cast<uint64_t>(nth));
    disk.CrashAt(nth, nth % 2 == 0 ? When::kBefore : When::kAfter);
    std::string sealed;
    bool confirmed = false;
    {
      absl::StatusOr<std::unique_ptr<KeyStore>> store = OpenOn(disk);
      if (store.ok() && (*store)->Reserve(Asked(1)).ok()) {
        sealed = (*store)->Seal(Person(1), "Lan").value_or("");
        confirmed = (*store)->Confirm(Person(1)).ok();
      }
      if (!disk.dead()) {
        EXPECT_TRUE(confirmed);
        break;
      }
    }
    disk.LosePower();
    const std::unique_ptr<KeyStore> store = OpenOn(disk).value();
    if (!sealed.empty()) {
      EXPECT_EQ(store->Open(Person(1), sealed).value(), "Lan") << "operation " << nth;
    }
    const ReserveOutcome again = store->Reserve(Asked(1)).value();
    EXPECT_EQ(again.kind, ReserveOutcome::Kind::kReserved);
    EXPECT_TRUE(again.confirmed || !confirmed) << "operation " << nth;
  }
}

class RefusedFile : public ::testing::Test {
 protected:
  void ExpectRefused(absl::StatusCode code, const std::string& words, char master = 'm') {
    const std::string before = disk_.ReadFile(kFile);
    const absl::Status status = OpenOn(disk_, master).status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(words));
    EXPECT_EQ(disk_.ReadFile(kFile), before) << "a refused file was changed";
  }
  void MakeStore() {
    const std::unique_ptr<KeyStore> store = OpenOn(disk_).value();
    ASSERT_TRUE(store->Reserve(Asked(1)).ok());
  }
  void Alter(const std::string& sql) {
    sqlite::Database database =
        sqlite::Database::Open(kFile, {.create = true, .vfs = disk_.vfs_name()}).value();
    ASSERT_TRUE(database.Execute(sql).ok());
  }
  PowerLossDisk disk_{"refused", 9};
};

TEST_F(RefusedFile, MadeWithAnotherMasterKey) {
  MakeStore();
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "another master key", 'x');
  EXPECT_TRUE(OpenOn(disk_).ok());
}

TEST_F(RefusedFile, OfAnotherProgram) {
  Alter("CREATE TABLE recipe (name TEXT)");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "another program");
}

TEST_F(RefusedFile, OfANewerRelease) {
  MakeStore();
  Alter("PRAGMA user_version=3");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "newer release");
}

// Format 1, of release 0.1.0, has no claims.
TEST_F(RefusedFile, OfAnEarlierReleaseUnlessItMayBeBroughtUpToDate) {
  MakeStore();
  Alter("DROP TABLE claim; PRAGMA user_version=1");
  const KeyStoreOptions as_it_is{.path = kFile, .vfs = disk_.vfs_name(), .upgrades = false};
  EXPECT_EQ(KeyStore::OpenFile(as_it_is, Master()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  const std::unique_ptr<KeyStore> store = OpenOn(disk_).value();
  EXPECT_TRUE(store->HasKey(Person(1)).value());
  Reservation restated = Asked(2);
  restated.person = Person(1);
  restated.is_restated = true;
  EXPECT_TRUE(store->Reserve(restated).ok());
  EXPECT_EQ(store->Unsettled(Time::max(), 10).value(), std::vector<Id>{Person(1)});
  EXPECT_TRUE(KeyStore::OpenFile(as_it_is, Master()).ok());
}

TEST_F(RefusedFile, ThatIsGoneWhereItMayNotBeMadeAnew) {
  const KeyStoreOptions kept{.path = kFile, .vfs = disk_.vfs_name(), .makes = false};
  EXPECT_EQ(KeyStore::OpenFile(kept, Master()).status().code(), absl::StatusCode::kDataLoss);
  MakeStore();
  EXPECT_TRUE(KeyStore::OpenFile(kept, Master()).ok());
}

TEST_F(RefusedFile, ThatIsNoDatabase) {
  disk_.WriteFile(kFile, std::string(5000, 'x'));
  ExpectRefused(absl::StatusCode::kDataLoss, "not a database");
}

TEST_F(RefusedFile, ThatIsDamaged) {
  MakeStore();
  disk_.TruncateFile(kFile, 4096);
  ExpectRefused(absl::StatusCode::kDataLoss, kFile);
}

TEST_F(RefusedFile, ThatIsReadOnly) {
  MakeStore();
  disk_.SetReadOnly(true);
  ExpectRefused(absl::StatusCode::kPermissionDenied, kFile);
}

TEST(KeyStoreDisk, RefusesAReservationWhenFullAndTakesItLater) {
  PowerLossDisk disk("full_keys", 2);
  const std::unique_ptr<KeyStore> store = OpenOn(disk).value();
  disk.SetFull(true);
  EXPECT_EQ(store->Reserve(Asked(1)).status().code(), absl::StatusCode::kResourceExhausted);
  disk.SetFull(false);
  EXPECT_FALSE(store->HasKey(Person(1)).value());
  EXPECT_TRUE(store->Reserve(Asked(1)).ok());
}

}  // namespace
}  // namespace learncity::privacy
