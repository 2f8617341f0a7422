#include <map>
#include <set>

#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {

using enrollment::v1::Enrollment;

namespace {

// The day after the last on which the seat is no other's.
Day EndOf(const Enrollment& enrollment) {
  return enrollment.state() == Enrollment::STATE_WITHDRAWN ? DayOf(enrollment.end_date())
                                                           : DayOf(enrollment.offering_end_date());
}

}  // namespace

void CheckSeats(const Seen& seen, bool at_rest, Findings& findings) {
  std::map<std::string, int> taken;
  std::map<std::pair<std::string, Day>, int> held_on;
  std::set<std::pair<std::string, std::string>> active;
  std::set<std::string> completed;
  for (const auto& [id, enrollment] : seen.enrollments) {
    if (enrollment.state() != Enrollment::STATE_WITHDRAWN) ++taken[enrollment.offering()];
    for (Day day = DayOf(enrollment.start_date()); day < EndOf(enrollment);
         day += std::chrono::days(1)) {
      ++held_on[{enrollment.offering(), day}];
    }
    if (enrollment.state() == Enrollment::STATE_COMPLETED) completed.insert(enrollment.name());
    if (enrollment.state() == Enrollment::STATE_ENROLLED &&
        !active.insert({enrollment.learner(), enrollment.offering()}).second) {
      findings.push_back(
          Concat(enrollment.learner(), " holds two seats in ", enrollment.offering()));
    }
  }
  for (const auto& [id, offering] : seen.offerings) {
    for (auto day = held_on.lower_bound({offering.name(), Day::min()});
         day != held_on.end() && day->first.first == offering.name(); ++day) {
      if (day->second <= offering.seats()) continue;
      findings.push_back(Concat(offering.name(), " has ", offering.seats(), " seats and ",
                                day->second, " learners on ", FormatDay(day->first.second)));
    }
    const int held = taken[offering.name()];
    if (held > offering.seats()) {
      findings.push_back(
          Concat(offering.name(), " has ", offering.seats(), " seats and ", held, " learners"));
    }
    if (held != offering.taken()) {
      findings.push_back(Concat(offering.name(), " counts ", offering.taken(), " taken, and ", held,
                                " learners hold one"));
    }
  }
  std::set<std::string> certified;
  for (const auto& [id, certificate] : seen.certificates) {
    if (!completed.contains(certificate.enrollment())) {
      findings.push_back(Concat(certificate.name(), " is for an enrollment nobody completed"));
    }
    if (!certified.insert(certificate.enrollment()).second) {
      findings.push_back(Concat(certificate.enrollment(), " has two certificates"));
    }
  }
  if (at_rest && certified.size() < completed.size()) {
    findings.push_back(Concat(completed.size(), " enrollments are completed, ", certified.size(),
                              " have a certificate"));
  }
}

}  // namespace learncity::simulation
