#include "services/enrollment/domain/waitlist.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/testing/scenario.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment::v1 {
namespace {

constexpr char kSewing[] = "offerings/01980000-0000-7000-8000-0000000000f1";
constexpr char kFirst[] = "enrollments/01980000-0000-7000-8000-0000000000e1";
constexpr char kSecond[] = "enrollments/01980000-0000-7000-8000-0000000000e2";
constexpr Time kNow{std::chrono::seconds(1788919200)};

std::string Learning(int n) {
  return absl::StrCat("learners/01980000-0000-7000-8000-0000000000", n + 10);
}

LearnerEvent Registered(int n) {
  LearnerEvent event;
  event.mutable_registered()->mutable_learner()->set_name(Learning(n));
  event.mutable_registered()->mutable_learner()->set_state(Learner::STATE_ACTIVE);
  return event;
}

// A course from September 5th to November 30th.
OfferingEvent Opened(int seats) {
  auto event = FromText<OfferingEvent>(R"pb(
    opened {
      offering {
        name: "offerings/01980000-0000-7000-8000-0000000000f1"
        kind: OFFERING_KIND_COMMUNITY_COURSE
        start_date { year: 2026 month: 9 day: 5 }
        end_date { year: 2026 month: 11 day: 30 }
        state: STATE_OPEN
      }
    }
  )pb");
  event.mutable_opened()->mutable_offering()->set_seats(seats);
  return event;
}

Enrollment Seat(const std::string& name, int learner, const std::string& start_date) {
  auto enrollment = FromText<Enrollment>(R"pb(
    offering: "offerings/01980000-0000-7000-8000-0000000000f1"
    kind: OFFERING_KIND_COMMUNITY_COURSE
    offering_end_date { year: 2026 month: 11 day: 30 }
    state: STATE_ENROLLED
    create_time { seconds: 1788919200 }
  )pb");
  enrollment.set_name(name);
  enrollment.set_learner(Learning(learner));
  *enrollment.mutable_start_date() = DateOf(start_date);
  return enrollment;
}

Enrollment Waiting(const std::string& name, int learner, const std::string& start_date,
                   int64_t ticket) {
  Enrollment enrollment = Seat(name, learner, start_date);
  enrollment.set_state(Enrollment::STATE_WAITING);
  enrollment.set_ticket(ticket);
  return enrollment;
}

EnrollmentEvent Waitlisted(const Enrollment& enrollment) {
  EnrollmentEvent event;
  *event.mutable_waitlisted()->mutable_enrollment() = enrollment;
  return event;
}

EnrollmentEvent Promoted(Enrollment enrollment, const std::string& start_date) {
  EnrollmentEvent event;
  enrollment.set_state(Enrollment::STATE_ENROLLED);
  *enrollment.mutable_start_date() = DateOf(start_date);
  *event.mutable_promoted()->mutable_enrollment() = enrollment;
  return event;
}

OfferingEvent Joined(const Enrollment& enrollment) {
  OfferingEvent event;
  event.mutable_waiter_joined()->set_enrollment(enrollment.name());
  event.mutable_waiter_joined()->set_ticket(enrollment.ticket());
  return event;
}

OfferingEvent Served(int64_t ticket, std::optional<Time> promotion_time = std::nullopt) {
  OfferingEvent event;
  event.mutable_tickets_served()->set_served_ticket(ticket);
  if (promotion_time) {
    *event.mutable_tickets_served()->mutable_promotion_time() = ToTimestamp(*promotion_time);
  }
  return event;
}

// Learner 0 holds the only seat since September 5th; it is September 9th.
class Waitlist : public testing::Test {
 protected:
  Waitlist() {
    for (int n = 0; n < 40; ++n) s.Given(Learning(n), Registered(n));
    s.Given(kSewing, Opened(1));
    s.Given(kFirst, AdmittedAs(Seat(kFirst, 0, "2026-09-05"))).Given(kSewing, SeatTakenBy(kFirst));
    s.At("2026-09-09T02:00:00Z");
  }

