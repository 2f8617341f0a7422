// Pupils counted the plain way, from enrollment's events alone: nothing of reporting goes in.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "learncity/type/v1/types.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/ledger/record.h"

namespace learncity::simulation {

// By level and sex. Only what is not 0.
using Pupils = std::map<std::pair<type::v1::IscedLevel, type::v1::Sex>, int64_t>;

// Who holds a seat in a formal offering on that day: a person counts once per level. Events after
// `up_to` have not happened.
Pupils CountPupils(const std::vector<ledger::Record>& enrollment, int64_t up_to, Day day);

}  // namespace learncity::simulation
