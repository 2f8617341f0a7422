// Matching: a learner who was registered a second time, as without papers, is found to be another.
// The second one ends like one who is erased, and names the first; what was recorded under its name
// stays where it is, and is counted for the first by reporting.
#pragma once

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::enrollment::v1 {

struct MatchCase {
  // Registered a second time.
  const Learner* learner;
  // Whom it was found to be.
  const Learner* into;

  static MatchCase Gather(const MatchLearnerRequest& request, Lookup& lookup);
};

Decision Decide(const MatchCase& c, const MatchLearnerRequest& request, const Moment& moment);

}  // namespace learncity::enrollment::v1
