#include "services/learncity/import/request_ids.h"

#include <set>

#include "gtest/gtest.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/testing/text.h"

namespace learncity::importing {
namespace {

using enrollment::v1::RegisterLearnerRequest;

constexpr char kToken[] = "token-of-a-clerk";

const Kind& Learners() { return *FindKind("learners"); }
RegisterLearnerRequest Born(int year) {
  RegisterLearnerRequest request;
  request.mutable_learner()->set_birth_year(year);
  return request;
}

TEST(RequestIds, AreTheSameForTheSameRows) {
  RequestIds first(Learners(), kToken), second(Learners(), kToken);
  EXPECT_EQ(first.Next("", Born(2010)), second.Next("", Born(2010)));
  // The order among other rows does not matter.
  first.Next("", Born(2011));
  EXPECT_EQ(first.Next("", Born(2012)), second.Next("", Born(2012)));
}

TEST(RequestIds, TellEqualRowsApartByHowManyThereWere) {
  RequestIds first(Learners(), kToken), second(Learners(), kToken);
  const Id one = first.Next("", Born(2010)), two = first.Next("", Born(2010));
  EXPECT_NE(one, two);
  EXPECT_EQ(second.Next("", Born(2010)), one);
  EXPECT_EQ(second.Next("", Born(2010)), two);
}

TEST(RequestIds, DifferByKindKeyContentAndToken) {
  std::set<std::string> ids;
  ids.insert(RequestIds(Learners(), kToken).Next("", Born(2010)).ToString());
  ids.insert(RequestIds(Learners(), kToken).Next("1", Born(2010)).ToString());
  ids.insert(RequestIds(Learners(), kToken).Next("", Born(2011)).ToString());
  ids.insert(RequestIds(Learners(), "token-of-another").Next("", Born(2010)).ToString());
  ids.insert(RequestIds(*FindKind("offerings"), kToken).Next("", Born(2010)).ToString());
  EXPECT_EQ(ids.size(), 5u);
}

TEST(RequestIds, AreUuidsOfVersion8) {
  const std::string id = RequestIds(Learners(), kToken).Next("", Born(2010)).ToString();
  EXPECT_EQ(id[14], '8') << id;
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
}

}  // namespace
}  // namespace learncity::importing
