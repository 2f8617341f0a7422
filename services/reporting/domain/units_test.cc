#include "services/reporting/domain/units.h"

#include "gmock/gmock.h"
#include "platform/testing/text.h"
#include "services/reporting/domain/days.h"
#include "services/reporting/domain/references.h"

namespace learncity::reporting {
namespace {

using registry::v1::UnitCountEvent;
using registry::v1::UnitEvent;
using testing::ElementsAre;

// Folds registry's events, as the ledger does.
class UnitsOfEvents : public testing::Test {
 protected:
  // Adds `more` to what every unit has, as "valid_from { … } type: …".
  void Opened(const std::string& unit, const std::string& from, const std::string& more) {
    auto event = FromText<UnitEvent>("opened { unit { name: 'units/" + unit + "' " + more + " } }");
    *event.mutable_opened()->mutable_unit()->mutable_valid_from() = DateOf(from);
    Fold(unit, event);
  }
  void Ended(const std::string& unit, const std::string& on, const std::string& successors) {
    auto event = FromText<UnitEvent>("ended { " + successors + " }");
    *event.mutable_ended()->mutable_valid_to() = DateOf(on);
    Fold(unit, event);
  }
  void Fold(const std::string& unit, const UnitEvent& event) {
    Evolve(references_[unit], event);
    units.Add(references_[unit]);
  }
  void Counted(const std::string& count, const std::string& on) {
    auto event = FromText<UnitCountEvent>("counted { count { " + count + " } }");
    *event.mutable_counted()->mutable_count()->mutable_date() = DateOf(on);
    v1::UnitCountReference reference;
    Evolve(reference, event);
    units.Add(reference);
  }

  std::string StandsIn(const std::string& unit, const std::string& on) {
    const auto* found = units.StandsIn("units/" + unit, DayOf(DateOf(on)));
    return found == nullptr ? "none" : found->name();
  }
  std::vector<std::string> InForceOn(const std::string& on) {
    std::vector<std::string> names;
    for (const auto* unit : units.InForceOn(DayOf(DateOf(on)))) names.push_back(unit->name());
    return names;
  }

  Units units;

