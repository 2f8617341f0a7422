// Reports: figures frozen with what they were computed from, so that anybody can compute them again
// to the same bytes.
#pragma once

#include <string>

#include "learncity/reporting/v1/reporting_events.pb.h"
#include "learncity/reporting/v1/reporting_inputs.pb.h"
#include "platform/ledger/decision.h"
#include "services/reporting/domain/evaluation.h"

namespace learncity::reporting {

// BLAKE2b-256 of the files that figures rest on: which catalogue, which denominators.
struct Digests {
  std::string catalogue;
  std::string denominators;

  bool operator==(const Digests&) const = default;
};

// Every indicator of the catalogue, in its order.
v1::ReportContent BuildContent(const std::string& display_name, const v1::Catalogue& catalogue,
                               const Digests& digests, const Basis& basis);

// The bytes that a report keeps. The same content is the same bytes.
std::string ContentBytes(const v1::ReportContent& content);

// Freezing decides over no document: a report is new and never changes.
struct FreezeCase {
  static FreezeCase Gather(const v1::FreezeReportInput&, Lookup&) { return {}; }
};

// ReportFrozen with what the surface has computed, or AS_OF_IN_FUTURE after the city's today.
Decision Decide(const FreezeCase& c, const v1::FreezeReportInput& input, const Moment& moment);

}  // namespace learncity::reporting

namespace learncity::reporting::v1 {

void Evolve(Report& report, const ReportEvent& event);

}  // namespace learncity::reporting::v1
