// How many live in each unit, estimated: the inhabitants by unit are published where the licence
// does not let them be shipped. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/learncity/demo/city_files.h"

namespace learncity::demo {

// What every such count says of itself.
inline constexpr std::string_view kPopulationSource =
    "estimated by Learncity: 8811473 inhabitants of the 126 units, shared out by the root of the "
    "area, wards threefold";

// Shares a whole out over the units by weight, each part whole and their sum exact (largest
// remainder; of equal remainders the earlier unit's). The weight of a commune is the root of its
// area, that of a ward three times as much: our assumption, not a measurement, is that of two units
// of the same area a ward has three times the inhabitants of a commune, and that of two of the same
// type the one of four times the area has twice the inhabitants, since the larger are the less
// dense.
std::vector<int64_t> EstimatePopulation(const std::vector<UnitRow>& units, int64_t whole);

// The estimate as data/hanoi/population_2025_estimated.csv has it.
std::string PopulationCsv(const std::vector<UnitRow>& units, int64_t whole);

}  // namespace learncity::demo
