#include "services/enrollment/domain/transfer.h"

#include <gtest/gtest.h>

#include "platform/testing/scenario.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/domain/waitlist.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment::v1 {
namespace {

constexpr char kLan[] = "learners/01980000-0000-7000-8000-00000000001a";
constexpr char kMinh[] = "learners/01980000-0000-7000-8000-00000000002b";
constexpr char k10A1[] = "offerings/01980000-0000-7000-8000-0000000000a1";
constexpr char k10A2[] = "offerings/01980000-0000-7000-8000-0000000000a2";
constexpr char kHere[] = "enrollments/01980000-0000-7000-8000-0000000000e1";
constexpr char kThere[] = "enrollments/01980000-0000-7000-8000-0000000000e2";

LearnerEvent Registered(const std::string& name) {
  LearnerEvent event;
  event.mutable_registered()->mutable_learner()->set_name(name);
  event.mutable_registered()->mutable_learner()->set_state(Learner::STATE_ACTIVE);
  return event;
}

// A class of grade 10 with one seat.
Offering Class(const std::string& name) {
  auto offering = FromText<Offering>(R"pb(
    center: "centers/01980000-0000-7000-8000-0000000000c1"
    kind: OFFERING_KIND_SCHOOL_CLASS
    isced_level: ISCED_LEVEL_3
    grade: 10
    school_year: "2026-2027"
    start_date { year: 2026 month: 9 day: 5 }
    end_date { year: 2027 month: 5 day: 31 }
    seats: 1
    state: STATE_OPEN
    mode: OFFERING_MODE_IN_PERSON
  )pb");
  offering.set_name(name);
  return offering;
}

OfferingEvent Opened(const Offering& offering) {
  OfferingEvent event;
  *event.mutable_opened()->mutable_offering() = offering;
  return event;
}

Enrollment Seat(const std::string& name, const std::string& learner, const std::string& offering,
                const std::string& start_date) {
  auto enrollment = FromText<Enrollment>(R"pb(
    center: "centers/01980000-0000-7000-8000-0000000000c1"
    kind: OFFERING_KIND_SCHOOL_CLASS
    isced_level: ISCED_LEVEL_3
    grade: 10
    school_year: "2026-2027"
    offering_end_date { year: 2027 month: 5 day: 31 }
    state: STATE_ENROLLED
    mode: OFFERING_MODE_IN_PERSON
    create_time { seconds: 1790820000 }
  )pb");
  enrollment.set_name(name);
  enrollment.set_learner(learner);
  enrollment.set_offering(offering);
  *enrollment.mutable_start_date() = DateOf(start_date);
  return enrollment;
}

// Lan is in 10A1 since September 5th, Minh is registered, 10A2 is empty; it is October 1st.
class School : public testing::Test {
 protected:
  School() {
    s.Given(kLan, Registered(kLan)).Given(kMinh, Registered(kMinh));
    s.Given(k10A1, Opened(Class(k10A1))).Given(k10A2, Opened(Class(k10A2)));
    s.Given(kHere, AdmittedAs(LansSeat())).Given(k10A1, SeatTakenBy(kHere));
    s.At("2026-10-01T02:00:00Z");
  }

  static Enrollment LansSeat() { return Seat(kHere, kLan, k10A1, "2026-09-05"); }
  void GivenMinhIsIn10A2() {
    s.Given(kThere, AdmittedAs(Seat(kThere, kMinh, k10A2, "2026-09-05")));
    s.Given(k10A2, SeatTakenBy(kThere));
  }
  Outcome Ask(const std::string& learner, const std::string& offering, bool joins_waitlist) {
    EnrollLearnerRequest request;
    request.set_learner(learner);
    request.set_offering(offering);
    request.set_joins_waitlist(joins_waitlist);
    return s.When<EnrollCase>(request);
  }

