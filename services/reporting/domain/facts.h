// What reporting remembers of learners, centers, recognitions and awards: each followed event folds
// into the facts it is about. A fact's fields are written by one feed each, so the order in which
// two feeds arrive does not matter.
//
// Every Evolve says whether the fact changed: an event that changes none costs no write.
#pragma once

#include "learncity/achievements/v1/achievements_events.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/reporting/v1/facts.pb.h"
#include "platform/ledger/id.h"

namespace learncity::reporting::v1 {

// Year of birth, sex, and the two yes or no. Erasing a person changes no figure, so it changes
// nothing here.
bool Evolve(LearnerFact& fact, const enrollment::v1::LearnerEvent& event);

// Seats. A seat ends the day after the offering's last day, or on the day from which it was
// completed, given up or changed for another, whichever is first. Who waits has none. The event is
// about this learner.
bool Evolve(LearnerFact& fact, const enrollment::v1::EnrollmentEvent& event);

// Credentials, in the order of their years. The event is about a certificate of this learner.
bool Evolve(LearnerFact& fact, const achievements::v1::CertificateEvent& event);

// What is recorded under a learner who was found to be another goes to that one: seats behind those
// that are there, as if they were admitted now.
void PassOn(LearnerFact& from, LearnerFact& to);

// Kind, ownership, places and days of validity. The event is about this center.
bool Evolve(CenterFact& fact, const registry::v1::CenterEvent& event);

// Standards. The event is about an accreditation of this center.
bool Evolve(CenterFact& fact, const registry::v1::AccreditationEvent& event);

// A run for each offering with at least one admission. An admission tells the learner's first day
// and the offering's last, so the run touches the months from the earliest first day of a learner
// to the offering's last day. The event is about an enrollment at this center.
bool Evolve(CenterFact& fact, const enrollment::v1::EnrollmentEvent& event);
// Whether the last Evolve would change the fact, without a copy to try it on: of the many
// admissions to a class only the first does.
bool WouldChange(const CenterFact& fact, const enrollment::v1::EnrollmentEvent& event);

bool Evolve(RecognitionFact& fact, const achievements::v1::RecognitionEvent& event);
bool Evolve(AwardFact& fact, const achievements::v1::AwardEvent& event);

}  // namespace learncity::reporting::v1

namespace learncity::reporting {

// The enrollment that an event is about, as the event carries it.
const enrollment::v1::Enrollment& EnrollmentOf(const enrollment::v1::EnrollmentEvent& event);

// Whom the learner was found to be. Only of one who was.
Id MatchedTo(const v1::LearnerFact& fact);

// The certificate and the accreditation that an event is about.
const achievements::v1::Certificate& CertificateOf(const achievements::v1::CertificateEvent& event);
const registry::v1::Accreditation& AccreditationOf(const registry::v1::AccreditationEvent& event);

// Whether a seat counts at an ISCED level: in classes of schools and of continuing education, from
// early childhood to upper secondary.
bool IsFormal(const v1::Seat& seat);

}  // namespace learncity::reporting
