#include "platform/privacy/key_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/ledger/power_loss_vfs.h"

namespace learncity::privacy {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;
using Kind = ReserveOutcome::Kind;

constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 9 / 1}};

MasterKey Master(char fill = 'm') { return MasterKey::FromBytes(std::string(32, fill)).value(); }

Id Person(int n) { return TimeOrderedId(kNow, "person", n); }

Reservation Asked(int person, std::string request_id, std::string national_id = "") {
  return {.person = Person(person),
          .caller = "clc-7",
          .request_id = std::move(request_id),
          .national_id = std::move(national_id),
          .reserved_at = kNow};
}

class KeyStoreTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<KeyStore>> OpenAgain(char master = 'm') {
    return KeyStore::OpenFile({.path = "keys.db", .vfs = disk_.vfs_name(), .cached_keys_max = 4},
                              Master(master));
  }
  PowerLossDisk disk_{"key_store_test", 1};
  std::unique_ptr<KeyStore> store_ = OpenAgain().value();
};

TEST_F(KeyStoreTest, OpensWhatItSealed) {
  ASSERT_TRUE(store_->Reserve(Asked(1, "r1")).ok());
  const std::string sealed = store_->Seal(Person(1), "Nguyễn Thị Lan").value();
  EXPECT_EQ(sealed.size(), std::string("Nguyễn Thị Lan").size() + 41);
  EXPECT_EQ(store_->Open(Person(1), sealed).value(), "Nguyễn Thị Lan");
  EXPECT_NE(store_->Seal(Person(1), "Nguyễn Thị Lan").value(), sealed);
  store_ = OpenAgain().value();
  EXPECT_EQ(store_->Open(Person(1), sealed).value(), "Nguyễn Thị Lan");
}

