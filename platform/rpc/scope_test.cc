#include "platform/rpc/scope.h"

#include <map>

#include "gtest/gtest.h"

namespace learncity::rpc {
namespace {

Scope ScopeOf(const std::string& text) {
  const auto scope = Scope::Parse(text);
  EXPECT_TRUE(scope.ok()) << scope.status();
  return scope.value_or(Scope());
}

TEST(Scope, IsOfAResourceInWhicheverCaseItIsWritten) {
  const Scope scope = ScopeOf("centers/0198C0DE-0000-7000-8000-00000000000a");
  EXPECT_TRUE(scope.Is("centers/0198c0de-0000-7000-8000-00000000000A"));
  EXPECT_FALSE(scope.Is("centers/0198c0de-0000-7000-8000-00000000000b"));
  EXPECT_FALSE(scope.Is("learners/0198c0de-0000-7000-8000-00000000000a"));
  EXPECT_FALSE(scope.Is(""));
  EXPECT_FALSE(ScopeOf("city").Is(""));
  EXPECT_FALSE(ScopeOf("city").Is("city"));
}

class UnitScope : public testing::Test {
 protected:
  bool Holds(const std::string& unit) {
    return IsUnitWithin(ScopeOf("units/00004-20250701"), unit,
                        [this](const std::string& of) -> absl::StatusOr<std::string> {
                          ++asked_;
                          return next_[of];
                        })
        .value();
  }

  std::map<std::string, std::string> next_;
  int asked_ = 0;
};

TEST_F(UnitScope, HoldsTheUnitAndWhatLeadsToIt) {
  next_ = {{"units/00004-07-20250701", "units/00004-20250701"},
           {"units/00010-20000101", "units/00011-20200101"},
           {"units/00011-20200101", "units/00004-20250701"},
           {"units/00004-20250701", "units/901-20250701"}};
  EXPECT_TRUE(Holds("units/00004-20250701"));
  EXPECT_TRUE(Holds("units/00004-07-20250701"));
  EXPECT_TRUE(Holds("units/00010-20000101"));
  EXPECT_FALSE(Holds("units/901-20250701"));
  EXPECT_FALSE(Holds("units/00099-20250701"));
  EXPECT_FALSE(Holds(""));
}

TEST_F(UnitScope, EndsWhereUnitsLeadRound) {
  next_ = {{"units/00010-20000101", "units/00011-20200101"},
           {"units/00011-20200101", "units/00010-20000101"}};
  EXPECT_FALSE(Holds("units/00010-20000101"));
  EXPECT_LT(asked_, 100);
}

TEST_F(UnitScope, OfAnotherKindHoldsNoUnit) {
  const auto next = [](const std::string&) -> absl::StatusOr<std::string> { return std::string(); };
  EXPECT_FALSE(IsUnitWithin(ScopeOf("centers/0198c0de-0000-7000-8000-00000000000a"),
                            "units/00004-20250701", next)
                   .value());
}

TEST_F(UnitScope, HoldsNothingThatCannotBeLookedUp) {
  const auto held = IsUnitWithin(ScopeOf("units/00004-20250701"), "units/00005-20250701",
                                 [](const std::string&) -> absl::StatusOr<std::string> {
                                   return absl::UnavailableError("the disk is gone");
                                 });
  EXPECT_EQ(held.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace learncity::rpc
