#include "services/reporting/recount.h"

#include "absl/strings/str_cat.h"
#include "services/reporting/domain/facts.h"
#include "services/reporting/domain/references.h"

namespace learncity::reporting {
namespace {

// Calls `fold` with the record's event if it is an Event. False when it is one that does not decode
// or that this release does not know.
template <class Event, class Fold>
bool Decode(const ledger::Record& record, const Fold& fold) {
  if (record.type != Event::descriptor()->full_name()) return true;
  Event event;
  if (!event.ParseFromString(record.data) || event.event_case() == Event::EVENT_NOT_SET) {
    return false;
  }
  fold(event);
  return true;
}

}  // namespace

void Recount::NoteStale(const std::string& kind, const Id& id) {
  stale_.push_back(absl::StrCat(kind, " ", id.ToString(), " has not contributed what it should"));
}

void Recount::Add(const Contributions& contributions) {
  for (const v1::Contribution& one : contributions) {
    cells_[one.key()].recounted += one.count();
  }
}

void Recount::Compare(const v1::Cell& cell) { cells_[cell.key()].stored += cell.count(); }

std::vector<std::string> Recount::Differences() const {
  std::vector<std::string> differences = stale_;
  for (const auto& [key, counts] : cells_) {
    if (counts.stored == counts.recounted) continue;
    differences.push_back(absl::StrCat("cell {", key.ShortDebugString(), "} holds ", counts.stored,
                                       ", the facts give ", counts.recounted));
  }
  return differences;
}

CellSums Recount::SumsAsOf(const google::type::Date& as_of) const {
  CellSums sums(as_of);
  v1::Cell cell;
  for (const auto& [key, counts] : cells_) {
    *cell.mutable_key() = key;
    cell.set_count(counts.recounted);
    sums.Add(cell);
  }
  return sums;
}

v1::LearnerFact& Refold::CountedAt(Id learner) {
  while (!At<v1::LearnerFact>(learner).matched_to().empty()) {
    learner = MatchedTo(At<v1::LearnerFact>(learner));
  }
  return At<v1::LearnerFact>(learner);
}

void Refold::Apply(const std::string& feed, const ledger::Record& record) {
  if (passed_over_.contains({feed, record.position})) {
    ++parked_count_;
    return;
  }
  const Id& subject = record.subject;
  const bool understood =
      !parked_.contains({feed, subject}) &&
      Decode<enrollment::v1::LearnerEvent>(record,
                                           [&](const auto& event) {
                                             v1::LearnerFact& fact = At<v1::LearnerFact>(subject);
                                             Evolve(fact, event);
                                             if (event.has_matched())
                                               PassOn(fact, CountedAt(subject));
                                           }) &&
      Decode<enrollment::v1::EnrollmentEvent>(
          record,
          [&](const auto& event) {
            const auto& enrollment = EnrollmentOf(event);
            Evolve(CountedAt(IdOf(enrollment.learner())), event);
            Evolve(At<v1::CenterFact>(IdOf(enrollment.center())), event);
          }) &&
      Decode<registry::v1::CenterEvent>(
          record, [&](const auto& event) { Evolve(At<v1::CenterFact>(subject), event); }) &&
      Decode<registry::v1::AccreditationEvent>(
          record,
          [&](const auto& event) {
            Evolve(At<v1::CenterFact>(IdOf(AccreditationOf(event).center())), event);
          }) &&
      Decode<achievements::v1::CertificateEvent>(
          record,
          [&](const auto& event) {
            Evolve(CountedAt(IdOf(CertificateOf(event).learner())), event);
          }) &&
      Decode<achievements::v1::RecognitionEvent>(
          record, [&](const auto& event) { Evolve(At<v1::RecognitionFact>(subject), event); }) &&
      Decode<achievements::v1::AwardEvent>(
          record, [&](const auto& event) { Evolve(At<v1::AwardFact>(subject), event); }) &&
      Decode<registry::v1::UnitEvent>(
          record, [&](const auto& event) { Evolve(At<v1::UnitReference>(subject), event); }) &&
      Decode<registry::v1::UnitCountEvent>(
          record, [&](const auto& event) { Evolve(At<v1::UnitCountReference>(subject), event); });
  if (understood) return;
  parked_.emplace(feed, subject);
  ++parked_count_;
}

absl::StatusOr<v1::ReportContent> Recompute(const v1::ReportContent& frozen,
                                            const v1::Catalogue& catalogue,
                                            const Denominators& denominators,
                                            const Digests& digests, const StreamFeed& stream) {
  if (digests != Digests{frozen.catalogue_digest(), frozen.denominators_digest()}) {
    return absl::FailedPreconditionError(
        "the report was frozen with another catalogue or other denominators: give the files whose "
        "digests it names");
  }
  Refold refold;
  for (const v1::FeedPosition& at : frozen.positions()) {
    const auto apply = [&](const ledger::Record& record) { refold.Apply(at.feed(), record); };
    const auto status = stream(at.feed(), at.epoch(), at.position(), apply);
    if (!status.ok()) return status;
  }
  Recount recount;
  const auto add = [&](const auto& facts) {
    for (const auto& [id, fact] : facts) recount.Add(Contribution(fact));
  };
  add(refold.Of<v1::LearnerFact>());
  add(refold.Of<v1::CenterFact>());
  add(refold.Of<v1::RecognitionFact>());
  add(refold.Of<v1::AwardFact>());
  Units units;
  for (const auto& [id, unit] : refold.Of<v1::UnitReference>()) units.Add(unit);
  for (const auto& [id, count] : refold.Of<v1::UnitCountReference>()) units.Add(count);
  const CellSums cells = recount.SumsAsOf(frozen.as_of());
  // Observations are evidence that the report keeps whole: it holds none but those it used.
  ObservedValues observed(DayOf(frozen.as_of()));
  for (const v1::Observation& used : frozen.observations()) observed.Add(used);
  return BuildContent(frozen.display_name(), catalogue, digests,
                      Basis{.place = frozen.place(),
                            .cells = cells,
                            .denominators = denominators,
                            .units = units,
                            .positions = {frozen.positions().begin(), frozen.positions().end()},
                            .observed = std::move(observed)},
                      frozen.sections());
}

}  // namespace learncity::reporting
