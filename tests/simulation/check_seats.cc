#include <map>
#include <set>

#include "platform/runtime/concat.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {

using enrollment::v1::Enrollment;

void CheckSeats(const Seen& seen, bool at_rest, Findings& findings) {
  std::map<std::string, int> taken;
  std::set<std::pair<std::string, std::string>> active;
  std::set<std::string> completed;
  for (const auto& [id, enrollment] : seen.enrollments) {
    if (enrollment.state() != Enrollment::STATE_WITHDRAWN) ++taken[enrollment.offering()];
    if (enrollment.state() == Enrollment::STATE_COMPLETED) completed.insert(enrollment.name());
    if (enrollment.state() == Enrollment::STATE_ENROLLED &&
        !active.insert({enrollment.learner(), enrollment.offering()}).second) {
      findings.push_back(
          Concat(enrollment.learner(), " holds two seats in ", enrollment.offering()));
    }
  }
  for (const auto& [id, offering] : seen.offerings) {
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
