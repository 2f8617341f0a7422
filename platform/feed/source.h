// Where a follower or a relay reads a feed.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/ledger/record.h"

namespace learncity::feed {

// Gives the feed's events after a position, in order, at most `limit`; none when there are no more.
using Source = std::function<absl::StatusOr<std::vector<ledger::Record>>(int64_t after, int limit)>;

}  // namespace learncity::feed
