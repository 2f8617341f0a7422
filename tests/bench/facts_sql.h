// The same figures by SQL over the facts: what a report would cost without cells.
#pragma once

#include <cstdint>
#include <filesystem>

#include "platform/calendar/calendar.h"
#include "platform/ledger/reader.h"

namespace learncity::bench {

// A file of plain tables, a row for each learner, seat, center and run, with the indexes that help.
void WriteFacts(ledger::Reader& reporting, const std::filesystem::path& file);

struct SqlFigures {
  double seconds = 0;
  // Persons at formal levels, each once a level: what STU.PER must be too.
  int64_t pupils = 0;
};
// Pupils by level and sex, over-age pupils of primary, participants of twelve months, literacy
// learners of the year, enrollments by mode, functioning spaces by kind: the heavier half of a
// report, as of a day.
SqlFigures FiguresBySql(const std::filesystem::path& file, Day as_of);

}  // namespace learncity::bench