  Scenario s{EnrollmentSchema()};
};

class Transfer : public School {
 protected:
  static TransferEnrollmentRequest Today() {
    TransferEnrollmentRequest request;
    request.set_name(kHere);
    request.set_offering(k10A2);
    return request;
  }
  static TransferEnrollmentRequest On(const std::string& start_date) {
    auto request = Today();
    *request.mutable_start_date() = DateOf(start_date);
    return request;
  }
  // What happens when Lan goes on in 10A2 from that day on.
  std::vector<Happening> Transferred(const std::string& day, bool somebody_waits = false) {
    const std::string next = s.New("enrollments");
    EnrollmentEvent left;
    *left.mutable_transferred()->mutable_enrollment() = LansSeat();
    *left.mutable_transferred()->mutable_end_date() = DateOf(day);
    left.mutable_transferred()->set_transferred_to(next);
    Offering from;
    from.set_waiting(somebody_waits ? 1 : 0);
    const Time now{std::chrono::seconds(1790820000)};
    return {{next, AdmittedAs(Seat(next, kLan, k10A2, day))},
            {k10A2, SeatTakenBy(next)},
            {kHere, left},
            {k10A1, SeatReleasedBy(LansSeat(), DayOf(DateOf(day)), from, now)}};
  }
};

TEST_F(Transfer, EndsOneEnrollmentAndBeginsTheOther) {
  s.When<TransferCase>(Today()).Then(Transferred("2026-10-01"));
  EXPECT_EQ(s.Get<Enrollment>(kHere).state(), Enrollment::STATE_TRANSFERRED);
  EXPECT_EQ(s.Get<Enrollment>(kHere).transferred_to(), s.New("enrollments"));
  EXPECT_EQ(s.Get<Offering>(k10A1).taken(), 0);
  EXPECT_EQ(s.Get<Offering>(k10A2).taken(), 1);
  s.ExpectReplays();
}

TEST_F(Transfer, HappensOnTheDayGiven) {
  s.When<TransferCase>(On("2026-09-20")).Then(Transferred("2026-09-20"));
}

TEST_F(Transfer, HappensTomorrowAtTheLatest) {
  s.When<TransferCase>(On("2026-10-03")).ThenRefused(DATE_IN_FUTURE);
  s.When<TransferCase>(On("2026-10-02")).Then(Transferred("2026-10-02"));
}

TEST_F(Transfer, LeavesASeatThatWasNeverHeldOnTheFirstDay) {
  s.When<TransferCase>(On("2026-09-05")).Then(Transferred("2026-09-05"));
  EXPECT_EQ(s.Get<Offering>(k10A1).given_back_size(), 0);
}

TEST_F(Transfer, FreesTheSeatForWhoWaits) {
  EXPECT_FALSE(Ask(kMinh, k10A1, /*joins_waitlist=*/true).refused());
  const std::string minhs = s.New("enrollments");
  s.When<TransferCase>(On("2026-10-02")).Then(Transferred("2026-10-02", /*somebody_waits=*/true));
  EXPECT_FALSE((s.WhenDue<PromoteCase, Offering>(k10A1).refused()));
  EXPECT_EQ(s.Get<Enrollment>(minhs).state(), Enrollment::STATE_ENROLLED);
  EXPECT_EQ(s.Get<Enrollment>(minhs).start_date().day(), 2);
}

TEST_F(Transfer, MayGoBackAndForth) {
  EXPECT_FALSE(s.When<TransferCase>(Today()).refused());
  auto back = Today();
  back.set_name(s.New("enrollments"));
  back.set_offering(k10A1);
  EXPECT_FALSE(s.When<TransferCase>(back).refused());
  EXPECT_EQ(s.Get<Offering>(k10A1).taken(), 1);
  EXPECT_EQ(s.Get<Offering>(k10A2).taken(), 0);
}

TEST_F(Transfer, IsRefusedOutsideTheDaysOfBoth) {
  auto later = Class(k10A2);
  *later.mutable_start_date() = DateOf("2026-09-20");
  s.Given(k10A2, Opened(later));
  s.When<TransferCase>(On("2026-09-04")).ThenRefused(DATE_OUTSIDE_OFFERING);
  s.When<TransferCase>(On("2026-09-19")).ThenRefused(DATE_OUTSIDE_OFFERING);
  s.When<TransferCase>(On("2027-06-01")).ThenRefused(DATE_OUTSIDE_OFFERING);
}

TEST_F(Transfer, IsRefusedToAClassThatIsFull) {
  GivenMinhIsIn10A2();
  s.When<TransferCase>(Today()).ThenRefused(OFFERING_FULL);
}

TEST_F(Transfer, IsRefusedWhileOthersWaitForThatClass) {
  GivenMinhIsIn10A2();
  const std::string hoa = "learners/01980000-0000-7000-8000-00000000003c";
  s.Given(hoa, Registered(hoa));
  EXPECT_FALSE(Ask(hoa, k10A2, /*joins_waitlist=*/true).refused());
  WithdrawEnrollmentRequest leaves;
  leaves.set_name(kThere);
  EXPECT_FALSE(s.When<WithdrawCase>(leaves).refused());
  s.When<TransferCase>(Today()).ThenRefused(OFFERING_FULL);
}

TEST_F(Transfer, IsRefusedToAnotherProgramme) {
  const auto becomes = [&](const std::string& other) {
    auto offering = Class(k10A2);
    offering.MergeFrom(FromText<Offering>(other));
    s.Given(k10A2, Opened(offering));
  };
  for (const std::string other :
       {"grade: 11", "school_year: '2027-2028'", "kind: OFFERING_KIND_CONTINUING_CLASS",
        "isced_level: ISCED_LEVEL_2", "literacy_stage: LITERACY_STAGE_1"}) {
    SCOPED_TRACE(other);
    becomes(other);
    s.When<TransferCase>(Today()).ThenRefused(TRANSFER_NOT_SUITABLE);
  }
}

TEST_F(Transfer, IsRefusedToTheSameClass) {
  auto request = Today();
  request.set_offering(k10A1);
  s.When<TransferCase>(request).ThenRefused(ALREADY_ENROLLED);
}

TEST_F(Transfer, IsRefusedToAClassThatTakesNoLearners) {
  auto closed = Class(k10A2);
  closed.clear_state();
  s.Given(k10A2, Opened(closed));
  s.When<TransferCase>(Today()).ThenRefused(OFFERING_NOT_OPEN);
}

TEST_F(Transfer, IsRefusedWhenTheEnrollmentHasEnded) {
  s.Given(kHere, WithdrawnOn(LansSeat(), DayOf(DateOf("2026-09-20"))));
  s.When<TransferCase>(Today()).ThenRefused(NOT_ENROLLED);
}

TEST_F(Transfer, IsRefusedToWhoWaits) {
  EXPECT_FALSE(Ask(kMinh, k10A1, /*joins_waitlist=*/true).refused());
  auto request = Today();
  request.set_name(s.New("enrollments"));
  s.When<TransferCase>(request).ThenRefused(NOT_ENROLLED);
}

TEST_F(Transfer, IsRefusedWhenTheLearnerIsErased) {
  s.Given(kLan, FromText<LearnerEvent>("erased { erase_time { seconds: 1788919200 } }"));
  s.When<TransferCase>(Today()).ThenRefused(LEARNER_ERASED);
}

TEST_F(Transfer, IsRefusedWhenTheLearnerIsFoundToBeAnother) {
  s.Given(kLan, FromText<LearnerEvent>("matched { matched_to: 'learners/another' }"));
  s.When<TransferCase>(Today()).ThenRefused(LEARNER_MATCHED);
}

TEST_F(Transfer, IsRefusedWhenEitherIsUnknown) {
  auto request = Today();
  request.set_name("enrollments/01980000-0000-7000-8000-0000000000ff");
  s.When<TransferCase>(request).ThenNotFound(request.name());
  request = Today();
  request.set_offering("offerings/01980000-0000-7000-8000-0000000000ff");
  s.When<TransferCase>(request).ThenNotFound(request.offering());
}

TEST_F(School, HasALearnerInOneClassOfASchoolYear) {
  Ask(kLan, k10A2, /*joins_waitlist=*/false).ThenRefused(ALREADY_IN_SCHOOL);
  Ask(kLan, k10A2, /*joins_waitlist=*/true).ThenRefused(ALREADY_IN_SCHOOL);
  Ask(kLan, k10A1, /*joins_waitlist=*/false).ThenRefused(ALREADY_ENROLLED);
}

TEST_F(School, TakesALearnerAgainWhoHasLeftAnotherClass) {
  s.Given(kHere, WithdrawnOn(LansSeat(), DayOf(DateOf("2026-09-20"))));
  EXPECT_FALSE(Ask(kLan, k10A2, /*joins_waitlist=*/false).refused());
}

TEST_F(School, TakesALearnerForTheNextSchoolYear) {
  auto next = Class(k10A2);
  next.set_school_year("2027-2028");
  s.Given(k10A2, Opened(next));
  EXPECT_FALSE(Ask(kLan, k10A2, /*joins_waitlist=*/false).refused());
}

TEST_F(School, MindsNoClassThatIsNotASchools) {
  auto continuing = Class(k10A2);
  continuing.set_kind(type::v1::OFFERING_KIND_CONTINUING_CLASS);
  s.Given(k10A2, Opened(continuing));
  EXPECT_FALSE(Ask(kLan, k10A2, /*joins_waitlist=*/false).refused());
}

TEST_F(School, PassesOverWhoHasASeatInAnotherClassByThen) {
  EXPECT_FALSE(Ask(kMinh, k10A1, /*joins_waitlist=*/true).refused());
  const std::string waits = s.New("enrollments");
  EXPECT_FALSE(Ask(kMinh, k10A2, /*joins_waitlist=*/false).refused());
  WithdrawEnrollmentRequest leaves;
  leaves.set_name(kHere);
  EXPECT_FALSE(s.When<WithdrawCase>(leaves).refused());
  EXPECT_FALSE((s.WhenDue<PromoteCase, Offering>(k10A1).refused()));
  EXPECT_EQ(s.Get<Enrollment>(waits).state(), Enrollment::STATE_WITHDRAWN);
  EXPECT_EQ(s.Get<Offering>(k10A1).waiting(), 0);
  EXPECT_EQ(s.Get<Offering>(k10A1).taken(), 0);
}

}  // namespace
}  // namespace learncity::enrollment::v1
