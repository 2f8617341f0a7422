// Figures as of a date: catalogue and denominators from files, cells of one snapshot.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/reporting/v1/reporting_inputs.pb.h"
#include "services/reporting/domain/catalogue.h"
#include "services/reporting/domain/cell_sums.h"
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

// The cells as of a date, the units, and how far each feed was counted, after one turn: see
// board.h.
struct Snapshot {
  CellSums cells;
  std::shared_ptr<const Units> units;
  std::vector<v1::FeedPosition> positions;
};

// What figures of the snapshot are computed from; both outlive it.
Basis BasisOf(const Foundations& foundations, const Snapshot& snapshot);

// One indicator. NOT_FOUND names the indicators there are.
absl::StatusOr<v1::Evaluation> EvaluateIndicator(const Snapshot& snapshot,
                                                 const Foundations& foundations,
                                                 const std::string& name);

// What FreezeReport's rule decides over, from a snapshot as of its date: the content and its
// digest; `heads` are added by the caller.
v1::FreezeReportInput ComputeReport(const Snapshot& snapshot, const Foundations& foundations,
                                    const v1::FreezeReportRequest& request);

}  // namespace learncity::reporting
