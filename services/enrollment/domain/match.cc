#include "services/enrollment/domain/match.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "services/enrollment/domain/learner.h"

namespace learncity::enrollment::v1 {
namespace {

Decision Contradict(const MatchCase& c, const std::string& why) {
  return Refuse(MATCH_CONTRADICTS, c.learner->name(),
                absl::StrCat(c.learner->name(), " cannot be ", c.into->name(), ": ", why, "."));
}

// Why nobody can be matched to the learner, or the learner to anybody; nullopt when they can.
std::optional<Decision> RefuseGone(const Learner& learner) {
  if (learner.state() == Learner::STATE_MATCHED) return RefuseMatched(learner);
  if (learner.state() != Learner::STATE_ERASED) return std::nullopt;
  return Refuse(LEARNER_ERASED, learner.name(),
                absl::StrCat(learner.name(),
                             " is erased: who it was is not known any more, so nobody can be found "
                             "to be the same."));
}

}  // namespace

MatchCase MatchCase::Gather(const MatchLearnerRequest& request, Lookup& lookup) {
  return {.learner = lookup.Require<Learner>(request.name()),
          .into = lookup.Require<Learner>(request.into())};
}

// Who was found to be another is nobody to be found: so no one is matched in a circle, and whoever
// follows the names from one to the next ends at a learner.
Decision Decide(const MatchCase& c, const MatchLearnerRequest&, const Moment& moment) {
  if (auto refusal = RefuseGone(*c.learner)) return std::move(*refusal);
  if (auto refusal = RefuseGone(*c.into)) return std::move(*refusal);
  if (c.learner->name() == c.into->name()) {
    return Contradict(c, "name two learners, the one registered a second time and the first");
  }
  const int year = c.learner->birth_year(), into_year = c.into->birth_year();
  if (year != 0 && into_year != 0 && year != into_year) {
    return Contradict(c, absl::StrCat("one was born in ", year, ", the other in ", into_year));
  }
  const auto sex = c.learner->sex(), into_sex = c.into->sex();
  if (sex != type::v1::SEX_UNSPECIFIED && into_sex != type::v1::SEX_UNSPECIFIED &&
      sex != into_sex) {
    return Contradict(c, absl::StrCat("one is recorded as ", type::v1::Sex_Name(sex),
                                      ", the other as ", type::v1::Sex_Name(into_sex)));
  }
  LearnerEvent event;
  event.mutable_matched()->set_matched_to(c.into->name());
  *event.mutable_matched()->mutable_match_time() = ToTimestamp(moment.now);
  return Decision().Then(c.learner->name(), event);
}

}  // namespace learncity::enrollment::v1
