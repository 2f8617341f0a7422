#include "services/enrollment/domain/enrollment.h"

#include <gtest/gtest.h>

#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/testing/scenario.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment::v1 {
namespace {

constexpr char kLan[] = "learners/01980000-0000-7000-8000-00000000001a";
constexpr char kMinh[] = "learners/01980000-0000-7000-8000-00000000002b";
constexpr char kSewing[] = "offerings/01980000-0000-7000-8000-0000000000f1";
constexpr char kSeat[] = "enrollments/01980000-0000-7000-8000-0000000000e1";

LearnerEvent Registered(const std::string& name) {
  LearnerEvent event;
  event.mutable_registered()->mutable_learner()->set_name(name);
  event.mutable_registered()->mutable_learner()->set_state(Learner::STATE_ACTIVE);
  return event;
}

// A course from September 5th to November 30th.
OfferingEvent Opened(int seats) {
  auto event = FromText<OfferingEvent>(R"pb(
    opened {
      offering {
        name: "offerings/01980000-0000-7000-8000-0000000000f1"
        center: "centers/01980000-0000-7000-8000-0000000000c1"
        kind: OFFERING_KIND_COMMUNITY_COURSE
        isced_level: ISCED_LEVEL_NON_FORMAL
        start_date { year: 2026 month: 9 day: 5 }
        end_date { year: 2026 month: 11 day: 30 }
        state: STATE_OPEN
      }
    }
  )pb");
  event.mutable_opened()->mutable_offering()->set_seats(seats);
  return event;
}

Enrollment Seat(const std::string& name, const std::string& start_date) {
  auto enrollment = FromText<Enrollment>(R"pb(
    learner: "learners/01980000-0000-7000-8000-00000000001a"
    offering: "offerings/01980000-0000-7000-8000-0000000000f1"
    center: "centers/01980000-0000-7000-8000-0000000000c1"
    kind: OFFERING_KIND_COMMUNITY_COURSE
    isced_level: ISCED_LEVEL_NON_FORMAL
    offering_end_date { year: 2026 month: 11 day: 30 }
    state: STATE_ENROLLED
    create_time { seconds: 1788919200 }
  )pb");
  enrollment.set_name(name);
  *enrollment.mutable_start_date() = DateOf(start_date);
  return enrollment;
}

EnrollmentEvent Admitted(const std::string& name, const std::string& start_date) {
  EnrollmentEvent event;
  *event.mutable_admitted()->mutable_enrollment() = Seat(name, start_date);
  return event;
}

OfferingEvent Released(const std::string& free_from) {
  return SeatReleasedBy(Seat(kSeat, "2026-09-05"), DayOf(DateOf(free_from)), Offering(), Time());
}

EnrollmentEvent Completed(const std::string& end_date) {
  EnrollmentEvent event;
  *event.mutable_completed()->mutable_enrollment() = Seat(kSeat, "2026-09-05");
  *event.mutable_completed()->mutable_end_date() = DateOf(end_date);
  return event;
}

EnrollmentEvent Withdrawn(const std::string& end_date) {
  EnrollmentEvent event;
  *event.mutable_withdrawn()->mutable_enrollment() = Seat(kSeat, "2026-09-05");
  *event.mutable_withdrawn()->mutable_end_date() = DateOf(end_date);
  return event;
}

// Lan and Minh are registered; the course has one seat, free; it is September 9th.
class Enroll : public testing::Test {
 protected:
  Enroll() {
    s.Given(kLan, Registered(kLan)).Given(kMinh, Registered(kMinh)).Given(kSewing, Opened(1));
    s.At("2026-09-09T02:00:00Z");
  }

  void GivenLanHoldsTheSeat() {
    s.Given(kSeat, Admitted(kSeat, "2026-09-05")).Given(kSewing, SeatTakenBy(kSeat));
  }
  static EnrollLearnerRequest Request(const std::string& learner) {
    EnrollLearnerRequest request;
    request.set_learner(learner);
    request.set_offering(kSewing);
    return request;
  }
  static EnrollLearnerRequest From(const std::string& start_date) {
    auto request = Request(kLan);
    *request.mutable_start_date() = DateOf(start_date);
    return request;
  }

