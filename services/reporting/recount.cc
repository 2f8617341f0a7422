#include "services/reporting/recount.h"

#include "absl/strings/str_cat.h"
#include "services/reporting/domain/facts.h"

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

template <class Fact>
void Recount::AddStored(const Id& id, const Fact& fact) {
  const Contributions contributions = Contribution(fact);
  if (!Difference(fact.contributed(), contributions).empty()) {
    stale_.push_back(absl::StrCat(Fact::descriptor()->name(), " ", id.ToString(),
                                  " has not contributed what it should"));
  }
  Add(contributions);
}

void Recount::Add(const Id& id, const v1::LearnerFact& fact) { AddStored(id, fact); }
void Recount::Add(const Id& id, const v1::CenterFact& fact) { AddStored(id, fact); }

void Recount::Add(const Contributions& contributions) {
  for (const v1::Contribution& one : contributions) {
    Counts& counts = cells_[OrderOf(one.key())];
    counts.key = one.key();
    counts.recounted += one.count();
  }
}

void Recount::Compare(const v1::Cell& cell) {
  Counts& counts = cells_[OrderOf(cell.key())];
  counts.key = cell.key();
  counts.stored += cell.count();
}

std::vector<std::string> Recount::Differences() const {
  std::vector<std::string> differences = stale_;
  for (const auto& [order, counts] : cells_) {
    if (counts.stored == counts.recounted) continue;
    differences.push_back(absl::StrCat("cell {", counts.key.ShortDebugString(), "} holds ",
                                       counts.stored, ", the facts give ", counts.recounted));
  }
  return differences;
}

CellSums Recount::SumsAsOf(const google::type::Date& as_of) const {
  CellSums sums(as_of);
  v1::Cell cell;
  for (const auto& [order, counts] : cells_) {
    *cell.mutable_key() = counts.key;
    cell.set_count(counts.recounted);
    sums.Add(cell);
  }
  return sums;
}

void Refold::Apply(const std::string& feed, const ledger::Record& record) {
  if (passed_over_.contains({feed, record.position})) {
    ++parked_count_;
    return;
  }
  const bool understood =
      !parked_.contains({feed, record.subject}) &&
      Decode<enrollment::v1::LearnerEvent>(
          record, [&](const auto& event) { Evolve(learners_[record.subject], event); }) &&
      Decode<enrollment::v1::EnrollmentEvent>(record,
                                              [&](const auto& event) {
                                                const auto& enrollment = EnrollmentOf(event);
                                                Evolve(learners_[IdOf(enrollment.learner())],
                                                       event);
                                                Evolve(centers_[IdOf(enrollment.center())], event);
                                              }) &&
      Decode<registry::v1::CenterEvent>(
          record, [&](const auto& event) { Evolve(centers_[record.subject], event); });
  if (understood) return;
  parked_.emplace(feed, record.subject);
  ++parked_count_;
}

absl::StatusOr<v1::ReportContent> Recompute(const v1::ReportContent& frozen,
                                            const v1::Catalogue& catalogue,
                                            const Population& population, const Digests& digests,
                                            const StreamFeed& stream) {
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
  for (const auto& [id, fact] : refold.learners()) recount.Add(Contribution(fact));
  for (const auto& [id, fact] : refold.centers()) recount.Add(Contribution(fact));
  const CellSums cells = recount.SumsAsOf(frozen.as_of());
  return BuildContent(frozen.display_name(), catalogue, digests,
                      Basis{.place = frozen.place(),
                            .cells = cells,
                            .population = population,
                            .positions = {frozen.positions().begin(), frozen.positions().end()}});
}

}  // namespace learncity::reporting
