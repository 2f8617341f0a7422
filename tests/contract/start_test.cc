// What a city's folder may look like when `learncity serve` starts: it says what is wrong and what
// to do, ends with the code for it, and leaves every file as it was.
#include <sys/stat.h>

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/ledger/sqlite.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/exit_code.h"
#include "platform/testing/read_file.h"
#include "tests/contract/process.h"
#include "tests/contract/test_city.h"

namespace learncity::contract {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::map<std::string, std::string> Contents(const fs::path& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::directory_iterator(folder)) {
    // The lock names who held it last.
    const std::string name = entry.path().filename();
    if (name != "lock") contents[name] = ReadFile(entry.path());
  }
  return contents;
}

void Write(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The folder of a city that has served and was stopped.
class Start : public testing::Test {
 protected:
  Start() {
    Served city(folder_);
    registry::v1::OpenUnitRequest request;
    auto& unit = *request.mutable_unit();
    unit.set_code("00004");
    unit.set_display_name("Phường Ba Đình");
    unit.set_type(registry::v1::UNIT_TYPE_WARD);
    unit.mutable_valid_from()->set_year(2025);
    unit.mutable_valid_from()->set_month(7);
    unit.mutable_valid_from()->set_day(1);
    Name(&request);
    const auto channel = city.NewChannel();
    EXPECT_TRUE(Send(channel, request, TokenOf("registrar")).ok());
    registry::v1::OpenCenterRequest open;
    auto& center = *open.mutable_center();
    center.set_display_name("Trường tiểu học Ba Đình");
    center.set_kind(type::v1::CENTER_KIND_PRIMARY_SCHOOL);
    center.set_unit("units/00004-20250701");
    *center.mutable_valid_from() = unit.valid_from();
    Name(&open);
    registry::v1::EmployStaffRequest employ;
    auto& staff = *employ.mutable_staff();
    staff.set_center(Send(channel, open, TokenOf("registrar")).name());
    staff.set_position(registry::v1::STAFF_POSITION_TEACHER);
    *staff.mutable_valid_from() = unit.valid_from();
    staff.mutable_person()->set_full_name("Phạm Thị Hoa");
    Name(&employ);
    EXPECT_TRUE(Send(channel, employ, TokenOf("registrar")).ok());
    EXPECT_EQ(city.Stop(), 0);
  }
  ~Start() override { fs::remove_all(folder_); }

  // Expects that serving is refused with this code, in these words, and changes nothing.
  void ExpectRefused(runtime::ExitCode code, const std::vector<std::string>& words,
                     const Surroundings& surroundings = {}) {
    const auto before = Contents(folder_);
    const Ended ended = TryToServe(folder_, surroundings);
    EXPECT_EQ(ended.exit_code, code) << ended.err;
    for (const std::string& word : words) EXPECT_THAT(ended.err, HasSubstr(word));
    const auto after = Contents(folder_);
    for (const auto& [name, bytes] : before) {
      ASSERT_TRUE(after.contains(name)) << name << " is gone";
      EXPECT_TRUE(after.at(name) == bytes) << name << " was changed";
    }
    for (const auto& [name, bytes] : after) {
      // SQLite leaves the log of a file that it may not write, empty.
      const bool is_log = name.ends_with("-wal") || name.ends_with("-shm");
      EXPECT_TRUE(before.contains(name) || is_log) << name << " was made";
    }
  }

  fs::path Ledger(const std::string& service) const { return folder_ / (service + ".ledger"); }

  const fs::path folder_ = NewFolder("start");
};

TEST_F(Start, OfATruncatedLedgerIsRefused) {
  const std::string whole = ReadFile(Ledger("enrollment"));
  for (const size_t pages : {1, 3, 7}) {
    SCOPED_TRACE(pages);
    ASSERT_GT(whole.size(), pages * 4096);
    Write(Ledger("enrollment"), whole.substr(0, pages * 4096));
    ExpectRefused(runtime::kExitIo, {"enrollment.ledger", "from a backup"});
  }
  Write(Ledger("enrollment"), whole.substr(0, 1000));
  ExpectRefused(runtime::kExitIo, {"enrollment.ledger"});
}

TEST_F(Start, OfAFileThatIsEmptyOrGoneIsRefused) {
  for (const std::string file : {"persons.keys", "registry.ledger", "achievements.ledger"}) {
    SCOPED_TRACE(file);
    const std::string whole = ReadFile(folder_ / file);
    for (const std::string& rest : {std::string(), std::string("x")}) {
      Write(folder_ / file, rest);
      ExpectRefused(runtime::kExitIo, {file, "restore the first from a backup"});
    }
    fs::remove(folder_ / file);
    ExpectRefused(runtime::kExitIo, {file, "restore the first from a backup"});
    EXPECT_FALSE(fs::exists(folder_ / file));
    Write(folder_ / file, whole);
  }
}

TEST_F(Start, WithoutTheKeysOfStaffThatIsThereIsRefused) {
  const std::string whole = ReadFile(folder_ / "staff.keys");
  Write(folder_ / "staff.keys", "");
  ExpectRefused(runtime::kExitIo, {"staff.keys", "restore it from a backup"});
  fs::remove(folder_ / "staff.keys");
  ExpectRefused(runtime::kExitIo, {"staff.keys", "restore it from a backup"});
  Write(folder_ / "staff.keys", whole);
}

TEST_F(Start, OfAFileThatIsNoDatabaseIsRefused) {
  Write(Ledger("registry"), std::string(8192, 'x'));
  ExpectRefused(runtime::kExitIo, {"registry.ledger", "not a database"});
}

TEST_F(Start, OfAnotherProgramsDatabaseIsRefused) {
  fs::copy_file(folder_ / "persons.keys", Ledger("registry"), fs::copy_options::overwrite_existing);
  ExpectRefused(runtime::kExitDataRefused, {"registry.ledger", "not a ledger"});
}

TEST_F(Start, OfAnotherServicesLedgerIsRefused) {
  fs::copy_file(Ledger("registry"), Ledger("enrollment"), fs::copy_options::overwrite_existing);
  ExpectRefused(runtime::kExitDataRefused, {"the ledger of registry, not of enrollment"});
}

TEST_F(Start, OfANewerReleasesFilesIsRefused) {
  for (const std::string file : {"reporting.ledger", "persons.keys", "staff.keys"}) {
    SCOPED_TRACE(file);
    const std::string before = ReadFile(folder_ / file);
    {
      auto database = sqlite::Database::Open(folder_ / file, {});
      ASSERT_TRUE(database.ok());
      ASSERT_TRUE(database->Execute("PRAGMA user_version=99").ok());
    }
    ExpectRefused(runtime::kExitDataRefused, {file, "99", "newer release"});
    Write(folder_ / file, before);
  }
}

TEST_F(Start, OfAReadOnlyFileIsRefused) {
  // From the last that is opened to the first: each leaves a log that cannot be written either.
  for (const std::string file : {"staff.keys", "achievements.ledger", "persons.keys"}) {
    SCOPED_TRACE(file);
    ASSERT_EQ(::chmod((folder_ / file).c_str(), 0400), 0);
    ExpectRefused(runtime::kExitConfig, {file, "readonly", "let the user"},
                  {.obeys_file_modes = true});
    ASSERT_EQ(::chmod((folder_ / file).c_str(), 0600), 0);
  }
}

TEST_F(Start, WithoutTheRightMasterKeyIsRefused) {
  const fs::path key = folder_ / "master.key";
  const std::string right = ReadFile(key);
  ASSERT_EQ(right.size(), 32u);
  Write(key, right.substr(1));
  ExpectRefused(runtime::kExitDataRefused, {"master.key", "exactly 32 bytes"});
  Write(key, right + "\n");
  ExpectRefused(runtime::kExitDataRefused, {"master.key", "exactly 32 bytes"});
  std::string wrong = right;
  wrong[7] = static_cast<char>(wrong[7] ^ 1);
  Write(key, wrong);
  ExpectRefused(runtime::kExitDataRefused, {"persons.keys", "another master key"});
  fs::remove(key);
  ExpectRefused(runtime::kExitDataRefused, {"no master key", "put back the copy"});
  EXPECT_FALSE(fs::exists(key)) << "a new key was made for what another has sealed";
  Write(key, right);
  ASSERT_EQ(::chmod(key.c_str(), 0644), 0);
  ExpectRefused(runtime::kExitConfig, {"chmod 600"});
}

TEST_F(Start, OfAFolderThatIsInUseIsRefused) {
  const Served first(folder_);
  const Ended second = TryToServe(folder_);
  EXPECT_EQ(second.exit_code, runtime::kExitUnavailable);
  EXPECT_THAT(second.err, HasSubstr("is in use by process"));
  EXPECT_TRUE(first.is_running());
}

TEST_F(Start, WithTokensThatAreNoneIsRefused) {
  Write(folder_ / "tokens.txt", "short someone clerk\nlong-enough-token-1 someone king\n");
  ExpectRefused(runtime::kExitConfig, {"line 1", "line 2", "king"});
}

TEST_F(Start, AfterAllThatStillServes) {
  Write(Ledger("registry") += "-copy", ReadFile(Ledger("registry")));
  Write(Ledger("registry"), "");
  ExpectRefused(runtime::kExitIo, {"registry.ledger"});
  fs::rename(Ledger("registry") += "-copy", Ledger("registry"));
  Served city(folder_);
  registry::v1::GetUnitRequest get;
  get.set_name("units/00004-20250701");
  EXPECT_TRUE(Send(city.NewChannel(), get, TokenOf("registrar")).ok());
  EXPECT_EQ(city.Stop(), 0);
  ExpectVerified(folder_);
}

}  // namespace
}  // namespace learncity::contract
