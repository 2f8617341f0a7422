// The plan of a small city: real units over time, and in them centers, learners, offerings,
// enrollments and honours that nobody has ever seen.
//
// Pure and deterministic: the same texts and options give the same plan, request ids included, so
// whoever sends a plan twice within the seven days that services remember answers repeats it
// instead of doubling it. A plan of another seed, size or day has other request ids.
//
// Synthetic data is recognised anywhere: names of persons and centers end with "(mẫu)", "specimen";
// national ids begin with 999, which is no province or country; telephone numbers with 0000, which
// nobody can call.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::demo {

// A plan stands in memory as a whole, at about 1 kB per learner.
constexpr int kLearnersMax = 200'000;

struct PlanOptions {
  uint64_t seed = 1;
  // 1 to kLearnersMax.
  int learners = 1'000;
  // 2026-01-01 or later: the units are from 2025-07-01, and nothing can be older than its unit.
  Day today;
};

// What a request is about stands beside it as an index into the plan: names are given by the
// services, and whoever sends the request fills them in.
struct PlannedCenter {
  registry::v1::OpenCenterRequest request;
  // Of the plan's places.
  size_t unit = 0;
};
struct PlannedAccreditation {
  registry::v1::GrantAccreditationRequest request;
  size_t center = 0;
};
struct PlannedLearner {
  enrollment::v1::RegisterLearnerRequest request;
  // Of residence, of the plan's places, when known.
  std::optional<size_t> unit;
};
struct PlannedOffering {
  enrollment::v1::OpenOfferingRequest request;
  size_t center = 0;
};
struct PlannedEnrollment {
  enrollment::v1::EnrollLearnerRequest request;
  size_t learner = 0;
  size_t offering = 0;
};
struct PlannedCompletion {
  enrollment::v1::CompleteEnrollmentRequest request;
  size_t enrollment = 0;
};
struct PlannedWithdrawal {
  enrollment::v1::WithdrawEnrollmentRequest request;
  size_t enrollment = 0;
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
  std::vector<PlannedLearner> learners;
  std::vector<PlannedOffering> offerings;
  // One course is asked for by more than fit in it, kRefusedMax too many; nobody leaves that one.
  std::vector<PlannedEnrollment> enrollments;
  // An enrollment is completed, withdrawn, or neither.
  std::vector<PlannedCompletion> completions;
  std::vector<PlannedWithdrawal> withdrawals;
  std::vector<PlannedAccreditation> accreditations;
  std::vector<registry::v1::RecordUnitCountRequest> counts;
  std::vector<achievements::v1::RecordAwardRequest> awards;
  std::vector<achievements::v1::GrantRecognitionRequest> recognitions;
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
