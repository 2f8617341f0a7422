// The figures of the city's catalogue by hand, one small city each, counted in the comments.
#include "gmock/gmock.h"
#include "learncity/achievements/v1/achievements_events.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/testing/text.h"
#include "services/reporting/city_in_memory.h"

namespace learncity::reporting {
namespace {

using type::v1::SEX_FEMALE;
using type::v1::SEX_MALE;
using type::v1::YES_NO_YES;

Class Course(const std::string& offering, type::v1::OfferingKind kind,
             const std::string& last_day = "2026-12-20") {
  return {.offering = offering,
          .center = "Ba Dinh",
          .kind = kind,
          .isced_level = type::v1::ISCED_LEVEL_NON_FORMAL,
          .grade = 0,
          .last_day = last_day};
}
Class Preschool() {
  return {.offering = "La 1", .isced_level = type::v1::ISCED_LEVEL_02, .grade = 0};
}

class CityFigures : public testing::Test {
 protected:
  v1::Figure Total(const std::string& code, const std::string& as_of = "2026-11-30") {
    const v1::Figure total = city.Evaluate(code, as_of).figures(0);
    EXPECT_EQ(city.EvaluateTotal(code, as_of).SerializeAsString(), total.SerializeAsString());
    return total;
  }
  void Recognised(const std::string& subject, const std::string& kind, const std::string& from,
                  const std::string& to) {
    auto event = FromText<achievements::v1::RecognitionEvent>(
        "granted { recognition { unit: 'units/a' kind: " + kind + " periods {} } }");
    auto& period = *event.mutable_granted()->mutable_recognition()->mutable_periods(0);
    *period.mutable_valid_from() = DateOf(from);
    *period.mutable_valid_to() = DateOf(to);
    city.Happened("achievements", "recognitions/" + subject, event);
  }
  void Certified(const std::string& learner, const std::string& kind, const std::string& day) {
    auto event = FromText<achievements::v1::CertificateEvent>(
        "issued { certificate { learner: 'learners/" + learner + "' credential_kind: " + kind +
        " } }");
    *event.mutable_issued()->mutable_certificate()->mutable_completion_date() = DateOf(day);
    city.Happened("achievements", "certificates/" + learner + day, event);
  }

