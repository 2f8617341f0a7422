#include "services/reporting/domain/report.h"

#include "absl/strings/str_cat.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"

namespace learncity::reporting {

v1::ReportContent BuildContent(const std::string& display_name, const v1::Catalogue& catalogue,
                               const Digests& digests, const Basis& basis) {
  v1::ReportContent content;
  content.set_display_name(display_name);
  content.set_place(basis.place);
  *content.mutable_as_of() = basis.cells.as_of();
  for (const auto& definition : catalogue.indicators()) {
    *content.add_evaluations() = Evaluate(definition, catalogue, basis);
  }
  content.set_catalogue_digest(digests.catalogue);
  content.set_denominators_digest(digests.denominators);
  content.mutable_positions()->Add(basis.positions.begin(), basis.positions.end());
  return content;
}

// Fields are written in the order of their numbers, and the messages hold no maps.
std::string ContentBytes(const v1::ReportContent& content) { return content.SerializeAsString(); }

Decision Decide(const FreezeCase&, const v1::FreezeReportInput& input, const Moment& moment) {
  const v1::FreezeReportRequest& request = input.request();
  const Day as_of = DayOf(request.as_of());
  const Day today = Today(moment.now);
  if (as_of > today) {
    return Refuse(v1::AS_OF_IN_FUTURE, "",
                  absl::StrCat(FormatDay(as_of), " is after today, ", FormatDay(today),
                               ": ask for today or a day before."));
  }
  v1::ReportEvent event;
  v1::Report& report = *event.mutable_frozen()->mutable_report();
  report.set_name(absl::StrCat("reports/", moment.NewId().ToString()));
  report.set_display_name(request.display_name());
  report.set_content(input.content());
  report.set_content_digest(input.content_digest());
  *report.mutable_heads() = input.heads();
  *report.mutable_create_time() = ToTimestamp(moment.now);
  const std::string name = report.name();
  return Decision().Then(name, std::move(event));
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
