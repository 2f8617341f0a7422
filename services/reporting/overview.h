// The city at a glance: the total of every indicator today, computed anew or watched.
#pragma once

#include <memory>

#include "platform/calendar/calendar.h"
#include "platform/rpc/watch.h"
#include "services/reporting/board.h"

namespace learncity::reporting {

// All of one snapshot. `now` is the time that it says it was computed at.
v1::Overview ComputeOverview(const Board& board, const Foundations& foundations, Day today,
                             Time now);

// What of an overview is news to one who watches: the figures and their day. Feeds move without
// them, and each overview has another time.
std::string NewsOf(const v1::Overview& overview);

// Messages of WatchOverview; it is to be told of commits. What is handed in outlives its End.
std::shared_ptr<rpc::Watch> WatchOverview(const Board& board, const Foundations& foundations,
                                          Clock clock);

}  // namespace learncity::reporting