TEST_F(KeyStoreTest, RefusesBytesThatWereChangedCutOrAnothers) {
  ASSERT_TRUE(store_->Reserve(Asked(1, "r1")).ok());
  ASSERT_TRUE(store_->Reserve(Asked(2, "r2")).ok());
  const std::string sealed = store_->Seal(Person(1), "Lan").value();
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(store_->Open(Person(1), changed).status().code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(store_->Open(Person(1), sealed.substr(0, i)).status().code(),
              absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(store_->Open(Person(2), sealed).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store_->Seal(Person(3), "x").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(KeyStoreTest, OpensEveryPersonWhenThereAreMoreThanCachedKeys) {
  std::vector<std::string> sealed;
  for (int n = 0; n < 20; ++n) {
    ASSERT_TRUE(store_->Reserve(Asked(n, absl::StrCat("r", n))).ok());
    sealed.push_back(store_->Seal(Person(n), absl::StrCat("name ", n)).value());
  }
  for (int n = 0; n < 20; ++n) {
    EXPECT_EQ(store_->Open(Person(n), sealed[n]).value(), absl::StrCat("name ", n));
  }
}

TEST_F(KeyStoreTest, GivesAPersonBackToTheSameRequest) {
  const ReserveOutcome first = store_->Reserve(Asked(1, "r1", "001085012345")).value();
  EXPECT_EQ(first.kind, Kind::kReserved);
  Reservation again = Asked(2, "r1", "001085012345");
  again.reserved_at = kNow + minutes(9);
  const ReserveOutcome second = store_->Reserve(again).value();
  EXPECT_EQ(second.kind, Kind::kReserved);
  EXPECT_EQ(second.person, Person(1));
  EXPECT_EQ(second.reserved_at, kNow + minutes(9));
  EXPECT_FALSE(store_->HasKey(Person(2)).value());
}

TEST_F(KeyStoreTest, SaysWhoHoldsANationalIdHoweverItIsWritten) {
  ASSERT_TRUE(store_->Reserve(Asked(1, "r1", "001085-012345a")).ok());
  ASSERT_TRUE(store_->Confirm(Person(1)).ok());
  const ReserveOutcome other = store_->Reserve(Asked(2, "r2", " 001085.012345 A")).value();
  EXPECT_EQ(other.kind, Kind::kHeldByAnother);
  EXPECT_EQ(other.person, Person(1));
  EXPECT_TRUE(other.confirmed);
  EXPECT_EQ(other.reserved_at, kNow);
  EXPECT_EQ(store_->Reserve(Asked(3, "r3", "--")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(KeyStoreTest, KeepsTheNationalIdOfAnAttemptWhileItIsUndecided) {
  ASSERT_TRUE(store_->Reserve(Asked(1, "r1", "A1")).ok());
  for (const char* other : {"C3", ""}) {
    const ReserveOutcome outcome = store_->Reserve(Asked(2, "r1", other)).value();
    EXPECT_EQ(outcome.kind, Kind::kOtherNationalId);
    EXPECT_EQ(outcome.person, Person(1));
  }
  EXPECT_EQ(store_->Reserve(Asked(4, "r4", "A1"))->kind, Kind::kHeldByAnother);
  EXPECT_EQ(store_->Reserve(Asked(5, "r5", "C3"))->kind, Kind::kReserved);
  ASSERT_TRUE(store_->Confirm(Person(1)).ok());
  EXPECT_TRUE(store_->Reserve(Asked(1, "r1", "D4"))->confirmed);
  EXPECT_EQ(store_->Reserve(Asked(6, "r6", "D4"))->kind, Kind::kReserved);
}

TEST_F(KeyStoreTest, KeepsPersonsWithoutPapersApart) {
  EXPECT_EQ(store_->Reserve(Asked(1, "r1"))->kind, Kind::kReserved);
  EXPECT_EQ(store_->Reserve(Asked(2, "r2"))->kind, Kind::kReserved);
  EXPECT_EQ(store_->Reserve(Asked(2, "r3"))->kind, Kind::kHeldByAnother);
}

TEST_F(KeyStoreTest, ReservesManyAllOrNone) {
  const std::vector<Reservation> twins = {Asked(1, "r1", "A1"), Asked(2, "r2", "A1")};
  const std::vector<ReserveOutcome> outcomes = store_->ReserveMany(twins).value();
  EXPECT_EQ(outcomes[0].kind, Kind::kReserved);
  EXPECT_EQ(outcomes[1].kind, Kind::kHeldByAnother);
  EXPECT_EQ(outcomes[1].person, Person(1));
  const std::vector<Reservation> bad = {Asked(3, "r3"), Asked(4, "r4", "?")};
  EXPECT_FALSE(store_->ReserveMany(bad).ok());
  EXPECT_FALSE(store_->HasKey(Person(3)).value());
  const std::vector<Reservation> many(KeyStore::kReservationsMax + 1, Asked(5, "r5"));
  EXPECT_EQ(store_->ReserveMany(many).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(KeyStoreTest, FreesOnlyWhatIsUnconfirmedAndNotTakenUpSince) {
  ASSERT_TRUE(store_->Reserve(Asked(1, "r1", "A1")).ok());
  ASSERT_TRUE(store_->Reserve(Asked(2, "r2")).ok());
  ASSERT_TRUE(store_->Confirm(Person(2)).ok());
  EXPECT_EQ(store_->Free(Person(2)).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_->Free(Person(1), kNow).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(store_->Free(Person(1), kNow + minutes(10)).ok());
  EXPECT_TRUE(store_->Free(Person(1)).ok());
  EXPECT_FALSE(store_->HasKey(Person(1)).value());
  EXPECT_EQ(store_->Confirm(Person(1)).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->Reserve(Asked(3, "r3", "A1"))->kind, Kind::kReserved);
}

TEST_F(KeyStoreTest, ListsTheUnconfirmedOldestFirst) {
  for (int n = 3; n >= 1; --n) {
    Reservation asked = Asked(n, absl::StrCat("r", n));
    asked.reserved_at = kNow + minutes(n);
    ASSERT_TRUE(store_->Reserve(asked).ok());
  }
  ASSERT_TRUE(store_->Reserve(Asked(4, "r4")).ok());
  ASSERT_TRUE(store_->Confirm(Person(4)).ok());
  const auto old = store_->Unconfirmed(kNow + minutes(3), 10).value();
  ASSERT_EQ(old.size(), 2U);
  EXPECT_EQ(old[0].person, Person(1));
  EXPECT_EQ(old[1].reserved_at, kNow + minutes(2));
  EXPECT_EQ(store_->Unconfirmed(kNow + minutes(3), 1)->size(), 1U);
}

TEST_F(KeyStoreTest, ErasesForGoodAndAsOftenAsAsked) {
  ASSERT_TRUE(store_->Reserve(Asked(1, "r1", "A1")).ok());
  const std::string sealed = store_->Seal(Person(1), "Lan").value();
  ASSERT_TRUE(store_->Erase(Person(1)).ok());
  EXPECT_TRUE(store_->Erase(Person(1)).ok());
  const absl::Status opened = store_->Open(Person(1), sealed).status();
  EXPECT_EQ(opened.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(opened.message()), HasSubstr("erased"));
  EXPECT_EQ(store_->Reserve(Asked(1, "r1")).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_->Reserve(Asked(2, "r2", "A1"))->kind, Kind::kReserved);
}

TEST_F(KeyStoreTest, ForgetsAKeyThatAnotherConnectionErased) {
  ASSERT_TRUE(store_->Reserve(Asked(1, "r1")).ok());
  const std::string sealed = store_->Seal(Person(1), "Lan").value();
  ASSERT_TRUE(OpenAgain().value()->Erase(Person(1)).ok());
  EXPECT_EQ(store_->Open(Person(1), sealed).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(KeyStoreTest, GivesOneNationalIdToOneOfManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kIds = 20;
  std::vector<std::vector<ReserveOutcome>> outcomes(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t, &outcomes] {
      for (int n = 0; n < kIds; ++n) {
        outcomes[t].push_back(
            store_->Reserve(Asked(t * 100 + n, absl::StrCat(t, "-", n), absl::StrCat("ID", n)))
                .value());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int n = 0; n < kIds; ++n) {
    int reserved = 0;
    for (int t = 0; t < kThreads; ++t) {
      reserved += outcomes[t][n].kind == Kind::kReserved ? 1 : 0;
      EXPECT_EQ(outcomes[t][n].person, outcomes[0][n].person);
    }
    EXPECT_EQ(reserved, 1) << "id " << n;
  }
}

}  // namespace
}  // namespace learncity::privacy
