#include "services/reporting/tables.h"

#include <optional>

#include "platform/calendar/calendar.h"
#include "services/reporting/domain/cell.h"
#include "services/reporting/domain/contribution.h"
#include "services/reporting/domain/facts.h"
#include "services/reporting/domain/observation.h"
#include "services/reporting/domain/recounting.h"
#include "services/reporting/domain/references.h"
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

// The learner whose fact holds what is recorded under this one.
Id Counted(Id learner, Lookup& lookup) {
  for (;;) {
    const auto* fact = lookup.Find<v1::LearnerFact>(learner);
    if (fact == nullptr || fact->matched_to().empty()) return learner;
    learner = MatchedTo(*fact);
  }
}

// A fact after an event, and by what the cells move with it.
template <class Fact>
struct Move {
  Fact fact;
  Contributions deltas;
  // By what moves that a recount has found, of the cells that it has yet to compare.
  Contributions recounted;
};

// Of a fact that changes while a recount runs. Behind its mark it is counted later as it is then.
template <class Fact>
Contributions MoveOfRecount(const Id& id, const Fact* before, const Contributions& after,
                            Lookup& lookup) {
  const auto* mark = lookup.Find<v1::RecountMark>(RecountMarkId());
  if (!HasCounted(mark, PlaceOf<Fact>(), id)) return {};
  // What it was counted with, which is not what it says it contributed where that is wrong.
  const Contributions counted = before == nullptr ? Contributions() : Contribution(*before);
  Contributions deltas = Difference({counted.begin(), counted.end()}, after);
  std::erase_if(deltas, [&](const auto& one) { return !HasToCompare(*mark, CellId(one.key())); });
  return deltas;
}

// Says what the fact contributes from now on, and by what the cells move.
template <class Fact>
void Settle(const Id& id, const Fact* before, Move<Fact>& move, Lookup& lookup) {
  const Contributions after = Contribution(move.fact);
  move.deltas = Difference(move.fact.contributed(), after);
  move.recounted = MoveOfRecount(id, before, after, lookup);
  move.fact.mutable_contributed()->Assign(after.begin(), after.end());
}

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
  Settle(id, before, move, lookup);
  return move;
}

template <class Fact>
void GatherCells(const Move<Fact>& move, Lookup& lookup) {
  for (const v1::Contribution& delta : move.deltas) lookup.Find<v1::Cell>(CellId(delta.key()));
  for (const v1::Contribution& delta : move.recounted) {
    lookup.Find<v1::RecountedCell>(CellId(delta.key()));
  }
}

template <class Fact>
void Make(const Id& id, Move<Fact> move, Draft& draft) {
  for (const v1::Contribution& delta : move.deltas) {
    Apply(draft.Put<v1::Cell>(CellId(delta.key())), delta);
  }
  for (const v1::Contribution& delta : move.recounted) {
    Apply(draft.Put<v1::RecountedCell>(CellId(delta.key())), delta);
  }
  draft.Put<Fact>(id) = std::move(move.fact);
}

template <class Fact, class Event>
void Gather(const Id& id, const Event& event, Lookup& lookup) {
  const auto move = MoveOf<Fact>(id, event, lookup);
  if (move) GatherCells(*move, lookup);
}

template <class Fact, class Event>
void React(const Id& id, const Event& event, Draft& draft) {
  auto move = MoveOf<Fact>(id, event, draft);
  if (move) Make(id, std::move(*move), draft);
}

// A learner was found to be another: two facts move.
struct Match {
  Id into;
  Move<v1::LearnerFact> from;
  Move<v1::LearnerFact> to;
};

Match MatchOf(const Id& learner, const LearnerEvent& event, Lookup& lookup) {
  Match match{.into = Counted(IdOf(event.matched().matched_to()), lookup), .from = {}, .to = {}};
  const auto* from = lookup.Find<v1::LearnerFact>(learner);
  const auto* to = lookup.Find<v1::LearnerFact>(match.into);
  if (from != nullptr) match.from.fact = *from;
  if (to != nullptr) match.to.fact = *to;
  Evolve(match.from.fact, event);
  PassOn(match.from.fact, match.to.fact);
  Settle(learner, from, match.from, lookup);
  Settle(match.into, to, match.to, lookup);
  return match;
}

void GatherLearner(const Id& learner, const LearnerEvent& event, Lookup& lookup) {
  if (!event.has_matched()) return Gather<v1::LearnerFact>(learner, event, lookup);
  const Match match = MatchOf(learner, event, lookup);
  GatherCells(match.from, lookup);
  GatherCells(match.to, lookup);
}

