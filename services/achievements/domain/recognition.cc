#include "services/achievements/domain/recognition.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::achievements::v1 {
namespace {

using std::chrono::days;
using type::v1::RECOGNITION_SUBJECT_CITIZEN;

std::string LearnerName(const Recognition& recognition) {
  return absl::StrCat("learners/", absl::AsciiStrToLower(recognition.subject()));
}

const LearnerReference* CitizenOf(const Recognition& recognition, Lookup& lookup) {
  if (recognition.kind() != RECOGNITION_SUBJECT_CITIZEN || !Id::Parse(recognition.subject())) {
    return nullptr;
  }
  return lookup.Require<LearnerReference>(LearnerName(recognition));
}

template <class Request>
RecognitionPeriod PeriodOf(const Request& request, const google::type::Date& valid_from) {
  RecognitionPeriod period;
  period.set_decision(request.decision());
  *period.mutable_valid_from() = valid_from;
  *period.mutable_valid_to() = request.valid_to();
  period.set_score(request.score());
  period.set_scheme(request.scheme());
  return period;
}

// Why a period cannot follow those of the recognition; nullopt when it can. `c` is a GrantCase or a
// RenewCase.
template <class Case>
std::optional<Decision> RefusePeriod(const Case& c, const Recognition& recognition,
                                     const RecognitionPeriod& period) {
  const std::string& name = recognition.name();
  if (!IsEverValid(period)) {
    return Refuse(PERIOD_EMPTY, name,
                  absl::StrCat(name, " would hold from ", FormatDay(DayOf(period.valid_from())),
                               " and no longer on ", FormatDay(DayOf(period.valid_to())),
                               ": give a later valid_to."));
  }
  if (recognition.periods_size() >= kPeriodsMax) {
    return Refuse(ALREADY_RECOGNISED, name,
                  absl::StrCat(name, " was recognised ", kPeriodsMax,
                               " times, and no more are kept: withdraw what was recorded in "
                               "error, or grant one longer period in the place of several."));
  }
  if (!IsValidOn(*c.unit, DayOf(period.valid_from()))) {
    return Refuse(
        UNIT_NOT_VALID, c.unit->name(),
        absl::StrCat(c.unit->name(), " is valid ", FormatValidity(*c.unit),
                     ", and the recognition would begin on ", FormatDay(DayOf(period.valid_from())),
                     ": let the unit that is there on that day grant it."));
  }
  if (c.learner != nullptr && c.learner->is_erased()) {
    return Refuse(LEARNER_ERASED, c.learner->name(),
                  absl::StrCat(c.learner->name(), " is erased and cannot be recognised."));
  }
  if (period.score() < kScoreMin) {
    return Refuse(SCORE_TOO_LOW, name,
                  absl::StrCat(name, " has ", period.score(), " points of 100, and ", kScoreMin,
                               " are asked for: recognise it once it has them."));
  }
  return std::nullopt;
}

Recognition NewRecognition(const Recognition& asked, const Moment& moment) {
  Recognition recognition;
  recognition.set_name(RecognitionName(asked));
  recognition.set_kind(asked.kind());
  recognition.set_unit(asked.unit());
  recognition.set_subject(absl::AsciiStrToLower(asked.subject()));
  *recognition.mutable_create_time() = ToTimestamp(moment.now);
  return recognition;
}

// Why the last period cannot be renewed today; nullopt when it can.
std::optional<Decision> RefuseRenewal(const Recognition& recognition, Day today) {
  const std::string& name = recognition.name();
  if (recognition.periods().empty()) {
    return Refuse(NOT_RECOGNISED, name,
                  absl::StrCat(name, " holds on no day: grant it instead of renewing it."));
  }
  const RecognitionPeriod& last = *recognition.periods().rbegin();
  if (DayOf(last.valid_to()) < today) {
    return Refuse(NOT_RECOGNISED, name,
                  absl::StrCat(name, " held last ", FormatValidity(last),
                               ": grant it anew instead of renewing it."));
  }
  if (DayOf(last.valid_from()) > today) {
    return Refuse(ALREADY_RECOGNISED, name,
                  absl::StrCat(name, " is renewed already and holds ", FormatValidity(last),
                               ": renew that period once it has begun."));
  }
  return std::nullopt;
}

}  // namespace

std::string RecognitionName(const Recognition& recognition) {
  const std::string& kind = type::v1::RecognitionSubject_Name(recognition.kind());
  std::string id = absl::AsciiStrToLower(
      absl::StrCat(absl::StripPrefix(kind, "RECOGNITION_SUBJECT_"), "-",
                   absl::StripPrefix(recognition.unit(), "units/"), "-", recognition.subject()));
  std::replace(id.begin(), id.end(), '_', '-');
  return absl::StrCat("recognitions/", id);
}

