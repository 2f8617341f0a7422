#include "services/achievements/domain/certificate.h"

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::achievements::v1 {

using enrollment::v1::EnrollmentEvent;

CertificateCase CertificateCase::Gather(const EnrollmentEvent& event, Lookup& lookup) {
  if (!event.has_completed()) return {};
  const Id enrollment = IdOf(event.completed().enrollment().name());
  return {.issued = lookup.FindBy<Certificate>(kEnrollment, enrollment.view())};
}

Decision Decide(const CertificateCase& c, const EnrollmentEvent& event, const Moment& moment) {
  if (!event.has_completed() || c.issued != nullptr) return {};
  const auto& enrollment = event.completed().enrollment();
  CertificateEvent issued;
  Certificate& certificate = *issued.mutable_issued()->mutable_certificate();
  certificate.set_name(absl::StrCat("certificates/", moment.NewId().ToString()));
  certificate.set_learner(enrollment.learner());
  certificate.set_enrollment(enrollment.name());
  certificate.set_offering(enrollment.offering());
  certificate.set_center(enrollment.center());
  certificate.set_kind(enrollment.kind());
  certificate.set_isced_level(enrollment.isced_level());
  certificate.set_grade(enrollment.grade());
  *certificate.mutable_completion_date() = event.completed().end_date();
  *certificate.mutable_create_time() = ToTimestamp(moment.now);
  return Decision().Then(certificate.name(), issued);
}

void Evolve(Certificate& certificate, const CertificateEvent& event) {
  switch (event.event_case()) {
    case CertificateEvent::kIssued:
      certificate = event.issued().certificate();
      return;
    case CertificateEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << certificate.name();
}

}  // namespace learncity::achievements::v1
