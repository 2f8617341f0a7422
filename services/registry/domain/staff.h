// Staff: who works at a center, from a day on and up to another. Rules see persons sealed.
#pragma once

#include <optional>

#include "learncity/registry/v1/registry.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::registry::v1 {

struct EmployCase {
  const Center* center;
  // Who has the name already: employed by the same request, whose key was still there.
  const Staff* existing;

  static EmployCase Gather(const EmployStaffRequest& request, Lookup& lookup);
};

// The surface has checked and sealed the person, and named the staff: the person's key is reserved
// under that id.
Decision Decide(const EmployCase& c, const EmployStaffRequest& request, const Moment& moment);

struct UpdateStaffCase {
  const Staff* staff;

  static UpdateStaffCase Gather(const UpdateStaffRequest& request, Lookup& lookup);
};

// The surface has checked the mask.
Decision Decide(const UpdateStaffCase& c, const UpdateStaffRequest& request, const Moment& moment);

struct EndEmploymentCase {
  const Staff* staff;

  static EndEmploymentCase Gather(const EndEmploymentRequest& request, Lookup& lookup);
};

// Tomorrow is the latest day; who never came ends on the first day.
Decision Decide(const EndEmploymentCase& c, const EndEmploymentRequest& request,
                const Moment& moment);

struct EraseStaffCase {
  const Staff* staff;

  static EraseStaffCase Gather(const EraseStaffRequest& request, Lookup& lookup);
};

Decision Decide(const EraseStaffCase& c, const EraseStaffRequest& request, const Moment& moment);

// Since when the key of somebody erased is to be destroyed, until it is confirmed that it was.
std::optional<Time> ErasureDue(const Staff& staff);

// The person's key is gone.
Decision DecideErasureConfirmed(const Staff& staff, const Moment& moment);

void Evolve(Staff& staff, const StaffEvent& event);

}  // namespace learncity::registry::v1
