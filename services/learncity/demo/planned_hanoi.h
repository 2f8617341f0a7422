// Plans of Hanoi as tests make them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "platform/rpc/field_rules.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/read_file.h"
#include "platform/testing/text.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

inline const Day kToday = DayOf(DateOf("2026-11-22"));
// About a thousand learners.
constexpr int kSmall = 2'668;

inline std::string DataFile(const std::string& name) {
  std::string text = ReadFile(Concat(LEARNCITY_SOURCE_DIR, "/data/hanoi/", name));
  EXPECT_FALSE(text.empty()) << name;
  return text;
}

inline const CityTexts& HanoiTexts() {
  static const std::string& units = *new std::string(DataFile("units_2025.csv"));
  static const std::string& scale = *new std::string(DataFile("scale_parameters.csv"));
  static const std::string& old_units = *new std::string(DataFile("units_pre_2025.csv"));
  static const std::string& succession = *new std::string(DataFile("unit_succession.csv"));
  static const CityTexts& texts = *new CityTexts{.units_csv = units,
                                                 .scale_csv = scale,
                                                 .old_units_csv = old_units,
                                                 .succession_csv = succession};
  return texts;
}

inline Plan Hanoi(int one_in = kSmall, uint64_t seed = 1, Day today = kToday) {
  auto plan = PlanCity(HanoiTexts(), {.seed = seed, .one_in = one_in, .today = today});
  LEARNCITY_CHECK_OK(plan.status());
  return *std::move(plan);
}

// Calls `see` with what happens at each center.
template <class See>
void ForEachActivity(const Plan& plan, const See& see) {
  for (size_t i = 0; i < plan.activities; ++i) see(plan.activity(i));
}

// Calls `see` with each enrollment, its learner and its offering.
template <class See>
void ForEachEnrollment(const Plan& plan, const See& see) {
  ForEachActivity(plan, [&](const CenterActivity& activity) {
    for (const PlannedLearner& learner : activity.learners) {
      for (const PlannedEnrollment& enrollment : learner.enrollments) {
        see(enrollment, learner, activity.offerings[enrollment.offering].offering());
      }
    }
  });
}

// Field rules are met, once names are filled in.
inline void ExpectWellFormed(const google::protobuf::Message& request) {
  google::rpc::BadRequest violations;
  rpc::FieldPlan::Of(request.GetDescriptor()).Check(request, &violations);
  EXPECT_EQ(violations.field_violations_size(), 0)
      << request.ShortDebugString() << violations.ShortDebugString();
}

}  // namespace learncity::demo
