#include "services/reporting/domain/facts.h"

#include <algorithm>
#include <utility>

#include "platform/calendar/calendar.h"
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
    case EnrollmentEvent::kWaitlisted:
      return event.waitlisted().enrollment();
    case EnrollmentEvent::kPromoted:
      return event.promoted().enrollment();
    case EnrollmentEvent::kTransferred:
      return event.transferred().enrollment();
    case EnrollmentEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an enrollment's event without content";
  return Enrollment::default_instance();
}

const achievements::v1::Certificate& CertificateOf(
    const achievements::v1::CertificateEvent& event) {
  LEARNCITY_CHECK(event.has_issued()) << "a certificate's event without content";
  return event.issued().certificate();
}

const registry::v1::Accreditation& AccreditationOf(const registry::v1::AccreditationEvent& event) {
  switch (event.event_case()) {
    case registry::v1::AccreditationEvent::kGranted:
      return event.granted().accreditation();
    case registry::v1::AccreditationEvent::kWithdrawn:
      return event.withdrawn().accreditation();
    case registry::v1::AccreditationEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an accreditation's event without content";
  return registry::v1::Accreditation::default_instance();
}

Id MatchedTo(const v1::LearnerFact& fact) {
  const auto id = Id::FromBytes(fact.matched_to());
  LEARNCITY_CHECK(id.has_value()) << fact.matched_to().size() << " bytes";
  return *id;
}

bool IsFormal(const v1::Seat& seat) {
  const bool is_class = seat.kind() == type::v1::OFFERING_KIND_SCHOOL_CLASS ||
                        seat.kind() == type::v1::OFFERING_KIND_CONTINUING_CLASS;
  return is_class && seat.isced_level() >= type::v1::ISCED_LEVEL_01 &&
         seat.isced_level() <= type::v1::ISCED_LEVEL_3;
}

namespace {

void SetPerson(v1::LearnerFact& fact, const enrollment::v1::Learner& learner) {
  fact.set_birth_year(learner.birth_year());
  fact.set_sex(learner.sex());
  fact.set_has_disability(learner.has_disability());
  fact.set_is_disadvantaged(learner.is_disadvantaged());
}

bool TakeSeat(v1::LearnerFact& fact, const Enrollment& enrollment) {
  v1::Seat& seat = *fact.add_seats();
  seat.set_enrollment(std::string(IdOf(enrollment.name()).view()));
  seat.set_isced_level(enrollment.isced_level());
  seat.set_grade(enrollment.grade());
  seat.set_from_day(DayNumber(DayOf(enrollment.start_date())));
  seat.set_to_day(DayNumber(DayOf(enrollment.offering_end_date())) + 1);
  seat.set_kind(enrollment.kind());
  seat.set_mode(enrollment.mode());
  seat.set_literacy_stage(enrollment.literacy_stage());
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

// So that it does not matter whether a certificate or a match arrives first.
void SortCredentials(v1::LearnerFact& fact) {
  std::sort(fact.mutable_credentials()->begin(), fact.mutable_credentials()->end(),
            [](const v1::Credential& a, const v1::Credential& b) {
              return std::pair(a.year(), a.kind()) < std::pair(b.year(), b.kind());
            });
}

void AddPlace(v1::CenterFact& fact, const std::string& unit, const google::type::Date& from) {
  v1::Place& place = *fact.add_places();
  place.set_unit(unit);
  place.set_from_day(DayNumber(DayOf(from)));
}

// The enrollment that begins to hold a seat, or nullptr.
const Enrollment* BegunBy(const EnrollmentEvent& event) {
  if (event.has_admitted()) return &event.admitted().enrollment();
  if (event.has_promoted()) return &event.promoted().enrollment();
  return nullptr;
}

}  // namespace

namespace v1 {

bool Evolve(LearnerFact& fact, const enrollment::v1::LearnerEvent& event) {
  using enrollment::v1::LearnerEvent;
  switch (event.event_case()) {
    case LearnerEvent::kRegistered:
      SetPerson(fact, event.registered().learner());
      return true;
    case LearnerEvent::kUpdated:
      SetPerson(fact, event.updated().learner());
      return true;
    case LearnerEvent::kMatched:
      fact.set_matched_to(std::string(IdOf(event.matched().matched_to()).view()));
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
    case EnrollmentEvent::kTransferred:
      return EndSeat(fact, event.transferred().enrollment(), event.transferred().end_date());
    case EnrollmentEvent::kPromoted:
      return TakeSeat(fact, event.promoted().enrollment());
    case EnrollmentEvent::kWaitlisted:
      return false;
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
      fact.set_ownership(center.ownership());
      AddPlace(fact, center.unit(), center.valid_from());
      return true;
    }
    case CenterEvent::kMoved:
      AddPlace(fact, event.moved().placement().unit(), event.moved().placement().from());
      return true;
    case CenterEvent::kClosed:
      fact.set_open_to_day(DayNumber(DayOf(event.closed().valid_to())));
      return true;
    case CenterEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "a center's event without content";
  return false;
}

bool WouldChange(const CenterFact& fact, const EnrollmentEvent& event) {
  if (BegunBy(event) == nullptr) return false;
  const Enrollment& enrollment = *BegunBy(event);
  const Id offering = IdOf(enrollment.offering());
  for (const Run& run : fact.runs()) {
    if (run.offering() != offering.view()) continue;
    return MonthNumber(DayOf(enrollment.start_date())) < run.from_month();
  }
  return true;
}

bool Evolve(CenterFact& fact, const EnrollmentEvent& event) {
  if (!WouldChange(fact, event)) return false;
  const Enrollment& enrollment = *BegunBy(event);
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

bool Evolve(LearnerFact& fact, const achievements::v1::CertificateEvent& event) {
  const auto& certificate = CertificateOf(event);
  Credential& credential = *fact.add_credentials();
  credential.set_kind(certificate.credential_kind());
  credential.set_year(YearOf(DayOf(certificate.completion_date())));
  SortCredentials(fact);
  return true;
}

void PassOn(LearnerFact& from, LearnerFact& to) {
  to.mutable_seats()->MergeFrom(from.seats());
  to.mutable_credentials()->MergeFrom(from.credentials());
  SortCredentials(to);
  from.clear_seats();
  from.clear_credentials();
}

bool Evolve(CenterFact& fact, const registry::v1::AccreditationEvent& event) {
  const auto& accreditation = AccreditationOf(event);
  const Id id = IdOf(accreditation.name());
  if (event.has_withdrawn()) {
    for (Standard& standard : *fact.mutable_standards()) {
      if (standard.accreditation() != id.view()) continue;
      standard.set_to_day(DayNumber(DayOf(event.withdrawn().valid_to())));
      return true;
    }
    return false;
  }
  Standard& standard = *fact.add_standards();
  standard.set_accreditation(std::string(id.view()));
  standard.set_level(accreditation.level());
  standard.set_from_day(DayNumber(DayOf(accreditation.valid_from())));
  standard.set_to_day(DayNumber(DayOf(accreditation.valid_to())));
  return true;
}

bool Evolve(RecognitionFact& fact, const achievements::v1::RecognitionEvent& event) {
  using achievements::v1::RecognitionEvent;
  const achievements::v1::Recognition* recognition = nullptr;
  switch (event.event_case()) {
    case RecognitionEvent::kGranted:
      recognition = &event.granted().recognition();
      break;
    case RecognitionEvent::kRenewed:
      recognition = &event.renewed().recognition();
      break;
    case RecognitionEvent::kWithdrawn:
      recognition = &event.withdrawn().recognition();
      break;
    case RecognitionEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(recognition != nullptr) << "a recognition's event without content";
  fact.set_kind(recognition->kind());
  fact.set_unit(recognition->unit());
  fact.clear_periods();
  for (const auto& period : recognition->periods()) {
    Stretch& stretch = *fact.add_periods();
    stretch.set_from_day(DayNumber(DayOf(period.valid_from())));
    stretch.set_to_day(DayNumber(DayOf(period.valid_to())));
  }
  return true;
}

bool Evolve(AwardFact& fact, const achievements::v1::AwardEvent& event) {
  using achievements::v1::AwardEvent;
  switch (event.event_case()) {
    case AwardEvent::kRecorded:
      fact.set_is_international(event.recorded().award().level() ==
                                achievements::v1::AWARD_LEVEL_INTERNATIONAL);
      fact.set_year(event.recorded().award().year());
      return true;
    case AwardEvent::kWithdrawn:
      fact.set_withdrawn_year(YearOf(DayOf(event.withdrawn().withdrawn_date())));
      return true;
    case AwardEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an award's event without content";
  return false;
}

}  // namespace v1
}  // namespace learncity::reporting
