#include "services/reporting/tables.h"

#include <optional>

#include "services/reporting/domain/cell.h"
#include "services/reporting/domain/contribution.h"
#include "services/reporting/domain/facts.h"
#include "services/reporting/domain/observation.h"
#include "services/reporting/domain/report.h"

namespace learncity::reporting {
namespace {

using achievements::v1::AwardEvent;
using achievements::v1::CertificateEvent;
using achievements::v1::RecognitionEvent;
using enrollment::v1::EnrollmentEvent;
using enrollment::v1::LearnerEvent;
using ledger::Draft;
using registry::v1::AccreditationEvent;
using registry::v1::CenterEvent;

// A fact after an event, and by what the cells move with it.
template <class Fact>
struct Move {
  Fact fact;
  Contributions deltas;
};

template <class Fact, class Event>
bool MayChange(const Fact&, const Event&) {
  return true;
}
bool MayChange(const v1::CenterFact& fact, const EnrollmentEvent& event) {
  return WouldChange(fact, event);
}

// Absent when the event leaves the fact as it is.
template <class Fact, class Event>
std::optional<Move<Fact>> MoveOf(const Id& id, const Event& event, Lookup& lookup) {
  const Fact* before = lookup.Find<Fact>(id);
  if (before != nullptr && !MayChange(*before, event)) return std::nullopt;
  Move<Fact> move;
  if (before != nullptr) move.fact = *before;
  if (!Evolve(move.fact, event)) return std::nullopt;
  const Contributions after = Contribution(move.fact);
  move.deltas = Difference(move.fact.contributed(), after);
  move.fact.mutable_contributed()->Assign(after.begin(), after.end());
  return move;
}

template <class Fact, class Event>
void Gather(const Id& id, const Event& event, Lookup& lookup) {
  const auto move = MoveOf<Fact>(id, event, lookup);
  if (!move) return;
  for (const v1::Contribution& delta : move->deltas) lookup.Find<v1::Cell>(CellId(delta.key()));
}

template <class Fact, class Event>
void React(const Id& id, const Event& event, Draft& draft) {
  auto move = MoveOf<Fact>(id, event, draft);
  if (!move) return;
  for (const v1::Contribution& delta : move->deltas) {
    Apply(draft.Put<v1::Cell>(CellId(delta.key())), delta);
  }
  draft.Put<Fact>(id) = std::move(move->fact);
}

// An event that moves one fact.
template <class Fact, class Event>
void Moves(ledger::Rules& rules, Id (*fact_of)(const Id& subject, const Event& event)) {
  rules.OnEvent<Event>(
      [=](const Id& subject, const Event& event, Lookup& lookup) {
        Gather<Fact>(fact_of(subject, event), event, lookup);
      },
      [=](const Id& subject, const Event& event, const Moment&, Draft& draft) {
        React<Fact>(fact_of(subject, event), event, draft);
      });
}

template <class Event>
Id Subject(const Id& subject, const Event&) {
  return subject;
}

}  // namespace

const ledger::Schema& ReportingSchema() {
  static const auto* const schema = [] {
    auto* const s = new ledger::Schema("reporting");
    s->Own<v1::Report, v1::ReportEvent>("report");
    s->Own<v1::Observation, v1::ObservationEvent>("observation")
        .Indexed("indicator",
                 [](const v1::Observation& o) { return ledger::Value(o.indicator()); });
    s->Derived<v1::LearnerFact>("learner_fact");
    s->Derived<v1::CenterFact>("center_fact");
    s->Derived<v1::RecognitionFact>("recognition_fact");
    s->Derived<v1::AwardFact>("award_fact");
    s->Derived<v1::Cell>("cell").Indexed("measure", [](const v1::Cell& cell) {
      return ledger::Value(int64_t{cell.key().measure()});
    });
    // Counts up with each Contribution that is another, and with each kind of fact that is new.
    s->FollowedVersion(2);
    return s;
  }();
  return *schema;
}

ledger::Rules ReportingRules() {
  ledger::Rules rules;
  rules.On<FreezeCase, v1::FreezeReportInput>();
  rules.On<DraftCase, v1::DraftReportRequest>();
  rules.On<ReportCase, v1::ReviseReportRequest>();
  rules.On<ReportCase, v1::FinalizeReportInput>();
  rules.On<RecordObservationCase, v1::RecordObservationRequest>();
  rules.On<WithdrawObservationCase, v1::WithdrawObservationRequest>();
  Moves<v1::LearnerFact, LearnerEvent>(rules, Subject);
  rules.OnEvent<EnrollmentEvent>(
      [](const Id&, const EnrollmentEvent& event, Lookup& lookup) {
        const auto& enrollment = EnrollmentOf(event);
        Gather<v1::LearnerFact>(IdOf(enrollment.learner()), event, lookup);
        Gather<v1::CenterFact>(IdOf(enrollment.center()), event, lookup);
      },
      [](const Id&, const EnrollmentEvent& event, const Moment&, Draft& draft) {
        const auto& enrollment = EnrollmentOf(event);
        React<v1::LearnerFact>(IdOf(enrollment.learner()), event, draft);
        React<v1::CenterFact>(IdOf(enrollment.center()), event, draft);
      });
  Moves<v1::CenterFact, CenterEvent>(rules, Subject);
  Moves<v1::CenterFact, AccreditationEvent>(rules, [](const Id&, const AccreditationEvent& event) {
    return IdOf(AccreditationOf(event).center());
  });
  Moves<v1::LearnerFact, CertificateEvent>(rules, [](const Id&, const CertificateEvent& event) {
    return IdOf(CertificateOf(event).learner());
  });
  Moves<v1::RecognitionFact, RecognitionEvent>(rules, Subject);
  Moves<v1::AwardFact, AwardEvent>(rules, Subject);
  return rules;
}

std::vector<std::string> ReportingFollows() { return {"achievements", "enrollment", "registry"}; }

}  // namespace learncity::reporting
