#include "services/registry/domain/placement.h"

#include <gtest/gtest.h>

#include <map>

#include "platform/testing/text.h"

namespace learncity::registry::v1 {
namespace {

// A center of Trúc Bạch since 2020; the ward became one with another in January 2025, and both a
// part of Ba Đình in July.
class Placed : public testing::Test {
 protected:
  Placed() {
    center.set_unit("units/a");
    *center.mutable_valid_from() = DateOf("2020-03-01");
    Add("units/a", "2020-03-01", "2025-01-01", "units/b");
    Add("units/b", "2025-01-01", "2025-07-01", "units/c");
    Add("units/c", "2025-07-01", "", "");
  }

  void Add(const std::string& name, const std::string& from, const std::string& to,
           const std::string& successor) {
    Unit& unit = units[name];
    *unit.mutable_valid_from() = DateOf(from);
    if (to.empty()) return;
    *unit.mutable_valid_to() = DateOf(to);
    unit.add_successors()->set_unit(successor);
  }
  std::optional<Placement> On(const std::string& day) const {
    return PlacementOn(center, DayOf(DateOf(day)), [&](const std::string& name) -> const Unit* {
      const auto found = units.find(name);
      return found == units.end() ? nullptr : &found->second;
    });
  }

  Center center;
  std::map<std::string, Unit> units;
};

TEST_F(Placed, StandsWhereItOpenedWhileThatUnitIsThere) {
  EXPECT_EQ(On("2024-12-31")->unit(), "units/a");
  EXPECT_EQ(On("2024-12-31")->basis(), Placement::BASIS_STATED);
}

TEST_F(Placed, FollowsDefaultSuccessorsAndSaysSo) {
  EXPECT_EQ(On("2025-01-01")->unit(), "units/b");
  EXPECT_EQ(On("2026-01-01")->unit(), "units/c");
  EXPECT_EQ(On("2026-01-01")->basis(), Placement::BASIS_DEFAULT_SUCCESSOR);
}

TEST_F(Placed, StandsWhereItWasSaidToStand) {
  Placement& stated = *center.add_placements();
  stated.set_unit("units/d");
  *stated.mutable_from() = DateOf("2025-07-01");
  stated.set_basis(Placement::BASIS_STATED);
  EXPECT_EQ(On("2025-06-30")->unit(), "units/b");
  EXPECT_EQ(On("2025-07-01")->unit(), "units/d");
  EXPECT_EQ(On("2025-07-01")->basis(), Placement::BASIS_STATED);
}

// By the act that was told first, b takes a over in July; by the next, b ended in January.
TEST_F(Placed, DoesNotGoRoundWhereActsWereToldOutOfOrder) {
  units.clear();
  Add("units/a", "2020-03-01", "2025-07-01", "units/b");
  Add("units/b", "2020-03-01", "2025-01-01", "units/a");
  EXPECT_EQ(On("2025-06-30")->unit(), "units/a");
  EXPECT_EQ(On("2025-07-01")->unit(), "units/b");
}

TEST_F(Placed, StandsNowhereWhenItIsNotOpen) { EXPECT_FALSE(On("2020-02-29").has_value()); }

}  // namespace
}  // namespace learncity::registry::v1
