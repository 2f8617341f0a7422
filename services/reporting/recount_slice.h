// A recount as due work: each time it is due it does one slice, and what it has found by then and
// how far it came commit with the slice. It can be cut short anywhere and goes on from there.
#pragma once

#include <chrono>

#include "platform/ledger/schema.h"
#include "services/reporting/domain/recounting.h"

namespace learncity::reporting {

// Most that a slice takes: a quarter of the documents that a turn may change.
struct RecountSlice {
  // Facts that are counted; the last of them may go past the cells.
  int facts = 250;
  // Cells that are moved, or compared.
  int cells = 250;
};

// From when one slice is due to when the next is.
inline constexpr std::chrono::milliseconds kRecountPause{100};
// Cells that differ and are kept with both counts; all are counted.
inline constexpr int kDifferingMax = 20;

// The rule of a recount that is due.
Decision AdvanceRecount(const v1::Recount& recount, const RecountSlice& slice, const Moment& moment,
                        ledger::Walk& walk);

}  // namespace learncity::reporting
