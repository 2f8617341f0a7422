// Accreditations: decisions that a school meets a national standard for some years. They lapse by
// their last day alone; nothing happens when it comes.
#pragma once

#include <string>

#include "learncity/registry/v1/registry.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::registry::v1 {

// The unique column by which a decision is recorded once for a center, and its value.
inline constexpr char kDecision[] = "decision";
std::string DecisionOf(const Accreditation& accreditation);

struct GrantAccreditationCase {
  const Center* center;
  // The accreditation of the center by the same decision, or nullptr.
  const Accreditation* same;

  static GrantAccreditationCase Gather(const GrantAccreditationRequest& request, Lookup& lookup);
};

Decision Decide(const GrantAccreditationCase& c, const GrantAccreditationRequest& request,
                const Moment& moment);

struct WithdrawAccreditationCase {
  const Accreditation* accreditation;

  static WithdrawAccreditationCase Gather(const WithdrawAccreditationRequest& request,
                                          Lookup& lookup);
};

// Tomorrow is the latest day from which it may no longer hold.
Decision Decide(const WithdrawAccreditationCase& c, const WithdrawAccreditationRequest& request,
                const Moment& moment);

void Evolve(Accreditation& accreditation, const AccreditationEvent& event);

}  // namespace learncity::registry::v1
