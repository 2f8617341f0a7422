// Centers: the places where learning happens, each in one administrative unit.
#pragma once

#include "learncity/registry/v1/registry.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::registry::v1 {

struct OpenCenterCase {
  const Unit* unit;

  static OpenCenterCase Gather(const OpenCenterRequest& request, Lookup& lookup);
};

Decision Decide(const OpenCenterCase& c, const OpenCenterRequest& request, const Moment& moment);

void Evolve(Center& center, const CenterEvent& event);

}  // namespace learncity::registry::v1
