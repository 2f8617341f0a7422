#include "services/reporting/domain/report.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"
#include "services/reporting/domain/catalogue.h"

namespace learncity::reporting {
namespace {

Decision AsOfInFuture(const std::string& report, Day as_of, Day today) {
  return Refuse(v1::AS_OF_IN_FUTURE, report,
                absl::StrCat(FormatDay(as_of), " is after today, ", FormatDay(today),
                             ": ask for today or a day before."));
}

Decision ReportFinal(const v1::Report& report) {
  return Refuse(v1::REPORT_FINAL, report.name(),
                absl::StrCat(report.name(), " is final and never changes: draft another."));
}

bool AreSame(const v1::ReportSection& one, const v1::ReportSection& other) {
  return one.title() == other.title() && one.text() == other.text() &&
         std::equal(one.indicators().begin(), one.indicators().end(), other.indicators().begin(),
                    other.indicators().end());
}

// An empty content, as of what was no draft a moment ago, is of no draft either: all have titles.
bool IsOf(const v1::ReportContent& content, const v1::Report& draft) {
  return content.display_name() == draft.display_name() &&
         ToDay(content.as_of()) == ToDay(draft.as_of()) &&
         std::equal(content.sections().begin(), content.sections().end(), draft.sections().begin(),
                    draft.sections().end(), AreSame);
}

// What makes a report final, whether it was a draft or is new.
template <class Input>
Decision Freeze(v1::Report report, const Input& input, const Moment& moment) {
  report.set_content(input.content());
  report.set_content_digest(input.content_digest());
  *report.mutable_heads() = input.heads();
  report.set_state(v1::Report::STATE_FINAL);
  *report.mutable_freeze_time() = ToTimestamp(moment.now);
  const std::string name = report.name();
  v1::ReportEvent event;
  *event.mutable_frozen()->mutable_report() = std::move(report);
  return Decision().Then(name, std::move(event));
}

template <class Request>
v1::Report NewReport(const Request& request, const Moment& moment) {
  v1::Report report;
  report.set_name(absl::StrCat("reports/", moment.NewId().ToString()));
  report.set_display_name(request.display_name());
  *report.mutable_as_of() = request.as_of();
  *report.mutable_create_time() = ToTimestamp(moment.now);
  return report;
}

}  // namespace

v1::ReportContent BuildContent(const std::string& display_name, const v1::Catalogue& catalogue,
                               const Digests& digests, const Basis& basis,
                               const Sections& sections) {
  v1::ReportContent content;
  content.set_display_name(display_name);
  content.set_place(basis.place);
  *content.mutable_as_of() = basis.cells.as_of();
  for (const auto& definition : catalogue.indicators()) {
    *content.add_evaluations() = Evaluate(definition, catalogue, basis);
    if (!definition.has_observed()) continue;
    const auto* observation = basis.observed.Of(IndicatorName(definition));
    if (observation != nullptr) *content.add_observations() = *observation;
  }
  content.set_catalogue_digest(digests.catalogue);
  content.set_denominators_digest(digests.denominators);
  content.mutable_positions()->Add(basis.positions.begin(), basis.positions.end());
  *content.mutable_sections() = sections;
  return content;
}

// Fields are written in the order of their numbers, and the messages hold no maps.
std::string ContentBytes(const v1::ReportContent& content) { return content.SerializeAsString(); }

bool IsDraft(const v1::Report& report) { return report.state() == v1::Report::STATE_DRAFT; }

std::optional<Refusal> RefusalByCatalogue(const v1::Catalogue& catalogue,
                                          const Sections& sections) {
  std::vector<std::string> unknown;
  for (const v1::ReportSection& section : sections) {
    for (const std::string& code : section.indicators()) {
      if (FindIndicator(catalogue, absl::StrCat("indicators/", code)) != nullptr) continue;
      if (std::find(unknown.begin(), unknown.end(), code) == unknown.end()) unknown.push_back(code);
    }
  }
  if (unknown.empty()) return std::nullopt;
  return Refuse(v1::INDICATOR_UNKNOWN, "",
                absl::StrCat("The catalogue has no ", absl::StrJoin(unknown, ", "),
                             ": name codes as ListIndicators gives them."))
      .refusal();
}

Decision Decide(const FreezeCase&, const v1::FreezeReportInput& input, const Moment& moment) {
  const Day as_of = DayOf(input.request().as_of());
  const Day today = Today(moment.now);
  if (as_of > today) return AsOfInFuture("", as_of, today);
  return Freeze(NewReport(input.request(), moment), input, moment);
}

Decision Decide(const DraftCase&, const v1::DraftReportRequest& request, const Moment& moment) {
  v1::Report report = NewReport(request, moment);
  report.set_state(v1::Report::STATE_DRAFT);
  *report.mutable_sections() = request.sections();
  const std::string name = report.name();
  v1::ReportEvent event;
  *event.mutable_drafted()->mutable_report() = std::move(report);
  return Decision().Then(name, std::move(event));
}

Decision Decide(const ReportCase& c, const v1::ReviseReportRequest& request, const Moment&) {
  if (!IsDraft(*c.report)) return ReportFinal(*c.report);
  v1::ReportEvent event;
  v1::ReportRevised& revised = *event.mutable_revised();
  revised.set_display_name(request.display_name());
  *revised.mutable_as_of() = request.as_of();
  *revised.mutable_sections() = request.sections();
  return Decision().Then(c.report->name(), std::move(event));
}

Decision Decide(const ReportCase& c, const v1::FinalizeReportInput& input, const Moment& moment) {
  const v1::Report& draft = *c.report;
  if (!IsDraft(draft)) return ReportFinal(draft);
  const Day as_of = DayOf(draft.as_of());
  const Day today = Today(moment.now);
  if (as_of > today) return AsOfInFuture(draft.name(), as_of, today);
  v1::ReportContent content;
  LEARNCITY_CHECK(content.ParseFromString(input.content())) << "content of " << draft.name();
  // The ledger compares etags, but a caller need not give one.
  if (!IsOf(content, draft)) {
    return Refusal{.code = absl::StatusCode::kAborted,
                   .domain = "reporting.learncity",
                   .reason = "ETAG_MISMATCH",
                   .message = absl::StrCat(draft.name(),
                                           " was changed while it was computed; read it again and "
                                           "repeat with a new request_id."),
                   .resource = draft.name()};
  }
  return Freeze(draft, input, moment);
}

namespace v1 {

void Evolve(Report& report, const ReportEvent& event) {
  switch (event.event_case()) {
    case ReportEvent::kFrozen:
      report = event.frozen().report();
      return;
    case ReportEvent::kDrafted:
      report = event.drafted().report();
      return;
    case ReportEvent::kRevised:
      report.set_display_name(event.revised().display_name());
      *report.mutable_as_of() = event.revised().as_of();
      *report.mutable_sections() = event.revised().sections();
      return;
    case ReportEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << report.name();
}

}  // namespace v1
}  // namespace learncity::reporting
