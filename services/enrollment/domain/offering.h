// Offerings: classes and courses with seats. An offering counts its seats and lists nobody.
#pragma once

#include <optional>
#include <string>

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/ledger/decision.h"

namespace learncity::enrollment::v1 {

struct OpenOfferingCase {
  const CenterReference* center;

  static OpenOfferingCase Gather(const OpenOfferingRequest& request, Lookup& lookup);
};

Decision Decide(const OpenOfferingCase& c, const OpenOfferingRequest& request,
                const Moment& moment);

// How many seats are held on that day or may be held on a day after it: those that are taken now,
// wherever they begin, and those that were given back and are free only later.
int HeldSince(const Offering& offering, Day day);
// The first day from which one more learner fits; nullopt while all seats are taken.
std::optional<Day> FreeSeatFrom(const Offering& offering);

// Whether a learner who asks now may hold a seat from that day on. While others wait a free seat is
// theirs: nobody overtakes them.
bool HasFreeSeat(const Offering& offering, Day start);
// Why there is none.
Decision RefuseFull(const Offering& offering, Day start);

// The enrollment of that name takes a seat.
OfferingEvent SeatTakenBy(const std::string& enrollment);
// The enrollment gives its seat back, which is free from that day on and, from now on, is promised
// to who waits.
OfferingEvent SeatReleasedBy(const Enrollment& enrollment, Day free_from, const Offering& offering,
                             Time now);

void Evolve(Offering& offering, const OfferingEvent& event);

}  // namespace learncity::enrollment::v1
