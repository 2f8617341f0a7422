// Observations: values that nobody can count from events, entered by hand with evidence. Which of
// them is a figure, observed_values.h says.
#pragma once

#include <optional>

#include "learncity/reporting/v1/catalogue.pb.h"
#include "learncity/reporting/v1/reporting_events.pb.h"
#include "learncity/reporting/v1/reporting_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::reporting {

// What the catalogue has against a value: INDICATOR_NOT_OBSERVED, which names those that are
// observed, or VALUE_OUT_OF_RANGE. The surface asks before the turn; the rules know no catalogue.
std::optional<Refusal> RefusalByCatalogue(const v1::Catalogue& catalogue,
                                          const v1::Observation& observation);

// Recording decides over no document: an observation is new, and those of the same period stay.
struct RecordObservationCase {
  static RecordObservationCase Gather(const v1::RecordObservationRequest&, Lookup&) { return {}; }
};

// ObservationRecorded; PERIOD_NOT_SUITABLE for a period that is empty or not over today.
Decision Decide(const RecordObservationCase& c, const v1::RecordObservationRequest& request,
                const Moment& moment);

struct WithdrawObservationCase {
  const v1::Observation* observation = nullptr;

  static WithdrawObservationCase Gather(const v1::WithdrawObservationRequest& request,
                                        Lookup& lookup) {
    return {.observation = lookup.Require<v1::Observation>(request.name())};
  }
};

// ObservationWithdrawn, or OBSERVATION_WITHDRAWN when it is.
Decision Decide(const WithdrawObservationCase& c, const v1::WithdrawObservationRequest& request,
                const Moment& moment);

}  // namespace learncity::reporting

namespace learncity::reporting::v1 {

void Evolve(Observation& observation, const ObservationEvent& event);

}  // namespace learncity::reporting::v1
