#include "services/reporting/domain/observation.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"
#include "services/reporting/domain/catalogue.h"

namespace learncity::reporting {
namespace {

using std::chrono::days;

std::string ObservedNames(const v1::Catalogue& catalogue) {
  std::vector<std::string> names;
  for (const auto& definition : catalogue.indicators()) {
    if (definition.has_observed()) names.push_back(IndicatorName(definition));
  }
  return names.empty() ? "none" : absl::StrJoin(names, ", ");
}

}  // namespace

std::optional<Refusal> RefusalByCatalogue(const v1::Catalogue& catalogue,
                                          const v1::Observation& observation) {
  const auto* definition = FindIndicator(catalogue, observation.indicator());
  if (definition == nullptr || !definition->has_observed()) {
    return Refuse(v1::INDICATOR_NOT_OBSERVED, observation.indicator(),
                  absl::StrCat(observation.indicator(),
                               definition == nullptr ? " is not in the catalogue"
                                                     : " is counted from events",
                               "; observed are ", ObservedNames(catalogue), "."))
        .refusal();
  }
  const v1::Observed& limits = definition->observed();
  // A value that is no number is within no limits.
  if (observation.value() >= limits.min() && observation.value() <= limits.max()) {
    return std::nullopt;
  }
  return Refuse(v1::VALUE_OUT_OF_RANGE, observation.indicator(),
                absl::StrCat("The value ", observation.value(), " cannot be true of ",
                             observation.indicator(), ": it lies from ", limits.min(), " to ",
                             limits.max(), ", in ", definition->unit_measure(), "."))
      .refusal();
}

Decision Decide(const RecordObservationCase&, const v1::RecordObservationRequest& request,
                const Moment& moment) {
  const v1::Observation& asked = request.observation();
  const Day start = DayOf(asked.period_start());
  const Day end = DayOf(asked.period_end());
  if (end <= start) {
    return Refuse(v1::PERIOD_NOT_SUITABLE, "",
                  absl::StrCat("The period from ", FormatDay(start), " is empty: its period_end, ",
                               FormatDay(end), ", is the first day after it."));
  }
  const Day today = Today(moment.now);
  if (end > today + days(1)) {
    return Refuse(
        v1::PERIOD_NOT_SUITABLE, "",
        absl::StrCat("The period lasts up to ", FormatDay(end - days(1)), ", after today, ",
                     FormatDay(today), ": record it when it is over."));
  }
  v1::ObservationEvent event;
  v1::Observation& recorded = *event.mutable_recorded()->mutable_observation();
  recorded = asked;
  recorded.set_name(absl::StrCat("observations/", moment.NewId().ToString()));
  *recorded.mutable_create_time() = ToTimestamp(moment.now);
  const std::string name = recorded.name();
  return Decision().Then(name, std::move(event));
}

Decision Decide(const WithdrawObservationCase& c, const v1::WithdrawObservationRequest&,
                const Moment& moment) {
  if (c.observation->has_withdraw_time()) {
    return Refuse(v1::OBSERVATION_WITHDRAWN, c.observation->name(),
                  absl::StrCat(c.observation->name(), " was withdrawn at ",
                               FormatTime(ToTime(c.observation->withdraw_time())), "."));
  }
  v1::ObservationEvent event;
  *event.mutable_withdrawn()->mutable_withdraw_time() = ToTimestamp(moment.now);
  return Decision().Then(c.observation->name(), std::move(event));
}

namespace v1 {

void Evolve(Observation& observation, const ObservationEvent& event) {
  switch (event.event_case()) {
    case ObservationEvent::kRecorded:
      observation = event.recorded().observation();
      return;
    case ObservationEvent::kWithdrawn:
      *observation.mutable_withdraw_time() = event.withdrawn().withdraw_time();
      return;
    case ObservationEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << observation.name();
}

}  // namespace v1
}  // namespace learncity::reporting
