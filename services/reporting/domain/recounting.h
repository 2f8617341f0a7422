// When a recount begins, and which facts and cells the one that runs has come by already: a fact
// that it has counted and that changes must move what it has found.
//
// A recount counts the facts in the order of their kinds and ids, and then compares the cells in
// the order of theirs. So at each point what it has found for a cell is what the facts before its
// mark contribute, until the cell is compared; then it is 0 again.
#pragma once

#include <tuple>

#include "learncity/reporting/v1/facts.pb.h"
#include "learncity/reporting/v1/reporting_events.pb.h"
#include "learncity/reporting/v1/reporting_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::reporting {

// The kinds of facts in the order in which they are counted. A mark keeps a place in it, so a new
// kind comes last.
using FactKinds = std::tuple<v1::LearnerFact, v1::CenterFact, v1::RecognitionFact, v1::AwardFact>;
inline constexpr int kFactKinds = std::tuple_size_v<FactKinds>;

template <class Fact, int kPlace = 0>
constexpr int PlaceOf() {
  if constexpr (std::is_same_v<Fact, std::tuple_element_t<kPlace, FactKinds>>) {
    return kPlace;
  } else {
    return PlaceOf<Fact, kPlace + 1>();
  }
}

// Where the only mark stands.
const Id& RecountMarkId();

// Whether the recount that runs, if one does, has counted a fact of the kind in that place.
// `mark` may be nullptr.
bool HasCounted(const v1::RecountMark* mark, int place, const Id& fact);
// Whether it has yet to compare a cell.
bool HasToCompare(const v1::RecountMark& mark, const Id& cell);

// What all recounts that are not done have in a column, so that there is one at most.
inline constexpr char kRunningColumn[] = "running";
inline constexpr char kRunning[] = "running";

struct StartRecountCase {
  // The one that runs; nullptr when none does.
  const v1::Recount* running = nullptr;

  static StartRecountCase Gather(const v1::StartRecountRequest&, Lookup& lookup) {
    return {lookup.FindBy<v1::Recount>(kRunningColumn, kRunning)};
  }
};

// RecountBegun, due at once, or RECOUNT_RUNNING.
Decision Decide(const StartRecountCase& c, const v1::StartRecountRequest& request,
                const Moment& moment);

}  // namespace learncity::reporting

namespace learncity::reporting::v1 {

void Evolve(Recount& recount, const RecountEvent& event);

}  // namespace learncity::reporting::v1
