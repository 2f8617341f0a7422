#include "platform/privacy/master_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

#include "platform/testing/temp_folder.h"

namespace learncity::privacy {
namespace {

using ::testing::HasSubstr;

std::string Bytes(const SecretKey& key) {
  return {reinterpret_cast<const char*>(key.data()), SecretKey::kBytes};
}

class MasterKeyFile : public ::testing::Test {
 protected:
  void Write(const std::string& bytes, mode_t mode) {
    std::ofstream(path_, std::ios::binary) << bytes;
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
  }
  void ExpectRefused(absl::StatusCode code, const std::string& words) {
    const absl::Status status = MasterKey::Load(path_).status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(words));
    EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
  }

  const TempFolder folder_{"master_key_test"};
  std::string path_ = folder_ / "master.key";
};

TEST_F(MasterKeyFile, IsMadeForItsOwnerAloneAndLoadsTheSameEachTime) {
  ASSERT_TRUE(MasterKey::MakeFile(path_).ok());
  struct stat about = {};
  ASSERT_EQ(stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  EXPECT_EQ(about.st_size, 32);
  EXPECT_EQ(Bytes(MasterKey::Load(path_)->Derive(Purpose::kIndexIds)),
            Bytes(MasterKey::Load(path_)->Derive(Purpose::kIndexIds)));
}

TEST_F(MasterKeyFile, IsNotMadeWhereOneIs) {
  Write(std::string(32, 'k'), 0600);
  EXPECT_EQ(MasterKey::MakeFile(path_).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(MasterKey::Load(path_).ok());
}

TEST_F(MasterKeyFile, IsRefusedWhenMissing) {
  ExpectRefused(absl::StatusCode::kNotFound, "put back the copy");
}

TEST_F(MasterKeyFile, IsRefusedWhenShorterOrLonger) {
  Write(std::string(31, 'k'), 0600);
  ExpectRefused(absl::StatusCode::kInvalidArgument, "shorter");
  Write(std::string(32, 'k') + "\n", 0600);
  ExpectRefused(absl::StatusCode::kInvalidArgument, "longer");
}

TEST_F(MasterKeyFile, IsRefusedWhenEveryUserMayReadIt) {
  Write(std::string(32, 'k'), 0644);
  ExpectRefused(absl::StatusCode::kPermissionDenied, "chmod 600");
}

TEST_F(MasterKeyFile, IsRefusedWhenItIsAFolder) {
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  ExpectRefused(absl::StatusCode::kInvalidArgument, "not a regular file");
}

TEST_F(MasterKeyFile, IsRefusedWhenItCannotBeReached) {
  Write("no folder", 0600);
  path_ += "/below";
  ExpectRefused(absl::StatusCode::kPermissionDenied, "cannot be read");
}

TEST(MasterKey, DerivesAnotherKeyForEachPurposeAndEachMaster) {
  std::set<std::string> keys;
  for (const char fill : {'a', 'b'}) {
    const MasterKey master = MasterKey::FromBytes(std::string(32, fill)).value();
    for (int purpose = 1; purpose <= 5; ++purpose) {
      keys.insert(Bytes(master.Derive(static_cast<Purpose>(purpose))));
    }
  }
  EXPECT_EQ(keys.size(), 10U);
}

TEST(SecretKey, IsZeroOnceItWasMovedFrom) {
  SecretKey key = SecretKey::Random();
  const SecretKey moved = std::move(key);
  EXPECT_EQ(Bytes(key), std::string(32, '\0'));
  EXPECT_NE(Bytes(moved), std::string(32, '\0'));
}

}  // namespace
}  // namespace learncity::privacy
