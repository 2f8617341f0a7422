#include "services/reporting/figures.h"

#include <fstream>
#include <sstream>

#include "platform/ledger/seal.h"
#include "platform/ledger/stored.h"
#include "platform/runtime/concat.h"
#include "services/reporting/board.h"
#include "services/reporting/tables.h"

namespace learncity::reporting {
namespace {

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return absl::NotFoundError(Concat("cannot read ", path, "; --data names the data folder"));
  }
  return text.str();
}

}  // namespace

Basis BasisOf(const Foundations& foundations, const Snapshot& snapshot) {
  return {.place = foundations.place,
          .cells = snapshot.cells,
          .denominators = foundations.denominators,
          .units = *snapshot.units,
          .positions = snapshot.positions,
          .observed = snapshot.observed};
}

absl::StatusOr<Foundations> LoadFoundations(const std::string& data_folder, const std::string& city,
                                            const std::string& place) {
  const std::string catalogue_path = Concat(data_folder, "/indicators/catalogue.txtpb");
  const std::string denominators_path = Concat(data_folder, "/", city, "/denominators.csv");
  auto catalogue_text = ReadText(catalogue_path);
  if (!catalogue_text.ok()) return catalogue_text.status();
  auto denominators_text = ReadText(denominators_path);
  if (!denominators_text.ok()) return denominators_text.status();
  auto catalogue = ParseCatalogue(*catalogue_text, catalogue_path);
  if (!catalogue.ok()) return catalogue.status();
  auto denominators = ParseDenominators(*denominators_text, denominators_path);
  if (!denominators.ok()) return denominators.status();
  return Foundations{.place = place,
                     .catalogue = std::move(*catalogue),
                     .denominators = std::move(*denominators),
                     .digests = {.catalogue = ledger::Digest(*catalogue_text),
                                 .denominators = ledger::Digest(*denominators_text)}};
}

absl::StatusOr<v1::Evaluation> EvaluateIndicator(const Snapshot& snapshot,
                                                 const Foundations& foundations,
                                                 const std::string& name) {
  const auto* definition = FindIndicator(foundations.catalogue, name);
  if (definition == nullptr) {
    std::vector<std::string> names;
    for (const auto& indicator : foundations.catalogue.indicators()) {
      names.push_back(IndicatorName(indicator));
    }
    return absl::NotFoundError(
        Concat("There is no ", name, ". The catalogue has ", Join(names, ", "), "."));
  }
  return Evaluate(*definition, foundations.catalogue, BasisOf(foundations, snapshot));
}

absl::StatusOr<v1::FreezeReportInput> ComputeReport(const Sources& sources,
                                                    const v1::FreezeReportRequest& request) {
  v1::Report report;
  report.set_display_name(request.display_name());
  *report.mutable_as_of() = request.as_of();
  report.set_state(v1::Report::STATE_DRAFT);
  CompleteDraft(sources.board, sources.foundations, &report);
  v1::FreezeReportInput input;
  *input.mutable_request() = request;
  input.set_content(report.content());
  input.set_content_digest(report.content_digest());
  return input;
}

absl::StatusOr<v1::FinalizeReportInput> ComputeFinalReport(
    const Sources& sources, const v1::FinalizeReportRequest& request) {
  v1::FinalizeReportInput input;
  *input.mutable_request() = request;
  input.set_name(request.name());
  input.set_etag(request.etag());
  auto report = ledger::Stored<v1::Report>(sources.reader, ReportingSchema(), request.name());
  if (!report.ok()) return report.status();
  if (!report->has_value() || !IsDraft(**report)) return input;
  CompleteDraft(sources.board, sources.foundations, &**report);
  input.set_content((*report)->content());
  input.set_content_digest((*report)->content_digest());
  return input;
}

void CompleteDraft(const Board& board, const Foundations& foundations, v1::Report* report) {
  if (!IsDraft(*report)) return;
  const Snapshot snapshot = board.Read(report->as_of());
  report->set_content(
      ContentBytes(BuildContent(report->display_name(), foundations.catalogue, foundations.digests,
                                BasisOf(foundations, snapshot), report->sections())));
  report->set_content_digest(ledger::Digest(report->content()));
}

}  // namespace learncity::reporting
