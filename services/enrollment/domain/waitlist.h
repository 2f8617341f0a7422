// The waitlist of an offering: who asks for a seat when none is free takes the next ticket, and
// free seats go to the lowest tickets by themselves.
//
// What always holds of an offering:
// - `waiting` counts the enrollments that wait in it. Their tickets are above `served_ticket` and
//   not above `last_ticket`, no two the same, in the order of asking.
// - While somebody waits, nobody else takes a seat: no new request, and no transfer. So a seat that
//   is free when `promotion_time` is set is free when it has come.
// - `promotion_time` is there only while somebody waits and a seat is free. It is absent then only
//   if that seat, or the day, comes after the last day of the offering.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::enrollment::v1 {

// The unique column by which who waits is found by the ticket.
inline constexpr char kWaiting[] = "waiting";
// Its value while the enrollment waits: 24 bytes, the offering's id and the ticket, big-endian.
std::string WaitingWith(const std::string& offering, int64_t ticket);
// Its value at any time: absent before and after, so that whoever never waits pays nothing for it.
std::optional<std::string> WaitingOf(const Enrollment& enrollment);

// The new enrollment waits in the offering, behind everybody who does.
Decision JoinWaitlist(Enrollment enrollment, const Offering& offering, const Moment& moment);
// The enrollment no longer waits.
OfferingEvent WaiterLeftAs(const Enrollment& enrollment);

// How many tickets one step looks at.
inline constexpr int64_t kTicketsPerStep = 16;

struct PromoteCase {
  struct Waiter {
    const Enrollment* enrollment;
    const Learner* learner;
    // As InSchool finds it.
    const Enrollment* in_school;
  };
  // Where the offering is held; nullptr when that is not known.
  const CenterReference* center;
  // Those of the next kTicketsPerStep tickets who still wait, in the order of their tickets.
  std::vector<Waiter> next;

  static PromoteCase Gather(const Offering& offering, Lookup& lookup);
};

// When a free seat goes to who waits.
std::optional<Time> PromotionDue(const Offering& offering);

// One step: the first who waits gets the seat, from the day asked for or the next on which it is
// free; nobody does once the center is closed by then. Learners who were erased or found to be
// another, have gone to another school class meanwhile, or asked for a day on which the center is
// closed are withdrawn and passed over. While there are more seats and more who wait, the next step
// is due at once.
Decision Decide(const PromoteCase& c, const Offering& offering, const Moment& moment);

}  // namespace learncity::enrollment::v1
