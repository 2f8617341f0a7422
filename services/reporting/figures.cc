#include "services/reporting/figures.h"

#include <fstream>
#include <sstream>

#include "platform/ledger/seal.h"
#include "platform/runtime/concat.h"
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

Basis BasisOf(const Foundations& foundations, const Snapshot& snapshot) {
  return {.place = foundations.place,
          .cells = snapshot.cells,
          .denominators = foundations.denominators,
          .positions = snapshot.positions,
          .observed = snapshot.observed};
}

// Every document of a kind. DATA_LOSS when one does not parse.
template <class Document>
absl::Status ScanInto(ledger::Reader& reader, const std::function<void(const Document&)>& use) {
  const ledger::Table& table = *ReportingSchema().ByDocument(Document::descriptor());
  Document document;
  bool sound = true;
  const auto scanned = reader.ScanAll(table, [&](const Id&, int64_t, std::string_view bytes) {
    sound &= document.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    use(document);
  });
  if (!scanned.ok() || sound) return scanned;
  return absl::DataLossError(Concat("a ", table.name, " does not parse; run `learncity verify`"));
}

// The content of a report as it would be now, by its title, date and texts.
absl::StatusOr<std::string> ComputeContent(ledger::Reader& reader, const Foundations& foundations,
                                           const v1::Report& report) {
  const auto snapshot = ReadSnapshot(reader, report.as_of());
  if (!snapshot.ok()) return snapshot.status();
  return ContentBytes(BuildContent(report.display_name(), foundations.catalogue,
                                   foundations.digests, BasisOf(foundations, *snapshot),
                                   report.sections()));
}

}  // namespace

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

absl::StatusOr<Snapshot> ReadSnapshot(ledger::Reader& reader, const google::type::Date& as_of) {
  Snapshot snapshot{
      .cells = CellSums(as_of), .positions = {}, .observed = ObservedValues(DayOf(as_of))};
  const absl::Status status = reader.InSnapshot([&]() -> absl::Status {
    auto scanned = ScanInto<v1::Cell>(reader, [&](const auto& cell) { snapshot.cells.Add(cell); });
    scanned.Update(ScanInto<v1::Observation>(
        reader, [&](const auto& observation) { snapshot.observed.Add(observation); }));
    if (!scanned.ok()) return scanned;
    for (const std::string& feed : ReportingFollows()) {
      const auto cursor = reader.ReadCursor(feed);
      if (!cursor.ok()) return cursor.status();
      v1::FeedPosition& position = snapshot.positions.emplace_back();
      position.set_feed(feed);
      position.set_epoch(cursor->epoch);
      position.set_position(cursor->position);
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return snapshot;
}

absl::StatusOr<v1::Evaluation> EvaluateIndicator(ledger::Reader& reader,
                                                 const Foundations& foundations,
                                                 const std::string& name,
                                                 const google::type::Date& as_of) {
  const auto* definition = FindIndicator(foundations.catalogue, name);
  if (definition == nullptr) {
    std::vector<std::string> names;
    for (const auto& indicator : foundations.catalogue.indicators()) {
      names.push_back(IndicatorName(indicator));
    }
    return absl::NotFoundError(
        Concat("There is no ", name, ". The catalogue has ", Join(names, ", "), "."));
  }
  const auto snapshot = ReadSnapshot(reader, as_of);
  if (!snapshot.ok()) return snapshot.status();
  return Evaluate(*definition, foundations.catalogue, BasisOf(foundations, *snapshot));
}

absl::StatusOr<v1::FreezeReportInput> ComputeReport(ledger::Reader& reader,
                                                    const Foundations& foundations,
                                                    const v1::FreezeReportRequest& request) {
  v1::Report report;
  report.set_display_name(request.display_name());
  *report.mutable_as_of() = request.as_of();
  auto content = ComputeContent(reader, foundations, report);
  if (!content.ok()) return content.status();
  v1::FreezeReportInput input;
  *input.mutable_request() = request;
  input.set_content(std::move(*content));
  input.set_content_digest(ledger::Digest(input.content()));
  return input;
}

absl::StatusOr<v1::FinalizeReportInput> ComputeFinalReport(
    ledger::Reader& reader, const Foundations& foundations,
    const v1::FinalizeReportRequest& request) {
  v1::FinalizeReportInput input;
  *input.mutable_request() = request;
  input.set_name(request.name());
  input.set_etag(request.etag());
  const ledger::Table& reports = *ReportingSchema().ByDocument(v1::Report::descriptor());
  const auto row = reader.Get(reports, IdOf(request.name()));
  if (!row.ok()) return row.status();
  if (!row->has_value()) return input;
  v1::Report report;
  if (!report.ParseFromString((*row)->bytes)) {
    return absl::DataLossError(Concat(request.name(), " does not parse; run `learncity verify`"));
  }
  if (!IsDraft(report)) return input;
  if (auto status = CompleteDraft(reader, foundations, &report); !status.ok()) return status;
  input.set_content(report.content());
  input.set_content_digest(report.content_digest());
  return input;
}

absl::Status CompleteDraft(ledger::Reader& reader, const Foundations& foundations,
                           v1::Report* report) {
  if (!IsDraft(*report)) return absl::OkStatus();
  auto content = ComputeContent(reader, foundations, *report);
  if (!content.ok()) return content.status();
  report->set_content(std::move(*content));
  report->set_content_digest(ledger::Digest(report->content()));
  return absl::OkStatus();
}

}  // namespace learncity::reporting
