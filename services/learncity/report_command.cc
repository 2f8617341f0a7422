// report: the city's figures on the terminal, as JSON, as a page, or frozen.
#include <fstream>
#include <iostream>

#include "google/protobuf/util/json_util.h"
#include "platform/calendar/calendar.h"
#include "platform/ledger/seal.h"
#include "platform/ledger/stored.h"
#include "platform/runtime/concat.h"
#include "services/learncity/commands.h"
#include "services/learncity/demo/figures_text.h"
#include "services/learncity/folder.h"
#include "services/learncity/opened.h"
#include "services/learncity/report_file.h"
#include "services/learncity/server.h"
#include "services/reporting/tables.h"

namespace learncity {
namespace {

namespace rep = reporting::v1;

absl::StatusOr<Day> DayToShow(const std::string& as_of) {
  if (as_of.empty()) return Today(SystemNow());
  google::type::Date date;
  int year = 0, month = 0, day = 0;
  if (std::sscanf(as_of.c_str(), "%4d-%2d-%2d", &year, &month, &day) == 3 && as_of.size() == 10) {
    date.set_year(year);
    date.set_month(month);
    date.set_day(day);
    if (const auto known = ToDay(date)) return *known;
  }
  return absl::InvalidArgumentError(
      Concat("--as-of ", as_of, " is no date; write it as 2026-11-22"));
}

// A draft comes with the content that it would have now.
absl::StatusOr<rep::Report> ReadReport(Opened& opened, const std::string& name) {
  auto reader = opened.city->reporting().readers().Mine();
  if (!reader.ok()) return reader.status();
  auto report = ledger::Stored<rep::Report>(**reader, reporting::ReportingSchema(), name);
  if (!report.ok()) return report.status();
  if (!report->has_value()) return absl::NotFoundError(Concat("there is no ", name));
  reporting::CompleteDraft(opened.city->board(), opened.foundations, &**report);
  return **std::move(report);
}

// Freezes what is new, or makes a draft final, through the writer of a city that nobody serves
// meanwhile.
template <class Input, class Request>
absl::StatusOr<rep::Report> Freeze(const Place& place, Opened& opened, const std::string& method,
                                   absl::StatusOr<Input> (*compute)(const reporting::Sources&,
                                                                    const Request&),
                                   Request request) {
  const auto lock = FolderLock::Take(place.folder);
  if (!lock.ok()) return lock.status();
  auto reader = opened.city->reporting().readers().Mine();
  if (!reader.ok()) return reader.status();
  const Time now = SystemNow();
  const Id request_id = RandomId(now);
  request.set_request_id(request_id.ToString());
  auto input = compute({**reader, opened.city->board(), opened.foundations}, request);
  if (!input.ok()) return input.status();
  auto heads = opened.city->SignedHeads();
  if (!heads.ok()) return heads.status();
  for (auto& head : *heads) *input->add_heads() = std::move(head);
  absl::StatusOr<rep::Report> frozen = absl::InternalError("the turn did not answer");
  ledger::RequestInput turn{.method = method,
                            .caller = "operator",
                            .request_id = request_id,
                            .request_hash = opened.city->HashRequest(request.SerializeAsString()),
                            .request = std::make_unique<Input>(std::move(*input)),
                            .moment = {.now = now, .seed = std::string(request_id.view())},
                            .deadline = std::nullopt,
                            .done = [&](const ledger::Answer& answer) {
                              if (answer.refusal) {
                                frozen = absl::InvalidArgumentError(answer.refusal->message);
                              } else if (!answer.fault.ok()) {
                                frozen = answer.fault;
                              } else {
                                frozen = static_cast<const rep::Report&>(*answer.document);
                              }
                            }};
  auto& writer = opened.city->reporting().writer();
  if (auto status = writer.Submit(std::move(turn)); !status.ok()) return status;
  while (writer.Step()) {
  }
  return frozen;
}

// The report that was asked for: one that is there, one made final now, or figures unfrozen.
absl::StatusOr<rep::Report> Choose(const Place& place, Opened& opened,
                                   const ReportOptions& options) {
  if (!options.show.empty()) return ReadReport(opened, options.show);
  if (!options.finalize.empty()) {
    rep::FinalizeReportRequest request;
    request.set_name(options.finalize);
    return Freeze(place, opened, "learncity report --finalize", &reporting::ComputeFinalReport,
                  request);
  }
  const auto as_of = DayToShow(options.as_of);
  if (!as_of.ok()) return as_of.status();
  if (!options.freeze.empty()) {
    rep::FreezeReportRequest request;
    request.set_display_name(options.freeze);
    *request.mutable_as_of() = ToDate(*as_of);
    return Freeze(place, opened, "learncity report --freeze", &reporting::ComputeReport, request);
  }
  rep::Report report;
  report.set_display_name("Figures, not frozen");
  *report.mutable_as_of() = ToDate(*as_of);
  report.set_state(rep::Report::STATE_DRAFT);
  reporting::CompleteDraft(opened.city->board(), opened.foundations, &report);
  return report;
}

void PrintJson(const rep::ReportContent& content) {
  std::string text;
  google::protobuf::util::JsonPrintOptions json;
  json.always_print_primitive_fields = true;
  if (google::protobuf::util::MessageToJsonString(content, &text, json).ok()) {
    std::cout << text << std::endl;
  }
}

void PrintText(const reporting::Foundations& foundations, const rep::ReportContent& content,
               const ReportOptions& options, const UnitNames& unit_names) {
  const std::string& explain = options.explain;
  for (const rep::ReportSection& section : content.sections()) {
    if (!explain.empty()) break;
    std::cout << section.title() << "\n" << section.text() << "\n";
    if (!section.indicators().empty()) {
      std::cout << "  backed by " << Join(section.indicators(), ", ") << "\n";
    }
    std::cout << "\n";
  }
  for (const rep::Evaluation& evaluation : content.evaluations()) {
    const auto* definition =
        reporting::FindIndicator(foundations.catalogue, evaluation.indicator());
    if (definition == nullptr) continue;
    if (!explain.empty() && definition->code() != explain) continue;
    const auto splits = explain.empty() ? demo::Splits::kOneDimension : demo::Splits::kAll;
    std::cout << demo::FiguresText(*definition, evaluation, splits,
                                   options.by_unit ? &unit_names : nullptr)
              << "\n";
    if (!explain.empty()) std::cout << demo::ExplanationText(*definition, evaluation) << "\n";
  }
}

}  // namespace

runtime::ExitCode Report(const Place& place, const ReportOptions& options) {
  auto opened = OpenPlace(place, /*make=*/false);
  if (!opened.ok()) return Fail(opened.status());
  if (!options.explain.empty() &&
      reporting::FindIndicator(opened->foundations.catalogue,
                               Concat("indicators/", options.explain)) == nullptr) {
    std::vector<std::string> codes;
    for (const auto& indicator : opened->foundations.catalogue.indicators()) {
      codes.push_back(indicator.code());
    }
    return Fail(absl::NotFoundError(Concat("there is no indicator ", options.explain,
                                           "; the catalogue has ", Join(codes, ", "))));
  }
  const auto report = Choose(place, *opened, options);
  if (!report.ok()) return Fail(report.status());
  rep::ReportContent content;
  if (!content.ParseFromString(report->content()) ||
      report->content_digest() != ledger::Digest(report->content())) {
    return Fail(absl::DataLossError("the report does not match its digest"));
  }
  const UnitNames unit_names = UnitNamesOf(*opened);
  if (place.json) {
    PrintJson(content);
  } else {
    PrintText(opened->foundations, content, options, unit_names);
  }
  if (!report->name().empty() && !place.json) {
    std::cout << (reporting::IsDraft(*report) ? "draft: " : "frozen: ") << report->name() << "\n";
  }
  if (!options.html.empty()) {
    const auto written =
        WriteReportPage(options.html, *report, content, *opened, IsDemo(place.folder));
    if (!written.ok()) return Fail(written);
    if (!place.json) std::cout << "page: " << options.html << "\n";
  }
  return runtime::kExitOk;
}

}  // namespace learncity
