// What of achievements is within a scope, by what achievements has committed. Of units and centers
// it knows what registry's feed has told it by then.
#pragma once

#include "platform/ledger/reader.h"
#include "platform/rpc/scope.h"

namespace learncity::achievements {

// A center: the awards and certificates of it. A unit: the same of its centers, and the
// recognitions in it. A learner: the person's certificates. `readers` must outlive it.
rpc::Within AchievementsScope(ledger::Readers& readers);

}  // namespace learncity::achievements
