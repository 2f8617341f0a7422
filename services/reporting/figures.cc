#include "services/reporting/figures.h"

#include <fstream>
#include <sstream>

#include "platform/ledger/seal.h"
#include "platform/runtime/concat.h"

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
          .positions = snapshot.positions};
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

v1::FreezeReportInput ComputeReport(const Snapshot& snapshot, const Foundations& foundations,
                                    const v1::FreezeReportRequest& request) {
  v1::FreezeReportInput input;
  *input.mutable_request() = request;
  input.set_content(
      ContentBytes(BuildContent(request.display_name(), foundations.catalogue, foundations.digests,
                                BasisOf(foundations, snapshot))));
  input.set_content_digest(ledger::Digest(input.content()));
  return input;
}

}  // namespace learncity::reporting