 private:
  std::map<std::string, v1::UnitReference> references_;
};

const std::string kWard = "type: UNIT_TYPE_WARD";
const std::string kCommune = "type: UNIT_TYPE_COMMUNE";

TEST_F(UnitsOfEvents, FollowTheDefaultSuccessorUpToTheDay) {
  Opened("a", "2020-03-01", kWard);
  Opened("b", "2025-01-01", kWard);
  Opened("c", "2025-07-01", kWard);
  Opened("d", "2025-07-01", kWard);
  Ended("a", "2025-01-01", "successors { unit: 'units/b' is_default: true }");
  Ended("b", "2025-07-01",
        "successors { unit: 'units/d' } successors { unit: 'units/c' is_default: true }");
  EXPECT_EQ(StandsIn("a", "2024-12-31"), "units/a");
  EXPECT_EQ(StandsIn("a", "2025-01-01"), "units/b");
  EXPECT_EQ(StandsIn("a", "2025-06-30"), "units/b");
  EXPECT_EQ(StandsIn("a", "2025-07-01"), "units/c");
  EXPECT_EQ(StandsIn("d", "2026-01-01"), "units/d");
}

TEST_F(UnitsOfEvents, HaveNoPlaceForWhatIsOfNoUnitOfTheDay) {
  Opened("a", "2020-03-01", kWard);
  Opened("b", "2025-07-01", kWard);
  Opened("lapsed", "2020-03-01", kWard + " valid_to { year: 2024 month: 1 day: 1 }");
  Opened("district", "2020-03-01", "type: UNIT_TYPE_URBAN_DISTRICT");
  // What began later was a part of nobody knows what.
  EXPECT_EQ(StandsIn("b", "2025-06-30"), "none");
  EXPECT_EQ(StandsIn("lapsed", "2023-12-31"), "units/lapsed");
  EXPECT_EQ(StandsIn("lapsed", "2024-01-01"), "none");
  EXPECT_EQ(StandsIn("district", "2024-01-01"), "none");
  EXPECT_EQ(StandsIn("unheard of", "2024-01-01"), "none");
}

TEST_F(UnitsOfEvents, TakeAResidentialGroupToItsCommune) {
  Opened("a", "2020-03-01", kCommune);
  Opened("b", "2025-07-01", kCommune);
  Opened("a-1", "2020-03-01", "type: UNIT_TYPE_RESIDENTIAL_GROUP parent: 'units/a'");
  Ended("a", "2025-07-01", "successors { unit: 'units/b' is_default: true }");
  EXPECT_EQ(StandsIn("a-1", "2025-06-30"), "units/a");
  EXPECT_EQ(StandsIn("a-1", "2025-07-01"), "units/b");
}

TEST_F(UnitsOfEvents, EndWithReferencesThatContradictEachOther) {
  Opened("a", "2020-03-01", kWard);
  Opened("b", "2020-03-01", kWard);
  Ended("a", "2021-01-01", "successors { unit: 'units/b' is_default: true }");
  Ended("b", "2021-01-01", "successors { unit: 'units/a' is_default: true }");
  EXPECT_EQ(StandsIn("a", "2021-01-01"), "none");
}

TEST_F(UnitsOfEvents, OfCommuneLevelInForceComeInTheOrderOfTheirNames) {
  Opened("c", "2025-07-01", "type: UNIT_TYPE_TOWNSHIP");
  Opened("b", "2020-03-01", kCommune);
  Opened("a", "2020-03-01", kWard);
  Opened("cluster", "2020-03-01", "type: UNIT_TYPE_PROFESSIONAL_CLUSTER");
  Ended("a", "2025-07-01", "successors { unit: 'units/c' is_default: true }");
  EXPECT_THAT(InForceOn("2020-02-29"), ElementsAre());
  EXPECT_THAT(InForceOn("2025-06-30"), ElementsAre("units/a", "units/b"));
  EXPECT_THAT(InForceOn("2025-07-01"), ElementsAre("units/b", "units/c"));
}

TEST_F(UnitsOfEvents, GiveTheLatestCountThatIsDatedByTheDay) {
  const std::string households = "unit: 'units/a' thing: COUNTED_THING_HOUSEHOLDS source: 's' ";
  Counted(households + "count: 30", "2025-12-31");
  Counted(households + "count: 20 is_estimated: true", "2024-12-31");
  Counted("unit: 'units/a' thing: COUNTED_THING_POPULATION count: 99", "2026-06-01");
  const auto count = [&](const std::string& on) {
    const auto* found = units.CountOf("units/a", "households", DayOf(DateOf(on)));
    return found == nullptr ? -1 : found->count();
  };
  EXPECT_EQ(count("2024-12-30"), -1);
  EXPECT_EQ(count("2024-12-31"), 20);
  EXPECT_EQ(count("2025-12-30"), 20);
  EXPECT_EQ(count("2026-12-31"), 30);
  EXPECT_TRUE(units.CountOf("units/a", "households", DayOf(DateOf("2025-01-01")))->is_estimated());
  // Counted again for the same day, the later one holds.
  Counted(households + "count: 31", "2025-12-31");
  EXPECT_EQ(count("2025-12-31"), 31);
}

TEST(CountedSeries, AreThoseThatRegistryCounts) {
  for (const auto* series :
       {"population", "households", "clans", "residential_groups", "organizations"}) {
    EXPECT_TRUE(IsCountedOfUnits(series)) << series;
  }
  EXPECT_FALSE(IsCountedOfUnits("illiterate"));
  EXPECT_FALSE(IsCountedOfUnits("unspecified"));
}

}  // namespace
}  // namespace learncity::reporting
