#include "services/achievements/domain/certificate.h"

#include <gtest/gtest.h>

#include "platform/testing/scenario.h"
#include "services/achievements/tables.h"

namespace learncity::achievements::v1 {
namespace {

using enrollment::v1::EnrollmentEvent;

EnrollmentEvent Completed() {
  return FromText<EnrollmentEvent>(R"pb(
    completed {
      enrollment {
        name: "enrollments/01980000-0000-7000-8000-0000000000e1"
        learner: "learners/01980000-0000-7000-8000-00000000001a"
        offering: "offerings/01980000-0000-7000-8000-0000000000f1"
        center: "centers/01980000-0000-7000-8000-0000000000c1"
        kind: OFFERING_KIND_CONTINUING_CLASS
        isced_level: ISCED_LEVEL_3
        grade: 10
        state: STATE_ENROLLED
      }
      end_date { year: 2027 month: 6 day: 1 }
    }
  )pb");
}

CertificateEvent Issued(const std::string& name) {
  auto event = FromText<CertificateEvent>(R"pb(
    issued {
      certificate {
        learner: "learners/01980000-0000-7000-8000-00000000001a"
        enrollment: "enrollments/01980000-0000-7000-8000-0000000000e1"
        offering: "offerings/01980000-0000-7000-8000-0000000000f1"
        center: "centers/01980000-0000-7000-8000-0000000000c1"
        kind: OFFERING_KIND_CONTINUING_CLASS
        isced_level: ISCED_LEVEL_3
        grade: 10
        completion_date { year: 2027 month: 6 day: 1 }
        create_time { seconds: 1811815200 }
      }
    }
  )pb");
  event.mutable_issued()->mutable_certificate()->set_name(name);
  return event;
}

class IssueCertificate : public testing::Test {
 protected:
  IssueCertificate() { s.At("2027-06-01T02:00:00Z"); }

  Scenario s{AchievementsSchema()};
};

TEST_F(IssueCertificate, IsIssuedWhenAnEnrollmentIsCompleted) {
  const auto outcome = s.When<CertificateCase>(Completed());
  const std::string name = s.New("certificates");
  outcome.Then({{name, Issued(name)}});
}

TEST_F(IssueCertificate, IsIssuedOncePerEnrollment) {
  const std::string name = "certificates/01980000-0000-7000-8000-0000000000d1";
  s.Given(name, Issued(name));
  s.When<CertificateCase>(Completed()).ThenNothing();
}

TEST_F(IssueCertificate, IsNotIssuedWhenALearnerIsAdmitted) {
  s.When<CertificateCase>(FromText<EnrollmentEvent>("admitted {}")).ThenNothing();
}

TEST_F(IssueCertificate, IsNotIssuedWhenALearnerLeaves) {
  s.When<CertificateCase>(FromText<EnrollmentEvent>("withdrawn {}")).ThenNothing();
}

}  // namespace
}  // namespace learncity::achievements::v1
