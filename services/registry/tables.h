// What registry is made of: its documents and the rules by which they move.
#pragma once

#include <string>
#include <vector>

#include "platform/ledger/schema.h"

namespace learncity::registry {

const ledger::Schema& RegistrySchema();
ledger::Rules RegistryRules();
// The feeds whose events move its reference documents or call its rules.
std::vector<std::string> RegistryFollows();

}  // namespace learncity::registry
