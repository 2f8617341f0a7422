// Things that happen at the same time.
#pragma once

#include <functional>

namespace learncity::contract {

// Calls `act(0)` to `act(n - 1)`, each on a thread of its own, once all threads are there. Returns
// when all have ended.
void AtOnce(int n, const std::function<void(int)>& act);

}  // namespace learncity::contract
