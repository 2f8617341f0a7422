// Two proofs that the figures are true, for `learncity verify`: the cells equal a recount of the
// facts, and a frozen report equals one computed anew from the followed feeds. Pure; the callers
// stream what is stored. Both hold what they count in memory.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/reporting/v1/facts.pb.h"
#include "platform/ledger/record.h"
#include "services/reporting/domain/cell.h"
#include "services/reporting/domain/cell_sums.h"
#include "services/reporting/domain/contribution.h"
#include "services/reporting/domain/report.h"

namespace learncity::reporting {

// What every fact contributes, added up anew. Give it all facts and all cells of one snapshot.
class Recount {
 public:
  template <class Fact>
  void Add(const Id& id, const Fact& fact) {
    const Contributions contributions = Contribution(fact);
    if (!Difference(fact.contributed(), contributions).empty()) {
      NoteStale(Fact::descriptor()->name(), id);
    }
    Add(contributions);
  }
  // What one more fact contributes, where no stored fact is to be checked.
  void Add(const Contributions& contributions);
  // A stored cell.
  void Compare(const v1::Cell& cell);

  // One sentence for each cell with another count than the facts give it, and for each fact that
  // has not contributed what it should. Empty is proof.
  std::vector<std::string> Differences() const;
  // The recounted cells that are not 0, as of a date.
  CellSums SumsAsOf(const google::type::Date& as_of) const;

 private:
  struct Counts {
    int64_t recounted = 0;
    int64_t stored = 0;
  };
  void NoteStale(const std::string& kind, const Id& id);

  std::map<v1::CellKey, Counts, KeyBefore> cells_;
  std::vector<std::string> stale_;
};

// The facts, folded from the followed feeds alone: nothing that reporting has stored goes in.
class Refold {
 public:
  // The record at that position has not been applied: it stands parked in the ledger.
  void PassOver(const std::string& feed, int64_t position) { passed_over_.emplace(feed, position); }
  // The next record of a feed, from position 1 on without a hole. Feeds may come in any order. What
  // does not decode is parked with all that follows it of the same aggregate, as in the ledger.
  void Apply(const std::string& feed, const ledger::Record& record);

  // By the id of the learner, center, recognition, award, unit or count.
  template <class Fact>
  const std::map<Id, Fact>& Of() const {
    return std::get<std::map<Id, Fact>>(facts_);
  }
  int64_t parked() const { return parked_count_; }

 private:
  // The fact that what is recorded under this learner belongs to.
  v1::LearnerFact& CountedAt(Id learner);
  template <class Fact>
  Fact& At(const Id& id) {
    return std::get<std::map<Id, Fact>>(facts_)[id];
  }

  std::tuple<std::map<Id, v1::LearnerFact>, std::map<Id, v1::CenterFact>,
             std::map<Id, v1::RecognitionFact>, std::map<Id, v1::AwardFact>,
             std::map<Id, v1::UnitReference>, std::map<Id, v1::UnitCountReference>>
      facts_;
  std::set<std::pair<std::string, int64_t>> passed_over_;
  std::set<std::pair<std::string, Id>> parked_;
  int64_t parked_count_ = 0;
};

// Hands every record of a feed from position 1 up to and including another to `record`, in order.
using StreamFeed =
    std::function<absl::Status(const std::string& feed, int64_t epoch, int64_t position,
                               const std::function<void(const ledger::Record&)>& record)>;

// The content of a frozen report, computed again from the feeds up to the positions it names.
// Compare ContentBytes with the report's. FAILED_PRECONDITION when catalogue or denominators are
// not the ones that the report was frozen with.
absl::StatusOr<v1::ReportContent> Recompute(const v1::ReportContent& frozen,
                                            const v1::Catalogue& catalogue,
                                            const Denominators& denominators,
                                            const Digests& digests, const StreamFeed& stream);

}  // namespace learncity::reporting
