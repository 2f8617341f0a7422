#include "services/achievements/domain/certificate.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/testing/scenario.h"
#include "services/achievements/tables.h"

namespace learncity::achievements::v1 {
namespace {

using enrollment::v1::EnrollmentEvent;
using namespace type::v1;

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
        credential_kind: CREDENTIAL_KIND_COMPLETION
      }
    }
  )pb");
  event.mutable_issued()->mutable_certificate()->set_name(name);
  return event;
}

class IssueCertificate : public testing::Test {
 protected:
  IssueCertificate() { s.At("2027-06-01T02:00:00Z"); }

  // What is stated by the certificate of an enrollment that is completed and looks like this.
  CredentialKind StatedFor(const std::string& enrollment) {
    EnrollmentEvent event = Completed();
    event.mutable_completed()->mutable_enrollment()->MergeFrom(
        FromText<enrollment::v1::Enrollment>(enrollment));
    event.mutable_completed()->mutable_enrollment()->set_name(
        absl::StrCat("enrollments/01980000-0000-7000-8000-", 100000000000 + ++completed));
    EXPECT_FALSE(s.When<CertificateCase>(event).refused());
    return s.Get<Certificate>(s.New("certificates")).credential_kind();
  }

  int completed = 0;
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

// As when the feed is followed anew.
TEST_F(IssueCertificate, IsNotIssuedAgainWhenTheEventComesAgain) {
  const auto outcome = s.When<CertificateCase>(Completed());
  const std::string name = s.New("certificates");
  outcome.Then({{name, Issued(name)}});
  s.When<CertificateCase>(Completed()).ThenNothing();
}

TEST_F(IssueCertificate, IsNotIssuedBeforeTheLearnerHasFinished) {
  for (const char* event : {"admitted {}", "waitlisted {}", "promoted {}"}) {
    s.When<CertificateCase>(FromText<EnrollmentEvent>(event)).ThenNothing();
  }
}

TEST_F(IssueCertificate, IsNotIssuedWhenALearnerLeaves) {
  s.When<CertificateCase>(FromText<EnrollmentEvent>("withdrawn {}")).ThenNothing();
  s.When<CertificateCase>(FromText<EnrollmentEvent>("transferred {}")).ThenNothing();
}

TEST_F(IssueCertificate, StatesALiteracyLevelForEachStageOfALiteracyClass) {
  const std::string a_class = "kind: OFFERING_KIND_LITERACY_CLASS grade: 0 literacy_stage: ";
  EXPECT_EQ(StatedFor(a_class + "LITERACY_STAGE_1"), CREDENTIAL_KIND_LITERACY_LEVEL_1);
  EXPECT_EQ(StatedFor(a_class + "LITERACY_STAGE_2"), CREDENTIAL_KIND_LITERACY_LEVEL_2);
  EXPECT_EQ(StatedFor(a_class + "LITERACY_STAGE_POST"), CREDENTIAL_KIND_COMPLETION);
}

TEST_F(IssueCertificate, StatesEquivalencyAtTheEndOfALevelOfContinuingEducation) {
  for (const int grade : {5, 9, 12}) {
    EXPECT_EQ(StatedFor(absl::StrCat("grade: ", grade)), CREDENTIAL_KIND_EQUIVALENCY) << grade;
  }
  for (const int grade : {1, 4, 6, 8, 10, 11}) {
    EXPECT_EQ(StatedFor(absl::StrCat("grade: ", grade)), CREDENTIAL_KIND_COMPLETION) << grade;
  }
  EXPECT_EQ(StatedFor("kind: OFFERING_KIND_SCHOOL_CLASS grade: 12"), CREDENTIAL_KIND_COMPLETION);
}

TEST_F(IssueCertificate, StatesWhatACourseLeadsTo) {
  EXPECT_EQ(StatedFor("kind: OFFERING_KIND_VOCATIONAL_COURSE"), CREDENTIAL_KIND_VOCATIONAL);
  EXPECT_EQ(StatedFor("kind: OFFERING_KIND_COMMUNITY_COURSE"), CREDENTIAL_KIND_COMPLETION);
}

}  // namespace
}  // namespace learncity::achievements::v1
