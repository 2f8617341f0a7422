// The plan of a synthetic city: real units over time, and in them centers, learners, offerings,
// enrollments and honours that nobody has ever seen, as many as the city publishes, or one in so
// many of them.
//
// Pure and deterministic: the same texts and options give the same plan, request ids included, so
// whoever sends a plan twice within the seven days that services remember answers repeats it
// instead of doubling it. A plan of another seed, scale or day has other request ids. What happens
// at a center is planned when it is asked for, and does not depend on what was asked for before:
// a whole city is never in memory.
//
// Synthetic data is recognised anywhere: names of persons and centers end with "(mẫu)", "specimen";
// national ids begin with 999, which is no province or country; telephone numbers with 0000, which
// nobody can call.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::demo {

// Beyond it a plan would have nothing but the one of each kind that it always has.
constexpr int kOneInMax = 1'000'000;

struct PlanOptions {
  uint64_t seed = 1;
  // 1 to kOneInMax: whatever the city has so many of is planned divided by this, rounded, and
  // there is at least one of each kind. 1 is the city at its true size.
  int one_in = 20;
  // 2026-01-01 or later: the units are from 2025-07-01, and nothing can be older than its unit.
  Day today;
  // Whether families are recognised, who are more than half of the pupils. Clans and residential
  // groups always are.
  bool families = true;
};

// What a request is about stands beside it as an index: names are given by the services, and
// whoever sends the request fills them in.
struct PlannedCenter {
  registry::v1::OpenCenterRequest request;
  // Of the plan's places.
  size_t unit = 0;
};
struct PlannedAccreditation {
  registry::v1::GrantAccreditationRequest request;
  size_t center = 0;
};
struct PlannedEnrollment {
  enrollment::v1::EnrollLearnerRequest request;
  // Of the activity's offerings.
  size_t offering = 0;
  // One of these at most.
  std::optional<enrollment::v1::CompleteEnrollmentRequest> completion;
  std::optional<enrollment::v1::WithdrawEnrollmentRequest> withdrawal;
};
struct PlannedLearner {
  enrollment::v1::RegisterLearnerRequest request;
  // Of residence, of the plan's places, when known.
  std::optional<size_t> unit;
  std::vector<PlannedEnrollment> enrollments;
};
// What happens at one center: what it holds, and who comes.
struct CenterActivity {
  // Of the plan's centers.
  size_t center = 0;
  std::vector<enrollment::v1::OpenOfferingRequest> offerings;
  // One course of the city is asked for by more than fit in it, kRefusedMax too many; nobody leaves
  // that one.
  std::vector<PlannedLearner> learners;
};

struct Plan {
  // Of 2020, and the communes in them.
  std::vector<registry::v1::OpenUnitRequest> districts;
  std::vector<registry::v1::OpenUnitRequest> units;
  // One after the other: they make the units of today.
  std::vector<registry::v1::RecordUnitActRequest> acts;
  // Names of the communes of today.
  std::vector<std::string> places;
  std::vector<PlannedCenter> centers;
  std::vector<PlannedAccreditation> accreditations;
  std::vector<registry::v1::RecordUnitCountRequest> counts;
  std::vector<achievements::v1::RecordAwardRequest> awards;
  // Of everybody who learns: `activities` centers, one after the other.
  int64_t learners = 0;
  size_t activities = 0;
  std::function<CenterActivity(size_t activity)> activity;
  size_t recognitions = 0;
  std::function<achievements::v1::GrantRecognitionRequest(size_t i)> recognition;
  // Today, or in summer the last day of the classes: figures as of this day show everybody.
  Day in_term;
};

// How many enrollments OFFERING_FULL will meet, unless the plan is too small for that.
constexpr int kRefusedMax = 3;

// Texts of units_2025.csv, scale_parameters.csv, units_pre_2025.csv and unit_succession.csv of
// data/<city>.
struct CityTexts {
  std::string_view units_csv;
  std::string_view scale_csv;
  std::string_view old_units_csv;
  std::string_view succession_csv;
};

// INVALID_ARGUMENT says which option, or which line of which file, is wrong.
absl::StatusOr<Plan> PlanCity(const CityTexts& texts, const PlanOptions& options);

}  // namespace learncity::demo