  static EnrollLearnerRequest Request(int learner, bool joins_waitlist = true) {
    EnrollLearnerRequest request;
    request.set_learner(Learning(learner));
    request.set_offering(kSewing);
    request.set_joins_waitlist(joins_waitlist);
    return request;
  }
  // The enrollment with which the learner now waits.
  std::string Waits(int learner) {
    EXPECT_FALSE(s.When<EnrollCase>(Request(learner)).refused());
    return s.New("enrollments");
  }
  Outcome Leaves(const std::string& enrollment, const std::string& end_date = "") {
    WithdrawEnrollmentRequest request;
    request.set_name(enrollment);
    if (!end_date.empty()) *request.mutable_end_date() = DateOf(end_date);
    return s.When<WithdrawCase>(request);
  }
  Outcome Promotes() { return s.WhenDue<PromoteCase, Offering>(kSewing); }
  const Offering& Sewing() { return s.Get<Offering>(kSewing); }
  Enrollment::State StateOf(const std::string& name) { return s.Get<Enrollment>(name).state(); }

  Scenario s{EnrollmentSchema()};
};

TEST_F(Waitlist, TakesWhoAsksWhenNoSeatIsFree) {
  const auto outcome = s.When<EnrollCase>(Request(1));
  const Enrollment waiting = Waiting(s.New("enrollments"), 1, "2026-09-09", 1);
  outcome.Then({{waiting.name(), Waitlisted(waiting)}, {kSewing, Joined(waiting)}});
  EXPECT_EQ(Sewing().taken(), 1);
  EXPECT_EQ(Sewing().waiting(), 1);
  EXPECT_FALSE(Sewing().has_promotion_time());
}

TEST_F(Waitlist, GivesOutTicketsInTheOrderOfAsking) {
  EXPECT_EQ(s.Get<Enrollment>(Waits(1)).ticket(), 1);
  EXPECT_EQ(s.Get<Enrollment>(Waits(2)).ticket(), 2);
  EXPECT_EQ(Sewing().last_ticket(), 2);
}

TEST_F(Waitlist, IsNotJoinedWhenASeatIsFree) {
  s.Given(kSewing, Opened(2));
  EXPECT_EQ(StateOf(Waits(1)), Enrollment::STATE_ENROLLED);
}

TEST_F(Waitlist, HasALearnerOnce) {
  Waits(1);
  s.When<EnrollCase>(Request(1)).ThenRefused(ALREADY_ENROLLED);
  s.When<EnrollCase>(Request(0)).ThenRefused(ALREADY_ENROLLED);
}

TEST_F(Waitlist, TakesNobodyOnceTheOfferingIsOver) {
  s.At("2026-12-01T02:00:00Z");
  auto request = Request(1);
  *request.mutable_start_date() = DateOf("2026-11-30");
  s.When<EnrollCase>(request).ThenRefused(OFFERING_FULL);
}

TEST_F(Waitlist, IsOvertakenByNobody) {
  Waits(1);
  EXPECT_FALSE(Leaves(kFirst, "2026-09-05").refused());
  s.When<EnrollCase>(Request(2, /*joins_waitlist=*/false)).ThenRefused(OFFERING_FULL);
  EXPECT_EQ(StateOf(Waits(2)), Enrollment::STATE_WAITING);
  EXPECT_FALSE(Promotes().refused());
  EXPECT_EQ(Sewing().waiting(), 1);
  EXPECT_FALSE(Sewing().has_promotion_time());
}

TEST_F(Waitlist, GivesASeatThatIsReleasedToTheFirst) {
  const Enrollment first = s.Get<Enrollment>(Waits(1));
  Waits(2);
  s.At("2026-10-01T02:00:00Z");
  EXPECT_FALSE(Leaves(kFirst).refused());
  EXPECT_EQ(ToTime(Sewing().promotion_time()), Time(std::chrono::seconds(1790820000)));
  Promotes().Then({{first.name(), Promoted(first, "2026-10-01")},
                   {kSewing, SeatTakenBy(first.name())},
                   {kSewing, WaiterLeftAs(first)},
                   {kSewing, Served(1)}});
  EXPECT_EQ(Sewing().taken(), 1);
  EXPECT_EQ(Sewing().waiting(), 1);
  EXPECT_FALSE(Sewing().has_promotion_time());
}

TEST_F(Waitlist, GivesASeatThatIsReleasedTomorrowFromThenOn) {
  const std::string first = Waits(1);
  EXPECT_FALSE(Leaves(kFirst, "2026-09-10").refused());
  EXPECT_FALSE(Promotes().refused());
  EXPECT_EQ(s.Get<Enrollment>(first).start_date().DebugString(),
            DateOf("2026-09-10").DebugString());
}

TEST_F(Waitlist, GivesASeatFromTheDayAskedForAtTheEarliest) {
  auto request = Request(1);
  *request.mutable_start_date() = DateOf("2026-10-15");
  EXPECT_FALSE(s.When<EnrollCase>(request).refused());
  const std::string first = s.New("enrollments");
  EXPECT_FALSE(Leaves(kFirst).refused());
  EXPECT_FALSE(Promotes().refused());
  EXPECT_EQ(s.Get<Enrollment>(first).start_date().DebugString(),
            DateOf("2026-10-15").DebugString());
}

// A seat that is free from tomorrow on only does not stand empty because somebody asked for today.
TEST_F(Waitlist, GivesASeatThatWasReleasedBeforeAnybodyWaited) {
  EXPECT_FALSE(Leaves(kFirst, "2026-09-10").refused());
  const auto outcome = s.When<EnrollCase>(Request(1));
  const Enrollment waiting = Waiting(s.New("enrollments"), 1, "2026-09-09", 1);
  outcome.Then({{waiting.name(), Waitlisted(waiting)},
                {kSewing, Joined(waiting)},
                {kSewing, Served(0, kNow)}});
  Promotes().Then({{waiting.name(), Promoted(waiting, "2026-09-10")},
                   {kSewing, SeatTakenBy(waiting.name())},
                   {kSewing, WaiterLeftAs(waiting)},
                   {kSewing, Served(1)}});
}

TEST_F(Waitlist, GivesAsManySeatsAsAreFreeOneAfterAnother) {
  s.Given(kSewing, Opened(2)).Given(kSewing, SeatTakenBy(kFirst));
  s.Given(kSecond, AdmittedAs(Seat(kSecond, 9, "2026-09-05"))).Given(kSewing, SeatTakenBy(kSecond));
  const Enrollment first = s.Get<Enrollment>(Waits(1));
  const std::string second = Waits(2);
  const std::string third = Waits(3);
  EXPECT_FALSE(Leaves(kFirst).refused());
  EXPECT_FALSE(Leaves(kSecond).refused());
  Promotes().Then({{first.name(), Promoted(first, "2026-09-09")},
                   {kSewing, SeatTakenBy(first.name())},
                   {kSewing, WaiterLeftAs(first)},
                   {kSewing, Served(1, kNow + std::chrono::microseconds(1))}});
  EXPECT_FALSE(Promotes().refused());
  EXPECT_EQ(StateOf(second), Enrollment::STATE_ENROLLED);
  EXPECT_EQ(StateOf(third), Enrollment::STATE_WAITING);
  EXPECT_FALSE(Sewing().has_promotion_time());
  s.ExpectReplays();
}

TEST_F(Waitlist, IsLeftByWithdrawingOnTheDayAskedFor) {
  const Enrollment first = s.Get<Enrollment>(Waits(1));
  s.At("2026-10-01T02:00:00Z");
  Leaves(first.name(), "2026-10-01").ThenRefused(DATE_OUTSIDE_OFFERING);
  Leaves(first.name())
      .Then({{first.name(), WithdrawnOn(first, DayOf(DateOf("2026-09-09")))},
             {kSewing, WaiterLeftAs(first)}});
  EXPECT_EQ(Sewing().waiting(), 0);
  EXPECT_EQ(Sewing().taken(), 1);
  Leaves(first.name()).ThenRefused(NOT_ENROLLED);
  EXPECT_EQ(s.Get<Enrollment>(Waits(1)).ticket(), 2);
}

TEST_F(Waitlist, LetsEverybodyInOnceItsLastHasLeft) {
  const std::string first = Waits(1);
  EXPECT_FALSE(Leaves(kFirst).refused());
  EXPECT_FALSE(Leaves(first).refused());
  EXPECT_FALSE(Sewing().has_promotion_time());
  EXPECT_FALSE(s.When<EnrollCase>(Request(2, /*joins_waitlist=*/false)).refused());
  EXPECT_EQ(Sewing().taken(), 1);
}

TEST_F(Waitlist, PassesOverWhoHasLeft) {
  const std::string first = Waits(1);
  const std::string second = Waits(2);
  EXPECT_FALSE(Leaves(first).refused());
  EXPECT_FALSE(Leaves(kFirst).refused());
  EXPECT_FALSE(Promotes().refused());
  EXPECT_EQ(StateOf(second), Enrollment::STATE_ENROLLED);
  EXPECT_EQ(Sewing().served_ticket(), 2);
}

TEST_F(Waitlist, PassesOverWhoIsErased) {
  const Enrollment first = s.Get<Enrollment>(Waits(1));
  const Enrollment second = s.Get<Enrollment>(Waits(2));
  s.Given(Learning(1), FromText<LearnerEvent>("erased { erase_time { seconds: 1788919200 } }"));
  EXPECT_FALSE(Leaves(kFirst).refused());
  Promotes().Then({{first.name(), WithdrawnOn(first, DayOf(DateOf("2026-09-09")))},
                   {kSewing, WaiterLeftAs(first)},
                   {second.name(), Promoted(second, "2026-09-09")},
                   {kSewing, SeatTakenBy(second.name())},
                   {kSewing, WaiterLeftAs(second)},
                   {kSewing, Served(2)}});
}

TEST_F(Waitlist, PassesOverWhoIsFoundToBeAnother) {
  const std::string first = Waits(1);
  const std::string second = Waits(2);
  s.Given(Learning(1), FromText<LearnerEvent>("matched { matched_to: 'learners/another' }"));
  EXPECT_FALSE(Leaves(kFirst).refused());
  EXPECT_FALSE(Promotes().refused());
  EXPECT_EQ(StateOf(first), Enrollment::STATE_WITHDRAWN);
  EXPECT_EQ(StateOf(second), Enrollment::STATE_ENROLLED);
}

TEST_F(Waitlist, LooksAtSoManyTicketsInOneStep) {
  std::vector<std::string> waiting;
  for (int n = 1; n <= kTicketsPerStep + 2; ++n) waiting.push_back(Waits(n));
  const std::string last = waiting.back();
  waiting.pop_back();
  for (const std::string& name : waiting) EXPECT_FALSE(Leaves(name).refused());
  EXPECT_FALSE(Leaves(kFirst).refused());
  const Time due = ToTime(Sewing().promotion_time());
  Promotes().Then({{kSewing, Served(kTicketsPerStep, due + std::chrono::microseconds(1))}});
  EXPECT_FALSE(Promotes().refused());
  EXPECT_EQ(StateOf(last), Enrollment::STATE_ENROLLED);
}

TEST_F(Waitlist, PromotesNobodyPastTheLastDay) {
  const std::string first = Waits(1);
  s.At("2026-12-05T02:00:00Z");
  EXPECT_FALSE(Leaves(kFirst, "2026-12-01").refused());
  Promotes().Then({{kSewing, Served(0)}});
  EXPECT_EQ(StateOf(first), Enrollment::STATE_WAITING);
  EXPECT_FALSE(Sewing().has_promotion_time());
}

// The center closes on October 20th.
TEST_F(Waitlist, PassesOverWhoAskedForADayOnWhichTheCenterIsClosed) {
  const std::string center = "centers/01980000-0000-7000-8000-0000000000c1";
  auto offered = Opened(1);
  offered.mutable_opened()->mutable_offering()->set_center(center);
  s.Given(kSewing, offered).Given(kSewing, SeatTakenBy(kFirst));
  auto request = Request(1);
  *request.mutable_start_date() = DateOf("2026-10-20");
  EXPECT_FALSE(s.When<EnrollCase>(request).refused());
  const Enrollment first = s.Get<Enrollment>(s.New("enrollments"));
  const std::string second = Waits(2);
  registry::v1::CenterEvent opened, closed;
  opened.mutable_opened()->mutable_center()->set_name(center);
  *opened.mutable_opened()->mutable_center()->mutable_valid_from() = DateOf("2020-01-01");
  *closed.mutable_closed()->mutable_valid_to() = DateOf("2026-10-20");
  s.Given(center, opened).Given(center, closed);
  EXPECT_FALSE(Leaves(kFirst).refused());
  EXPECT_FALSE(Promotes().refused());
  EXPECT_EQ(StateOf(first.name()), Enrollment::STATE_WITHDRAWN);
  EXPECT_EQ(StateOf(second), Enrollment::STATE_ENROLLED);
}

TEST_F(Waitlist, CompletesNobody) {
  CompleteEnrollmentRequest request;
  request.set_name(Waits(1));
  s.When<CompleteCase>(request).ThenRefused(NOT_ENROLLED);
}

}  // namespace
}  // namespace learncity::enrollment::v1
