// Whether a plan keeps the rules of the services that it will be sent to.
#include <gtest/gtest.h>

#include "platform/persons/papers.h"
#include "platform/testing/scenario.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/tables.h"
#include "services/learncity/demo/planned_hanoi.h"
#include "services/registry/domain/center.h"
#include "services/registry/domain/unit.h"
#include "services/registry/domain/unit_act.h"
#include "services/registry/tables.h"

namespace learncity::demo {
namespace {

using enrollment::v1::Learner;

// Sends a plan to the rules themselves; what the loader fills in is filled in.
class AskedRules {
 public:
  explicit AskedRules(Day today) : today_(today) {
    const std::string now = Concat(FormatDay(today), "T05:00:00Z");
    registry_.At(now);
    enrollment_.At(now);
  }

  void Run(const Plan& plan) {
    for (const auto& request : plan.districts) {
      Ask<registry::v1::OpenUnitCase>(registry_, request, "units");
    }
    for (const auto& request : plan.units) {
      Ask<registry::v1::OpenUnitCase>(registry_, request, "units");
    }
    for (const auto& request : plan.acts) {
      Ask<registry::v1::RecordUnitActCase>(registry_, request, "unitActs");
    }
    units_ = plan.places;
    for (const std::string& unit : units_) {
      registry::v1::UnitEvent event;
      *event.mutable_opened()->mutable_unit() = registry_.Get<registry::v1::Unit>(unit);
      enrollment_.Given(unit, event);
    }
    for (PlannedCenter planned : plan.centers) {
      planned.request.mutable_center()->set_unit(units_[planned.unit]);
      centers_.push_back(Ask<registry::v1::OpenCenterCase>(registry_, planned.request, "centers"));
      registry::v1::CenterEvent event;
      *event.mutable_opened()->mutable_center() =
          registry_.Get<registry::v1::Center>(centers_.back());
      enrollment_.Given(centers_.back(), event);
    }
    ForEachActivity(plan, [&](CenterActivity activity) { Run(activity); });
  }

  int refused() const { return refused_; }

 private:
  void Run(CenterActivity& activity) {
    std::vector<std::string> offerings;
    for (auto& request : activity.offerings) {
      request.mutable_offering()->set_center(centers_[activity.center]);
      offerings.push_back(Ask<enrollment::v1::OpenOfferingCase>(enrollment_, request, "offerings"));
    }
    for (PlannedLearner& planned : activity.learners) {
      const std::string learner = Register(planned);
      for (PlannedEnrollment& enrollment : planned.enrollments) {
        enrollment.request.set_learner(learner);
        enrollment.request.set_offering(offerings[enrollment.offering]);
        Enroll(enrollment);
      }
    }
  }

  // The learner's name.
  std::string Register(PlannedLearner& planned) {
    Learner& learner = *planned.request.mutable_learner();
    if (planned.unit) learner.set_unit(units_[*planned.unit]);
    ExpectWellFormed(planned.request);
    const auto findings = persons::CheckPapers(persons::PapersOf(learner), "learner", today_);
    EXPECT_EQ(findings.violations.field_violations_size(), 0) << learner.ShortDebugString();
    EXPECT_EQ(findings.warnings.field_violations_size(), 0) << learner.ShortDebugString();
    // As the surface does: the person is sealed, and the learner has a name.
    learner.clear_person();
    learner.set_name(Concat("learners/", planned.request.request_id()));
    EXPECT_FALSE(enrollment_.When<enrollment::v1::RegisterCase>(planned.request).refused());
    return learner.name();
  }

  void Enroll(PlannedEnrollment& planned) {
    ExpectWellFormed(planned.request);
    const auto outcome = enrollment_.When<enrollment::v1::EnrollCase>(planned.request);
    if (outcome.refused()) {
      ++refused_;
      outcome.ThenRefused(enrollment::v1::OFFERING_FULL);
      EXPECT_FALSE(planned.completion || planned.withdrawal);
      return;
    }
    const std::string name = enrollment_.New("enrollments");
    EXPECT_FALSE(planned.completion && planned.withdrawal);
    if (planned.completion) {
      planned.completion->set_name(name);
      Ask<enrollment::v1::CompleteCase>(enrollment_, *planned.completion, "");
    }
    if (planned.withdrawal) {
      planned.withdrawal->set_name(name);
      Ask<enrollment::v1::WithdrawCase>(enrollment_, *planned.withdrawal, "");
    }
  }

  // The name of what the request makes; it is well formed and not refused.
  template <class Case, class Request>
  std::string Ask(Scenario& scenario, const Request& request, std::string_view collection) {
    ExpectWellFormed(request);
    const auto outcome = scenario.When<Case>(request);
    EXPECT_FALSE(outcome.refused()) << request.ShortDebugString();
    return collection.empty() ? "" : scenario.New(std::string(collection));
  }

  const Day today_;
  Scenario registry_{registry::RegistrySchema()};
  Scenario enrollment_{enrollment::EnrollmentSchema()};
  std::vector<std::string> units_, centers_;
  int refused_ = 0;
};

TEST(RulesOfTheCity, AreKeptButForSeatsThatAreGone) {
  AskedRules rules(kToday);
  rules.Run(Hanoi());
  EXPECT_EQ(rules.refused(), kRefusedMax);
}

TEST(RulesOfTheCity, AreKeptOnAnyDay) {
  for (const char* day : {"2026-01-01", "2026-07-15", "2026-09-05", "2028-02-29"}) {
    SCOPED_TRACE(day);
    const Day today = DayOf(DateOf(day));
    AskedRules rules(today);
    rules.Run(Hanoi(9'000, 3, today));
  }
}

TEST(RulesOfTheCity, AreKeptByTheSmallestCityToo) {
  AskedRules rules(kToday);
  const Plan plan = Hanoi(kOneInMax);
  EXPECT_EQ(plan.learners, 8) << "one of each kind";
  rules.Run(plan);
  EXPECT_EQ(rules.refused(), 0);
}

}  // namespace
}  // namespace learncity::demo
