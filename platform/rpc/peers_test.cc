#include "platform/rpc/peers.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace learncity::rpc {
namespace {

using ::testing::HasSubstr;

std::string Refusal(const char* text) {
  const absl::Status status = Peers::Parse(text, grpc::InsecureChannelCredentials()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(status.message());
}

TEST(Peers, AreFoundByTheirService) {
  const auto peers = Peers::Parse("registry=127.0.0.1:1,enrollment=enrollment.city:7400",
                                  grpc::InsecureChannelCredentials());
  ASSERT_TRUE(peers.ok()) << peers.status();
  EXPECT_NE(peers->Of("registry"), nullptr);
  EXPECT_NE(peers->Of("enrollment"), peers->Of("registry"));
  EXPECT_EQ(peers->Of("reporting"), nullptr);
}

TEST(Peers, AreAllBehindOneAddress) {
  const auto channel = OpenChannel("127.0.0.1:1", grpc::InsecureChannelCredentials());
  EXPECT_EQ(Peers(channel).Of("registry"), channel);
}

TEST(Peers, AreRefusedWhenTheyAreNotWrittenSo) {
  EXPECT_THAT(Refusal("registry"), HasSubstr("write it as service=host:port"));
  EXPECT_THAT(Refusal("=127.0.0.1:1"), HasSubstr("write it as"));
  EXPECT_THAT(Refusal("registry="), HasSubstr("write it as"));
  EXPECT_THAT(Refusal("a=b:1,a=c:1"), HasSubstr("a is there twice"));
}

}  // namespace
}  // namespace learncity::rpc
