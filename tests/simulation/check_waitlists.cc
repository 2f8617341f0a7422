#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "absl/strings/match.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {
namespace {

using enrollment::v1::Enrollment;
using enrollment::v1::EnrollmentEvent;
using enrollment::v1::LearnerEvent;
using enrollment::v1::Offering;

bool IsSchoolClass(const Enrollment& enrollment) {
  return enrollment.kind() == type::v1::OFFERING_KIND_SCHOOL_CLASS;
}

// Lives through enrollment's events, and finds whoever is treated unfairly at any moment.
class Queues {
 public:
  // `withdrawn` are the enrollments that somebody asked to withdraw.
  Queues(const Seen& seen, std::set<Id> withdrawn, Findings& findings)
      : seen_(seen), withdrawn_(std::move(withdrawn)), findings_(findings) {}

  void See(const Happened& happened) {
    if (const auto* learner = happened.As<LearnerEvent>()) {
      if (learner->has_erased() || learner->has_matched()) gone_.insert(happened.subject);
    } else if (const auto* event = happened.As<EnrollmentEvent>()) {
      SeeEnrollment(*event);
    }
  }

  // By the ticket, in an offering.
  const std::map<int64_t, std::string>& Waiting(const std::string& offering) {
    return queues_[offering].waiting;
  }
  int64_t LastTicket(const std::string& offering) { return queues_[offering].last_ticket; }

 private:
  struct Queue {
    std::map<int64_t, std::string> waiting;
    int64_t last_ticket = 0;
  };

  void SeeEnrollment(const EnrollmentEvent& event) {
    if (event.has_waitlisted()) return Joins(event.waitlisted().enrollment());
    if (event.has_promoted()) return GetsSeat(event.promoted().enrollment());
    if (event.has_admitted()) {
      const Enrollment& admitted = event.admitted().enrollment();
      if (!Waiting(admitted.offering()).empty()) {
        findings_.push_back(
            Concat(admitted.name(), " overtakes who waits in ", admitted.offering()));
      }
      return Enters(admitted, 1);
    }
    if (event.has_completed()) return Enters(event.completed().enrollment(), -1);
    if (event.has_transferred()) return Enters(event.transferred().enrollment(), -1);
    const Enrollment& left = event.withdrawn().enrollment();
    if (left.state() != Enrollment::STATE_WAITING) return Enters(left, -1);
    Leaves(left);
  }

  void Enters(const Enrollment& enrollment, int one) {
    if (IsSchoolClass(enrollment)) {
      in_school_[{enrollment.learner(), enrollment.school_year()}] += one;
    }
  }

  void Joins(const Enrollment& enrollment) {
    Queue& queue = queues_[enrollment.offering()];
    if (enrollment.ticket() <= queue.last_ticket) {
      findings_.push_back(Concat(enrollment.name(), " has ticket ", enrollment.ticket(), " after ",
                                 queue.last_ticket));
    }
    queue.last_ticket = enrollment.ticket();
    queue.waiting[enrollment.ticket()] = enrollment.name();
  }

  void GetsSeat(const Enrollment& enrollment) {
    auto& waiting = queues_[enrollment.offering()].waiting;
    if (waiting.empty() || waiting.begin()->second != enrollment.name()) {
      findings_.push_back(Concat(enrollment.name(), " with ticket ", enrollment.ticket(),
                                 " was promoted and is not the first who waits"));
    }
    waiting.erase(enrollment.ticket());
    Enters(enrollment, 1);
  }

  void Leaves(const Enrollment& enrollment) {
    queues_[enrollment.offering()].waiting.erase(enrollment.ticket());
    if (withdrawn_.contains(IdOf(enrollment.name()))) return;
    const bool elsewhere = IsSchoolClass(enrollment) &&
                           in_school_[{enrollment.learner(), enrollment.school_year()}] > 0;
    const auto center = seen_.centers.find(IdOf(enrollment.center()));
    const bool closed =
        center != seen_.centers.end() && !IsValidOn(center->second, DayOf(enrollment.start_date()));
    if (elsewhere || closed || gone_.contains(IdOf(enrollment.learner()))) return;
    findings_.push_back(Concat(enrollment.name(), " was passed over for no reason"));
  }

