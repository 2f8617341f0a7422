#include "platform/privacy/head_signer.h"

#include <gtest/gtest.h>

namespace learncity::privacy {
namespace {

MasterKey Master(char fill) { return MasterKey::FromBytes(std::string(32, fill)).value(); }

TEST(HeadSigner, SignsWhatOthersCanVerify) {
  const HeadSigner signer(Master('a'));
  const HeadSigner restarted(Master('a'));
  EXPECT_EQ(signer.public_key(), restarted.public_key());
  EXPECT_TRUE(HeadSigner::Verify(restarted.public_key(), "head 12", signer.Sign("head 12")));
}

TEST(HeadSigner, RefusesAnotherHeadAnotherKeyAndAnythingCut) {
  const HeadSigner signer(Master('a'));
  const std::string signature = signer.Sign("head 12");
  EXPECT_FALSE(HeadSigner::Verify(signer.public_key(), "head 13", signature));
  EXPECT_FALSE(HeadSigner::Verify(HeadSigner(Master('b')).public_key(), "head 12", signature));
  EXPECT_FALSE(HeadSigner::Verify(signer.public_key(), "head 12", signature.substr(1)));
  EXPECT_FALSE(HeadSigner::Verify("", "head 12", signature));
}

}  // namespace
}  // namespace learncity::privacy
