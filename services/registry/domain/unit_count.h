// Counts of households, clans, residential groups and organisations in a unit: what rates divide
// by, each with its day and its source.
#pragma once

#include <string>

#include "learncity/registry/v1/registry.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::registry::v1 {

// unitCounts/{thing}-{unit}-{day}, as "unitCounts/households-00004-20250701-20251231".
std::string UnitCountName(const UnitCount& count);

struct RecordUnitCountCase {
  const Unit* unit;

  static RecordUnitCountCase Gather(const RecordUnitCountRequest& request, Lookup& lookup);
};

// A count for the same day takes the place of the one before.
Decision Decide(const RecordUnitCountCase& c, const RecordUnitCountRequest& request,
                const Moment& moment);

void Evolve(UnitCount& count, const UnitCountEvent& event);

}  // namespace learncity::registry::v1
