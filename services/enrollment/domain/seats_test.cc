// Whatever is asked, in whatever order: no seat is promised twice, nobody who waits is overtaken,
// and the events tell it all.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/testing/draws.h"
#include "platform/testing/scenario.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/domain/transfer.h"
#include "services/enrollment/domain/waitlist.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment::v1 {
namespace {

using std::chrono::days;

constexpr int kLearners = 14;
constexpr int kOfferings = 6;
constexpr int kRequests = 3000;

std::string Learning(int n) {
  return absl::StrCat("learners/01980000-0000-7000-8000-0000000000", 10 + n);
}
std::string Offered(int n) {
  return absl::StrCat("offerings/01980000-0000-7000-8000-0000000000f", n);
}

LearnerEvent Registered(int n) {
  LearnerEvent event;
  event.mutable_registered()->mutable_learner()->set_name(Learning(n));
  return event;
}

// Two to four seats. The first three are classes of one school year, the others courses.
OfferingEvent Opened(int n) {
  OfferingEvent event;
  Offering& offering = *event.mutable_opened()->mutable_offering();
  offering.set_name(Offered(n));
  offering.set_kind(n < 3 ? type::v1::OFFERING_KIND_SCHOOL_CLASS
                          : type::v1::OFFERING_KIND_COMMUNITY_COURSE);
  offering.set_seats(2 + n % 3);
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
    GoTo(DayOf(DateOf("2026-09-20")));
  }

  void AskForAnything() {
    const int what = draws.Below(400);
    if (what < 8) return GoTo(today + days(draws.Below(3)));
    if (what < 40) return RunWhatIsDue();
    if (enrollments.empty() || what < 190) return AskToEnroll();
    if (what < 300) return AskToEnd<WithdrawCase, WithdrawEnrollmentRequest>();
    if (what < 397) return AskToTransfer();
    if (what < 399) return AskToEnd<CompleteCase, CompleteEnrollmentRequest>();
    EraseLearnerRequest request;
    request.set_name(Learning(draws.Below(kLearners)));
    happened += !s.When<EraseCase>(request).refused();
  }

