// Figures by unit, worked by hand: two old wards a and b, which were merged into c on 2025-07-01,
// and a commune d that stayed.
#include "gmock/gmock.h"
#include "learncity/achievements/v1/achievements_events.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/testing/text.h"
#include "services/reporting/city_in_memory.h"

namespace learncity::reporting {
namespace {

using testing::ElementsAre;

class UnitFigures : public testing::Test {
 protected:
  UnitFigures() {
    UnitOpened("a", "2020-03-01");
    UnitOpened("b", "2020-03-01");
    UnitOpened("d", "2020-03-01");
    UnitOpened("c", "2025-07-01");
    for (const std::string ended : {"a", "b"}) {
      city.Happened("registry", "units/" + ended,
                    FromText<registry::v1::UnitEvent>(
                        "ended { valid_to { year: 2025 month: 7 day: 1 } "
                        "successors { unit: 'units/c' whole: true is_default: true } }"));
    }
  }

  void UnitOpened(const std::string& unit, const std::string& from) {
    auto event = FromText<registry::v1::UnitEvent>("opened { unit { name: 'units/" + unit +
                                                   "' type: UNIT_TYPE_WARD } }");
    *event.mutable_opened()->mutable_unit()->mutable_valid_from() = DateOf(from);
    city.Happened("registry", "units/" + unit, event);
  }
  void Counted(const std::string& unit, const std::string& thing, const std::string& on,
               int64_t count, const std::string& more = "source: 'a census'") {
    auto event = FromText<registry::v1::UnitCountEvent>("counted { count { unit: 'units/" + unit +
                                                        "' thing: " + thing + " " + more + " } }");
    event.mutable_counted()->mutable_count()->set_count(count);
    *event.mutable_counted()->mutable_count()->mutable_date() = DateOf(on);
    city.Happened("registry", "unitCounts/" + thing + unit + on, event);
  }
  // A learning family from the first day of a year on.
  void Recognised(const std::string& family, const std::string& unit, int year) {
    auto event = FromText<achievements::v1::RecognitionEvent>(
        "granted { recognition { unit: 'units/" + unit +
        "' kind: RECOGNITION_SUBJECT_FAMILY periods {} } }");
    auto& period = *event.mutable_granted()->mutable_recognition()->mutable_periods(0);
    *period.mutable_valid_from() = DateOf(std::to_string(year) + "-01-01");
    *period.mutable_valid_to() = DateOf("2030-01-01");
    city.Happened("achievements", "recognitions/" + family, event);
  }
  void SchoolOpened(const std::string& school, const std::string& unit, bool accredited) {
    auto event = FromText<registry::v1::CenterEvent>(
        "opened { center { name: 'centers/" + school + "' unit: 'units/" + unit +
        "' kind: CENTER_KIND_PRIMARY_SCHOOL ownership: OWNERSHIP_PUBLIC "
        "valid_from { year: 2021 month: 9 day: 1 } } }");
    city.Happened("registry", "centers/" + school, event);
    if (!accredited) return;
    const auto granted = FromText<registry::v1::AccreditationEvent>(
        "granted { accreditation { name: 'accreditations/" + school + "' center: 'centers/" +
        school +
        "' level: 1 valid_from { year: 2022 month: 1 day: 1 } "
        "valid_to { year: 2027 month: 1 day: 1 } } }");
    city.Happened("registry", "accreditations/" + school, granted);
  }

  // "c 2/20" each, "?" where the value is missing and "E" where it is estimated.
  std::vector<std::string> ByUnit(const std::string& code, const std::string& as_of) {
    std::vector<std::string> texts;
    const auto evaluation = city.Evaluate(code, as_of);
    for (const auto& figure : evaluation.figures()) {
      if (!figure.by_unit()) continue;
      std::string text = figure.unit().substr(std::min<size_t>(figure.unit().size(), 6)) + " " +
                         std::to_string(figure.numerator()) + "/" +
                         std::to_string(figure.denominator());
      if (figure.status() == v1::OBSERVATION_STATUS_MISSING) text += "?";
      if (figure.status() == v1::OBSERVATION_STATUS_ESTIMATED) text += "E";
      texts.push_back(text);
    }
    return texts;
  }

