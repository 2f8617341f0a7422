// What reporting is made of: its reports, and the facts and cells that followed events move.
#pragma once

#include <string>
#include <vector>

#include "platform/ledger/schema.h"
#include "services/reporting/recount_slice.h"

namespace learncity::reporting {

const ledger::Schema& ReportingSchema();
ledger::Rules ReportingRules(RecountSlice slice = {});
// The feeds whose events call its rules, in the order of their names.
std::vector<std::string> ReportingFollows();

}  // namespace learncity::reporting
