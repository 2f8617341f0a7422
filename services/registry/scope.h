// What of registry is within a scope, by what registry itself has committed.
#pragma once

#include "platform/ledger/reader.h"
#include "platform/rpc/scope.h"

namespace learncity::registry {

// A unit: itself, units below it, units that it took over, the centers that stand in them as last
// stated, and their staff. A center: itself and its staff. `readers` must outlive it.
rpc::Within RegistryScope(ledger::Readers& readers);

}  // namespace learncity::registry
