#include "platform/rpc/page_token.h"

#include "gtest/gtest.h"

namespace learncity::rpc {
namespace {

const Id kLast = IdOf("learners/0198c0de-0000-7000-8000-000000000007");
constexpr char kArguments[] = "32 bytes of hash of the arguments";
constexpr char kOthers[] = "other arguments, another hash....";

TEST(PageToken, GivesBackTheLastIdForTheSameArguments) {
  const std::string token = MakePageToken(kLast, kArguments);
  EXPECT_LE(token.size(), 200u);
  EXPECT_EQ(ParsePageToken(token, kArguments), kLast);
}

TEST(PageToken, IsRefusedForOtherArguments) {
  EXPECT_EQ(ParsePageToken(MakePageToken(kLast, kArguments), kOthers), std::nullopt);
}

TEST(PageToken, OfGarbageIsRefused) {
  const std::string token = MakePageToken(kLast, kArguments);
  for (const std::string& garbage : {std::string("x"), std::string("!!"), token + token,
                                     token.substr(0, token.size() - 4), std::string(200, 'A')}) {
    EXPECT_EQ(ParsePageToken(garbage, kArguments), std::nullopt) << garbage;
  }
}

}  // namespace
}  // namespace learncity::rpc
