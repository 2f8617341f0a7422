// That the checks can fail: each is shown what must not be, written by hand, and says so.
#include "tests/simulation/checks.h"

#include "gmock/gmock.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "learncity/reporting/v1/reporting_events.pb.h"
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"

namespace learncity::simulation {
namespace {

using enrollment::v1::Enrollment;
using enrollment::v1::EnrollmentEvent;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const Time kNow = std::chrono::sys_days{std::chrono::year{2026} / 10 / 15};

std::string NameOf(const std::string& collection, int n) {
  return Concat(collection, "/01980000-0000-7000-8000-00000000000", n);
}

// A class of one seat from September to May, in which learner n has enrollment n.
class SimulationCheck : public testing::Test {
 protected:
  SimulationCheck() {
    for (const char* service : {"registry", "enrollment", "achievements", "reporting"}) {
      seen.ledgers[service];
    }
    auto& offering = seen.offerings[IdOf(NameOf("offerings", 1))];
    offering = FromText<enrollment::v1::Offering>(R"pb(
      seats: 1
      start_date { year: 2026 month: 9 day: 5 }
      end_date { year: 2027 month: 5 day: 31 }
    )pb");
    offering.set_name(NameOf("offerings", 1));
    offering.set_center(NameOf("centers", 1));
  }

  Enrollment Of(int n, Enrollment::State state, int64_t ticket = 0) {
    auto enrollment = FromText<Enrollment>(R"pb(
      kind: OFFERING_KIND_SCHOOL_CLASS
      school_year: "2026-2027"
      start_date { year: 2026 month: 9 day: 5 }
      offering_end_date { year: 2027 month: 5 day: 31 }
    )pb");
    enrollment.set_name(NameOf("enrollments", n));
    enrollment.set_learner(NameOf("learners", n));
    enrollment.set_offering(NameOf("offerings", 1));
    enrollment.set_center(NameOf("centers", 1));
    enrollment.set_state(state);
    enrollment.set_ticket(ticket);
    return enrollment;
  }
  Enrollment& Keeps(const Enrollment& enrollment) {
    return seen.enrollments[IdOf(enrollment.name())] = enrollment;
  }
  template <class Event>
  void Happens(const std::string& service, const std::string& name, const Event& event) {
    auto& events = seen.ledgers[service].events;
    events.push_back({.position = static_cast<int64_t>(events.size()) + 1,
                      .subject = IdOf(name),
                      .event = std::make_unique<Event>(event)});
  }
  // `what` is "admitted", "waitlisted", "promoted" or "withdrawn".
  void Happens(const std::string& what, const Enrollment& enrollment) {
    auto event = FromText<EnrollmentEvent>(what + " {}");
    auto& field = event.has_admitted()     ? *event.mutable_admitted()->mutable_enrollment()
                  : event.has_waitlisted() ? *event.mutable_waitlisted()->mutable_enrollment()
                  : event.has_promoted()   ? *event.mutable_promoted()->mutable_enrollment()
                                           : *event.mutable_withdrawn()->mutable_enrollment();
    field = enrollment;
    Happens("enrollment", enrollment.name(), event);
  }
  Findings Waitlists(bool at_rest = false) {
    Findings findings;
    CheckWaitlists(seen, {}, kNow, at_rest, findings);
    return findings;
  }
  Findings Seats() {
    Findings findings;
    CheckSeats(seen, false, findings);
    return findings;
  }
  Findings Places() {
    Findings findings;
    CheckPlaces(seen, Today(kNow), findings);
    return findings;
  }
  registry::v1::Unit& AUnit(const std::string& name, const std::string& text) {
    auto& unit = seen.units[IdOf(name)];
    unit = FromText<registry::v1::Unit>(text);
    unit.set_name(name);
    return unit;
  }

