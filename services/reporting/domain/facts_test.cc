#include "services/reporting/domain/facts.h"

#include "gmock/gmock.h"
#include "platform/ledger/id.h"
#include "platform/testing/text.h"
#include "services/reporting/domain/days.h"

namespace learncity::reporting {
namespace {

using enrollment::v1::EnrollmentEvent;
using enrollment::v1::LearnerEvent;
using registry::v1::CenterEvent;

int DayNumberOf(const std::string& day) { return DayNumber(DayOf(DateOf(day))); }

const std::string kInClass =
    "enrollment { name: 'enrollments/1' learner: 'learners/lan' offering: 'offerings/3A' "
    "  kind: OFFERING_KIND_SCHOOL_CLASS isced_level: ISCED_LEVEL_1 grade: 3 "
    "  start_date { year: 2026 month: 9 day: 5 } "
    "  offering_end_date { year: 2027 month: 5 day: 31 } }";

EnrollmentEvent Admitted() { return FromText<EnrollmentEvent>("admitted {" + kInClass + "}"); }
EnrollmentEvent Completed(const std::string& end_day) {
  auto event = FromText<EnrollmentEvent>("completed {" + kInClass + "}");
  *event.mutable_completed()->mutable_end_date() = DateOf(end_day);
  return event;
}
EnrollmentEvent Withdrawn(const std::string& end_day) {
  auto event = FromText<EnrollmentEvent>("withdrawn {" + kInClass + "}");
  *event.mutable_withdrawn()->mutable_end_date() = DateOf(end_day);
  return event;
}

TEST(LearnerFact, KnowsBirthYearAndSexOfTheRegistered) {
  v1::LearnerFact fact;
  EXPECT_TRUE(Evolve(
      fact, FromText<LearnerEvent>("registered { learner { birth_year: 2017 sex: SEX_MALE } }")));
  EXPECT_EQ(fact.birth_year(), 2017);
  EXPECT_EQ(fact.sex(), type::v1::SEX_MALE);
}

TEST(LearnerFact, StaysWhenThePersonIsErased) {
  auto fact = FromText<v1::LearnerFact>("birth_year: 2017");
  EXPECT_FALSE(Evolve(fact, FromText<LearnerEvent>("erased {}")));
  EXPECT_FALSE(Evolve(fact, FromText<LearnerEvent>("erasure_confirmed {}")));
  EXPECT_EQ(fact.birth_year(), 2017);
}

TEST(LearnerFact, HoldsASeatUntilTheDayAfterTheOfferingsLast) {
  v1::LearnerFact fact;
  EXPECT_TRUE(Evolve(fact, Admitted()));
  ASSERT_EQ(fact.seats_size(), 1);
  EXPECT_EQ(fact.seats(0).from_day(), DayNumberOf("2026-09-05"));
  EXPECT_EQ(fact.seats(0).to_day(), DayNumberOf("2027-06-01"));
  EXPECT_EQ(fact.seats(0).grade(), 3);
  EXPECT_EQ(fact.seats(0).enrollment(), IdOf("enrollments/1").view());
}

TEST(LearnerFact, LosesASeatEarlyWhenItIsGivenUpOrCompleted) {
  for (const auto& event : {Withdrawn("2026-12-01"), Completed("2026-12-01")}) {
    v1::LearnerFact fact;
    Evolve(fact, Admitted());
    EXPECT_TRUE(Evolve(fact, event));
    EXPECT_EQ(fact.seats(0).to_day(), DayNumberOf("2026-12-01"));
  }
}

TEST(LearnerFact, DoesNotKeepASeatBeyondTheOffering) {
  v1::LearnerFact fact;
  Evolve(fact, Admitted());
  EXPECT_FALSE(Evolve(fact, Completed("2027-06-15")));
  EXPECT_EQ(fact.seats(0).to_day(), DayNumberOf("2027-06-01"));
}

TEST(LearnerFact, HoldsASeatInACourseThatCountsAtNoLevel) {
  for (const auto kind :
       {type::v1::OFFERING_KIND_COMMUNITY_COURSE, type::v1::OFFERING_KIND_LITERACY_CLASS,
        type::v1::OFFERING_KIND_VOCATIONAL_COURSE}) {
    auto event = Admitted();
    event.mutable_admitted()->mutable_enrollment()->set_kind(kind);
    v1::LearnerFact fact;
    EXPECT_TRUE(Evolve(fact, event));
    ASSERT_EQ(fact.seats_size(), 1);
    EXPECT_FALSE(IsFormal(fact.seats(0)));
  }
}

TEST(LearnerFact, HoldsSeatsOfPreschoolAndOfContinuingClassesAtTheirLevels) {
  v1::Seat seat;
  seat.set_kind(type::v1::OFFERING_KIND_SCHOOL_CLASS);
  seat.set_isced_level(type::v1::ISCED_LEVEL_02);
  EXPECT_TRUE(IsFormal(seat));
  seat.set_kind(type::v1::OFFERING_KIND_CONTINUING_CLASS);
  seat.set_isced_level(type::v1::ISCED_LEVEL_3);
  EXPECT_TRUE(IsFormal(seat));
  seat.set_isced_level(type::v1::ISCED_LEVEL_NON_FORMAL);
  EXPECT_FALSE(IsFormal(seat));
}

TEST(LearnerFact, HoldsNoSeatWhileItWaitsAndOneOnceItIsPromoted) {
  v1::LearnerFact fact;
  EXPECT_FALSE(Evolve(fact, FromText<EnrollmentEvent>("waitlisted {" + kInClass + "}")));
  EXPECT_TRUE(Evolve(fact, FromText<EnrollmentEvent>("promoted {" + kInClass + "}")));
  EXPECT_EQ(fact.seats_size(), 1);
}

TEST(LearnerFact, LosesASeatToTheClassItIsTransferredTo) {
  v1::LearnerFact fact;
  Evolve(fact, Admitted());
  auto event = FromText<EnrollmentEvent>("transferred {" + kInClass + "}");
  *event.mutable_transferred()->mutable_end_date() = DateOf("2027-01-10");
  EXPECT_TRUE(Evolve(fact, event));
  EXPECT_EQ(fact.seats(0).to_day(), DayNumberOf("2027-01-10"));
}

TEST(LearnerFact, KeepsCredentialsByYear) {
  v1::LearnerFact fact;
  EXPECT_TRUE(Evolve(fact, FromText<achievements::v1::CertificateEvent>(
                               "issued { certificate { completion_date { year: 2026 month: 12 "
                               "day: 31 } credential_kind: CREDENTIAL_KIND_LITERACY_LEVEL_1 } }")));
  ASSERT_EQ(fact.credentials_size(), 1);
  EXPECT_EQ(fact.credentials(0).year(), 2026);
  EXPECT_EQ(fact.credentials(0).kind(), type::v1::CREDENTIAL_KIND_LITERACY_LEVEL_1);
}

TEST(CenterFact, KnowsWhereItStandsAndThatItCloses) {
  v1::CenterFact fact;
  Evolve(fact, FromText<CenterEvent>("opened { center { unit: 'units/a' "
                                     "  valid_from { year: 2020 month: 3 day: 1 } } }"));
  Evolve(fact, FromText<CenterEvent>("moved { placement { unit: 'units/b' "
                                     "  from { year: 2025 month: 7 day: 1 } } }"));
  Evolve(fact, FromText<CenterEvent>("closed { valid_to { year: 2026 month: 1 day: 1 } }"));
  ASSERT_EQ(fact.places_size(), 2);
  EXPECT_EQ(fact.places(1).unit(), "units/b");
  EXPECT_EQ(fact.places(1).from_day(), DayNumberOf("2025-07-01"));
  EXPECT_EQ(fact.open_to_day(), DayNumberOf("2026-01-01"));
}

TEST(CenterFact, KeepsStandardsAndTheirEarlyEnd) {
  const std::string accreditation =
      "accreditation { name: 'accreditations/1' level: 2 "
      "  valid_from { year: 2024 month: 1 day: 1 } valid_to { year: 2029 month: 1 day: 1 } }";
  v1::CenterFact fact;
  EXPECT_TRUE(
      Evolve(fact, FromText<registry::v1::AccreditationEvent>("granted {" + accreditation + "}")));
  EXPECT_EQ(fact.standards(0).to_day(), DayNumberOf("2029-01-01"));
  auto withdrawn = FromText<registry::v1::AccreditationEvent>("withdrawn {" + accreditation + "}");
  *withdrawn.mutable_withdrawn()->mutable_valid_to() = DateOf("2026-05-01");
  EXPECT_TRUE(Evolve(fact, withdrawn));
  EXPECT_EQ(fact.standards(0).to_day(), DayNumberOf("2026-05-01"));
}

TEST(CenterFact, KnowsKindAndDaysOfTheOpened) {
  v1::CenterFact fact;
  EXPECT_TRUE(Evolve(
      fact, FromText<CenterEvent>("opened { center { kind: CENTER_KIND_COMMUNITY_LEARNING_CENTER "
                                  "  valid_from { year: 2026 month: 9 day: 5 } "
                                  "  valid_to { year: 2027 month: 6 day: 1 } } }")));
  EXPECT_EQ(fact.kind(), type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER);
  EXPECT_EQ(fact.open_from_day(), DayNumberOf("2026-09-05"));
  EXPECT_EQ(fact.open_to_day(), DayNumberOf("2027-06-01"));
}

TEST(CenterFact, HasARunFromTheFirstAdmissionOn) {
  v1::CenterFact fact;
  EXPECT_TRUE(Evolve(fact, Admitted()));
  ASSERT_EQ(fact.runs_size(), 1);
  EXPECT_EQ(fact.runs(0).from_month(), 12 * 2026 + 8);
  EXPECT_EQ(fact.runs(0).to_month(), 12 * 2027 + 4);

  EXPECT_FALSE(WouldChange(fact, Admitted()));
  EXPECT_FALSE(Evolve(fact, Admitted()));
  EXPECT_FALSE(Evolve(fact, Withdrawn("2026-09-06")));
  EXPECT_EQ(fact.runs_size(), 1);
}

TEST(CenterFact, HasARunFromItsEarliestLearnerOn) {
  v1::CenterFact fact;
  Evolve(fact, Admitted());
  auto earlier = Admitted();
  earlier.mutable_admitted()->mutable_enrollment()->mutable_start_date()->set_month(8);
  EXPECT_TRUE(Evolve(fact, earlier));
  ASSERT_EQ(fact.runs_size(), 1);
  EXPECT_EQ(fact.runs(0).from_month(), 12 * 2026 + 7);
}

}  // namespace
}  // namespace learncity::reporting
