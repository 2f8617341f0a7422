// Rows that come by the stream of an import, beside bare inserts of what they leave in the table.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "services/learncity/opened.h"
#include "tests/bench/newcomers.h"

namespace learncity::bench {

// Enrolls newcomers `first` and all after them by ImportEnrollments, every follower running, then
// inserts the same enrollments with bare SQLite: same columns, indexes and durability, so many a
// commit as a full turn has. The city has started.
void MeasureImport(Opened& opened, const Newcomers& newcomers, int first,
                   const std::filesystem::path& scratch, std::ostream& out);

}  // namespace learncity::bench