  Seen seen;
};

TEST_F(SimulationCheck, SeesWhoIsPromotedBeforeALowerTicket) {
  Happens("waitlisted", Of(1, Enrollment::STATE_WAITING, 1));
  Happens("waitlisted", Of(2, Enrollment::STATE_WAITING, 2));
  Happens("promoted", Of(2, Enrollment::STATE_ENROLLED, 2));
  EXPECT_THAT(Waitlists(), Contains(HasSubstr("is not the first who waits")));
}

TEST_F(SimulationCheck, SeesWhoOvertakesTheWaitlist) {
  Happens("waitlisted", Of(1, Enrollment::STATE_WAITING, 1));
  Happens("admitted", Of(2, Enrollment::STATE_ENROLLED));
  EXPECT_THAT(Waitlists(), Contains(HasSubstr("overtakes who waits")));
}

TEST_F(SimulationCheck, SeesWhoIsPassedOverForNoReason) {
  Happens("waitlisted", Of(1, Enrollment::STATE_WAITING, 1));
  Happens("withdrawn", Of(1, Enrollment::STATE_WAITING, 1));
  EXPECT_THAT(Waitlists(), Contains(HasSubstr("passed over for no reason")));
}

TEST_F(SimulationCheck, SeesWhoWaitsBesideAFreeSeat) {
  Happens("waitlisted", Keeps(Of(1, Enrollment::STATE_WAITING, 1)));
  seen.centers[IdOf(NameOf("centers", 1))] =
      FromText<registry::v1::Center>("valid_from { year: 2025 month: 7 day: 1 }");
  auto& offering = seen.offerings.begin()->second;
  offering.set_waiting(1);
  offering.set_last_ticket(1);
  EXPECT_THAT(Waitlists(/*at_rest=*/true), Contains(HasSubstr("for a free seat")));
  *offering.mutable_promotion_time() = ToTimestamp(kNow + std::chrono::hours(1));
  EXPECT_THAT(Waitlists(/*at_rest=*/true), IsEmpty());
  offering.clear_promotion_time();
  Keeps(Of(2, Enrollment::STATE_ENROLLED));
  EXPECT_THAT(Waitlists(/*at_rest=*/true), IsEmpty());
}

TEST_F(SimulationCheck, SeesASeatThatIsSoldTwice) {
  Keeps(Of(1, Enrollment::STATE_ENROLLED));
  Keeps(Of(2, Enrollment::STATE_COMPLETED));
  EXPECT_THAT(Seats(), Contains(HasSubstr("has 1 seats and 2 learners on 2026-09-05")));
}

TEST_F(SimulationCheck, SeesALearnerInTwoSchoolClasses) {
  Keeps(Of(1, Enrollment::STATE_ENROLLED));
  Keeps(Of(2, Enrollment::STATE_ENROLLED)).set_learner(NameOf("learners", 1));
  EXPECT_THAT(Seats(), Contains(HasSubstr("is in two school classes of 2026-2027")));
}

TEST_F(SimulationCheck, SeesADayBetweenTwoClasses) {
  auto& left = Keeps(Of(1, Enrollment::STATE_TRANSFERRED));
  *left.mutable_end_date() = DateOf("2026-10-01");
  left.set_transferred_to(NameOf("enrollments", 2));
  auto& next = Keeps(Of(2, Enrollment::STATE_ENROLLED));
  next.set_learner(left.learner());
  *next.mutable_start_date() = DateOf("2026-10-02");
  EXPECT_THAT(Seats(), Contains(HasSubstr("does not continue")));
}

TEST_F(SimulationCheck, SeesUnitsOfOneCodeThatOverlap) {
  AUnit("units/00001-20250701",
        "code: '00001' code_passed_on: true valid_from { year: 2025 month: 7 day: 1 }");
  AUnit("units/00001-20260701", "code: '00001' valid_from { year: 2026 month: 7 day: 1 }");
  EXPECT_THAT(Places(), Contains(HasSubstr("overlaps units/00001-20260701")));
}

TEST_F(SimulationCheck, SeesHalfAnAct) {
  auto& act = seen.acts[IdOf(NameOf("unitActs", 1))];
  act = FromText<registry::v1::UnitAct>(R"pb(
    effective_date { year: 2026 month: 7 day: 1 }
    ended { unit: "units/00001-20250701" }
    opened { code: "00002" }
  )pb");
  act.set_name(NameOf("unitActs", 1));
  AUnit("units/00001-20250701", "code: '00001' valid_from { year: 2025 month: 7 day: 1 }");
  EXPECT_THAT(Places(), Contains(HasSubstr("did not end units/00001-20250701")));
  EXPECT_THAT(Places(), Contains(HasSubstr("did not open 00002")));
}

TEST_F(SimulationCheck, SeesAUnitWithTwoDefaultSuccessors) {
  AUnit("units/00001-20250701", R"pb(
    code: "00001"
    ended_by: "unitActs/01980000-0000-7000-8000-000000000001"
    valid_from { year: 2025 month: 7 day: 1 }
    valid_to { year: 2026 month: 7 day: 1 }
    successors { unit: "units/00002-20250701" is_default: true }
    successors { unit: "units/00002-20250701" is_default: true }
  )pb");
  EXPECT_THAT(Places(), Contains(HasSubstr("has 2 default successors")));
}

TEST_F(SimulationCheck, SeesPeriodsOfARecognitionThatOverlap) {
  AUnit("units/00001-20250701", "code: '00001' valid_from { year: 2025 month: 7 day: 1 }");
  auto& recognition = seen.recognitions[IdOf("recognitions/family-00001-20250701-1")];
  recognition = FromText<achievements::v1::Recognition>(R"pb(
    unit: "units/00001-20250701"
    periods {
      score: 80
      valid_from { year: 2026 month: 1 day: 1 }
      valid_to { year: 2026 month: 7 day: 1 }
    }
    periods {
      score: 80
      valid_from { year: 2026 month: 6 day: 30 }
      valid_to { year: 2026 month: 12 day: 1 }
    }
  )pb");
  Findings findings;
  CheckRecognitions(seen, findings);
  EXPECT_THAT(findings, Contains(HasSubstr("overlap or are empty, at 2026-06-30")));
}

TEST_F(SimulationCheck, SeesWhoBeginsInACenterThatIsKnownToBeClosed) {
  Happens(
      "registry", NameOf("centers", 1),
      FromText<registry::v1::CenterEvent>("closed { valid_to { year: 2026 month: 9 day: 5 } }"));
  Happens("admitted", Of(1, Enrollment::STATE_ENROLLED));
  auto& turns = seen.ledgers["enrollment"].turns;
  turns = {{.turn = 1, .first_position = 1, .last_position = 1}};
  Findings findings;
  CheckClosings(seen, findings);
  EXPECT_THAT(findings, IsEmpty());
  turns.insert(turns.begin(), {.turn = 1, .first_position = 1, .cursors = "registry/1/1"});
  CheckClosings(seen, findings);
  EXPECT_THAT(findings, Contains(HasSubstr("is closed, as was known")));
}

TEST_F(SimulationCheck, SeesHalfADecision) {
  Happens("admitted", Of(1, Enrollment::STATE_ENROLLED));
  const std::string enroll = "/learncity.enrollment.v1.EnrollmentService/EnrollLearner";
  Findings findings;
  CheckCauses(seen, {{"enrollment", {{1, {enroll, IdOf(NameOf("enrollments", 1))}}}}}, findings);
  EXPECT_THAT(findings, Contains(HasSubstr("made these events: admitted ")));
}

TEST_F(SimulationCheck, SeesWhatNobodyAskedFor) {
  Happens("promoted", Of(1, Enrollment::STATE_ENROLLED));
  Findings findings;
  CheckCauses(seen, {}, findings);
  EXPECT_THAT(findings, Contains(HasSubstr("asked by nobody, before 2, made these events")));
}

TEST_F(SimulationCheck, SeesAReportThatChangesOnceItIsFrozen) {
  const std::string report = NameOf("reports", 1);
  const std::string service = "/learncity.reporting.v1.ReportingService/";
  Happens("reporting", report, FromText<reporting::v1::ReportEvent>("drafted {}"));
  Happens("reporting", report, FromText<reporting::v1::ReportEvent>("frozen {}"));
  std::map<int64_t, Effect> effects = {{1, {service + "DraftReport", IdOf(report)}},
                                       {2, {service + "FinalizeReport", IdOf(report)}}};
  Findings findings;
  CheckCauses(seen, {{"reporting", effects}}, findings);
  EXPECT_THAT(findings, IsEmpty());
  Happens("reporting", report, FromText<reporting::v1::ReportEvent>("revised {}"));
  effects[3] = {service + "ReviseReport", IdOf(report)};
  CheckCauses(seen, {{"reporting", effects}}, findings);
  EXPECT_THAT(findings, Contains(HasSubstr("was frozen and has changed")));
}

}  // namespace
}  // namespace learncity::simulation
