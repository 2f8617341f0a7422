// What statisticians ask of reporting, and what the surface computes for it.
#include "learncity/reporting/v1/reporting_service.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/client.h"
#include "tests/simulation/foundations.h"

namespace learncity::simulation {
namespace {

namespace rep = reporting::v1;
using google::protobuf::Message;
using std::chrono::days;

template <class Input>
absl::StatusOr<std::unique_ptr<Message>> Held(absl::StatusOr<Input> input) {
  if (!input.ok()) return input.status();
  return std::make_unique<Input>(std::move(*input));
}

}  // namespace

void Client::RecordObservation() {
  rep::RecordObservationRequest request;
  rep::Observation& observation = *request.mutable_observation();
  observation.set_indicator(chance_.OneIn(2) ? "indicators/LR.AG15T99" : "indicators/KF-12.1-a");
  const Day start = NearToday(200, 2);
  *observation.mutable_period_start() = ToDate(start);
  *observation.mutable_period_end() = ToDate(start + days(chance_.Below(100)));
  observation.set_value(chance_.Below(101));
  observation.set_is_estimated(chance_.OneIn(4));
  observation.mutable_evidence()->set_source(Concat("Khảo sát ", ++known_.made));
  Ask(request);
}

void Client::WithdrawObservation() {
  if (!Knows("observations")) return RecordObservation();
  rep::WithdrawObservationRequest request;
  request.set_name(Some("observations"));
  Ask(request);
}

void Client::FreezeReport() {
  rep::FreezeReportRequest request;
  request.set_display_name(Concat("Báo cáo ", ++known_.made));
  *request.mutable_as_of() = DateNear(60, 2);
  Ask(request);
}

void Client::DraftReport() {
  rep::DraftReportRequest request;
  request.set_display_name(Concat("Bản nháp ", ++known_.made));
  *request.mutable_as_of() = DateNear(60, 10);
  if (chance_.OneIn(2)) request.add_sections()->set_title("Biết chữ");
  Ask(request);
}

void Client::ReviseReport() {
  if (!Knows("reports")) return DraftReport();
  rep::ReviseReportRequest request;
  request.set_name(Some("reports"));
  request.set_display_name(Concat("Bản nháp ", ++known_.made));
  *request.mutable_as_of() = DateNear(60, 2);
  if (chance_.OneIn(2)) request.add_sections()->set_title("Ngân sách");
  if (chance_.OneIn(4)) request.set_etag("\"v1\"");
  Ask(request);
}

void Client::FinalizeReport() {
  if (!Knows("reports")) return DraftReport();
  rep::FinalizeReportRequest request;
  request.set_name(Some("reports"));
  if (chance_.OneIn(4)) request.set_etag("\"v1\"");
  Ask(request);
}

absl::StatusOr<std::unique_ptr<Message>> Client::Computed(std::unique_ptr<Message> request) {
  const auto* freezing = dynamic_cast<const rep::FreezeReportRequest*>(request.get());
  const auto* finalizing = dynamic_cast<const rep::FinalizeReportRequest*>(request.get());
  if (freezing == nullptr && finalizing == nullptr) return request;
  auto reader = world_.city().reporting().readers().Mine();
  if (!reader.ok()) return reader.status();
  const reporting::Foundations& foundations = SimulatedFoundations();
  const reporting::Sources sources = {**reader, world_.city().board(), foundations};
  if (freezing != nullptr) return Held(ComputeReport(sources, *freezing));
  return Held(ComputeFinalReport(sources, *finalizing));
}

}  // namespace learncity::simulation