  const Seen& seen_;
  const std::set<Id> withdrawn_;
  Findings& findings_;
  std::map<std::string, Queue> queues_;
  // Erased, or found to be others.
  std::set<Id> gone_;
  std::map<std::pair<std::string, std::string>, int> in_school_;
};

std::set<Id> AskedToWithdraw(const Effects& effects) {
  std::set<Id> withdrawn;
  const auto enrollment = effects.find("enrollment");
  if (enrollment == effects.end()) return withdrawn;
  for (const auto& [position, effect] : enrollment->second) {
    if (absl::EndsWith(effect.method, "/WithdrawEnrollment")) withdrawn.insert(effect.document);
  }
  return withdrawn;
}

// The first day from today on from which one more learner could hold a seat to the end; nullopt
// when there is none. Seats that are kept count wherever they begin, those that were given back up
// to their day.
std::optional<Day> FreeFrom(const Offering& offering,
                            const std::vector<const Enrollment*>& enrollments, Day today) {
  std::set<Day> days = {std::max(today, DayOf(offering.start_date()))};
  for (const Enrollment* one : enrollments) {
    if (one->has_end_date()) days.insert(std::max(today, DayOf(one->end_date())));
  }
  for (const Day day : days) {
    const auto promised =
        std::count_if(enrollments.begin(), enrollments.end(), [&](const Enrollment* one) {
          if (one->state() == Enrollment::STATE_WAITING) return false;
          return !one->has_end_date() || one->state() == Enrollment::STATE_COMPLETED ||
                 (DayOf(one->end_date()) > day &&
                  DayOf(one->end_date()) > DayOf(one->start_date()));
        });
    if (promised < offering.seats() && day <= DayOf(offering.end_date())) return day;
  }
  return std::nullopt;
}

// Whether somebody who waits should have had a seat by now: one is free, and the center open then.
bool HasForgotten(const Seen& seen, const Offering& offering,
                  const std::vector<const Enrollment*>& enrollments, Time now) {
  if (offering.has_promotion_time()) return ToTime(offering.promotion_time()) <= now;
  const auto free_from = FreeFrom(offering, enrollments, Today(now));
  const auto center = seen.centers.find(IdOf(offering.center()));
  return free_from && center != seen.centers.end() && IsValidOn(center->second, *free_from);
}

void CheckOffering(const Offering& offering, const std::vector<const Enrollment*>& enrollments,
                   Queues& queues, Findings& findings) {
  const auto& waiting = queues.Waiting(offering.name());
  const auto states = std::count_if(enrollments.begin(), enrollments.end(), [](const auto* one) {
    return one->state() == Enrollment::STATE_WAITING;
  });
  const auto size = static_cast<int>(waiting.size());
  if (offering.waiting() != size || states != size) {
    findings.push_back(Concat(offering.name(), " counts ", offering.waiting(),
                              " who wait, there are ", size, " and ", states,
                              " enrollments say so"));
  }
  if (offering.last_ticket() != queues.LastTicket(offering.name())) {
    findings.push_back(Concat(offering.name(), " gives out ticket ", offering.last_ticket(),
                              " after ", queues.LastTicket(offering.name())));
  }
  const int64_t first = waiting.empty() ? offering.last_ticket() + 1 : waiting.begin()->first;
  if (offering.served_ticket() >= first) {
    findings.push_back(Concat(offering.name(), " takes ticket ", first, " for served"));
  }
  if (waiting.empty() && offering.has_promotion_time()) {
    findings.push_back(Concat(offering.name(), " has a seat for nobody who waits"));
  }
}

}  // namespace

void CheckWaitlists(const Seen& seen, const Effects& effects, Time now, bool at_rest,
                    Findings& findings) {
  Queues queues(seen, AskedToWithdraw(effects), findings);
  for (const Happened& happened : seen.ledgers.at("enrollment").events) queues.See(happened);
  std::map<std::string, std::vector<const Enrollment*>> enrollments;
  for (const auto& [id, enrollment] : seen.enrollments) {
    enrollments[enrollment.offering()].push_back(&enrollment);
  }
  for (const auto& [id, offering] : seen.offerings) {
    const auto& here = enrollments[offering.name()];
    CheckOffering(offering, here, queues, findings);
    if (!at_rest || offering.waiting() == 0 || !HasForgotten(seen, offering, here, now)) continue;
    findings.push_back(
        Concat(offering.waiting(), " wait in ", offering.name(), " for a free seat"));
  }
}

}  // namespace learncity::simulation