  void ExpectSeatsAreCounted() {
    std::map<std::string, int> held;
    std::map<std::pair<std::string, Day>, int> held_on;
    for (const std::string& name : enrollments) {
      const auto& enrollment = s.Get<Enrollment>(name);
      if (enrollment.state() == Enrollment::STATE_WAITING) continue;
      const bool gave_back = enrollment.state() == Enrollment::STATE_WITHDRAWN ||
                             enrollment.state() == Enrollment::STATE_TRANSFERRED;
      held[enrollment.offering()] += !gave_back;
      const Day end =
          gave_back ? DayOf(enrollment.end_date()) : DayOf(enrollment.offering_end_date());
      for (Day day = DayOf(enrollment.start_date()); day < end; day += days(1)) {
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

  // What waitlist.h says always holds; and who has a seat asked for it before all who still wait.
  void ExpectWaitlistsAreInOrder() {
    std::map<std::string, std::set<int64_t>> waiting, enrolled;
    for (const std::string& name : enrollments) {
      const auto& enrollment = s.Get<Enrollment>(name);
      if (enrollment.state() == Enrollment::STATE_WAITING) {
        EXPECT_TRUE(waiting[enrollment.offering()].insert(enrollment.ticket()).second) << name;
      } else if (enrollment.state() == Enrollment::STATE_ENROLLED) {
        enrolled[enrollment.offering()].insert(enrollment.ticket());
      }
    }
    for (int n = 0; n < kOfferings; ++n) {
      const auto& offering = s.Get<Offering>(Offered(n));
      SCOPED_TRACE(offering.name());
      const auto& tickets = waiting[offering.name()];
      EXPECT_EQ(offering.waiting(), static_cast<int>(tickets.size()));
      const auto free_from = FreeSeatFrom(offering);
      const bool in_time = free_from && std::max(*free_from, today) <= DayOf(offering.end_date());
      // Absent while it must be, and there when a seat can be given.
      EXPECT_FALSE(offering.has_promotion_time() && (tickets.empty() || !free_from));
      EXPECT_FALSE(!offering.has_promotion_time() && !tickets.empty() && in_time);
      if (tickets.empty()) continue;
      EXPECT_GT(*tickets.begin(), offering.served_ticket());
      EXPECT_LE(*tickets.rbegin(), offering.last_ticket());
      const auto& seated = enrolled[offering.name()];
      EXPECT_TRUE(seated.empty() || *seated.rbegin() < *tickets.begin());
    }
  }

  // Promotions happen some time after what makes them due.
  void RunWhatIsDue() {
    for (int n = 0; n < kOfferings; ++n) {
      while (s.Get<Offering>(Offered(n)).has_promotion_time()) {
        const auto before = ToTime(s.Get<Offering>(Offered(n)).promotion_time());
        ASSERT_FALSE((s.WhenDue<PromoteCase, Offering>(Offered(n)).refused()));
        const auto& after = s.Get<Offering>(Offered(n));
        ASSERT_TRUE(!after.has_promotion_time() || ToTime(after.promotion_time()) > before);
        ++promotions;
      }
    }
    GoTo(today);
  }

  Draws draws{20260905};
  Scenario s{EnrollmentSchema()};
  std::vector<std::string> enrollments;
  Day today;
  int happened = 0;
  int promotions = 0;
  int transfers = 0;

 private:
  void GoTo(Day day) {
    today = day;
    s.At(absl::StrCat(FormatDay(day), "T01:00:00Z"));
  }
  void AskToEnroll() {
    EnrollLearnerRequest request;
    request.set_learner(Learning(draws.Below(kLearners)));
    request.set_offering(Offered(draws.Below(kOfferings)));
    request.set_joins_waitlist(draws.Below(2) == 0);
    if (draws.Below(3) == 0) *request.mutable_start_date() = AnyDate();
    const bool somebody_waits = s.Get<Offering>(request.offering()).waiting() > 0;
    if (s.When<EnrollCase>(request).refused()) return;
    enrollments.push_back(s.New("enrollments"));
    ++happened;
    if (!somebody_waits) return;
    EXPECT_EQ(s.Get<Enrollment>(enrollments.back()).state(), Enrollment::STATE_WAITING);
  }
  void AskToTransfer() {
    TransferEnrollmentRequest request;
    request.set_name(AnyEnrollment());
    request.set_offering(Offered(draws.Below(kOfferings)));
    if (draws.Below(3) == 0) *request.mutable_start_date() = AnyDate();
    const bool somebody_waits = s.Get<Offering>(request.offering()).waiting() > 0;
    if (s.When<TransferCase>(request).refused()) return;
    enrollments.push_back(s.New("enrollments"));
    ++transfers;
    EXPECT_FALSE(somebody_waits);
  }
  template <class Case, class Request>
  void AskToEnd() {
    Request request;
    request.set_name(AnyEnrollment());
    if (draws.Below(3) == 0) *request.mutable_end_date() = AnyDate();
    happened += !s.When<Case>(request).refused();
  }
  // Seldom one that has ended.
  const std::string& AnyEnrollment() {
    const std::string* name = &draws.OneOf(enrollments);
    for (int n = 0; n < 8 && s.Get<Enrollment>(*name).has_end_date(); ++n) {
      name = &draws.OneOf(enrollments);
    }
    return *name;
  }
  // Around and within the offerings' days.
  google::type::Date AnyDate() {
    return ToDate(DayOf(DateOf("2026-08-25")) + days(draws.Below(110)));
  }
};

TEST_F(Seats, AreNeverOversoldWhateverIsAsked) {
  for (int n = 0; n < kRequests && !HasFailure(); ++n) {
    AskForAnything();
    ExpectSeatsAreCounted();
    ExpectWaitlistsAreInOrder();
  }
  EXPECT_GE(happened, 100) << "too few requests were granted to show anything";
  EXPECT_GE(promotions, 20) << "too few waited to show anything";
  EXPECT_GE(transfers, 5) << "too few were transferred to show anything";
  s.ExpectReplays();
}

}  // namespace
}  // namespace learncity::enrollment::v1
