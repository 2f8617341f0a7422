#include "services/achievements/domain/award.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::achievements::v1 {
namespace {

bool IsNational(AwardRank rank) {
  return rank == AWARD_RANK_FIRST || rank == AWARD_RANK_SECOND || rank == AWARD_RANK_THIRD ||
         rank == AWARD_RANK_CONSOLATION;
}

// What is wrong with who won it; empty when nothing is.
std::string WinnersProblem(const RecordAwardCase& c, const Award& award) {
  std::set<std::string> names;
  for (const LearnerReference* learner : c.learners) {
    if (names.insert(learner->name()).second) continue;
    return absl::StrCat(learner->name(), " stands in the award twice: name each learner once.");
  }
  const int winners = award.learners_size() + award.unknown_learners();
  if (award.is_team() && winners < 2) {
    return "A team has two members at least: name them, or clear is_team.";
  }
  if (!award.is_team() && winners > 1) {
    return absl::StrCat("The award has ", winners,
                        " winners: set is_team, or record an award for each of them.");
  }
  return "";
}

Day FirstDayOf(int year) { return Day(std::chrono::year(year) / std::chrono::January / 1); }

}  // namespace

RecordAwardCase RecordAwardCase::Gather(const RecordAwardRequest& request, Lookup& lookup) {
  RecordAwardCase c;
  for (const std::string& learner : request.award().learners()) {
    c.learners.push_back(lookup.Require<LearnerReference>(learner));
  }
  return c;
}

Decision Decide(const RecordAwardCase& c, const RecordAwardRequest& request, const Moment& moment) {
  if (c.learners.empty() && request.award().unknown_learners() == 0) {
    return Refuse(AWARD_OF_NOBODY, "",
                  "Nobody won the award: name its learners, or give in unknown_learners how many "
                  "the city does not know.");
  }
  if (std::string problem = WinnersProblem(c, request.award()); !problem.empty()) {
    return Refuse(AWARD_WINNERS_CONTRADICT, "", std::move(problem));
  }
  const AwardRank rank = request.award().rank();
  if (IsNational(rank) != (request.award().level() == AWARD_LEVEL_NATIONAL)) {
    return Refuse(RANK_NOT_OF_LEVEL, "",
                  absl::StrCat(AwardRank_Name(rank), " is not given at ",
                               AwardLevel_Name(request.award().level()),
                               ": prizes are national, medals and mentions international."));
  }
  const int this_year = ToDate(Today(moment.now)).year();
  if (request.award().year() > this_year) {
    return Refuse(DATE_IN_FUTURE, "",
                  absl::StrCat("The award cannot be of ", request.award().year(),
                               ": give a year up to ", this_year, "."));
  }
  for (const LearnerReference* learner : c.learners) {
    if (!learner->is_erased()) continue;
    return Refuse(LEARNER_ERASED, learner->name(),
                  absl::StrCat(learner->name(),
                               " is erased: count that learner in unknown_learners instead."));
  }
  AwardEvent event;
  Award& award = *event.mutable_recorded()->mutable_award();
  award = request.award();
  award.set_name(absl::StrCat("awards/", moment.NewId().ToString()));
  award.clear_learners();
  for (const LearnerReference* learner : c.learners) award.add_learners(learner->name());
  *award.mutable_create_time() = ToTimestamp(moment.now);
  return Decision().Then(award.name(), event);
}

WithdrawAwardCase WithdrawAwardCase::Gather(const WithdrawAwardRequest& request, Lookup& lookup) {
  return {.award = lookup.Require<Award>(request.name())};
}

Decision Decide(const WithdrawAwardCase& c, const WithdrawAwardRequest& request,
                const Moment& moment) {
  const Award& award = *c.award;
  if (award.has_withdrawn_date()) {
    return Refuse(
        AWARD_WITHDRAWN, award.name(),
        absl::StrCat(award.name(), " is withdrawn from ", FormatDay(DayOf(award.withdrawn_date())),
                     " on: nothing is left to do."));
  }
  const Day first = FirstDayOf(award.year());
  const Day from =
      request.has_withdrawn_date() ? std::max(first, DayOf(request.withdrawn_date())) : first;
  const Day today = Today(moment.now);
  if (from > today) {
    return Refuse(DATE_IN_FUTURE, award.name(),
                  absl::StrCat(award.name(), " cannot be withdrawn from ", FormatDay(from),
                               " on, which is not known yet: give a withdrawn_date up to ",
                               FormatDay(today), "."));
  }
  AwardEvent event;
  *event.mutable_withdrawn()->mutable_award() = award;
  *event.mutable_withdrawn()->mutable_withdrawn_date() = ToDate(from);
  return Decision().Then(award.name(), event);
}

void Evolve(Award& award, const AwardEvent& event) {
  switch (event.event_case()) {
    case AwardEvent::kRecorded:
      award = event.recorded().award();
      return;
    case AwardEvent::kWithdrawn:
      *award.mutable_withdrawn_date() = event.withdrawn().withdrawn_date();
      return;
    case AwardEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << award.name();
}

}  // namespace learncity::achievements::v1