  CityInMemory city;
};

const std::string kHouseholds = "COUNTED_THING_HOUSEHOLDS";
const std::string kFamilies = "KF-5.1-b";
const std::string kSchools = "HN-STANDARD";

TEST_F(UnitFigures, MoveToTheUnitThatTookOver) {
  Recognised("1", "a", 2024);
  Recognised("2", "b", 2024);
  Recognised("3", "c", 2026);
  Counted("a", kHouseholds, "2024-12-31", 10);
  Counted("b", kHouseholds, "2024-12-31", 20);
  Counted("c", kHouseholds, "2025-12-31", 40);
  Counted("d", kHouseholds, "2024-12-31", 50);
  // As it was, and as it is.
  EXPECT_THAT(ByUnit(kFamilies, "2025-06-30"), ElementsAre("a 1/10", "b 1/20", "d 0/50"));
  // The new ward has no count of its own before the end of the year: those of the old ones are not
  // its own.
  EXPECT_THAT(ByUnit(kFamilies, "2025-07-01"), ElementsAre("c 2/0?", "d 0/50"));
  EXPECT_THAT(ByUnit(kFamilies, "2026-06-30"), ElementsAre("c 3/40", "d 0/50"));
}

TEST_F(UnitFigures, SayWhatTheirDenominatorIsAndWhyThereIsNone) {
  Recognised("1", "c", 2026);
  Counted("c", kHouseholds, "2025-12-31", 40, "source: 'an area' is_estimated: true");
  const auto evaluation = city.Evaluate(kFamilies, "2026-06-30");
  ASSERT_EQ(evaluation.figures_size(), 3);
  EXPECT_FALSE(evaluation.figures(0).by_unit());
  const auto& c = evaluation.figures(1);
  EXPECT_EQ(c.unit(), "units/c");
  EXPECT_EQ(c.value(), 2.5);
  EXPECT_EQ(c.status(), v1::OBSERVATION_STATUS_ESTIMATED);
  EXPECT_EQ(c.comment(), "the households is an estimate");
  const auto& d = evaluation.figures(2);
  EXPECT_EQ(d.status(), v1::OBSERVATION_STATUS_MISSING);
  EXPECT_EQ(d.comment(), "there is no households of the unit for this date");
  EXPECT_THAT(evaluation.denominator_source(),
              testing::EndsWith("households of each unit: an area"));
}

TEST_F(UnitFigures, AddUpToTheTotal) {
  for (int i = 0; i < 12; ++i) {
    const std::string unit = i % 4 == 0 ? "a" : i % 4 == 1 ? "b" : i % 4 == 2 ? "d" : "nowhere";
    Recognised(std::to_string(i), unit, 2020 + i % 6);
  }
  for (const std::string as_of : {"2020-02-01", "2022-05-05", "2025-06-30", "2025-07-01"}) {
    const auto evaluation = city.Evaluate(kFamilies, as_of);
    int64_t sum = 0;
    for (const auto& figure : evaluation.figures()) {
      if (figure.by_unit()) sum += figure.numerator();
    }
    EXPECT_EQ(sum, evaluation.figures(0).numerator()) << as_of;
    EXPECT_GT(sum, 0) << as_of;
  }
}

TEST_F(UnitFigures, ShowWhatStandsInNoUnitUnderAnEmptyName) {
  Recognised("1", "nowhere", 2024);
  // A ward that begins later: nobody knows of which unit it was a part until then.
  Recognised("2", "c", 2024);
  EXPECT_THAT(ByUnit(kFamilies, "2025-06-30"), ElementsAre("a 0/0?", "b 0/0?", "d 0/0?", " 2/0?"));
  EXPECT_EQ(city.Evaluate(kFamilies, "2025-06-30").figures(4).comment(),
            "it stands in no unit of this date");
  EXPECT_THAT(ByUnit(kFamilies, "2025-07-01"), ElementsAre("c 1/0?", "d 0/0?", " 1/0?"));
}

TEST_F(UnitFigures, AreDividedByCellsOfTheSameUnit) {
  SchoolOpened("1", "a", true);
  SchoolOpened("2", "b", false);
  EXPECT_THAT(ByUnit(kSchools, "2025-06-30"), ElementsAre("a 1/1", "b 0/1", "d 0/0?"));
  EXPECT_THAT(ByUnit(kSchools, "2025-07-01"), ElementsAre("c 1/2", "d 0/0?"));
}

TEST_F(UnitFigures, AreNeverSplitFurther) {
  SchoolOpened("1", "a", true);
  const auto evaluation = city.Evaluate(kSchools, "2025-06-30");
  for (const auto& figure : evaluation.figures()) {
    EXPECT_FALSE(figure.by_unit() && figure.by_center_kind());
  }
}

// A monthly figure is of the last closed month; where its spaces stand is asked for the date
// itself.
TEST_F(UnitFigures, OfAClosedMonthStandInTheUnitsOfTheDateAskedFor) {
  const auto opened = FromText<registry::v1::CenterEvent>(
      "opened { center { name: 'centers/clc' unit: 'units/a' "
      "kind: CENTER_KIND_COMMUNITY_LEARNING_CENTER valid_from { year: 2021 month: 1 day: 1 } } }");
  city.Happened("registry", "centers/clc", opened);
  city.Registered("Lan", 1990, type::v1::SEX_FEMALE);
  city.Admitted("1", "Lan", "2025-03-01", {.center = "clc", .last_day = "2025-05-31"});
  Counted("a", "COUNTED_THING_POPULATION", "2024-12-31", 1000);
  Counted("c", "COUNTED_THING_POPULATION", "2025-07-01", 4000);
  EXPECT_THAT(ByUnit("KF-5.1-a", "2025-06-30"), ElementsAre("a 1/1000", "b 0/0?", "d 0/0?"));
  EXPECT_THAT(ByUnit("KF-5.1-a", "2025-07-15"), ElementsAre("c 1/4000", "d 0/0?"));
}

TEST_F(UnitFigures, AreComputedAgainToTheSameBytes) {
  Recognised("1", "a", 2024);
  Counted("d", kHouseholds, "2024-12-31", 50);
  const auto frozen = city.Report("2025-07-01");
  // What happens afterwards changes nothing of it.
  Counted("d", kHouseholds, "2024-12-31", 60);
  city.Happened(
      "registry", "units/d",
      FromText<registry::v1::UnitEvent>("ended { valid_to { year: 2025 month: 1 day: 1 } }"));
  const auto again = city.Recomputed(frozen);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(ContentBytes(*again), ContentBytes(frozen));
  EXPECT_NE(ContentBytes(city.Report("2025-07-01")), ContentBytes(frozen));
}

}  // namespace
}  // namespace learncity::reporting