  Scenario s{EnrollmentSchema()};
};

TEST_F(Enroll, TakesASeatFromTodayOn) {
  const auto outcome = s.When<EnrollCase>(Request(kLan));
  const std::string seat = s.New("enrollments");
  outcome.Then({{seat, Admitted(seat, "2026-09-09")}, {kSewing, SeatTakenBy(seat)}});
  EXPECT_EQ(s.Get<Offering>(kSewing).taken(), 1);
}

TEST_F(Enroll, TakesTheSeatFromTheFirstDayOnWhenThatIsLater) {
  s.At("2026-08-01T02:00:00Z");
  EXPECT_FALSE(s.When<EnrollCase>(Request(kLan)).refused());
  const auto& seat = s.Get<Enrollment>(s.New("enrollments"));
  EXPECT_EQ(seat.start_date().DebugString(), DateOf("2026-09-05").DebugString());
}

TEST_F(Enroll, TakesTheSeatFromTheDayAskedFor) {
  const auto outcome = s.When<EnrollCase>(From("2026-11-30"));
  const std::string seat = s.New("enrollments");
  outcome.Then({{seat, Admitted(seat, "2026-11-30")}, {kSewing, SeatTakenBy(seat)}});
}

TEST_F(Enroll, KeepsWhatTheOfferingIs) {
  auto opened = Opened(1);
  opened.mutable_opened()->mutable_offering()->MergeFrom(FromText<Offering>(R"pb(
    kind: OFFERING_KIND_LITERACY_CLASS
    mode: OFFERING_MODE_BLENDED
    literacy_stage: LITERACY_STAGE_2
  )pb"));
  s.Given(kSewing, opened);
  EXPECT_FALSE(s.When<EnrollCase>(Request(kLan)).refused());
  const auto& seat = s.Get<Enrollment>(s.New("enrollments"));
  EXPECT_EQ(seat.kind(), type::v1::OFFERING_KIND_LITERACY_CLASS);
  EXPECT_EQ(seat.mode(), type::v1::OFFERING_MODE_BLENDED);
  EXPECT_EQ(seat.literacy_stage(), type::v1::LITERACY_STAGE_2);
}

TEST_F(Enroll, IsRefusedWhenTheOfferingIsFull) {
  GivenLanHoldsTheSeat();
  s.When<EnrollCase>(Request(kMinh)).ThenRefused(OFFERING_FULL);
}

TEST_F(Enroll, IsRefusedWhenTheLearnerHoldsASeat) {
  GivenLanHoldsTheSeat();
  s.When<EnrollCase>(Request(kLan)).ThenRefused(ALREADY_ENROLLED);
}

TEST_F(Enroll, IsRefusedOnADayOnWhichTheSeatWasHeldByAnother) {
  GivenLanHoldsTheSeat();
  s.Given(kSeat, Withdrawn("2026-09-10")).Given(kSewing, Released("2026-09-10"));
  auto request = Request(kMinh);
  s.When<EnrollCase>(request).ThenRefused(OFFERING_FULL);  // The 9th was Lan's last day.
  *request.mutable_start_date() = DateOf("2026-09-05");
  s.When<EnrollCase>(request).ThenRefused(OFFERING_FULL);
  *request.mutable_start_date() = DateOf("2026-09-10");
  EXPECT_FALSE(s.When<EnrollCase>(request).refused());
}

TEST_F(Enroll, MayBeginOnAnyDayWhenTheSeatWasNeverHeld) {
  GivenLanHoldsTheSeat();
  s.Given(kSeat, Withdrawn("2026-09-05")).Given(kSewing, Released("2026-09-05"));
  auto request = Request(kMinh);
  *request.mutable_start_date() = DateOf("2026-09-05");
  EXPECT_FALSE(s.When<EnrollCase>(request).refused());
}

TEST_F(Enroll, MayHappenAgainAfterWithdrawal) {
  GivenLanHoldsTheSeat();
  s.Given(kSeat, Withdrawn("2026-09-07")).Given(kSewing, Released("2026-09-07"));
  EXPECT_FALSE(s.When<EnrollCase>(Request(kLan)).refused());
}

TEST_F(Enroll, IsRefusedWhenTheLearnerIsErased) {
  s.Given(kLan, FromText<LearnerEvent>("erased { erase_time { seconds: 1788919200 } }"));
  s.When<EnrollCase>(Request(kLan)).ThenRefused(LEARNER_ERASED);
}

TEST_F(Enroll, IsRefusedWhenTheLearnerIsFoundToBeAnother) {
  s.Given(kLan, FromText<LearnerEvent>("matched { matched_to: 'learners/another' }"));
  s.When<EnrollCase>(Request(kLan)).ThenRefused(LEARNER_MATCHED);
}

TEST_F(Enroll, IsRefusedWhenTheOfferingTakesNoLearners) {
  auto opened = Opened(1);
  opened.mutable_opened()->mutable_offering()->clear_state();
  s.Given(kSewing, opened);
  s.When<EnrollCase>(Request(kLan)).ThenRefused(OFFERING_NOT_OPEN);
}

TEST_F(Enroll, IsRefusedWhenItWouldStartOutsideTheOffering) {
  s.When<EnrollCase>(From("2026-09-04")).ThenRefused(DATE_OUTSIDE_OFFERING);
  s.When<EnrollCase>(From("2026-12-01")).ThenRefused(DATE_OUTSIDE_OFFERING);
}

TEST_F(Enroll, IsRefusedWhenTheOfferingIsOver) {
  s.At("2026-11-30T17:00:00Z");  // December 1st in the city.
  s.When<EnrollCase>(Request(kLan)).ThenRefused(DATE_OUTSIDE_OFFERING);
}

TEST_F(Enroll, IsRefusedOnceTheCenterIsClosed) {
  const std::string center = "centers/01980000-0000-7000-8000-0000000000c1";
  registry::v1::CenterEvent opened;
  opened.mutable_opened()->mutable_center()->set_name(center);
  *opened.mutable_opened()->mutable_center()->mutable_valid_from() = DateOf("2020-01-01");
  registry::v1::CenterEvent closed;
  *closed.mutable_closed()->mutable_valid_to() = DateOf("2026-10-01");
  s.Given(center, opened).Given(center, closed);
  s.When<EnrollCase>(From("2026-10-01")).ThenRefused(CENTER_NOT_OPEN);
  EXPECT_FALSE(s.When<EnrollCase>(From("2026-09-30")).refused());
}

TEST_F(Enroll, IsRefusedWhenTheLearnerIsUnknown) {
  const std::string nobody = "learners/01980000-0000-7000-8000-0000000000ff";
  s.When<EnrollCase>(Request(nobody)).ThenNotFound(nobody);
}

TEST_F(Enroll, IsRefusedWhenTheOfferingIsUnknown) {
  auto request = Request(kLan);
  request.set_offering("offerings/01980000-0000-7000-8000-0000000000ff");
  s.When<EnrollCase>(request).ThenNotFound(request.offering());
}

// Lan holds the only seat since September 5th; it is October 1st.
template <class Request>
class Ending : public testing::Test {
 protected:
  Ending() {
    s.Given(kLan, Registered(kLan)).Given(kSewing, Opened(1));
    s.Given(kSeat, Admitted(kSeat, "2026-09-05")).Given(kSewing, SeatTakenBy(kSeat));
    s.At("2026-10-01T02:00:00Z");
  }

  static Request Today() {
    Request request;
    request.set_name(kSeat);
    return request;
  }
  static Request On(const std::string& end_date) {
    Request request = Today();
    *request.mutable_end_date() = DateOf(end_date);
    return request;
  }
  google::type::Date EndDate() { return s.Get<Enrollment>(kSeat).end_date(); }

  Scenario s{EnrollmentSchema()};
};

using Complete = Ending<CompleteEnrollmentRequest>;
using Withdraw = Ending<WithdrawEnrollmentRequest>;

TEST_F(Complete, EndsTheEnrollmentAndKeepsTheSeatCounted) {
  s.When<CompleteCase>(Today()).Then({{kSeat, Completed("2026-10-01")}});
  EXPECT_EQ(s.Get<Enrollment>(kSeat).state(), Enrollment::STATE_COMPLETED);
  EXPECT_EQ(s.Get<Offering>(kSewing).taken(), 1);
}

TEST_F(Complete, HappensTheDayAfterTheOfferingWhenRecordedLate) {
  s.At("2027-02-01T02:00:00Z");
  s.When<CompleteCase>(Today()).Then({{kSeat, Completed("2026-12-01")}});
}

TEST_F(Complete, HappensOnTheDayGiven) {
  s.When<CompleteCase>(On("2026-09-06")).Then({{kSeat, Completed("2026-09-06")}});
}

TEST_F(Complete, TakesTodayAsTheLastDayAtMost) {
  s.When<CompleteCase>(On("2026-10-03")).ThenRefused(DATE_IN_FUTURE);
  s.When<CompleteCase>(On("2026-10-02")).Then({{kSeat, Completed("2026-10-02")}});
}

TEST_F(Complete, IsRefusedBeforeTheEnrollmentBegins) {
  s.At("2026-08-20T02:00:00Z");
  s.When<CompleteCase>(Today()).ThenRefused(DATE_IN_FUTURE);
}

TEST_F(Complete, IsRefusedOutsideTheOffering) {
  s.When<CompleteCase>(On("2026-09-05")).ThenRefused(DATE_OUTSIDE_OFFERING);
  s.When<CompleteCase>(On("2026-12-02")).ThenRefused(DATE_OUTSIDE_OFFERING);
}

TEST_F(Complete, IsRefusedWhenTheEnrollmentIsCompleted) {
  s.Given(kSeat, Completed("2026-10-01"));
  s.When<CompleteCase>(Today()).ThenRefused(NOT_ENROLLED);
}

TEST_F(Complete, IsRefusedWhenTheLearnerHasLeft) {
  s.Given(kSeat, Withdrawn("2026-10-01"));
  s.When<CompleteCase>(Today()).ThenRefused(NOT_ENROLLED);
}

TEST_F(Complete, IsRefusedWhenItWasNeverBegun) {
  auto request = Today();
  request.set_name("enrollments/01980000-0000-7000-8000-0000000000ff");
  s.When<CompleteCase>(request).ThenNotFound(request.name());
}

TEST_F(Withdraw, EndsTheEnrollmentAndFreesTheSeat) {
  s.When<WithdrawCase>(Today()).Then(
      {{kSeat, Withdrawn("2026-10-01")}, {kSewing, Released("2026-10-01")}});
  EXPECT_EQ(s.Get<Enrollment>(kSeat).state(), Enrollment::STATE_WITHDRAWN);
  EXPECT_EQ(s.Get<Offering>(kSewing).taken(), 0);
}

TEST_F(Withdraw, HappensOnTheFirstDayWhenTheLearnerNeverCame) {
  s.At("2026-08-20T02:00:00Z");
  s.When<WithdrawCase>(Today()).Then(
      {{kSeat, Withdrawn("2026-09-05")}, {kSewing, Released("2026-09-05")}});
  EXPECT_EQ(s.Get<Offering>(kSewing).given_back_size(), 0);
}

TEST_F(Withdraw, TakesTodayAsTheLastDayAtMost) {
  s.When<WithdrawCase>(On("2026-10-03")).ThenRefused(DATE_IN_FUTURE);
  s.When<WithdrawCase>(On("2026-10-02"))
      .Then({{kSeat, Withdrawn("2026-10-02")}, {kSewing, Released("2026-10-02")}});
}

TEST_F(Withdraw, IsRefusedOutsideTheOffering) {
  s.When<WithdrawCase>(On("2026-09-04")).ThenRefused(DATE_OUTSIDE_OFFERING);
  s.When<WithdrawCase>(On("2026-12-02")).ThenRefused(DATE_OUTSIDE_OFFERING);
}

TEST_F(Withdraw, IsRefusedWhenTheLearnerHasLeft) {
  s.Given(kSeat, Withdrawn("2026-10-01")).Given(kSewing, Released("2026-10-01"));
  s.When<WithdrawCase>(Today()).ThenRefused(NOT_ENROLLED);
}

TEST_F(Withdraw, IsRefusedWhenTheEnrollmentIsCompleted) {
  s.Given(kSeat, Completed("2026-10-01"));
  s.When<WithdrawCase>(Today()).ThenRefused(NOT_ENROLLED);
}

TEST_F(Withdraw, IsRefusedWhenTheEnrollmentIsUnknown) {
  auto request = Today();
  request.set_name("enrollments/01980000-0000-7000-8000-0000000000ff");
  s.When<WithdrawCase>(request).ThenNotFound(request.name());
}

}  // namespace
}  // namespace learncity::enrollment::v1
