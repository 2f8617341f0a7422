#include "services/learncity/demo/synthetic_city.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "platform/persons/papers.h"
#include "services/learncity/demo/planned_hanoi.h"

namespace learncity::demo {
namespace {

using namespace type::v1;
using enrollment::v1::Learner;
using enrollment::v1::Offering;
using testing::HasSubstr;
using testing::StartsWith;

// Every request of an activity, in one order.
template <class See>
void ForEachRequest(const CenterActivity& activity, const See& see) {
  for (const auto& request : activity.offerings) see(request);
  for (const PlannedLearner& learner : activity.learners) {
    see(learner.request);
    for (const PlannedEnrollment& enrollment : learner.enrollments) {
      see(enrollment.request);
      if (enrollment.completion) see(*enrollment.completion);
      if (enrollment.withdrawal) see(*enrollment.withdrawal);
    }
  }
}

// Every request of a plan.
template <class See>
void ForEachRequest(const Plan& plan, const See& see) {
  for (const auto& request : plan.districts) see(request);
  for (const auto& request : plan.units) see(request);
  for (const auto& request : plan.acts) see(request);
  for (const auto& planned : plan.centers) see(planned.request);
  for (const auto& planned : plan.accreditations) see(planned.request);
  for (const auto& request : plan.counts) see(request);
  for (const auto& request : plan.awards) see(request);
  for (size_t i = 0; i < plan.recognitions; ++i) see(plan.recognition(i));
  ForEachActivity(plan, [&](const CenterActivity& activity) { ForEachRequest(activity, see); });
}

std::string TextOf(const CenterActivity& activity) {
  std::string text;
  ForEachRequest(activity, [&](const auto& request) { text += request.ShortDebugString(); });
  return text;
}

std::string TextOf(const Plan& plan) {
  std::string text;
  ForEachRequest(plan, [&](const auto& request) { text += request.ShortDebugString(); });
  return text;
}

double Share(int64_t part, int64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

TEST(SyntheticCity, IsTheSameForTheSameSeed) {
  EXPECT_EQ(TextOf(Hanoi(kSmall, 7)), TextOf(Hanoi(kSmall, 7)));
}

TEST(SyntheticCity, IsAnotherForAnotherSeed) {
  const Plan one = Hanoi(kSmall, 1), other = Hanoi(kSmall, 2);
  EXPECT_NE(TextOf(one), TextOf(other));
  EXPECT_NE(one.units[0].request_id(), other.units[0].request_id());
}

TEST(SyntheticCity, PlansEachCenterAlikeWhateverWasAskedForBefore) {
  const Plan plan = Hanoi(200), again = Hanoi(200);
  ASSERT_GT(plan.activities, 10u);
  std::map<size_t, std::string> texts;
  for (size_t i = 0; i < plan.activities; ++i) texts[i] = TextOf(plan.activity(i));
  for (size_t i = again.activities; i-- > 0;) EXPECT_EQ(TextOf(again.activity(i)), texts[i]) << i;
}

TEST(SyntheticCity, NamesEachRequestOnce) {
  std::set<std::string> ids;
  size_t requests = 0;
  ForEachRequest(Hanoi(200), [&](const auto& request) {
    ++requests;
    ids.insert(request.request_id());
  });
  EXPECT_EQ(ids.size(), requests);
  // Of another scale all are others.
  ForEachRequest(Hanoi(201),
                 [&](const auto& request) { EXPECT_FALSE(ids.contains(request.request_id())); });
}

std::map<CenterKind, int> CentersByKind(const Plan& plan) {
  std::map<CenterKind, int> centers;
  for (const auto& planned : plan.centers) ++centers[planned.request.center().kind()];
  return centers;
}

bool IsSchool(const registry::v1::Center& center) {
  return center.kind() <= CENTER_KIND_MULTI_LEVEL_SCHOOL;
}

TEST(SyntheticCity, HasTheRealUnits) {
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
}

TEST(SyntheticCity, HasAtTrueSizeAsManyOfAllAsTheCityPublishes) {
  const Plan plan = Hanoi(1);
  auto centers = CentersByKind(plan);
  // 1,190, 800, 670, 255 and 40 are from memory and one more than the 2,954 that are published.
  int schools = 0, private_schools = 0;
  std::set<size_t> units;
  for (const auto& planned : plan.centers) {
    const auto& center = planned.request.center();
    schools += IsSchool(center);
    private_schools += center.ownership() == OWNERSHIP_PRIVATE;
    if (center.kind() == CENTER_KIND_COMMUNITY_LEARNING_CENTER) units.insert(planned.unit);
  }
  EXPECT_EQ(schools, 2'954);
  EXPECT_EQ(private_schools, 617);
  EXPECT_NEAR(centers[CENTER_KIND_PRESCHOOL], 1'190, 1);
  EXPECT_EQ(centers[CENTER_KIND_MULTI_LEVEL_SCHOOL], 40);
  EXPECT_EQ(centers[CENTER_KIND_COMMUNITY_LEARNING_CENTER], 526);
  EXPECT_EQ(units.size(), 126u) << "in every unit";
  EXPECT_EQ(centers[CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER], 29);
  EXPECT_EQ(centers[CENTER_KIND_LIBRARY], 1'192);
  EXPECT_EQ(centers[CENTER_KIND_VOCATIONAL_INSTITUTION], 352);
  EXPECT_EQ(plan.awards.size(), 2'200u + 200u);
  EXPECT_EQ(plan.recognitions, 1'420'000u + 6'900u + 4'400u);
  // Pupils, learners at GDNN-GDTX centers, and of courses and literacy classes the invented
  // numbers.
  EXPECT_EQ(plan.learners, 2'327'000 + 29'000 + 300'000 + 12'000);
}

TEST(SyntheticCity, LeavesFamiliesOutWhenToldTo) {
  const auto plan = PlanCity(HanoiTexts(), {.one_in = 1, .today = kToday, .families = false});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->recognitions, 6'900u + 4'400u);
}

// What is in memory at a time is what happens at a few centers.
TEST(SyntheticCity, PlansNoMoreThanASchoolAtATime) {
  const Plan plan = Hanoi(1);
  size_t most_learners = 0, most_bytes = 0;
  for (size_t i = 0; i < plan.activities; i += 40) {
    const CenterActivity activity = plan.activity(i);
    size_t bytes = 0;
    ForEachRequest(activity, [&](const auto& request) { bytes += request.SpaceUsedLong(); });
    most_learners = std::max(most_learners, activity.learners.size());
    most_bytes = std::max(most_bytes, bytes);
  }
  EXPECT_GT(most_learners, 500u);
  EXPECT_LT(most_learners, 5'000u);
  EXPECT_LT(most_bytes, size_t{8} << 20);
}

TEST(SyntheticCity, IsHonouredInProportion) {
  const Plan plan = Hanoi(20);
  EXPECT_EQ(plan.awards.size(), 110u + 10u);
  EXPECT_EQ(plan.recognitions, 71'000u + 345u + 220u);
  int64_t schools = 0;
  for (const auto& planned : plan.centers) {
    const auto& center = planned.request.center();
    schools += IsSchool(center) && center.ownership() == OWNERSHIP_PUBLIC;
  }
  EXPECT_EQ(schools, 148 - 31);
  EXPECT_NEAR(Share(static_cast<int64_t>(plan.accreditations.size()), schools), 0.8, 0.1);
  for (auto planned : plan.accreditations) {
    planned.request.mutable_accreditation()->set_center("centers/1");
    ExpectWellFormed(planned.request);
  }
  for (const auto& request : plan.awards) ExpectWellFormed(request);
  std::map<RecognitionSubject, int> subjects;
  for (size_t i = 0; i < 2'000; ++i) {
    const auto request = plan.recognition(i);
    ExpectWellFormed(request);
    ++subjects[request.recognition().kind()];
  }
  EXPECT_EQ(subjects[RECOGNITION_SUBJECT_CLAN], 345);
  EXPECT_EQ(subjects[RECOGNITION_SUBJECT_RESIDENTIAL_GROUP], 220);
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
    if (unit.code() == "00340") {
      EXPECT_FALSE(unit.parent().empty());
    }
  }
}

// At one in twenty, with whom the proportions can be seen.
struct Census {
  int64_t learners = 0, girls = 0, boys = 0, disabled = 0;
  int64_t without_papers = 0, without_address = 0, without_birth = 0, without_unit = 0;
  std::map<IscedLevel, int64_t> by_level, by_grade_known, over_age;
  std::map<int, int64_t> by_grade;
  std::map<OfferingKind, int64_t> by_kind;
  int64_t completions = 0, withdrawals = 0, classes = 0, pupils = 0;
  std::set<std::string> national_ids;
  std::set<size_t> recent_centers, older_centers;

  explicit Census(const Plan& plan) {
    ForEachActivity(plan, [&](const CenterActivity& activity) { See(activity); });
    ForEachEnrollment(plan, [&](const PlannedEnrollment& enrollment, const PlannedLearner& planned,
                                const Offering& offering) {
      ++by_kind[offering.kind()];
      completions += enrollment.completion.has_value();
      withdrawals += enrollment.withdrawal.has_value();
      if (offering.kind() != OFFERING_KIND_SCHOOL_CLASS) return;
      ++pupils;
      ++by_level[offering.isced_level()];
      ++by_grade[offering.grade()];
      Learner learner = planned.request.learner();
      learner.set_birth_year(persons::BirthYearOf(persons::PapersOf(learner)));
      if (learner.birth_year() == 0) return;
      ++by_grade_known[offering.isced_level()];
      over_age[offering.isced_level()] += 2026 - learner.birth_year() >= offering.grade() + 5 + 2;
    });
  }

  void See(const CenterActivity& activity) {
    for (const auto& request : activity.offerings) {
      const Offering& offering = request.offering();
      classes += offering.kind() == OFFERING_KIND_SCHOOL_CLASS;
      if (offering.kind() != OFFERING_KIND_COMMUNITY_COURSE) continue;
      const bool is_recent = DayOf(offering.end_date()) >= DayOf(DateOf("2025-11-01"));
      (is_recent ? recent_centers : older_centers).insert(activity.center);
    }
    for (const PlannedLearner& planned : activity.learners) {
      ++learners;
      EXPECT_FALSE(planned.enrollments.empty()) << "everybody learns something";
      const Learner& learner = planned.request.learner();
      girls += learner.sex() == SEX_FEMALE;
      boys += learner.sex() == SEX_MALE;
      disabled += learner.has_disability() == YES_NO_YES;
      without_papers += learner.person().national_id().empty();
      without_address += learner.person().address().empty();
      without_birth += !learner.person().has_birth_date() && learner.birth_year() == 0;
      without_unit += !planned.unit;
      EXPECT_THAT(learner.person().full_name(), testing::EndsWith(" (mẫu)"));
      if (!learner.person().phone().empty()) {
        EXPECT_THAT(learner.person().phone(), StartsWith("0000"));
      }
      const std::string& id = learner.person().national_id();
      if (id.empty()) continue;
      EXPECT_THAT(id, StartsWith("999"));
      EXPECT_TRUE(national_ids.insert(id).second) << id;
    }
  }
};

const Census& OneInTwenty() {
  static const Census& census = *new Census(Hanoi(20));
  return census;
}

TEST(SyntheticCity, KeepsToTheTotalsOfTheCity) {
  const Census& census = OneInTwenty();
  EXPECT_EQ(census.learners, 133'400);
  EXPECT_EQ(census.by_level.at(ISCED_LEVEL_01), 6'000);
  EXPECT_EQ(census.by_level.at(ISCED_LEVEL_02), 22'250);
  EXPECT_EQ(census.by_level.at(ISCED_LEVEL_1), 39'000);
  EXPECT_EQ(census.by_level.at(ISCED_LEVEL_2), 32'500);
  EXPECT_EQ(census.by_level.at(ISCED_LEVEL_3), 16'600);
  EXPECT_NEAR(Share(census.pupils, census.classes), 33, 2) << "pupils in a class";
  EXPECT_EQ(census.by_kind.at(OFFERING_KIND_CONTINUING_CLASS), 1'450);
  EXPECT_EQ(census.by_kind.at(OFFERING_KIND_LITERACY_CLASS), 600);
  EXPECT_GE(census.by_kind.at(OFFERING_KIND_COMMUNITY_COURSE), 15'000);
}

TEST(SyntheticCity, KeepsToTheSharesOfTheCity) {
  const Census& census = OneInTwenty();
  const int64_t all = census.learners;
  EXPECT_NEAR(Share(census.girls, census.girls + census.boys), 0.473, 0.005);
  EXPECT_NEAR(Share(census.girls + census.boys, all), 0.995, 0.001);
  EXPECT_NEAR(Share(census.disabled, all), 0.028, 0.002);
  EXPECT_NEAR(Share(census.without_papers, all), 0.07, 0.005);
  EXPECT_NEAR(Share(census.without_address, all), 0.06, 0.005);
  EXPECT_NEAR(Share(census.without_birth, all), 0.015, 0.002);
  EXPECT_NEAR(Share(census.without_unit, all), 0.03, 0.003);
}

// Children of 2014 and 2015 were 167,113 and 168,000 at six and five, those of 2009 135,320 at
// eleven: in the autumn of 2026 they are in grades 7, 6 and 12.
TEST(SyntheticCity, HasCohortsAsTheyWereBorn) {
  const auto& grades = OneInTwenty().by_grade;
  EXPECT_NEAR(Share(grades.at(7), grades.at(6)), 167'113.0 / 168'000, 0.001);
  EXPECT_NEAR(Share(grades.at(9), grades.at(6)), 154'396.0 / 168'000, 0.001);
  EXPECT_NEAR(Share(grades.at(12), grades.at(10)), 135'320.0 / 148'037, 0.001);
}

TEST(SyntheticCity, HasPupilsWhoAreOverAgeForTheirGrade) {
  const Census& census = OneInTwenty();
  const auto share = [&](IscedLevel level) {
    return Share(census.over_age.at(level), census.by_grade_known.at(level));
  };
  EXPECT_NEAR(share(ISCED_LEVEL_1), 0.025, 0.005);
  EXPECT_NEAR(share(ISCED_LEVEL_2), 0.035, 0.005);
  EXPECT_GT(Census(Hanoi()).over_age.at(ISCED_LEVEL_1), 0) << "a small plan shows some too";
}

TEST(SyntheticCity, HasCentersThatFunctionAndOthers) {
  const Census& census = OneInTwenty();
  EXPECT_GT(census.recent_centers.size(), 10u);
  EXPECT_LT(census.recent_centers.size(), 26u);
  EXPECT_GT(census.older_centers.size(), 1u);
  EXPECT_GT(census.completions, 3'000);
  EXPECT_GT(census.withdrawals, 1'000);
}

TEST(SyntheticCity, GivesEachNationalIdOnce) {
  EXPECT_GT(OneInTwenty().national_ids.size(), 120'000u);
}

TEST(SyntheticCity, IsInTermWhenClassesRun) {
  EXPECT_EQ(FormatDay(Hanoi().in_term), "2026-11-22");
  EXPECT_EQ(FormatDay(Hanoi(kSmall, 1, DayOf(DateOf("2026-07-15"))).in_term), "2026-05-31");
}

TEST(SyntheticCity, RefusesOptionsItCannotKeep) {
  const auto nothing = PlanCity(HanoiTexts(), {.one_in = 0, .today = kToday});
  EXPECT_EQ(nothing.status().message(), "scale: 1:0: give 1:1 to 1:1000000");
  const auto too_early = PlanCity(HanoiTexts(), {.today = DayOf(DateOf("2025-12-31"))});
  EXPECT_THAT(std::string(too_early.status().message()), HasSubstr("2026-01-01 or later"));
}

TEST(SyntheticCity, RefusesMorePupilsThanHaveNationalIds) {
  std::string scale(HanoiTexts().scale_csv);
  const size_t at = scale.find("pupils_primary,780000");
  ASSERT_NE(at, std::string::npos);
  scale.replace(at, 21, "pupils_primary,1780000");
  CityTexts texts = HanoiTexts();
  texts.scale_csv = scale;
  EXPECT_THAT(std::string(PlanCity(texts, {.one_in = 1, .today = kToday}).status().message()),
              HasSubstr("more than 200000 pupils of one age"));
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
