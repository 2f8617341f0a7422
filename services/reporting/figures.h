// Reads figures: catalogue and denominators from files, cells from the ledger, all in one snapshot.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/reporting/v1/reporting_inputs.pb.h"
#include "platform/ledger/reader.h"
#include "services/reporting/domain/catalogue.h"
#include "services/reporting/domain/denominators.h"
#include "services/reporting/domain/report.h"

namespace learncity::reporting {

// What figures rest on beside the ledgers. Constant once loaded.
struct Foundations {
  // ISO 3166-2 code of the city.
  std::string place;
  v1::Catalogue catalogue;
  Denominators denominators;
  Digests digests;
};

// Reads <data>/indicators/catalogue.txtpb and <data>/<city>/denominators.csv. The first error says
// file, line and what is wrong.
absl::StatusOr<Foundations> LoadFoundations(const std::string& data_folder, const std::string& city,
                                            const std::string& place);

// The cells as of a date, how far each feed was counted, and what was entered by hand, in one
// snapshot.
struct Snapshot {
  CellSums cells;
  std::vector<v1::FeedPosition> positions;
  ObservedValues observed;
};
absl::StatusOr<Snapshot> ReadSnapshot(ledger::Reader& reader, const google::type::Date& as_of);

// One indicator as of a date. NOT_FOUND names the indicators there are.
absl::StatusOr<v1::Evaluation> EvaluateIndicator(ledger::Reader& reader,
                                                 const Foundations& foundations,
                                                 const std::string& name,
                                                 const google::type::Date& as_of);

// What FreezeReport's rule decides over: the content and its digest; `heads` are added by the
// caller.
absl::StatusOr<v1::FreezeReportInput> ComputeReport(ledger::Reader& reader,
                                                    const Foundations& foundations,
                                                    const v1::FreezeReportRequest& request);

// The same for FinalizeReport. Of what is no draft it computes nothing: the rule refuses it.
absl::StatusOr<v1::FinalizeReportInput> ComputeFinalReport(
    ledger::Reader& reader, const Foundations& foundations,
    const v1::FinalizeReportRequest& request);

// Gives a draft the content that it would have now, and its digest. Others stay as they are.
absl::Status CompleteDraft(ledger::Reader& reader, const Foundations& foundations,
                           v1::Report* report);

}  // namespace learncity::reporting
