// Enrollments: who holds which seat, from admission until completion or withdrawal.
#pragma once

#include <string>

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::enrollment::v1 {

// The unique column by which a learner holds one seat of an offering at a time, and by which a
// learner's enrollments are found: it begins with the learner's id.
inline constexpr char kSeat[] = "seat";
// Its value while the seat is held: 32 bytes, the learner's id and the offering's.
std::string ActiveSeat(const std::string& learner, const std::string& offering);
// Its value at any time: once the seat is given up, the enrollment's own id follows.
std::string SeatOf(const Enrollment& enrollment);

struct EnrollCase {
  const Learner* learner;
  const Offering* offering;
  // The learner's enrollment that holds a seat in this offering now, or nullptr.
  const Enrollment* active;

  static EnrollCase Gather(const EnrollLearnerRequest& request, Lookup& lookup);
};

Decision Decide(const EnrollCase& c, const EnrollLearnerRequest& request, const Moment& moment);

struct CompleteCase {
  const Enrollment* enrollment;

  static CompleteCase Gather(const CompleteEnrollmentRequest& request, Lookup& lookup);
};

// The seat stays counted: the learner used it. Its last day is today at the latest.
Decision Decide(const CompleteCase& c, const CompleteEnrollmentRequest& request,
                const Moment& moment);

struct WithdrawCase {
  const Enrollment* enrollment;
  // Gets the seat back.
  const Offering* offering;

  static WithdrawCase Gather(const WithdrawEnrollmentRequest& request, Lookup& lookup);
};

// The seat is held until today at the latest; whoever never came gives it up on its first day and
// counts nowhere.
Decision Decide(const WithdrawCase& c, const WithdrawEnrollmentRequest& request,
                const Moment& moment);

void Evolve(Enrollment& enrollment, const EnrollmentEvent& event);

}  // namespace learncity::enrollment::v1
