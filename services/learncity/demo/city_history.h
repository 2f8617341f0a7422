// The city's administrative units over time, from data/<city>: the districts and communes of 2020,
// and the two acts that made 526 communes of 579 and 126 of these, with professional clusters in
// place of the districts. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/registry/v1/registry.pb.h"
#include "services/learncity/demo/city_files.h"

namespace learncity::demo {

struct CityHistory {
  // As they began, and the communes in them.
  std::vector<registry::v1::Unit> districts;
  std::vector<registry::v1::Unit> communes;
  // In the order of their days.
  std::vector<registry::v1::UnitAct> acts;
};

// Texts of data/<city>/units_pre_2025.csv and data/<city>/unit_succession.csv.
struct HistoryTexts {
  std::string_view units_csv;
  std::string_view succession_csv;
};

// `today` are the units that the last act opens. A commune of today is a part of the cluster on the
// area of the old district from which most of those came that go to it by default: our reading, no
// act says so. INVALID_ARGUMENT with file, line and what is wrong.
absl::StatusOr<CityHistory> ParseHistory(const HistoryTexts& texts,
                                         const std::vector<UnitRow>& today);

}  // namespace learncity::demo
