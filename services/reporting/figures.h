// Figures as of a date: catalogue and denominators from files, cells of one snapshot.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/reporting/v1/reporting_inputs.pb.h"
#include "platform/ledger/reader.h"
#include "services/reporting/domain/catalogue.h"
#include "services/reporting/domain/cell_sums.h"
#include "services/reporting/domain/denominators.h"
#include "services/reporting/domain/report.h"

namespace learncity::reporting {

class Board;

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

// The cells as of a date, the units, how far each feed was counted, and what was entered by hand,
// after one turn: see board.h.
struct Snapshot {
  CellSums cells;
  std::shared_ptr<const Units> units;
  std::vector<v1::FeedPosition> positions;
  ObservedValues observed;
};

// What figures of the snapshot are computed from; both outlive it.
Basis BasisOf(const Foundations& foundations, const Snapshot& snapshot);

// One indicator. NOT_FOUND names the indicators there are.
absl::StatusOr<v1::Evaluation> EvaluateIndicator(const Snapshot& snapshot,
                                                 const Foundations& foundations,
                                                 const std::string& name);

// What reports are computed from.
struct Sources {
  ledger::Reader& reader;
  const Board& board;
  const Foundations& foundations;
};

// What FreezeReport's rule decides over: the content and its digest; `heads` are added by the
// caller.
absl::StatusOr<v1::FreezeReportInput> ComputeReport(const Sources& sources,
                                                    const v1::FreezeReportRequest& request);
// The same for FinalizeReport. Of what is no draft it computes nothing: the rule refuses it.
absl::StatusOr<v1::FinalizeReportInput> ComputeFinalReport(
    const Sources& sources, const v1::FinalizeReportRequest& request);

// Gives a draft the content that it would have now, and its digest. Others stay as they are.
void CompleteDraft(const Board& board, const Foundations& foundations, v1::Report* report);

}  // namespace learncity::reporting
