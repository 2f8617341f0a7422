// Transfers: a learner goes on in another class, without a day between and without losing the seat
// to somebody else.
#pragma once

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::enrollment::v1 {

struct TransferCase {
  const Enrollment* enrollment;
  const Learner* learner;
  // Gets the seat back.
  const Offering* from;
  // In which the learner goes on, and where it is held.
  const Offering* to;
  const CenterReference* center;
  // The learner's enrollment that holds a seat in `to`, or waits for one, or nullptr.
  const Enrollment* active;

  static TransferCase Gather(const TransferEnrollmentRequest& request, Lookup& lookup);
};

// Answered with the enrollment in the other class, which begins on the day the first one ends. A
// transfer on the first day leaves one that was never held and counts nowhere.
Decision Decide(const TransferCase& c, const TransferEnrollmentRequest& request,
                const Moment& moment);

}  // namespace learncity::enrollment::v1
