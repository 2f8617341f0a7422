#include "services/registry/domain/staff.h"

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::registry::v1 {
namespace {

using std::chrono::days;

Decision RefuseErased(const Staff& staff, const char* advice) {
  return Refuse(STAFF_ERASED, staff.name(),
                absl::StrCat(staff.name(), " was erased on ",
                             FormatDay(Today(ToTime(staff.erase_time()))), ": ", advice));
}

// Takes over what a path of an update_mask names.
void Restate(Staff& staff, const std::string& path, const Staff& stated) {
  if (path == "position") return staff.set_position(stated.position());
  if (path == "qualification") return staff.set_qualification(stated.qualification());
  if (path == "subject") return staff.set_subject(stated.subject());
  if (path == "sex") return staff.set_sex(stated.sex());
  if (path == "birth_year") return staff.set_birth_year(stated.birth_year());
  LEARNCITY_CHECK(false) << "the surface has let " << path << " through";
}

}  // namespace

EmployCase EmployCase::Gather(const EmployStaffRequest& request, Lookup& lookup) {
  return {.center = lookup.Require<Center>(request.staff().center()),
          .existing = lookup.Find<Staff>(IdOf(request.staff().name()))};
}

Decision Decide(const EmployCase& c, const EmployStaffRequest& request, const Moment& moment) {
  const std::string& name = request.staff().name();
  LEARNCITY_CHECK(!request.staff().has_person()) << "an unsealed person of " << name;
  if (c.existing != nullptr) {
    return Refuse(STAFF_EXISTS, name,
                  absl::StrCat(name,
                               " was recorded by this request before: use that one, or make a new "
                               "request_id for somebody else."));
  }
  const Day first = DayOf(request.staff().valid_from());
  if (first > Today(moment.now)) {
    return Refuse(DATE_IN_FUTURE, "",
                  absl::StrCat(FormatDay(first), " is after today: ask again then."));
  }
  if (!IsValidOn(*c.center, first)) {
    return Refuse(CENTER_NOT_OPEN, c.center->name(),
                  absl::StrCat(c.center->name(), " is open ", FormatValidity(*c.center),
                               ", not on ", FormatDay(first), "."));
  }
  StaffEvent event;
  Staff& staff = *event.mutable_employed()->mutable_staff();
  staff = request.staff();
  staff.set_state(Staff::STATE_ACTIVE);
  *staff.mutable_create_time() = ToTimestamp(moment.now);
  return Decision().Then(name, event);
}

UpdateStaffCase UpdateStaffCase::Gather(const UpdateStaffRequest& request, Lookup& lookup) {
  return {.staff = lookup.Require<Staff>(request.staff().name())};
}

Decision Decide(const UpdateStaffCase& c, const UpdateStaffRequest& request, const Moment&) {
  const Staff& staff = *c.staff;
  if (staff.state() == Staff::STATE_ERASED) {
    return RefuseErased(staff, "record who comes again anew.");
  }
  StaffEvent event;
  Staff& updated = *event.mutable_updated()->mutable_staff();
  updated = staff;
  for (const std::string& path : request.update_mask().paths()) {
    Restate(updated, path, request.staff());
  }
  return Decision().Then(staff.name(), event);
}

EndEmploymentCase EndEmploymentCase::Gather(const EndEmploymentRequest& request, Lookup& lookup) {
  return {.staff = lookup.Require<Staff>(request.name())};
}

Decision Decide(const EndEmploymentCase& c, const EndEmploymentRequest& request,
                const Moment& moment) {
  const Staff& staff = *c.staff;
  const Day today = Today(moment.now);
  const Day valid_to = request.has_valid_to() ? DayOf(request.valid_to()) : today;
  if (staff.has_valid_to()) {
    return Refuse(EMPLOYMENT_ENDED, staff.name(),
                  absl::StrCat("The work of ", staff.name(), " ended on ",
                               FormatDay(DayOf(staff.valid_to())), ": nothing is left to do."));
  }
  if (valid_to < DayOf(staff.valid_from())) {
    return Refuse(VALIDITY_EMPTY, staff.name(),
                  absl::StrCat("The work of ", staff.name(), " began on ",
                               FormatDay(DayOf(staff.valid_from())),
                               ": give that day for who never came, or a later one."));
  }
  if (valid_to > today + days(1)) {
    return Refuse(DATE_IN_FUTURE, staff.name(),
                  absl::StrCat(FormatDay(valid_to), " is after tomorrow: ask again then."));
  }
  StaffEvent event;
  *event.mutable_ended()->mutable_valid_to() = ToDate(valid_to);
  return Decision().Then(staff.name(), event);
}

EraseStaffCase EraseStaffCase::Gather(const EraseStaffRequest& request, Lookup& lookup) {
  return {.staff = lookup.Require<Staff>(request.name())};
}

Decision Decide(const EraseStaffCase& c, const EraseStaffRequest&, const Moment& moment) {
  if (c.staff->state() == Staff::STATE_ERASED) {
    return RefuseErased(*c.staff, "nothing is left to do.");
  }
  StaffEvent event;
  *event.mutable_erased()->mutable_erase_time() = ToTimestamp(moment.now);
  return Decision().Then(c.staff->name(), event);
}

std::optional<Time> ErasureDue(const Staff& staff) {
  if (staff.state() != Staff::STATE_ERASED || staff.erasure_confirmed()) return std::nullopt;
  return ToTime(staff.erase_time());
}

Decision DecideErasureConfirmed(const Staff& staff, const Moment&) {
  StaffEvent event;
  event.mutable_erasure_confirmed();
  return Decision().Then(staff.name(), event);
}

void Evolve(Staff& staff, const StaffEvent& event) {
  switch (event.event_case()) {
    case StaffEvent::kEmployed:
      staff = event.employed().staff();
      return;
    case StaffEvent::kUpdated:
      staff = event.updated().staff();
      return;
    case StaffEvent::kEnded:
      *staff.mutable_valid_to() = event.ended().valid_to();
      return;
    case StaffEvent::kErased:
      staff.set_state(Staff::STATE_ERASED);
      staff.clear_sealed_person();
      *staff.mutable_erase_time() = event.erased().erase_time();
      return;
    case StaffEvent::kErasureConfirmed:
      staff.set_erasure_confirmed(true);
      return;
    case StaffEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << staff.name();
}

}  // namespace learncity::registry::v1
