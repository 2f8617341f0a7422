#include "services/learncity/demo/synthetic_city.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "platform/rpc/field_rules.h"
#include "platform/runtime/concat.h"
#include "platform/testing/scenario.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/domain/person.h"
#include "services/enrollment/tables.h"
#include "services/registry/domain/center.h"
#include "services/registry/domain/unit.h"
#include "services/registry/domain/unit_act.h"
#include "services/registry/tables.h"

namespace learncity::demo {
namespace {

using namespace type::v1;
using enrollment::v1::Learner;
using enrollment::v1::Offering;
using testing::HasSubstr;
using testing::StartsWith;

const Day kToday = DayOf(DateOf("2026-11-22"));

std::string DataFile(const std::string& name) {
  std::ifstream file(Concat(LEARNCITY_SOURCE_DIR, "/data/hanoi/", name));
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

absl::StatusOr<Plan> PlanOf(const PlanOptions& options) {
  static const std::string& units = *new std::string(DataFile("units_2025.csv"));
  static const std::string& scale = *new std::string(DataFile("scale_parameters.csv"));
  static const std::string& old_units = *new std::string(DataFile("units_pre_2025.csv"));
  static const std::string& succession = *new std::string(DataFile("unit_succession.csv"));
  return PlanCity({.units_csv = units,
                   .scale_csv = scale,
                   .old_units_csv = old_units,
                   .succession_csv = succession},
                  options);
}

Plan Hanoi(int learners = 1'000, uint64_t seed = 1, Day today = kToday) {
  auto plan = PlanOf({.seed = seed, .learners = learners, .today = today});
  LEARNCITY_CHECK_OK(plan.status());
  return *std::move(plan);
}

// Everything a plan says.
std::string TextOf(const Plan& plan) {
  std::string text;
  const auto add = [&](const google::protobuf::Message& request, int64_t a, int64_t b) {
    text += Concat(request.ShortDebugString(), " ", a, " ", b, "\n");
  };
  const auto index = [](size_t i) { return static_cast<int64_t>(i); };
  for (const auto& request : plan.districts) add(request, 0, 0);
  for (const auto& request : plan.units) add(request, 0, 0);
  for (const auto& request : plan.acts) add(request, 0, 0);
  for (const auto& request : plan.counts) add(request, 0, 0);
  for (const auto& request : plan.awards) add(request, 0, 0);
  for (const auto& request : plan.recognitions) add(request, 0, 0);
  for (const auto& p : plan.accreditations) add(p.request, index(p.center), 0);
  for (const auto& p : plan.centers) add(p.request, index(p.unit), 0);
  for (const auto& p : plan.learners) add(p.request, p.unit ? index(*p.unit) : -1, 0);
  for (const auto& p : plan.offerings) add(p.request, index(p.center), 0);
  for (const auto& p : plan.enrollments) add(p.request, index(p.learner), index(p.offering));
  for (const auto& p : plan.completions) add(p.request, index(p.enrollment), 0);
  for (const auto& p : plan.withdrawals) add(p.request, index(p.enrollment), 0);
  return text;
}

double Share(int64_t part, size_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

// Field rules are met, once names are filled in.
void ExpectWellFormed(const google::protobuf::Message& request) {
  google::rpc::BadRequest violations;
  rpc::FieldPlan::Of(request.GetDescriptor()).Check(request, &violations);
  EXPECT_EQ(violations.field_violations_size(), 0)
      << request.ShortDebugString() << violations.ShortDebugString();
}

TEST(SyntheticCity, IsTheSameForTheSameSeed) {
  EXPECT_EQ(TextOf(Hanoi(1'000, 7)), TextOf(Hanoi(1'000, 7)));
}

TEST(SyntheticCity, IsAnotherForAnotherSeed) {
  const Plan one = Hanoi(1'000, 1), other = Hanoi(1'000, 2);
  EXPECT_NE(TextOf(one), TextOf(other));
  EXPECT_NE(one.units[0].request_id(), other.units[0].request_id());
}

TEST(SyntheticCity, NamesEachRequestOnce) {
  const Plan plan = Hanoi();
  std::set<std::string> ids;
  for (const auto& request : plan.units) ids.insert(request.request_id());
  for (const auto& p : plan.centers) ids.insert(p.request.request_id());
  for (const auto& p : plan.learners) ids.insert(p.request.request_id());
  for (const auto& p : plan.offerings) ids.insert(p.request.request_id());
  for (const auto& p : plan.enrollments) ids.insert(p.request.request_id());
  for (const auto& p : plan.completions) ids.insert(p.request.request_id());
  for (const auto& p : plan.withdrawals) ids.insert(p.request.request_id());
  EXPECT_EQ(ids.size(), plan.units.size() + plan.centers.size() + plan.learners.size() +
                            plan.offerings.size() + plan.enrollments.size() +
                            plan.completions.size() + plan.withdrawals.size());
}

TEST(SyntheticCity, HasTheRealUnitsAndCentersInThem) {
  const Plan plan = Hanoi();
  // 30 districts and 579 communes; by the first act 86 communes end and 33 begin, by the second 526
  // communes and the districts end, 126 communes and 30 clusters begin.
  ASSERT_EQ(plan.districts.size(), 30u);
  ASSERT_EQ(plan.units.size(), 579u);
  ASSERT_EQ(plan.acts.size(), 2u);
  EXPECT_EQ(plan.acts[0].unit_act().ended_size(), 86);
  EXPECT_EQ(plan.acts[0].unit_act().opened_size(), 33);
  EXPECT_EQ(plan.acts[1].unit_act().ended_size(), 526 + 30);
  EXPECT_EQ(plan.acts[1].unit_act().opened_size(), 126 + 30);
  ASSERT_EQ(plan.places.size(), 126u);
  EXPECT_EQ(plan.places[0], "units/00004-20250701");
  std::map<CenterKind, int> centers;
  for (const auto& planned : plan.centers) ++centers[planned.request.center().kind()];
  EXPECT_EQ(centers[CENTER_KIND_PRESCHOOL], 126);
  EXPECT_EQ(centers[CENTER_KIND_PRIMARY_SCHOOL], 126);
  EXPECT_EQ(centers[CENTER_KIND_LOWER_SECONDARY_SCHOOL], 126);
  EXPECT_EQ(centers[CENTER_KIND_UPPER_SECONDARY_SCHOOL], 50);
  EXPECT_EQ(centers[CENTER_KIND_COMMUNITY_LEARNING_CENTER], 119);
  EXPECT_EQ(centers[CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER], 29);
  EXPECT_EQ(centers[CENTER_KIND_LIBRARY], 32);
  EXPECT_EQ(centers[CENTER_KIND_CULTURE_HOUSE], 21);
}

TEST(SyntheticCity, IsHonouredAtTheCitysTotals) {
  const Plan plan = Hanoi();
  EXPECT_EQ(plan.awards.size(), 2'200u + 200u);
  // Of 2.327 million pupils a thousand are planned, and so many of the recognitions.
  EXPECT_EQ(plan.recognitions.size(), 610u + 3u + 2u);
  int schools = 0;
  for (const auto& planned : plan.centers) {
    const auto& center = planned.request.center();
    schools +=
        center.kind() <= CENTER_KIND_MULTI_LEVEL_SCHOOL && center.ownership() == OWNERSHIP_PUBLIC;
  }
  EXPECT_NEAR(Share(static_cast<int64_t>(plan.accreditations.size()), static_cast<size_t>(schools)),
              0.8, 0.06);
  for (auto planned : plan.accreditations) {
    planned.request.mutable_accreditation()->set_center("centers/1");
    ExpectWellFormed(planned.request);
  }
  for (const auto& request : plan.awards) ExpectWellFormed(request);
  for (const auto& request : plan.recognitions) ExpectWellFormed(request);
}

// The one ward that is nobody's default successor is there all the same, and in a cluster.
TEST(SyntheticCity, KnowsTheWardThatIsNobodysDefaultSuccessor) {
  const Plan plan = Hanoi();
  const auto& act = plan.acts[1].unit_act();
  int parts = 0;
  for (const auto& ended : act.ended()) {
    for (const auto& successor : ended.successors()) {
      if (successor.unit() != "units/00340-20250701") continue;
      ++parts;
      EXPECT_FALSE(successor.is_default());
    }
  }
  EXPECT_GT(parts, 0);
  for (const auto& unit : act.opened()) {
    if (unit.code() == "00340") EXPECT_FALSE(unit.parent().empty());
  }
}

// Learners, by the level of the first offering that they enroll in.
std::map<IscedLevel, int> LearnersByLevel(const Plan& plan) {
  std::map<IscedLevel, int> counts;
  std::set<size_t> seen;
  for (const auto& planned : plan.enrollments) {
    const auto& offering = plan.offerings[planned.offering].request.offering();
    if (seen.insert(planned.learner).second) ++counts[offering.isced_level()];
  }
  EXPECT_EQ(seen.size(), plan.learners.size()) << "everybody learns something";
  return counts;
}

TEST(SyntheticCity, KeepsToTheProportionsOfTheCity) {
  const Plan plan = Hanoi(20'000);
  const auto levels = LearnersByLevel(plan);
  // Pupils of the city over all whom the plan stands for: 2,668,000.
  EXPECT_NEAR(levels.at(ISCED_LEVEL_01), 20'000 * 120.0 / 2'668, 1);
  EXPECT_NEAR(levels.at(ISCED_LEVEL_02), 20'000 * 445.0 / 2'668, 1);
  EXPECT_NEAR(levels.at(ISCED_LEVEL_1), 20'000 * 780.0 / 2'668, 1);
  EXPECT_NEAR(levels.at(ISCED_LEVEL_2), 20'000 * 650.0 / 2'668, 1);
  EXPECT_NEAR(levels.at(ISCED_LEVEL_3), 20'000 * 361.0 / 2'668, 2);
  int64_t girls = 0, boys = 0, disabled = 0, without_papers = 0, without_address = 0;
  int64_t without_birth = 0, without_unit = 0;
  for (const auto& planned : plan.learners) {
    const Learner& learner = planned.request.learner();
    girls += learner.sex() == SEX_FEMALE;
    boys += learner.sex() == SEX_MALE;
    disabled += learner.has_disability() == YES_NO_YES;
    without_papers += learner.person().national_id().empty();
    without_address += learner.person().address().empty();
    without_birth += !learner.person().has_birth_date() && learner.birth_year() == 0;
    without_unit += !planned.unit;
  }
  EXPECT_NEAR(Share(girls, static_cast<size_t>(girls + boys)), 0.473, 0.015);
  EXPECT_NEAR(Share(girls + boys, 20'000), 0.995, 0.003);
  EXPECT_NEAR(Share(disabled, 20'000), 0.028, 0.005);
  EXPECT_NEAR(Share(without_papers, 20'000), 0.07, 0.015);
  EXPECT_NEAR(Share(without_address, 20'000), 0.06, 0.01);
  EXPECT_NEAR(Share(without_birth, 20'000), 0.015, 0.005);
  EXPECT_NEAR(Share(without_unit, 20'000), 0.03, 0.01);
}

// Pupils at a level whose birth year is known, and those at least two years over the age of their
// grade.
std::pair<int, int> OverAge(const Plan& plan, IscedLevel level) {
  int all = 0, over_age = 0;
  for (const auto& planned : plan.enrollments) {
    const auto& offering = plan.offerings[planned.offering].request.offering();
    Learner learner = plan.learners[planned.learner].request.learner();
    enrollment::v1::FillBirthYear(learner);
    if (offering.isced_level() != level || learner.birth_year() == 0) continue;
    ++all;
    over_age += 2026 - learner.birth_year() >= offering.grade() + 5 + 2;
  }
  return {all, over_age};
}

TEST(SyntheticCity, HasPupilsWhoAreOverAgeForTheirGrade) {
  const Plan plan = Hanoi(20'000);
  const auto [primary, over_age_primary] = OverAge(plan, ISCED_LEVEL_1);
  EXPECT_NEAR(Share(over_age_primary, static_cast<size_t>(primary)), 0.025, 0.008);
  const auto [secondary, over_age_secondary] = OverAge(plan, ISCED_LEVEL_2);
  EXPECT_NEAR(Share(over_age_secondary, static_cast<size_t>(secondary)), 0.035, 0.01);
  EXPECT_GT(OverAge(Hanoi(), ISCED_LEVEL_1).second, 0) << "a small plan shows some too";
}

TEST(SyntheticCity, HasCentersThatFunctionAndOthers) {
  const Plan plan = Hanoi();
  std::set<size_t> recent, older;
  for (const auto& planned : plan.enrollments) {
    const auto& offering = plan.offerings[planned.offering];
    if (offering.request.offering().kind() != OFFERING_KIND_COMMUNITY_COURSE) continue;
    const bool is_recent =
        DayOf(offering.request.offering().end_date()) >= DayOf(DateOf("2025-11-01"));
    (is_recent ? recent : older).insert(offering.center);
  }
  EXPECT_GT(recent.size(), 30u);
  EXPECT_LT(recent.size(), 110u);
  EXPECT_GT(older.size(), 3u);
}

TEST(SyntheticCity, HasLiteracyClassesAdultsInGradeTenAndEndings) {
  const Plan plan = Hanoi();
  std::map<OfferingKind, int> enrolled;
  for (const auto& planned : plan.enrollments) {
    ++enrolled[plan.offerings[planned.offering].request.offering().kind()];
  }
  EXPECT_GT(enrolled[OFFERING_KIND_LITERACY_CLASS], 0);
  EXPECT_GT(enrolled[OFFERING_KIND_CONTINUING_CLASS], 5);
  EXPECT_GT(plan.completions.size(), 20u);
  EXPECT_GT(plan.withdrawals.size(), 5u);
}

TEST(SyntheticCity, NamesNobodyWhoCouldBeReal) {
  std::set<std::string> ids;
  for (const auto& planned : Hanoi(20'000).learners) {
    const auto& person = planned.request.learner().person();
    EXPECT_THAT(person.full_name(), testing::EndsWith(" (mẫu)"));
    if (!person.phone().empty()) {
      EXPECT_THAT(person.phone(), StartsWith("0000"));
    }
    if (person.national_id().empty()) continue;
    EXPECT_THAT(person.national_id(), StartsWith("999"));
    EXPECT_TRUE(ids.insert(person.national_id()).second) << person.national_id();
  }
  EXPECT_GT(ids.size(), 15'000u);
}

// Sends a plan to the rules themselves; what the loader fills in is filled in.
class RulesOfTheCity {
 public:
  explicit RulesOfTheCity(Day today) : today_(today) {
    const std::string now = Concat(FormatDay(today), "T05:00:00Z");
    registry_.At(now);
    enrollment_.At(now);
  }

  void Run(Plan plan) {
    for (auto& request : plan.districts) {
      Ask<registry::v1::OpenUnitCase>(registry_, request, "units");
    }
    for (auto& request : plan.units) {
      Ask<registry::v1::OpenUnitCase>(registry_, request, "units");
    }
    for (auto& request : plan.acts) {
      Ask<registry::v1::RecordUnitActCase>(registry_, request, "unitActs");
    }
    units_ = plan.places;
    for (const std::string& unit : units_) {
      registry::v1::UnitEvent event;
      *event.mutable_opened()->mutable_unit() = registry_.Get<registry::v1::Unit>(unit);
      enrollment_.Given(unit, event);
    }
    for (auto& planned : plan.centers) {
      planned.request.mutable_center()->set_unit(units_[planned.unit]);
      centers_.push_back(Ask<registry::v1::OpenCenterCase>(registry_, planned.request, "centers"));
      registry::v1::CenterEvent event;
      *event.mutable_opened()->mutable_center() =
          registry_.Get<registry::v1::Center>(centers_.back());
      enrollment_.Given(centers_.back(), event);
    }
    for (auto& planned : plan.learners) Register(planned);
    for (auto& planned : plan.offerings) {
      planned.request.mutable_offering()->set_center(centers_[planned.center]);
      offerings_.push_back(
          Ask<enrollment::v1::OpenOfferingCase>(enrollment_, planned.request, "offerings"));
    }
    RunEnrollments(plan);
  }

  int refused() const { return refused_; }

 private:
  void Register(PlannedLearner& planned) {
    Learner& learner = *planned.request.mutable_learner();
    if (planned.unit) learner.set_unit(units_[*planned.unit]);
    ExpectWellFormed(planned.request);
    const auto findings = enrollment::v1::CheckPerson(learner, today_);
    EXPECT_EQ(findings.violations.field_violations_size(), 0) << learner.ShortDebugString();
    EXPECT_EQ(findings.warnings.field_violations_size(), 0) << learner.ShortDebugString();
    // As the surface does: the person is sealed, and the learner has a name.
    learner.clear_person();
    learner.set_name(Concat("learners/", planned.request.request_id()));
    EXPECT_FALSE(enrollment_.When<enrollment::v1::RegisterCase>(planned.request).refused());
    learners_.push_back(learner.name());
  }

  void RunEnrollments(Plan& plan) {
    std::vector<std::string> enrollments;
    for (auto& planned : plan.enrollments) {
      planned.request.set_learner(learners_[planned.learner]);
      planned.request.set_offering(offerings_[planned.offering]);
      ExpectWellFormed(planned.request);
      const auto outcome = enrollment_.When<enrollment::v1::EnrollCase>(planned.request);
      enrollments.push_back(outcome.refused() ? "" : enrollment_.New("enrollments"));
      if (!outcome.refused()) continue;
      ++refused_;
      outcome.ThenRefused(enrollment::v1::OFFERING_FULL);
    }
    for (auto& planned : plan.completions) {
      planned.request.set_name(enrollments.at(planned.enrollment));
      Ask<enrollment::v1::CompleteCase>(enrollment_, planned.request, "");
    }
    for (auto& planned : plan.withdrawals) {
      planned.request.set_name(enrollments.at(planned.enrollment));
      Ask<enrollment::v1::WithdrawCase>(enrollment_, planned.request, "");
    }
  }

  // The name of what the request makes; it is well formed and not refused.
  template <class Case, class Request>
  std::string Ask(Scenario& scenario, const Request& request, std::string_view collection) {
    ExpectWellFormed(request);
    const auto outcome = scenario.When<Case>(request);
    EXPECT_FALSE(outcome.refused()) << request.ShortDebugString();
    return collection.empty() ? "" : scenario.New(std::string(collection));
  }

  const Day today_;
  Scenario registry_{registry::RegistrySchema()};
  Scenario enrollment_{enrollment::EnrollmentSchema()};
  std::vector<std::string> units_, centers_, learners_, offerings_;
  int refused_ = 0;
};

TEST(SyntheticCity, PassesTheRulesButForSeatsThatAreGone) {
  RulesOfTheCity rules(kToday);
  rules.Run(Hanoi());
  EXPECT_EQ(rules.refused(), kRefusedMax);
}

TEST(SyntheticCity, PassesTheRulesOnAnyDay) {
  for (const char* day : {"2026-01-01", "2026-07-15", "2026-09-05", "2028-02-29"}) {
    SCOPED_TRACE(day);
    const Day today = DayOf(DateOf(day));
    RulesOfTheCity rules(today);
    rules.Run(Hanoi(300, 3, today));
  }
}

TEST(SyntheticCity, IsAsSmallAsOneLearner) {
  RulesOfTheCity rules(kToday);
  rules.Run(Hanoi(1));
  EXPECT_EQ(rules.refused(), 0);
}

TEST(SyntheticCity, IsInTermWhenClassesRun) {
  EXPECT_EQ(FormatDay(Hanoi(1).in_term), "2026-11-22");
  EXPECT_EQ(FormatDay(Hanoi(1, 1, DayOf(DateOf("2026-07-15"))).in_term), "2026-05-31");
}

TEST(SyntheticCity, RefusesOptionsItCannotKeep) {
  const auto nobody = PlanOf({.learners = 0, .today = kToday});
  EXPECT_EQ(nobody.status().message(), "learners: 0: give 1 to 200000");
  const auto too_early = PlanOf({.today = DayOf(DateOf("2025-12-31"))});
  EXPECT_THAT(std::string(too_early.status().message()), HasSubstr("2026-01-01 or later"));
}

TEST(SyntheticCity, SaysWhichLineOfAFileIsWrong) {
  const std::string header = "code,name,name_with_type,type,area_km2,lat,lon,valid_from\n";
  const auto message = [](const std::string& units, const std::string& scale) {
    return std::string(PlanCity({units, scale, "", ""}, {.today = kToday}).status().message());
  };
  EXPECT_EQ(message("code,name\n", ""),
            "units_2025.csv:1: the header must be "
            "code,name,name_with_type,type,area_km2,lat,lon,valid_from");
  EXPECT_EQ(message(header + "00004,A,Phường A,phường,1,21,105,2025-02-30\n", ""),
            "units_2025.csv:2: valid_from: a day, as 2025-07-01");
  EXPECT_EQ(message(header + "00004,A,Phường A,phường,1,21,105,2025-07-01\n", "a,b\n"),
            "scale_parameters.csv:1: there is no parameter pupils_nursery");
}

}  // namespace
}  // namespace learncity::demo
