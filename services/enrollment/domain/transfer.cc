#include "services/enrollment/domain/transfer.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/domain/programme.h"
#include "services/enrollment/domain/references.h"

namespace learncity::enrollment::v1 {
namespace {

// Why the learner cannot go on there, on whatever day; nullopt when nothing is against it.
std::optional<Decision> RefuseTransfer(const TransferCase& c) {
  if (c.enrollment->state() != Enrollment::STATE_ENROLLED) return RefuseSeatless(*c.enrollment);
  if (c.learner->state() == Learner::STATE_ERASED) return RefuseErased(*c.learner);
  if (c.learner->state() == Learner::STATE_MATCHED) return RefuseMatched(*c.learner);
  if (c.active != nullptr) return RefuseSecond(*c.active);
  if (c.to->state() != Offering::STATE_OPEN) return RefuseClosed(*c.to);
  if (IsSameProgramme(*c.from, *c.to)) return std::nullopt;
  return Refuse(TRANSFER_NOT_SUITABLE, c.to->name(),
                absl::StrCat(c.to->name(), " is not of the kind, level, grade and school year of ",
                             c.from->name(), ": choose one that is, or end ", c.enrollment->name(),
                             " and enroll anew."));
}

// Why the transfer cannot be on that day; nullopt when it can.
std::optional<Decision> RefuseDay(const TransferCase& c, Day start, Day latest) {
  const Day first = std::max(DayOf(c.enrollment->start_date()), DayOf(c.to->start_date()));
  const Day last = std::min(DayOf(c.from->end_date()), DayOf(c.to->end_date()));
  const std::string what = absl::StrCat(c.enrollment->name(), " cannot go on in ", c.to->name(),
                                        " on ", FormatDay(start));
  if (start < first || last < start) {
    return Refuse(DATE_OUTSIDE_OFFERING, c.enrollment->name(),
                  absl::StrCat(what, ": both are held from ", FormatDay(first), " to ",
                               FormatDay(last), ", give a start_date between these."));
  }
  if (start > latest) {
    return Refuse(DATE_IN_FUTURE, c.enrollment->name(),
                  absl::StrCat(what,
                               ", which is not known yet: ask again then, or give a "
                               "start_date up to ",
                               FormatDay(latest), "."));
  }
  return std::nullopt;
}

EnrollmentEvent TransferredTo(const Enrollment& next, const Enrollment& enrollment) {
  EnrollmentEvent event;
  *event.mutable_transferred()->mutable_enrollment() = enrollment;
  *event.mutable_transferred()->mutable_end_date() = next.start_date();
  event.mutable_transferred()->set_transferred_to(next.name());
  return event;
}

}  // namespace

TransferCase TransferCase::Gather(const TransferEnrollmentRequest& request, Lookup& lookup) {
  const auto* enrollment = lookup.Require<Enrollment>(request.name());
  const auto* to = lookup.Require<Offering>(request.offering());
  if (enrollment == nullptr) return {};
  return {.enrollment = enrollment,
          .learner = lookup.Require<Learner>(enrollment->learner()),
          .from = lookup.Require<Offering>(enrollment->offering()),
          .to = to,
          .center = CenterOf(to, lookup),
          .active = to == nullptr ? nullptr
                                  : ActiveIn(enrollment->learner(), *to,
                                             InSchool(enrollment->learner(), *to, lookup), lookup)};
}

// A school class of the same school year passes the learner's place in that year on, from the
// enrollment that ends to the one that begins.
Decision Decide(const TransferCase& c, const TransferEnrollmentRequest& request,
                const Moment& moment) {
  if (auto refusal = RefuseTransfer(c)) return std::move(*refusal);
  const Day today = Today(moment.now);
  const Day start = request.has_start_date() ? DayOf(request.start_date()) : today;
  if (auto refusal = RefuseDay(c, start, today + std::chrono::days(1))) return std::move(*refusal);
  if (auto refusal = RefuseShut(c.center, start)) return std::move(*refusal);
  if (!HasFreeSeat(*c.to, start)) return RefuseFull(*c.to, start);
  const Enrollment& enrollment = *c.enrollment;
  const Enrollment next = NewEnrollment(*c.learner, *c.to, start, moment);
  return Decision()
      .Then(next.name(), AdmittedAs(next))
      .Then(c.to->name(), SeatTakenBy(next.name()))
      .Then(enrollment.name(), TransferredTo(next, enrollment))
      .Then(c.from->name(), SeatReleasedBy(enrollment, start, *c.from, moment.now));
}

}  // namespace learncity::enrollment::v1
