// A disk that becomes full under a running process: writes are refused, reads go on, the process
// lives, and takes writes again once there is room.
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"
#include "tests/contract/process.h"
#include "tests/contract/test_city.h"

namespace learncity::contract {
namespace {

namespace fs = std::filesystem;

// A city on a disk that is full while Fill holds.
class FullDisk : public testing::Test {
 protected:
  FullDisk() {
    city_ = std::make_unique<Served>(folder_, surroundings_);
    channel_ = city_->NewChannel();
  }
  ~FullDisk() override {
    city_.reset();
    Empty();
    fs::remove_all(folder_);
  }

  void Fill() { std::ofstream(sign_) << "full"; }
  void Empty() { fs::remove(sign_); }

  Reply OpenUnit(int code) {
    auto request = FromText<registry::v1::OpenUnitRequest>(
        "unit { display_name: 'Phường' type: UNIT_TYPE_WARD"
        "       valid_from { year: 2025 month: 7 day: 1 } }");
    request.mutable_unit()->set_code(std::to_string(code));
    Name(&request);
    return Send(channel_, request, TokenOf("registrar"));
  }
  Reply Register(int number) {
    enrollment::v1::RegisterLearnerRequest request;
    request.mutable_learner()->mutable_person()->set_national_id(Concat("001186", 100000 + number));
    Name(&request);
    return Send(channel_, request, TokenOf("clerk"));
  }

  const fs::path folder_ = NewFolder("disk");
  const fs::path sign_ = folder_.string() + ".full";
  const Surroundings surroundings_ = {.environment = {"LD_PRELOAD=" LEARNCITY_FULL_DISK,
                                                      "LEARNCITY_TEST_FULL_DISK=" + sign_.string(),
                                                      "ASAN_OPTIONS=verify_asan_link_order=0"}};
  std::unique_ptr<Served> city_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(FullDisk, RefusesWritesAndTakesThemAgainWhenThereIsRoom) {
  ASSERT_TRUE(OpenUnit(10001).ok());
  ASSERT_TRUE(Register(1).ok());
  Fill();
  for (int i = 0; i < 3; ++i) {
    for (const Reply& reply : {OpenUnit(10002 + i), Register(2 + i)}) {
      EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED)
          << reply.status.error_message();
      EXPECT_TRUE(reply.details().retry_after.has_value());
    }
  }
  registry::v1::GetUnitRequest get;
  get.set_name("units/10001-20250701");
  EXPECT_TRUE(Send(channel_, get, TokenOf("registrar")).ok());
  get.set_name("units/10002-20250701");
  EXPECT_EQ(Send(channel_, get, TokenOf("registrar")).status.error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(city_->is_running());

  Empty();
  const Reply unit = OpenUnit(10002);
  EXPECT_TRUE(unit.ok()) << unit.status.error_message();
  EXPECT_EQ(unit.position, "registry/1/2");
  const Reply learner = Register(2);
  EXPECT_TRUE(learner.ok()) << learner.status.error_message();
  EXPECT_EQ(city_->Stop(), 0);
  ExpectVerified(folder_);
}

TEST_F(FullDisk, AtTheStartIsSaidAndHurtsNothing) {
  ASSERT_TRUE(OpenUnit(10001).ok());
  EXPECT_EQ(city_->Stop(), 0);
  Fill();
  const fs::path empty = NewFolder("disk");
  const Ended ended = TryToServe(empty, surroundings_);
  EXPECT_NE(ended.exit_code, 0);
  EXPECT_THAT(ended.err, ::testing::HasSubstr("learncity:"));
  fs::remove_all(empty);
  Empty();
  city_ = std::make_unique<Served>(folder_, surroundings_);
  channel_ = city_->NewChannel();
  EXPECT_TRUE(OpenUnit(10002).ok());
}

}  // namespace
}  // namespace learncity::contract