GrantCase GrantCase::Gather(const GrantRecognitionRequest& request, Lookup& lookup) {
  const Recognition& asked = request.recognition();
  return {.existing = lookup.Find<Recognition>(IdOf(RecognitionName(asked))),
          .unit = lookup.Require<UnitReference>(asked.unit()),
          .learner = CitizenOf(asked, lookup)};
}

Decision Decide(const GrantCase& c, const GrantRecognitionRequest& request, const Moment& moment) {
  Recognition recognition =
      c.existing != nullptr ? *c.existing : NewRecognition(request.recognition(), moment);
  const std::string name = recognition.name();
  if (recognition.kind() == RECOGNITION_SUBJECT_CITIZEN && c.learner == nullptr) {
    return Refuse(
        SUBJECT_NOT_A_LEARNER, name,
        "A citizen is recognised as a learner: give in subject what follows \"learners/\" "
        "in the learner's name.");
  }
  const Day first = DayOf(request.valid_from());
  const Day today = Today(moment.now);
  if (first > today) {
    return Refuse(DATE_IN_FUTURE, name,
                  absl::StrCat(name, " cannot be recognised from ", FormatDay(first),
                               " on, which is not known yet: give a valid_from up to ",
                               FormatDay(today), "."));
  }
  if (!recognition.periods().empty() && first < DayOf(recognition.periods().rbegin()->valid_to())) {
    return Refuse(ALREADY_RECOGNISED, name,
                  absl::StrCat(name, " is or was recognised ",
                               FormatValidity(*recognition.periods().rbegin()),
                               ": renew that, or give a later valid_from."));
  }
  const RecognitionPeriod period = PeriodOf(request, request.valid_from());
  if (auto refusal = RefusePeriod(c, recognition, period)) return std::move(*refusal);
  *recognition.add_periods() = period;
  RecognitionEvent event;
  *event.mutable_granted()->mutable_recognition() = recognition;
  return Decision().Then(name, event);
}

RenewCase RenewCase::Gather(const RenewRecognitionRequest& request, Lookup& lookup) {
  const auto* recognition = lookup.Require<Recognition>(request.name());
  if (recognition == nullptr) return {};
  return {.recognition = recognition,
          .unit = lookup.Require<UnitReference>(recognition->unit()),
          .learner = CitizenOf(*recognition, lookup)};
}

Decision Decide(const RenewCase& c, const RenewRecognitionRequest& request, const Moment& moment) {
  if (auto refusal = RefuseRenewal(*c.recognition, Today(moment.now))) return std::move(*refusal);
  const auto& last = *c.recognition->periods().rbegin();
  const RecognitionPeriod period = PeriodOf(request, last.valid_to());
  if (auto refusal = RefusePeriod(c, *c.recognition, period)) return std::move(*refusal);
  RecognitionEvent event;
  Recognition& recognition = *event.mutable_renewed()->mutable_recognition();
  recognition = *c.recognition;
  *recognition.add_periods() = period;
  return Decision().Then(recognition.name(), event);
}

WithdrawRecognitionCase WithdrawRecognitionCase::Gather(const WithdrawRecognitionRequest& request,
                                                        Lookup& lookup) {
  return {.recognition = lookup.Require<Recognition>(request.name())};
}

Decision Decide(const WithdrawRecognitionCase& c, const WithdrawRecognitionRequest& request,
                const Moment& moment) {
  RecognitionEvent event;
  Recognition& recognition = *event.mutable_withdrawn()->mutable_recognition();
  recognition = *c.recognition;
  const Day end = DayOf(request.valid_to());
  const Day latest = Today(moment.now) + days(1);
  if (end > latest) {
    return Refuse(
        DATE_IN_FUTURE, recognition.name(),
        absl::StrCat(recognition.name(), " cannot end on ", FormatDay(end),
                     ", which is not known yet: ask again then, or give a valid_to up to ",
                     FormatDay(latest), "."));
  }
  auto& periods = *recognition.mutable_periods();
  const auto running =
      std::find_if(periods.begin(), periods.end(),
                   [end](const RecognitionPeriod& period) { return IsValidOn(period, end); });
  if (running == periods.end()) {
    return Refuse(NOT_RECOGNISED, recognition.name(),
                  absl::StrCat(recognition.name(), " does not hold on ", FormatDay(end),
                               ": give a valid_to within one of its periods."));
  }
  const bool was_held = DayOf(running->valid_from()) < end;
  *running->mutable_valid_to() = request.valid_to();
  periods.erase(was_held ? running + 1 : running, periods.end());
  return Decision().Then(recognition.name(), event);
}

void Evolve(Recognition& recognition, const RecognitionEvent& event) {
  switch (event.event_case()) {
    case RecognitionEvent::kGranted:
      recognition = event.granted().recognition();
      return;
    case RecognitionEvent::kRenewed:
      recognition = event.renewed().recognition();
      return;
    case RecognitionEvent::kWithdrawn:
      recognition = event.withdrawn().recognition();
      return;
    case RecognitionEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << recognition.name();
}

}  // namespace learncity::achievements::v1
