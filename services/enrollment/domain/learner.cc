#include "services/enrollment/domain/learner.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::enrollment::v1 {
namespace {

std::optional<Decision> RefuseUnit(const UnitReference* unit, Day today) {
  if (unit == nullptr || IsValidOn(*unit, today)) return std::nullopt;
  return Refuse(
      UNIT_NOT_VALID, unit->name(),
      absl::StrCat(unit->name(), " is valid ", FormatValidity(*unit), ", and today is ",
                   FormatDay(today), ": name the unit of residence that is there today, or none."));
}

// Takes over what a path of an update_mask names.
void Restate(Learner& learner, const std::string& path, const Learner& stated) {
  if (path == "person") return learner.set_sealed_person(stated.sealed_person());
  if (path == "birth_year") return learner.set_birth_year(stated.birth_year());
  if (path == "sex") return learner.set_sex(stated.sex());
  if (path == "unit") return learner.set_unit(stated.unit());
  if (path == "has_disability") return learner.set_has_disability(stated.has_disability());
  if (path == "is_disadvantaged") return learner.set_is_disadvantaged(stated.is_disadvantaged());
  LEARNCITY_CHECK(false) << "the surface has let " << path << " through";
}

}  // namespace

RegisterCase RegisterCase::Gather(const RegisterLearnerRequest& request, Lookup& lookup) {
  const std::string& unit = request.learner().unit();
  return {.unit = unit.empty() ? nullptr : lookup.Require<UnitReference>(unit),
          .existing = lookup.Find<Learner>(IdOf(request.learner().name()))};
}

Decision Decide(const RegisterCase& c, const RegisterLearnerRequest& request,
                const Moment& moment) {
  const std::string& name = request.learner().name();
  LEARNCITY_CHECK(!request.learner().has_person()) << "an unsealed person of " << name;
  if (c.existing != nullptr) {
    return Refuse(LEARNER_EXISTS, name,
                  absl::StrCat(name,
                               " was registered by this request before: use that learner, or "
                               "make a new request_id for another one."));
  }
  if (auto refusal = RefuseUnit(c.unit, Today(moment.now))) return std::move(*refusal);
  LearnerEvent event;
  Learner& learner = *event.mutable_registered()->mutable_learner();
  learner = request.learner();
  learner.set_state(Learner::STATE_ACTIVE);
  *learner.mutable_create_time() = ToTimestamp(moment.now);
  return Decision().Then(name, event);
}

UpdateCase UpdateCase::Gather(const UpdateLearnerRequest& request, Lookup& lookup) {
  const std::string& unit = request.learner().unit();
  const auto& paths = request.update_mask().paths();
  const bool names_unit =
      !unit.empty() && std::find(paths.begin(), paths.end(), "unit") != paths.end();
  return {.learner = lookup.Require<Learner>(request.learner().name()),
          .unit = names_unit ? lookup.Require<UnitReference>(unit) : nullptr};
}

Decision Decide(const UpdateCase& c, const UpdateLearnerRequest& request, const Moment& moment) {
  const Learner& learner = *c.learner;
  LEARNCITY_CHECK(!request.learner().has_person()) << "an unsealed person of " << learner.name();
  if (learner.state() == Learner::STATE_ERASED) {
    return Refuse(LEARNER_ERASED, learner.name(),
                  absl::StrCat(learner.name(), " was erased: register who comes again anew."));
  }
  if (learner.state() == Learner::STATE_MATCHED) return RefuseMatched(learner);
  if (auto refusal = RefuseUnit(c.unit, Today(moment.now))) return std::move(*refusal);
  LearnerEvent event;
  Learner& updated = *event.mutable_updated()->mutable_learner();
  updated = learner;
  for (const std::string& path : request.update_mask().paths()) {
    Restate(updated, path, request.learner());
  }
  return Decision().Then(learner.name(), event);
}

EraseCase EraseCase::Gather(const EraseLearnerRequest& request, Lookup& lookup) {
  return {.learner = lookup.Require<Learner>(request.name())};
}

Decision Decide(const EraseCase& c, const EraseLearnerRequest& request, const Moment& moment) {
  if (c.learner->state() == Learner::STATE_ERASED) {
    return Refuse(LEARNER_ERASED, c.learner->name(),
                  absl::StrCat(c.learner->name(), " was erased on ",
                               FormatDay(Today(ToTime(c.learner->erase_time()))),
                               ": nothing is left to do."));
  }
  if (c.learner->state() == Learner::STATE_MATCHED) return RefuseMatched(*c.learner);
  LearnerEvent event;
  *event.mutable_erased()->mutable_erase_time() = ToTimestamp(moment.now);
  return Decision().Then(c.learner->name(), event);
}

Decision RefuseMatched(const Learner& learner) {
  return Refuse(
      LEARNER_MATCHED, learner.name(),
      absl::StrCat(learner.name(), " was found on ", FormatDay(Today(ToTime(learner.erase_time()))),
                   " to be another learner: use ", learner.matched_to(), "."));
}

std::optional<Time> ErasureDue(const Learner& learner) {
  const bool is_erased =
      learner.state() == Learner::STATE_ERASED || learner.state() == Learner::STATE_MATCHED;
  if (!is_erased || learner.erasure_confirmed()) return std::nullopt;
  return ToTime(learner.erase_time());
}

Decision DecideErasureConfirmed(const Learner& learner, const Moment&) {
  LearnerEvent event;
  event.mutable_erasure_confirmed();
  return Decision().Then(learner.name(), event);
}

void Evolve(Learner& learner, const LearnerEvent& event) {
  switch (event.event_case()) {
    case LearnerEvent::kRegistered:
      learner = event.registered().learner();
      return;
    case LearnerEvent::kErased:
      learner.set_state(Learner::STATE_ERASED);
      learner.clear_sealed_person();
      *learner.mutable_erase_time() = event.erased().erase_time();
      return;
    case LearnerEvent::kErasureConfirmed:
      learner.set_erasure_confirmed(true);
      return;
    case LearnerEvent::kUpdated:
      learner = event.updated().learner();
      return;
    case LearnerEvent::kMatched:
      learner.set_state(Learner::STATE_MATCHED);
      learner.clear_sealed_person();
      learner.set_matched_to(event.matched().matched_to());
      *learner.mutable_erase_time() = event.matched().match_time();
      return;
    case LearnerEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << learner.name();
}

}  // namespace learncity::enrollment::v1
