#include "services/registry/domain/accreditation.h"

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::registry::v1 {
namespace {

using std::chrono::days;

// Preschools and schools of general education.
bool IsAccredited(type::v1::CenterKind kind) {
  return kind >= type::v1::CENTER_KIND_PRESCHOOL &&
         kind <= type::v1::CENTER_KIND_MULTI_LEVEL_SCHOOL;
}

}  // namespace

std::string DecisionOf(const Accreditation& accreditation) {
  return absl::StrCat(accreditation.center(), " ", accreditation.decision());
}

GrantAccreditationCase GrantAccreditationCase::Gather(const GrantAccreditationRequest& request,
                                                      Lookup& lookup) {
  const Accreditation& asked = request.accreditation();
  return {.center = lookup.Require<Center>(asked.center()),
          .same = lookup.FindBy<Accreditation>(kDecision, DecisionOf(asked))};
}

Decision Decide(const GrantAccreditationCase& c, const GrantAccreditationRequest& request,
                const Moment& moment) {
  const Accreditation& asked = request.accreditation();
  if (!IsEverValid(asked)) {
    return Refuse(VALIDITY_EMPTY, "",
                  absl::StrCat("The decision would hold ", FormatValidity(asked),
                               ": give a valid_to after valid_from."));
  }
  if (c.same != nullptr) {
    return Refuse(ACCREDITATION_EXISTS, c.same->name(),
                  absl::StrCat("The decision ", asked.decision(), " is recorded for ",
                               asked.center(), " as ", c.same->name(), "."));
  }
  if (!IsAccredited(c.center->kind())) {
    return Refuse(KIND_NOT_ACCREDITED, c.center->name(),
                  absl::StrCat(c.center->name(), " is ", CenterKind_Name(c.center->kind()),
                               ": preschools and schools of general education are accredited."));
  }
  if (!IsValidOn(*c.center, DayOf(asked.valid_from()))) {
    return Refuse(CENTER_NOT_OPEN, c.center->name(),
                  absl::StrCat(c.center->name(), " is open ", FormatValidity(*c.center),
                               ", not on ", FormatDay(DayOf(asked.valid_from())), "."));
  }
  AccreditationEvent event;
  Accreditation& granted = *event.mutable_granted()->mutable_accreditation();
  granted = asked;
  granted.set_name(absl::StrCat("accreditations/", moment.NewId().ToString()));
  *granted.mutable_create_time() = ToTimestamp(moment.now);
  return Decision().Then(granted.name(), event);
}

WithdrawAccreditationCase WithdrawAccreditationCase::Gather(
    const WithdrawAccreditationRequest& request, Lookup& lookup) {
  return {.accreditation = lookup.Require<Accreditation>(request.name())};
}

Decision Decide(const WithdrawAccreditationCase& c, const WithdrawAccreditationRequest& request,
                const Moment& moment) {
  const Accreditation& accreditation = *c.accreditation;
  const Day valid_to = DayOf(request.valid_to());
  if (!IsValidOn(accreditation, valid_to)) {
    return Refuse(ACCREDITATION_NOT_VALID, accreditation.name(),
                  absl::StrCat(accreditation.name(), " holds ", FormatValidity(accreditation),
                               ": give a valid_to within these days."));
  }
  if (valid_to > Today(moment.now) + days(1)) {
    return Refuse(DATE_IN_FUTURE, accreditation.name(),
                  absl::StrCat(FormatDay(valid_to), " is after tomorrow: ask again then."));
  }
  AccreditationEvent event;
  *event.mutable_withdrawn()->mutable_accreditation() = accreditation;
  *event.mutable_withdrawn()->mutable_valid_to() = request.valid_to();
  return Decision().Then(accreditation.name(), event);
}

void Evolve(Accreditation& accreditation, const AccreditationEvent& event) {
  switch (event.event_case()) {
    case AccreditationEvent::kGranted:
      accreditation = event.granted().accreditation();
      return;
    case AccreditationEvent::kWithdrawn:
      *accreditation.mutable_valid_to() = event.withdrawn().valid_to();
      return;
    case AccreditationEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << accreditation.name();
}

}  // namespace learncity::registry::v1
