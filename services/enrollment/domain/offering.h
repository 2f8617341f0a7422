// Offerings: classes and courses with seats. An offering counts its seats and lists nobody.
#pragma once

#include <string>

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::enrollment::v1 {

struct OpenOfferingCase {
  const CenterReference* center;

  static OpenOfferingCase Gather(const OpenOfferingRequest& request, Lookup& lookup);
};

Decision Decide(const OpenOfferingCase& c, const OpenOfferingRequest& request,
                const Moment& moment);

bool HasFreeSeat(const Offering& offering);

// The enrollment of that name takes a seat, or gives its seat back.
OfferingEvent SeatTakenBy(const std::string& enrollment);
OfferingEvent SeatReleasedBy(const std::string& enrollment);

void Evolve(Offering& offering, const OfferingEvent& event);

}  // namespace learncity::enrollment::v1
