#include <map>
#include <set>

#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {
namespace {

using enrollment::v1::Enrollment;
using enrollment::v1::Offering;

// Learners by the offering and from which day on there are so many more.
using Steps = std::map<std::string, std::map<Day, int>>;

// The seat is the learner's to the end of the offering, whether or not the learner stays so long.
bool KeepsSeat(const Enrollment& enrollment) {
  return enrollment.state() == Enrollment::STATE_ENROLLED ||
         enrollment.state() == Enrollment::STATE_COMPLETED;
}

void AddHeld(const Enrollment& enrollment, Steps& steps) {
  if (enrollment.state() == Enrollment::STATE_WAITING) return;
  const Day end = KeepsSeat(enrollment)
                      ? DayOf(enrollment.offering_end_date()) + std::chrono::days(1)
                      : DayOf(enrollment.end_date());
  auto& of_offering = steps[enrollment.offering()];
  ++of_offering[DayOf(enrollment.start_date())];
  --of_offering[end];
}

void CheckOffering(const Offering& offering, const Steps& steps, int keep, Findings& findings) {
  if (const auto found = steps.find(offering.name()); found != steps.end()) {
    int held = 0;
    for (const auto& [day, step] : found->second) {
      held += step;
      if (held <= offering.seats()) continue;
      findings.push_back(Concat(offering.name(), " has ", offering.seats(), " seats and ", held,
                                " learners on ", FormatDay(day)));
    }
  }
  if (keep > offering.seats()) {
    findings.push_back(
        Concat(offering.name(), " has ", offering.seats(), " seats and ", keep, " learners"));
  }
  if (keep != offering.taken()) {
    findings.push_back(Concat(offering.name(), " counts ", offering.taken(), " taken, and ", keep,
                              " learners hold one"));
  }
}

// Where the learner goes on begins on the day on which this ends.
void CheckTransfer(const Seen& seen, const Enrollment& enrollment, Findings& findings) {
  const auto next = seen.enrollments.find(IdOf(enrollment.transferred_to()));
  if (next == seen.enrollments.end()) {
    findings.push_back(Concat(enrollment.name(), " was transferred to nowhere"));
  } else if (next->second.learner() != enrollment.learner() ||
             next->second.school_year() != enrollment.school_year() ||
             next->second.grade() != enrollment.grade() ||
             DayOf(next->second.start_date()) != DayOf(enrollment.end_date())) {
    findings.push_back(Concat(next->second.name(), " does not continue ", enrollment.name()));
  }
}

void CheckCertificates(const Seen& seen, const std::set<std::string>& completed, bool at_rest,
                       Findings& findings) {
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

}  // namespace

void CheckSeats(const Seen& seen, bool at_rest, Findings& findings) {
  Steps held;
  std::map<std::string, int> keep;
  std::set<std::pair<std::string, std::string>> active, in_school;
  std::set<std::string> completed;
  for (const auto& [id, enrollment] : seen.enrollments) {
    AddHeld(enrollment, held);
    if (KeepsSeat(enrollment)) ++keep[enrollment.offering()];
    if (enrollment.state() == Enrollment::STATE_COMPLETED) completed.insert(enrollment.name());
    if (enrollment.state() == Enrollment::STATE_TRANSFERRED) {
      CheckTransfer(seen, enrollment, findings);
    }
    const bool enrolled = enrollment.state() == Enrollment::STATE_ENROLLED;
    if ((enrolled || enrollment.state() == Enrollment::STATE_WAITING) &&
        !active.insert({enrollment.learner(), enrollment.offering()}).second) {
      findings.push_back(Concat(enrollment.learner(), " is twice in ", enrollment.offering()));
    }
    if (enrolled && enrollment.kind() == type::v1::OFFERING_KIND_SCHOOL_CLASS &&
        !in_school.insert({enrollment.learner(), enrollment.school_year()}).second) {
      findings.push_back(
          Concat(enrollment.learner(), " is in two school classes of ", enrollment.school_year()));
    }
  }
  for (const auto& [id, offering] : seen.offerings) {
    CheckOffering(offering, held, keep[offering.name()], findings);
  }
  CheckCertificates(seen, completed, at_rest, findings);
}

}  // namespace learncity::simulation
