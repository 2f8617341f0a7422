#include <algorithm>

#include "platform/feed/envelope.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {

void CheckTopics(World& world, Findings& findings) {
  for (const auto& [service, topic] : world.topics()) {
    const feed::FeedName name{.city = "hanoi", .feed = service};
    const int64_t head = world.city().Owner(service)->head().position;
    int64_t highest = -1;
    bool is_whole = true;
    for (const feed::Message& message : topic->messages()) {
      const auto carried = feed::FromMessage(name, message);
      if (!carried.ok()) {
        findings.push_back(Concat(topic->name(), ": ", carried.status().ToString()));
        continue;
      }
      const int64_t position = carried->record.position;
      is_whole = highest < 0 || position <= highest + 1;
      if (!is_whole) break;
      highest = std::max(highest, position);
    }
    // What was forgotten up to its end leaves nothing to be seen.
    const bool has_all = topic->messages().empty() ? topic->ends().next >= head : highest == head;
    if (is_whole && has_all) continue;
    findings.push_back(Concat(topic->name(), is_whole ? " ends at " : " has a hole after ", highest,
                              ", its ledger at ", head));
  }
}

}  // namespace learncity::simulation
