// Centers: the places where learning happens. A center stands in one administrative unit on each
// day that it is open; where it stood before is kept.
#pragma once

#include <string>
#include <vector>

#include "learncity/registry/v1/registry.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::registry::v1 {

// The unique column of a center's code in the ministry's database; absent where it has none.
inline constexpr char kCenterCode[] = "code";

struct OpenCenterCase {
  const Unit* unit;
  // The center that has the code, or nullptr.
  const Center* same_code;

  static OpenCenterCase Gather(const OpenCenterRequest& request, Lookup& lookup);
};

Decision Decide(const OpenCenterCase& c, const OpenCenterRequest& request, const Moment& moment);

struct MoveCenterCase {
  const Center* center;
  const Unit* unit;

  static MoveCenterCase Gather(const MoveCenterRequest& request, Lookup& lookup);
};

// Moves are told in the order of their days.
Decision Decide(const MoveCenterCase& c, const MoveCenterRequest& request, const Moment& moment);

struct CloseCenterCase {
  const Center* center;
  std::vector<const Center*> successors;

  static CloseCenterCase Gather(const CloseCenterRequest& request, Lookup& lookup);
};

Decision Decide(const CloseCenterCase& c, const CloseCenterRequest& request, const Moment& moment);

void Evolve(Center& center, const CenterEvent& event);

}  // namespace learncity::registry::v1
