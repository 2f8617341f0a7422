// Reports: figures and texts, a draft first or final at once. What is final is frozen with what it
// was computed from, so that anybody can compute it again to the same bytes.
#pragma once

#include <optional>
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

using Sections = google::protobuf::RepeatedPtrField<v1::ReportSection>;

// Every indicator of the catalogue, in its order, and the observations that are figures.
v1::ReportContent BuildContent(const std::string& display_name, const v1::Catalogue& catalogue,
                               const Digests& digests, const Basis& basis,
                               const Sections& sections = {});

// The bytes that a report keeps. The same content is the same bytes.
std::string ContentBytes(const v1::ReportContent& content);

// Of releases before there were drafts, a report says no state and is final.
bool IsDraft(const v1::Report& report);

// INDICATOR_UNKNOWN, with all codes that sections name and the catalogue lacks. The surface asks
// before the turn; the rules know no catalogue.
std::optional<Refusal> RefusalByCatalogue(const v1::Catalogue& catalogue, const Sections& sections);

// Freezing decides over no document: a report is new and never changes.
struct FreezeCase {
  static FreezeCase Gather(const v1::FreezeReportInput&, Lookup&) { return {}; }
};

// ReportFrozen with what the surface has computed, or AS_OF_IN_FUTURE after the city's today.
Decision Decide(const FreezeCase& c, const v1::FreezeReportInput& input, const Moment& moment);

// A draft is new; it may be for a day to come.
struct DraftCase {
  static DraftCase Gather(const v1::DraftReportRequest&, Lookup&) { return {}; }
};

// ReportDrafted.
Decision Decide(const DraftCase& c, const v1::DraftReportRequest& request, const Moment& moment);

// The report that is revised or made final.
struct ReportCase {
  const v1::Report* report = nullptr;

  static ReportCase Gather(const v1::ReviseReportRequest& request, Lookup& lookup) {
    return {.report = lookup.Require<v1::Report>(request.name())};
  }
  static ReportCase Gather(const v1::FinalizeReportInput& input, Lookup& lookup) {
    return {.report = lookup.Require<v1::Report>(input.name())};
  }
};

// ReportRevised, or REPORT_FINAL.
Decision Decide(const ReportCase& c, const v1::ReviseReportRequest& request, const Moment& moment);

// ReportFrozen with what the surface has computed; REPORT_FINAL, AS_OF_IN_FUTURE, or ABORTED when
// the draft has become another since the content was computed.
Decision Decide(const ReportCase& c, const v1::FinalizeReportInput& input, const Moment& moment);

}  // namespace learncity::reporting

namespace learncity::reporting::v1 {

void Evolve(Report& report, const ReportEvent& event);

}  // namespace learncity::reporting::v1
