// Certificates: what a completed enrollment issues by itself, without anybody asking.
#pragma once

#include "learncity/achievements/v1/achievements.pb.h"
#include "learncity/achievements/v1/achievements_events.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::achievements::v1 {

// The unique column by which an enrollment has one certificate: the enrollment's id.
inline constexpr char kEnrollment[] = "enrollment";

struct CertificateCase {
  // The certificate of the enrollment that was completed; nullptr when there is none yet.
  const Certificate* issued;

  static CertificateCase Gather(const enrollment::v1::EnrollmentEvent& event, Lookup& lookup);
};

Decision Decide(const CertificateCase& c, const enrollment::v1::EnrollmentEvent& event,
                const Moment& moment);

void Evolve(Certificate& certificate, const CertificateEvent& event);

}  // namespace learncity::achievements::v1
