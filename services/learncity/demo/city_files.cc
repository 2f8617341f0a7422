#include "services/learncity/demo/city_files.h"

#include <charconv>
#include <cstdio>
#include <map>
#include <optional>

#include "platform/runtime/concat.h"
#include "services/reporting/domain/csv.h"

namespace learncity::demo {
namespace {

using reporting::CsvRow;
using reporting::ParseCsv;

constexpr char kUnitsFile[] = "units_2025.csv";
constexpr char kScaleFile[] = "scale_parameters.csv";
constexpr std::string_view kUnitsHeader =
    "code,name,name_with_type,type,area_km2,lat,lon,valid_from";

absl::Status Wrong(const char* file, int line, std::string_view what) {
  return absl::InvalidArgumentError(Concat(file, ":", line, ": ", what));
}

std::optional<double> Number(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

std::optional<Day> ParseDay(const std::string& text) {
  int year = 0, month = 0, day = 0, length = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &length) != 3 ||
      length != static_cast<int>(text.size())) {
    return std::nullopt;
  }
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return ToDay(date);
}

absl::StatusOr<UnitRow> ParseUnit(const CsvRow& row) {
  if (row.fields.size() != 8) return Wrong(kUnitsFile, row.line, "8 fields are asked for");
  UnitRow unit{.code = row.fields[0],
               .name = row.fields[1],
               .name_with_type = row.fields[2],
               .valid_from = {}};
  if (row.fields[3] == "phường") {
    unit.type = registry::v1::UNIT_TYPE_WARD;
  } else if (row.fields[3] == "xã") {
    unit.type = registry::v1::UNIT_TYPE_COMMUNE;
  } else {
    return Wrong(kUnitsFile, row.line, "type: phường or xã");
  }
  const auto area = Number(row.fields[4]);
  if (!area || *area <= 0) return Wrong(kUnitsFile, row.line, "area_km2: a number above 0");
  unit.area_km2 = *area;
  const auto latitude = Number(row.fields[5]);
  const auto longitude = Number(row.fields[6]);
  if (!latitude || !longitude) return Wrong(kUnitsFile, row.line, "lat and lon: two numbers");
  unit.latitude = *latitude;
  unit.longitude = *longitude;
  const auto valid_from = ParseDay(row.fields[7]);
  if (!valid_from) return Wrong(kUnitsFile, row.line, "valid_from: a day, as 2025-07-01");
  unit.valid_from = *valid_from;
  return unit;
}

}  // namespace

absl::StatusOr<std::vector<UnitRow>> ParseUnits(std::string_view csv) {
  auto rows = ParseCsv(csv, kUnitsFile);
  if (!rows.ok()) return rows.status();
  if (rows->empty() || Join(rows->front().fields, ",") != kUnitsHeader) {
    return Wrong(kUnitsFile, 1, Concat("the header must be ", kUnitsHeader));
  }
  if (rows->size() < 2) return Wrong(kUnitsFile, 1, "there is no unit");
  std::vector<UnitRow> units;
  for (size_t i = 1; i < rows->size(); ++i) {
    auto unit = ParseUnit((*rows)[i]);
    if (!unit.ok()) return unit.status();
    units.push_back(*std::move(unit));
  }
  return units;
}

absl::StatusOr<Scale> ParseScale(std::string_view csv) {
  auto rows = ParseCsv(csv, kScaleFile);
  if (!rows.ok()) return rows.status();
  std::map<std::string, const CsvRow*> by_parameter;
  for (const CsvRow& row : *rows) by_parameter[row.fields[0]] = &row;
  Scale scale;
  const std::pair<const char*, double*> wanted[] = {
      {"pupils_nursery", &scale.pupils_nursery},
      {"pupils_kindergarten", &scale.pupils_kindergarten},
      {"pupils_primary", &scale.pupils_primary},
      {"pupils_lower_secondary", &scale.pupils_lower_secondary},
      {"pupils_upper_secondary", &scale.pupils_upper_secondary},
      {"gdtx_thpt_learners", &scale.gdtx_thpt_learners},
      {"grade1_entrants_2020", &scale.grade1_entrants_2020},
      {"grade6_entrants_2020", &scale.grade6_entrants_2020},
      {"five_year_olds_2020", &scale.five_year_olds_2020},
      {"schools_preschool", &scale.schools_preschool},
      {"schools_primary", &scale.schools_primary},
      {"schools_lower_secondary", &scale.schools_lower_secondary},
      {"schools_upper_secondary", &scale.schools_upper_secondary},
      {"schools_multilevel", &scale.schools_multilevel},
      {"gdnn_gdtx_centres", &scale.gdnn_gdtx_centres},
      {"clc_december_2025", &scale.clc},
      {"libraries", &scale.libraries},
      {"vocational_institutions", &scale.vocational_institutions},
      {"share_girls", &scale.share_girls},
      {"share_disabled_population_2_17", &scale.share_disabled_population_2_17},
      {"population_126_units", &scale.population_126_units},
      {"schools_total", &scale.schools_total},
      {"schools_private", &scale.schools_private},
      {"public_schools_national_standard_share", &scale.public_schools_national_standard_share},
      {"national_awards_since_2008", &scale.national_awards},
      {"international_medals_since_2008", &scale.international_medals},
      {"learning_families", &scale.learning_families},
      {"learning_families_share", &scale.learning_families_share},
      {"learning_clans", &scale.learning_clans},
      {"learning_residential_groups", &scale.learning_residential_groups},
  };
  for (const auto& [parameter, value] : wanted) {
    const auto found = by_parameter.find(parameter);
    if (found == by_parameter.end()) {
      return Wrong(kScaleFile, 1, Concat("there is no parameter ", parameter));
    }
    const CsvRow& row = *found->second;
    const auto number = row.fields.size() > 1 ? Number(row.fields[1]) : std::nullopt;
    if (!number || *number <= 0) {
      return Wrong(kScaleFile, row.line, Concat(parameter, ": a number above 0"));
    }
    *value = *number;
  }
  return scale;
}

}  // namespace learncity::demo
