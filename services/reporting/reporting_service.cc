#include "services/reporting/reporting_service.h"

#include "platform/calendar/calendar.h"
#include "platform/rpc/resource_fields.h"
#include "platform/runtime/concat.h"
#include "services/reporting/domain/observation.h"

namespace learncity::reporting {
namespace {

// Of BLAKE2b-256.
constexpr size_t kDigestBytes = 32;

}  // namespace

grpc::ServerUnaryReactor* ReportingService::ListIndicators(grpc::CallbackServerContext* context,
                                                           const v1::ListIndicatorsRequest* request,
                                                           v1::ListIndicatorsResponse* response) {
  // The catalogue is one page: it is data that a city keeps short enough to be read by people.
  return surface_.gate().Answer(
      context, request, response,
      [this](const rpc::Call&, const v1::ListIndicatorsRequest& asked,
             v1::ListIndicatorsResponse* answer) -> grpc::Status {
        if (!asked.page_token().empty()) {
          google::rpc::BadRequest violations;
          rpc::AddViolation(&violations, "page_token", "UNKNOWN_PAGE",
                            "was not given out: the catalogue is one page");
          return rpc::ToStatus(violations);
        }
        for (const auto& definition : foundations_.catalogue.indicators()) {
          v1::Indicator& indicator = *answer->add_indicators();
          indicator.set_name(IndicatorName(definition));
          *indicator.mutable_definition() = definition;
        }
        return grpc::Status::OK;
      });
}

grpc::ServerUnaryReactor* ReportingService::EvaluateIndicator(
    grpc::CallbackServerContext* context, const v1::EvaluateIndicatorRequest* request,
    v1::Evaluation* response) {
  return surface_.gate().Answer(context, request, response,
                                [this](const rpc::Call&, const v1::EvaluateIndicatorRequest& asked,
                                       v1::Evaluation* answer) -> grpc::Status {
                                  const auto as_of =
                                      asked.has_as_of() ? asked.as_of() : ToDate(Today(clock_()));
                                  auto evaluation = reporting::EvaluateIndicator(
                                      board_.Read(as_of), foundations_, asked.name());
                                  if (!evaluation.ok()) return rpc::ToStatus(evaluation.status());
                                  *answer = std::move(*evaluation);
                                  return grpc::Status::OK;
                                });
}

template <class Input, class Request>
rpc::Substitute<Request> ReportingService::Computed(
    absl::StatusOr<Input> (*compute)(const Sources&, const Request&)) const {
  return [this, compute](
             const rpc::Call&,
             const Request& asked) -> absl::StatusOr<std::unique_ptr<google::protobuf::Message>> {
    auto reader = readers_.Mine();
    if (!reader.ok()) return reader.status();
    auto input = compute({**reader, board_, foundations_}, asked);
    if (!input.ok()) return input.status();
    auto heads = heads_();
    if (!heads.ok()) return heads.status();
    for (auto& head : *heads) *input->add_heads() = std::move(head);
    return std::make_unique<Input>(std::move(*input));
  };
}

template <class Request>
rpc::Prepare<Request> ReportingService::CheckSections() const {
  return [this](const rpc::Call&, Request* request, rpc::Prepared* prepared) {
    prepared->refusal = RefusalByCatalogue(foundations_.catalogue, request->sections());
    return grpc::Status::OK;
  };
}

grpc::ServerUnaryReactor* ReportingService::FreezeReport(grpc::CallbackServerContext* context,
                                                         const v1::FreezeReportRequest* request,
                                                         v1::Report* response) {
  return surface_.Write<v1::FreezeReportRequest, v1::Report>(
      context, request, response,
      {.prepare = {}, .substitute = Computed(&ComputeReport), .open = {}});
}

grpc::ServerUnaryReactor* ReportingService::DraftReport(grpc::CallbackServerContext* context,
                                                        const v1::DraftReportRequest* request,
                                                        v1::Report* response) {
  return surface_.Write<v1::DraftReportRequest, v1::Report>(
      context, request, response, {.prepare = CheckSections<v1::DraftReportRequest>()});
}

grpc::ServerUnaryReactor* ReportingService::ReviseReport(grpc::CallbackServerContext* context,
                                                         const v1::ReviseReportRequest* request,
                                                         v1::Report* response) {
  return surface_.Write<v1::ReviseReportRequest, v1::Report>(
      context, request, response, {.prepare = CheckSections<v1::ReviseReportRequest>()});
}

grpc::ServerUnaryReactor* ReportingService::FinalizeReport(grpc::CallbackServerContext* context,
                                                           const v1::FinalizeReportRequest* request,
                                                           v1::Report* response) {
  return surface_.Write<v1::FinalizeReportRequest, v1::Report>(
      context, request, response,
      {.prepare = {}, .substitute = Computed(&ComputeFinalReport), .open = {}});
}

grpc::ServerUnaryReactor* ReportingService::GetReport(grpc::CallbackServerContext* context,
                                                      const v1::GetReportRequest* request,
                                                      v1::Report* response) {
  return surface_.Get<v1::GetReportRequest, v1::Report>(
      context, request, response, {},
      [this](const v1::GetReportRequest& asked, v1::Report* report) -> absl::Status {
        const rpc::ReadMask mask(asked);
        if (!mask.Wants("content") && !mask.Wants("content_digest")) return absl::OkStatus();
        CompleteDraft(board_, foundations_, report);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* ReportingService::RecordObservation(
    grpc::CallbackServerContext* context, const v1::RecordObservationRequest* request,
    v1::Observation* response) {
  const auto check = [this](const rpc::Call&, v1::RecordObservationRequest* asked,
                            rpc::Prepared* prepared) -> grpc::Status {
    const v1::Observation& observation = asked->observation();
    const size_t bytes = observation.evidence().digest().size();
    if (bytes != 0 && bytes != kDigestBytes) {
      google::rpc::BadRequest violations;
      rpc::AddViolation(&violations, "observation.evidence.digest", "DIGEST_BYTES",
                        Concat("is of ", bytes, " bytes; BLAKE2b-256 has ", kDigestBytes));
      return rpc::ToStatus(violations);
    }
    prepared->refusal = RefusalByCatalogue(foundations_.catalogue, observation);
    return grpc::Status::OK;
  };
  return surface_.Write<v1::RecordObservationRequest, v1::Observation>(context, request, response,
                                                                       {.prepare = check});
}

grpc::ServerUnaryReactor* ReportingService::ListObservations(
    grpc::CallbackServerContext* context, const v1::ListObservationsRequest* request,
    v1::ListObservationsResponse* response) {
  return surface_.List<v1::ListObservationsRequest, v1::ListObservationsResponse>(
      context, request, response, [](const v1::ListObservationsRequest& asked) -> rpc::Selection {
        if (asked.indicator().empty()) return {};
        return {.column = "indicator", .value = asked.indicator(), .prefix = "", .keep = {}};
      });
}

grpc::ServerUnaryReactor* ReportingService::GetOverview(grpc::CallbackServerContext* context,
                                                        const v1::GetOverviewRequest* request,
                                                        v1::Overview* response) {
  return surface_.gate().Answer(
      context, request, response,
      [this](const rpc::Call&, const v1::GetOverviewRequest&, v1::Overview* answer) {
        const Time now = clock_();
        *answer = ComputeOverview(board_, foundations_, Today(now), now);
        return grpc::Status::OK;
      });
}

}  // namespace learncity::reporting
