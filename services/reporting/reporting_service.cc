#include "services/reporting/reporting_service.h"

#include "platform/calendar/calendar.h"

namespace learncity::reporting {

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
  return surface_.gate().Answer(
      context, request, response,
      [this](const rpc::Call&, const v1::EvaluateIndicatorRequest& asked,
             v1::Evaluation* answer) -> grpc::Status {
        auto reader = readers_.Mine();
        if (!reader.ok()) return rpc::ToStatus(reader.status());
        const auto as_of = asked.has_as_of() ? asked.as_of() : ToDate(Today(clock_()));
        auto evaluation = reporting::EvaluateIndicator(**reader, foundations_, asked.name(), as_of);
        if (!evaluation.ok()) return rpc::ToStatus(evaluation.status());
        *answer = std::move(*evaluation);
        return grpc::Status::OK;
      });
}

grpc::ServerUnaryReactor* ReportingService::FreezeReport(grpc::CallbackServerContext* context,
                                                         const v1::FreezeReportRequest* request,
                                                         v1::Report* response) {
  const auto compute = [this](const rpc::Call&, const v1::FreezeReportRequest& asked)
      -> absl::StatusOr<std::unique_ptr<google::protobuf::Message>> {
    auto reader = readers_.Mine();
    if (!reader.ok()) return reader.status();
    auto input = ComputeReport(**reader, foundations_, asked);
    if (!input.ok()) return input.status();
    for (auto& head : heads_()) *input->add_heads() = std::move(head);
    return std::make_unique<v1::FreezeReportInput>(std::move(*input));
  };
  return surface_.Write<v1::FreezeReportRequest, v1::Report>(
      context, request, response, {.prepare = {}, .substitute = compute, .open = {}});
}

grpc::ServerUnaryReactor* ReportingService::GetOverview(grpc::CallbackServerContext* context,
                                                        const v1::GetOverviewRequest* request,
                                                        v1::Overview* response) {
  return surface_.gate().Answer(
      context, request, response,
      [this](const rpc::Call&, const v1::GetOverviewRequest&, v1::Overview* answer) {
        auto reader = readers_.Mine();
        if (!reader.ok()) return rpc::ToStatus(reader.status());
        const Time now = clock_();
        auto overview = ComputeOverview(**reader, foundations_, Today(now), now);
        if (overview.ok()) *answer = *std::move(overview);
        return rpc::ToStatus(overview.status());
      });
}

}  // namespace learncity::reporting
