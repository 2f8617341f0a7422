#include "platform/runtime/check.h"

#include <gtest/gtest.h>

#include "platform/runtime/concat.h"

namespace learncity {
namespace {

TEST(Check, EvaluatesItsArgumentsOnceAndTheTextOnlyOnFailure) {
  int evaluated = 0;
  LEARNCITY_CHECK(++evaluated == 1) << "never made " << ++evaluated;
  LEARNCITY_CHECK_EQ(++evaluated, 2);
  LEARNCITY_CHECK_OK(absl::OkStatus());
  EXPECT_EQ(evaluated, 2);
}

TEST(Check, TakesTheElseOfNoCondition) {
  bool reached = false;
  if (false)
    LEARNCITY_CHECK(true);
  else
    reached = true;
  EXPECT_TRUE(reached);
}

TEST(CheckDeathTest, AbortsWithFileLineAndValues) {
  const int cursor = 8;
  EXPECT_DEATH(LEARNCITY_CHECK(cursor < 0) << "feed registry",
               "check_test.cc:[0-9]+: check failed: cursor < 0. feed registry");
  EXPECT_DEATH(LEARNCITY_CHECK_LE(cursor, 7), "cursor <= 7 \\(8 and 7\\)");
  EXPECT_DEATH(LEARNCITY_CHECK_OK(absl::DataLossError("torn page")), "DATA_LOSS: torn page");
}

TEST(Concat, TakesTextsOfAllKindsAndNumbers) {
  EXPECT_EQ(Concat("a", std::string("b"), std::string_view("c"), absl::NotFoundError("d").message(),
                   -1, uint64_t{18446744073709551615u}),
            "abcd-118446744073709551615");
  EXPECT_EQ(Concat(INT64_MIN), "-9223372036854775808");
}

TEST(Join, PutsTheSeparatorBetween) {
  EXPECT_EQ(Join(std::vector<std::string>(), ", "), "");
  EXPECT_EQ(Join(std::vector<std::string>{"", "b", ""}, ","), ",b,");
}

}  // namespace
}  // namespace learncity
