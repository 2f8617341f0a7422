// What the plan of a synthetic city takes from data/<city>: its real units, and its scale. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/registry/v1/registry.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::demo {

struct UnitRow {
  // Five digits.
  std::string code;
  // "Ba Đình", and with its type "Phường Ba Đình".
  std::string name;
  std::string name_with_type;
  registry::v1::UnitType type = registry::v1::UNIT_TYPE_UNSPECIFIED;
  double area_km2 = 0;
  // Of the unit's seat, in degrees.
  double latitude = 0;
  double longitude = 0;
  Day valid_from;
};

// Rows of units_2025.csv. INVALID_ARGUMENT with file, line and what is wrong.
absl::StatusOr<std::vector<UnitRow>> ParseUnits(std::string_view csv);

// Those parameters of scale_parameters.csv that the plan keeps to.
struct Scale {
  double pupils_nursery = 0;
  double pupils_kindergarten = 0;
  double pupils_primary = 0;
  double pupils_lower_secondary = 0;
  double pupils_upper_secondary = 0;
  double gdtx_thpt_learners = 0;
  // Of 2020: children who entered grades 1 and 6, and those who were five years old.
  double grade1_entrants_2020 = 0;
  double grade6_entrants_2020 = 0;
  double five_year_olds_2020 = 0;
  double schools_preschool = 0;
  double schools_primary = 0;
  double schools_lower_secondary = 0;
  double schools_upper_secondary = 0;
  double schools_multilevel = 0;
  double gdnn_gdtx_centres = 0;
  double clc = 0;
  double libraries = 0;
  double vocational_institutions = 0;
  double share_girls = 0;
  double share_disabled_population_2_17 = 0;
  double population_126_units = 0;
  double schools_total = 0;
  double schools_private = 0;
  double public_schools_national_standard_share = 0;
  double national_awards = 0;
  double international_medals = 0;
  double learning_families = 0;
  double learning_families_share = 0;
  double learning_clans = 0;
  double learning_residential_groups = 0;
};

// INVALID_ARGUMENT names a parameter that is absent or no number above 0.
absl::StatusOr<Scale> ParseScale(std::string_view csv);

}  // namespace learncity::demo
