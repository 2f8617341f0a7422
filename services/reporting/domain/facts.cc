#include "services/reporting/domain/facts.h"

#include <algorithm>

#include "platform/calendar/calendar.h"
#include "platform/ledger/id.h"
#include "platform/runtime/check.h"
#include "services/reporting/domain/days.h"

namespace learncity::reporting {

using enrollment::v1::Enrollment;
using enrollment::v1::EnrollmentEvent;

const Enrollment& EnrollmentOf(const EnrollmentEvent& event) {
  switch (event.event_case()) {
    case EnrollmentEvent::kAdmitted:
      return event.admitted().enrollment();
    case EnrollmentEvent::kCompleted:
      return event.completed().enrollment();
    case EnrollmentEvent::kWithdrawn:
      return event.withdrawn().enrollment();
    case EnrollmentEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an enrollment's event without content";
  return Enrollment::default_instance();
}

bool IsFormal(const Enrollment& enrollment) {
  const bool is_class = enrollment.kind() == type::v1::OFFERING_KIND_SCHOOL_CLASS ||
                        enrollment.kind() == type::v1::OFFERING_KIND_CONTINUING_CLASS;
  const auto level = enrollment.isced_level();
  return is_class && level >= type::v1::ISCED_LEVEL_01 && level <= type::v1::ISCED_LEVEL_3;
}

namespace {

bool TakeSeat(v1::LearnerFact& fact, const Enrollment& enrollment) {
  if (!IsFormal(enrollment)) return false;
  v1::Seat& seat = *fact.add_seats();
  seat.set_enrollment(std::string(IdOf(enrollment.name()).view()));
  seat.set_isced_level(enrollment.isced_level());
  seat.set_grade(enrollment.grade());
  seat.set_from_day(DayNumber(DayOf(enrollment.start_date())));
  seat.set_to_day(DayNumber(DayOf(enrollment.offering_end_date())) + 1);
  return true;
}

bool EndSeat(v1::LearnerFact& fact, const Enrollment& enrollment,
             const google::type::Date& end_date) {
  const Id id = IdOf(enrollment.name());
  const int end = DayNumber(DayOf(end_date));
  for (v1::Seat& seat : *fact.mutable_seats()) {
    if (seat.enrollment() != id.view() || seat.to_day() <= end) continue;
    seat.set_to_day(end);
    return true;
  }
  return false;
}

}  // namespace

namespace v1 {

bool Evolve(LearnerFact& fact, const enrollment::v1::LearnerEvent& event) {
  using enrollment::v1::LearnerEvent;
  switch (event.event_case()) {
    case LearnerEvent::kRegistered:
      fact.set_birth_year(event.registered().learner().birth_year());
      fact.set_sex(event.registered().learner().sex());
      return true;
    case LearnerEvent::kErased:
    case LearnerEvent::kErasureConfirmed:
      return false;
    case LearnerEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "a learner's event without content";
  return false;
}

bool Evolve(LearnerFact& fact, const EnrollmentEvent& event) {
  switch (event.event_case()) {
    case EnrollmentEvent::kAdmitted:
      return TakeSeat(fact, event.admitted().enrollment());
    case EnrollmentEvent::kCompleted:
      return EndSeat(fact, event.completed().enrollment(), event.completed().end_date());
    case EnrollmentEvent::kWithdrawn:
      return EndSeat(fact, event.withdrawn().enrollment(), event.withdrawn().end_date());
    case EnrollmentEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an enrollment's event without content";
  return false;
}

bool Evolve(CenterFact& fact, const registry::v1::CenterEvent& event) {
  using registry::v1::CenterEvent;
  switch (event.event_case()) {
    case CenterEvent::kOpened: {
      const auto& center = event.opened().center();
      fact.set_kind(center.kind());
      fact.set_open_from_day(DayNumber(DayOf(center.valid_from())));
      fact.set_open_to_day(center.has_valid_to() ? DayNumber(DayOf(center.valid_to())) : 0);
      return true;
    }
    case CenterEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "a center's event without content";
  return false;
}

bool WouldChange(const CenterFact& fact, const EnrollmentEvent& event) {
  if (!event.has_admitted()) return false;
  const Enrollment& enrollment = event.admitted().enrollment();
  const Id offering = IdOf(enrollment.offering());
  for (const Run& run : fact.runs()) {
    if (run.offering() != offering.view()) continue;
    return MonthNumber(DayOf(enrollment.start_date())) < run.from_month();
  }
  return true;
}

bool Evolve(CenterFact& fact, const EnrollmentEvent& event) {
  if (!WouldChange(fact, event)) return false;
  const Enrollment& enrollment = event.admitted().enrollment();
  const Id offering = IdOf(enrollment.offering());
  const auto known =
      std::find_if(fact.mutable_runs()->begin(), fact.mutable_runs()->end(),
                   [&](const Run& run) { return run.offering() == offering.view(); });
  Run& run = known == fact.mutable_runs()->end() ? *fact.add_runs() : *known;
  run.set_offering(std::string(offering.view()));
  run.set_from_month(MonthNumber(DayOf(enrollment.start_date())));
  run.set_to_month(MonthNumber(DayOf(enrollment.offering_end_date())));
  return true;
}

}  // namespace v1
}  // namespace learncity::reporting
