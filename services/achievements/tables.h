// What achievements is made of: its documents and the rules by which they move.
#pragma once

#include <string>
#include <vector>

#include "platform/ledger/schema.h"

namespace learncity::achievements {

const ledger::Schema& AchievementsSchema();
ledger::Rules AchievementsRules();
// The feeds whose events move its reference documents or call its rules.
std::vector<std::string> AchievementsFollows();

}  // namespace learncity::achievements
