// Enrollments: who holds which seat, from admission until completion, withdrawal or transfer. Who
// waits for a seat is an enrollment too: see waitlist.h.
#pragma once

#include <optional>
#include <string>

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/ledger/decision.h"

namespace learncity::enrollment::v1 {

// The unique column by which a learner holds one seat of an offering, or waits for one, at a time,
// and a seat in one school class of a school year; and by which a learner's enrollments are found:
// it begins with the learner's id. One column, since every index costs the hottest table a page a
// write.
inline constexpr char kSeat[] = "held_seat";
// Its value while the learner waits, or holds a seat of what is no school class: the learner's id
// and the offering's.
std::string OfferingSeat(const std::string& learner, const std::string& offering);
// Its value while the seat of a school class is held: the learner's id and the school year.
std::string SchoolSeat(const std::string& learner, const std::string& school_year);
// Its value at any time: once the seat is given up, the learner's id and the enrollment's own.
std::string SeatOf(const Enrollment& enrollment);

// The learner's enrollment in a school class of the offering's school year, or nullptr; nullptr too
// when the offering is no school class.
const Enrollment* InSchool(const std::string& learner, const Offering& offering, Lookup& lookup);
// The learner's enrollment that holds a seat in that offering, or waits for one, or nullptr;
// `in_school` as InSchool finds it.
const Enrollment* ActiveIn(const std::string& learner, const Offering& offering,
                           const Enrollment* in_school, Lookup& lookup);

struct EnrollCase {
  const Learner* learner;
  const Offering* offering;
  // Where it is held; nullptr when that is not known.
  const CenterReference* center;
  // As ActiveIn finds it.
  const Enrollment* active;
  // As InSchool finds it.
  const Enrollment* in_school;

  static EnrollCase Gather(const EnrollLearnerRequest& request, Lookup& lookup);
};

// A seat, or a place on the waitlist where none is free and the request says so.
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
// counts nowhere. So does whoever still waits, on the day from which the seat was wanted.
Decision Decide(const WithdrawCase& c, const WithdrawEnrollmentRequest& request,
                const Moment& moment);

// What the rules of transfers and of the waitlist share with those above.

// A new enrollment of the learner, which holds a seat from that day on.
Enrollment NewEnrollment(const Learner& learner, const Offering& offering, Day start,
                         const Moment& moment);
EnrollmentEvent AdmittedAs(const Enrollment& enrollment);
EnrollmentEvent WithdrawnOn(const Enrollment& enrollment, Day end);
Decision RefuseErased(const Learner& learner);
Decision RefuseClosed(const Offering& offering);
// The learner holds a seat in the offering, or waits for one, as `active`.
Decision RefuseSecond(const Enrollment& active);
// The enrollment waits for a seat, or has ended.
Decision RefuseSeatless(const Enrollment& enrollment);

void Evolve(Enrollment& enrollment, const EnrollmentEvent& event);

}  // namespace learncity::enrollment::v1
