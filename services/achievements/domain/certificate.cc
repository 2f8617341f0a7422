#include "services/achievements/domain/certificate.h"

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::achievements::v1 {

using enrollment::v1::EnrollmentEvent;

namespace {

using namespace type::v1;

// General education has a diploma at the end of each level, and not in between.
bool EndsALevel(int grade) { return grade == 5 || grade == 9 || grade == 12; }

CredentialKind KindFor(const enrollment::v1::Enrollment& enrollment) {
  switch (enrollment.kind()) {
    case OFFERING_KIND_LITERACY_CLASS:
      if (enrollment.literacy_stage() == LITERACY_STAGE_1) return CREDENTIAL_KIND_LITERACY_LEVEL_1;
      if (enrollment.literacy_stage() == LITERACY_STAGE_2) return CREDENTIAL_KIND_LITERACY_LEVEL_2;
      return CREDENTIAL_KIND_COMPLETION;
    case OFFERING_KIND_CONTINUING_CLASS:
      return EndsALevel(enrollment.grade()) ? CREDENTIAL_KIND_EQUIVALENCY
                                            : CREDENTIAL_KIND_COMPLETION;
    case OFFERING_KIND_VOCATIONAL_COURSE:
      return CREDENTIAL_KIND_VOCATIONAL;
    default:
      return CREDENTIAL_KIND_COMPLETION;
  }
}

}  // namespace

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
  certificate.set_credential_kind(KindFor(enrollment));
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
