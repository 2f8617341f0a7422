// Whatever is asked, in whatever order: no seat is promised twice, and the events tell it all.
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/testing/draws.h"
#include "platform/testing/scenario.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment::v1 {
namespace {

constexpr int kLearners = 10;
constexpr int kOfferings = 4;
constexpr int kRequests = 1000;

std::string Learning(int n) {
  return absl::StrCat("learners/01980000-0000-7000-8000-0000000000a", n);
}
std::string Offered(int n) {
  return absl::StrCat("offerings/01980000-0000-7000-8000-0000000000f", n);
}

LearnerEvent Registered(int n) {
  LearnerEvent event;
  event.mutable_registered()->mutable_learner()->set_name(Learning(n));
  return event;
}

// With one seat more than n.
OfferingEvent Opened(int n) {
  OfferingEvent event;
  Offering& offering = *event.mutable_opened()->mutable_offering();
  offering.set_name(Offered(n));
  offering.set_seats(n + 1);
  *offering.mutable_start_date() = DateOf("2026-09-05");
  *offering.mutable_end_date() = DateOf("2026-11-30");
  offering.set_state(Offering::STATE_OPEN);
  return event;
}

class Seats : public testing::Test {
 protected:
  Seats() {
    for (int n = 0; n < kLearners; ++n) s.Given(Learning(n), Registered(n));
    for (int n = 0; n < kOfferings; ++n) s.Given(Offered(n), Opened(n));
    s.At("2026-10-01T01:00:00Z");
  }

  void AskForAnything() {
    const int what = draws.Below(100);
    if (enrollments.empty() || what < 60) return AskToEnroll();
    if (what < 97) return AskToEnd<WithdrawCase, WithdrawEnrollmentRequest>();
    if (what < 99) return AskToEnd<CompleteCase, CompleteEnrollmentRequest>();
    EraseLearnerRequest request;
    request.set_name(Learning(draws.Below(kLearners)));
    happened += !s.When<EraseCase>(request).refused();
  }

  void ExpectSeatsAreCounted() {
    std::map<std::string, int> held;
    std::map<std::pair<std::string, Day>, int> held_on;
    for (const std::string& name : enrollments) {
      const auto& enrollment = s.Get<Enrollment>(name);
      held[enrollment.offering()] += enrollment.state() != Enrollment::STATE_WITHDRAWN;
      const Day end = enrollment.state() == Enrollment::STATE_WITHDRAWN
                          ? DayOf(enrollment.end_date())
                          : DayOf(enrollment.offering_end_date());
      for (Day day = DayOf(enrollment.start_date()); day < end; day += std::chrono::days(1)) {
        ++held_on[{enrollment.offering(), day}];
      }
    }
    for (const auto& [where, count] : held_on) {
      EXPECT_LE(count, s.Get<Offering>(where.first).seats())
          << where.first << " on " << FormatDay(where.second);
    }
    for (int n = 0; n < kOfferings; ++n) {
      const auto& offering = s.Get<Offering>(Offered(n));
      EXPECT_EQ(offering.taken(), held[offering.name()]) << offering.name();
      EXPECT_LE(offering.taken(), offering.seats()) << offering.name();
    }
  }

  Draws draws{20260905};
  Scenario s{EnrollmentSchema()};
  std::vector<std::string> enrollments;
  int happened = 0;

 private:
  void AskToEnroll() {
    EnrollLearnerRequest request;
    request.set_learner(Learning(draws.Below(kLearners)));
    request.set_offering(Offered(draws.Below(kOfferings)));
    if (draws.Below(3) == 0) *request.mutable_start_date() = AnyDate();
    if (s.When<EnrollCase>(request).refused()) return;
    enrollments.push_back(s.New("enrollments"));
    ++happened;
  }
  template <class Case, class Request>
  void AskToEnd() {
    Request request;
    request.set_name(draws.OneOf(enrollments));
    if (draws.Below(3) == 0) *request.mutable_end_date() = AnyDate();
    happened += !s.When<Case>(request).refused();
  }
  // Around and within the offerings' days.
  google::type::Date AnyDate() {
    return ToDate(DayOf(DateOf("2026-08-25")) + std::chrono::days(draws.Below(110)));
  }
};

TEST_F(Seats, AreNeverOversoldWhateverIsAsked) {
  for (int n = 0; n < kRequests && !HasFailure(); ++n) {
    AskForAnything();
    ExpectSeatsAreCounted();
  }
  EXPECT_GE(happened, 100) << "too few requests were granted to show anything";
  s.ExpectReplays();
}

}  // namespace
}  // namespace learncity::enrollment::v1
