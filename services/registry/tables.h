// What registry is made of: its documents and the rules by which they move.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "platform/ledger/schema.h"
#include "platform/persons/persons.h"

namespace learncity::registry {

const ledger::Schema& RegistrySchema();
// Whose personal data registry keeps.
persons::Terms StaffTerms();

// `erase_key` destroys the key of a person and their row in the blind index. Called on the writer's
// thread, again until it succeeds: idempotent.
ledger::Rules RegistryRules(std::function<absl::Status(const Id& person)> erase_key);
// The feeds whose events move its reference documents or call its rules.
std::vector<std::string> RegistryFollows();

}  // namespace learncity::registry