void ReactToLearner(const Id& learner, const LearnerEvent& event, const Moment&, Draft& draft) {
  if (!event.has_matched()) return React<v1::LearnerFact>(learner, event, draft);
  Match match = MatchOf(learner, event, draft);
  Make(learner, std::move(match.from), draft);
  Make(match.into, std::move(match.to), draft);
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
    s->Own<v1::Recount, v1::RecountEvent>("recount")
        .Unique(kRunningColumn,
                [](const v1::Recount& recount) -> ledger::Value {
                  if (recount.state() == v1::Recount::STATE_DONE) return std::monostate();
                  return kRunning;
                })
        .DueAt([](const v1::Recount& recount) -> std::optional<Time> {
          if (!recount.has_due_time()) return std::nullopt;
          return ToTime(recount.due_time());
        });
    s->Reference<v1::UnitReference, registry::v1::UnitEvent>("unit", "registry");
    s->Reference<v1::UnitCountReference, registry::v1::UnitCountEvent>("unit_count", "registry");
    s->Derived<v1::LearnerFact>("learner_fact");
    s->Derived<v1::CenterFact>("center_fact");
    s->Derived<v1::RecognitionFact>("recognition_fact");
    s->Derived<v1::AwardFact>("award_fact");
    s->Derived<v1::Cell>("cell").IndexedNumber("measure", [](const v1::Cell& cell) {
      return ledger::Value(int64_t{cell.key().measure()});
    });
    // Recounts make these two: nothing needs to be followed anew for them.
    s->Derived<v1::RecountedCell>("recounted_cell");
    s->Derived<v1::RecountMark>("recount_mark");
    // Counts up with each Contribution that is another, and with each kind of fact or reference
    // that is new.
    s->FollowedVersion(3);
    return s;
  }();
  return *schema;
}

ledger::Rules ReportingRules(RecountSlice slice) {
  ledger::Rules rules;
  rules.On<FreezeCase, v1::FreezeReportInput>();
  rules.On<DraftCase, v1::DraftReportRequest>();
  rules.On<ReportCase, v1::ReviseReportRequest>();
  rules.On<ReportCase, v1::FinalizeReportInput>();
  rules.On<RecordObservationCase, v1::RecordObservationRequest>();
  rules.On<WithdrawObservationCase, v1::WithdrawObservationRequest>();
  rules.On<StartRecountCase, v1::StartRecountRequest>();
  rules.OnDueWalk<v1::Recount>(
      [slice](const v1::Recount& recount, const Moment& moment, ledger::Walk& walk) {
        return AdvanceRecount(recount, slice, moment, walk);
      });
  rules.OnEvent<LearnerEvent>(GatherLearner, ReactToLearner);
  rules.OnEvent<EnrollmentEvent>(
      [](const Id&, const EnrollmentEvent& event, Lookup& lookup) {
        const auto& enrollment = EnrollmentOf(event);
        Gather<v1::LearnerFact>(Counted(IdOf(enrollment.learner()), lookup), event, lookup);
        Gather<v1::CenterFact>(IdOf(enrollment.center()), event, lookup);
      },
      [](const Id&, const EnrollmentEvent& event, const Moment&, Draft& draft) {
        const auto& enrollment = EnrollmentOf(event);
        React<v1::LearnerFact>(Counted(IdOf(enrollment.learner()), draft), event, draft);
        React<v1::CenterFact>(IdOf(enrollment.center()), event, draft);
      });
  Moves<v1::CenterFact, CenterEvent>(rules, Subject);
  Moves<v1::CenterFact, AccreditationEvent>(rules, [](const Id&, const AccreditationEvent& event) {
    return IdOf(AccreditationOf(event).center());
  });
  rules.OnEvent<CertificateEvent>(
      [](const Id&, const CertificateEvent& event, Lookup& lookup) {
        const Id learner = Counted(IdOf(CertificateOf(event).learner()), lookup);
        Gather<v1::LearnerFact>(learner, event, lookup);
      },
      [](const Id&, const CertificateEvent& event, const Moment&, Draft& draft) {
        const Id learner = Counted(IdOf(CertificateOf(event).learner()), draft);
        React<v1::LearnerFact>(learner, event, draft);
      });
  Moves<v1::RecognitionFact, RecognitionEvent>(rules, Subject);
  Moves<v1::AwardFact, AwardEvent>(rules, Subject);
  return rules;
}

std::vector<std::string> ReportingFollows() { return {"achievements", "enrollment", "registry"}; }

}  // namespace learncity::reporting
