#include "services/reporting/domain/recounting.h"

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::reporting {

const Id& RecountMarkId() {
  static const Id id = IdOf("recountMarks/the only one");
  return id;
}

bool HasCounted(const v1::RecountMark* mark, int place, const Id& fact) {
  if (mark == nullptr) return false;
  if (mark->state() == v1::Recount::STATE_COMPARING) return true;
  if (mark->state() != v1::Recount::STATE_COUNTING) return false;
  return place < mark->kind() || (place == mark->kind() && fact.view() <= mark->after());
}

bool HasToCompare(const v1::RecountMark& mark, const Id& cell) {
  if (mark.state() == v1::Recount::STATE_COUNTING) return true;
  return mark.state() == v1::Recount::STATE_COMPARING && cell.view() > mark.after();
}

Decision Decide(const StartRecountCase& c, const v1::StartRecountRequest&, const Moment& moment) {
  if (c.running != nullptr) {
    return Refuse(v1::RECOUNT_RUNNING, c.running->name(),
                  absl::StrCat(c.running->name(), " is under way: wait until it is done."));
  }
  v1::RecountEvent event;
  v1::Recount& recount = *event.mutable_begun()->mutable_recount();
  recount.set_name(absl::StrCat("recounts/", moment.NewId().ToString()));
  recount.set_state(v1::Recount::STATE_COUNTING);
  *recount.mutable_due_time() = ToTimestamp(moment.now);
  *recount.mutable_create_time() = ToTimestamp(moment.now);
  const std::string name = recount.name();
  return Decision().Then(name, std::move(event));
}

namespace v1 {

void Evolve(Recount& recount, const RecountEvent& event) {
  switch (event.event_case()) {
    case RecountEvent::kBegun:
      recount = event.begun().recount();
      return;
    case RecountEvent::kAdvanced:
      recount = event.advanced().recount();
      return;
    case RecountEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << recount.name();
}

}  // namespace v1
}  // namespace learncity::reporting
