// What a city that `learncity demo --scale …` has loaded costs: its whole report beside arrivals
// and beside SQL, its rows imported beside bare inserts, its read model rebuilt, its names
// searched.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace learncity::bench {

// Prints one line for each figure. Writes to the folder: learners arrive there, and reporting is
// followed anew. `data` is the data folder; `scratch` is empty and is written to.
void MeasureWholeCity(const std::filesystem::path& folder, const std::filesystem::path& data,
                      const std::filesystem::path& scratch, std::ostream& out);

}  // namespace learncity::bench