  CityInMemory city;
};

// F2. Lan, 40, is in two literacy classes of 2026; An, 12, is in one; Binh, 50, was in 2025.
TEST_F(CityFigures, LiteracyLearnersAreCountedOnceAYearOfTheIlliterate) {
  city.Registered("Lan", 1986, SEX_FEMALE);
  city.Registered("An", 2014, SEX_MALE);
  city.Registered("Binh", 1976, SEX_MALE);
  const auto literacy = type::v1::OFFERING_KIND_LITERACY_CLASS;
  city.Admitted("1", "Lan", "2026-02-01", Course("XMC 1", literacy, "2026-05-31"));
  city.Admitted("2", "Lan", "2026-09-05", Course("XMC 2", literacy));
  city.Admitted("3", "An", "2026-09-05", Course("XMC 2", literacy));
  city.Admitted("4", "Binh", "2025-02-01", Course("XMC 0", literacy, "2025-05-31"));
  EXPECT_EQ(Total("KF-1.1-b").numerator(), 1);
  EXPECT_EQ(Total("KF-1.1-b").denominator(), 53574);
  EXPECT_EQ(Total("KF-1.1-b").status(), v1::OBSERVATION_STATUS_ESTIMATED);
  EXPECT_EQ(Total("KF-1.1-b", "2025-12-31").numerator(), 1);
  EXPECT_EQ(Total("KF-1.1-b", "2027-01-01").numerator(), 0);
}

// F5 and NERA.AGM1. In the school year 2026: Lan is 3, An 5, Minh 6 and late; Hoa, 5, is in
// grade 1.
TEST_F(CityFigures, ChildrenBeforeSchoolAreCountedByAge) {
  city.Registered("Lan", 2023, SEX_FEMALE);
  city.Registered("An", 2021, SEX_MALE);
  city.Registered("Minh", 2020, SEX_MALE);
  city.Registered("Hoa", 2021, SEX_FEMALE);
  city.Registered("Nobody knows", 0, SEX_FEMALE);
  city.Admitted("1", "Lan", "2026-09-05", Preschool());
  city.Admitted("2", "An", "2026-09-05", Preschool());
  city.Admitted("3", "Minh", "2026-09-05", Preschool());
  city.Admitted("4", "Hoa", "2026-09-05", {.offering = "1A", .grade = 1});
  city.Admitted("5", "Nobody knows", "2026-09-05", Preschool());
  EXPECT_EQ(Total("KF-4.1-a").numerator(), 2);
  EXPECT_EQ(Total("KF-4.1-a").denominator(), 504000);
  EXPECT_EQ(Total("KF-4.1-a").coverage(), 0.75);
  EXPECT_EQ(Total("NERA.AGM1").numerator(), 2);
  EXPECT_EQ(Total("NERA.AGM1").denominator(), 168000);
}

// F6. Lan, 40, sews until February; An, 70, is too old; Hoa, 16, left before her course began.
TEST_F(CityFigures, AdultsTookPartInTwelveClosedMonths) {
  city.Registered("Lan", 1986, SEX_FEMALE);
  city.Registered("An", 1956, SEX_MALE);
  city.Registered("Hoa", 2010, SEX_FEMALE);
  const Class sewing = Course("May va", type::v1::OFFERING_KIND_COMMUNITY_COURSE, "2026-02-10");
  city.Admitted("1", "Lan", "2026-01-05", sewing);
  city.Admitted("2", "An", "2026-01-05", sewing);
  city.Admitted("3", "Hoa", "2026-01-05", sewing);
  city.Withdrawn("3", "2026-01-05");
  EXPECT_EQ(Total("KF-4.3-a", "2026-01-30").numerator(), 0) << "January is not over";
  EXPECT_EQ(Total("KF-4.3-a", "2026-01-31").numerator(), 1);
  EXPECT_EQ(Total("KF-4.3-a", "2027-01-31").numerator(), 1);
  EXPECT_EQ(Total("KF-4.3-a", "2027-02-28").numerator(), 0);
}

// F8. Nobody has counted persons by disability, so both rates and their parity are missing.
TEST_F(CityFigures, ParityIsMissingWithoutTheNumbersItDividesBy) {
  city.Registered("Lan", 1986, SEX_FEMALE, YES_NO_YES);
  city.Admitted("1", "Lan", "2026-01-05",
                Course("May va", type::v1::OFFERING_KIND_COMMUNITY_COURSE));
  EXPECT_EQ(Total("KF-4.3-a.D").numerator(), 1);
  EXPECT_EQ(Total("KF-4.3-a.ND").numerator(), 0);
  EXPECT_EQ(Total("KF-4.5-a").status(), v1::OBSERVATION_STATUS_MISSING);
  EXPECT_EQ(Total("KF-4.5-a").comment(),
            "there is no population_with_disability aged 15 to 64 of VN-HN for this date");
}

// F10 and F12. Two families and a clan; the first family's period ends in June 2026.
TEST_F(CityFigures, RecognitionsCountWhileTheyHold) {
  Recognised("family-1", "RECOGNITION_SUBJECT_FAMILY", "2025-12-01", "2026-07-01");
  Recognised("family-2", "RECOGNITION_SUBJECT_FAMILY", "2025-12-01", "2027-01-01");
  Recognised("clan-1", "RECOGNITION_SUBJECT_CLAN", "2025-12-01", "2027-01-01");
  Recognised("organization-1", "RECOGNITION_SUBJECT_ORGANIZATION", "2025-12-01", "2027-01-01");
  EXPECT_EQ(Total("KF-5.1-b", "2026-06-30").numerator(), 2);
  EXPECT_EQ(Total("KF-5.1-b", "2026-07-01").numerator(), 1);
  EXPECT_EQ(Total("KF-5.1-b", "2026-07-01").denominator(), 2119403);
  EXPECT_EQ(Total("KF-6.2-a").numerator(), 1);
  EXPECT_EQ(Total("KF-6.2-a").status(), v1::OBSERVATION_STATUS_MISSING);
}

// F14. Of three enrollments of the school year one is online, one is held nobody knows how.
TEST_F(CityFigures, EnrollmentsAreCountedByMode) {
  city.Registered("Lan", 1986, SEX_FEMALE);
  Class course = Course("a", type::v1::OFFERING_KIND_COMMUNITY_COURSE);
  city.Admitted("1", "Lan", "2026-09-05", course);
  course = Course("b", type::v1::OFFERING_KIND_COMMUNITY_COURSE);
  course.mode = type::v1::OFFERING_MODE_ONLINE;
  city.Admitted("2", "Lan", "2026-09-05", course);
  course = Course("c", type::v1::OFFERING_KIND_COMMUNITY_COURSE);
  course.mode = type::v1::OFFERING_MODE_IN_PERSON;
  city.Admitted("3", "Lan", "2026-09-05", course);
  EXPECT_EQ(Total("KF-7.3-a").numerator(), 1);
  EXPECT_EQ(Total("KF-7.3-a").denominator(), 3);
  EXPECT_NEAR(Total("KF-7.3-a").coverage(), 2.0 / 3, 1e-9);
  EXPECT_EQ(Total("KF-7.3-a", "2027-09-01").denominator(), 0);
}

// F17. Three credentials of 2026, two of them of literacy; one of 2025.
TEST_F(CityFigures, CredentialsAreCountedByKindAndYear) {
  Certified("Lan", "CREDENTIAL_KIND_LITERACY_LEVEL_1", "2026-05-31");
  Certified("An", "CREDENTIAL_KIND_LITERACY_LEVEL_1", "2026-05-31");
  Certified("Lan", "CREDENTIAL_KIND_COMPLETION", "2026-11-01");
  Certified("Lan", "CREDENTIAL_KIND_COMPLETION", "2025-11-01");
  const auto evaluation = city.Evaluate("KF-9.3-a", "2026-11-30");
  EXPECT_EQ(evaluation.figures(0).numerator(), 3);
  EXPECT_NEAR(evaluation.figures(0).value(), 1000 * 3.0 / 8811473, 1e-12);
  ASSERT_EQ(evaluation.figures_size(), 1 + 5);
  EXPECT_EQ(evaluation.figures(1).credential_kind(), type::v1::CREDENTIAL_KIND_COMPLETION);
  EXPECT_EQ(evaluation.figures(1).numerator(), 1);
  EXPECT_EQ(evaluation.figures(2).numerator(), 2);
}

// Of two public schools one is accredited until 2029; the private one does not count.
TEST_F(CityFigures, AStandardLapsesWhileNothingHappens) {
  const auto open = [&](const std::string& name, const std::string& ownership) {
    city.Happened("registry", "centers/" + name,
                  FromText<registry::v1::CenterEvent>(
                      "opened { center { kind: CENTER_KIND_PRIMARY_SCHOOL unit: 'units/a' " +
                      ownership + " valid_from { year: 2010 month: 9 day: 1 } } }"));
  };
  open("A", "ownership: OWNERSHIP_PUBLIC");
  open("B", "ownership: OWNERSHIP_PUBLIC");
  open("C", "ownership: OWNERSHIP_PRIVATE");
  city.Happened("registry", "accreditations/1",
                FromText<registry::v1::AccreditationEvent>(
                    "granted { accreditation { name: 'accreditations/1' center: 'centers/A' "
                    "  level: 1 valid_from { year: 2024 month: 1 day: 1 } "
                    "  valid_to { year: 2029 month: 1 day: 1 } } }"));
  EXPECT_EQ(Total("HN-STANDARD", "2028-12-31").value(), 50);
  EXPECT_EQ(Total("HN-STANDARD", "2029-01-01").value(), 0);
  EXPECT_EQ(Total("HN-STANDARD", "2029-01-01").denominator(), 2);
}

TEST_F(CityFigures, AwardsAddUpOverTheYears) {
  const auto award = [&](const std::string& name, const std::string& text) {
    city.Happened("achievements", "awards/" + name, FromText<achievements::v1::AwardEvent>(text));
  };
  award("1", "recorded { award { level: AWARD_LEVEL_NATIONAL year: 2024 } }");
  award("2", "recorded { award { level: AWARD_LEVEL_NATIONAL year: 2026 } }");
  award("3", "recorded { award { level: AWARD_LEVEL_INTERNATIONAL year: 2026 } }");
  EXPECT_EQ(Total("HN-AWARDS.N", "2025-12-31").value(), 1);
  EXPECT_EQ(Total("HN-AWARDS.N").value(), 2);
  EXPECT_EQ(Total("HN-AWARDS.I").value(), 1);
  award("2", "withdrawn { withdrawn_date { year: 2026 month: 1 day: 1 } }");
  EXPECT_EQ(Total("HN-AWARDS.N").value(), 1);
  EXPECT_TRUE(city.Differences().empty());
}

}  // namespace
}  // namespace learncity::reporting
