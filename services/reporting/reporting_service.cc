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

grpc::ServerUnaryReactor* ReportingService::FreezeReport(grpc::CallbackServerContext* context,
                                                         const v1::FreezeReportRequest* request,
                                                         v1::Report* response) {
  const auto compute = [this](const rpc::Call&, const v1::FreezeReportRequest& asked)
      -> absl::StatusOr<std::unique_ptr<google::protobuf::Message>> {
    auto input = ComputeReport(board_.Read(asked.as_of()), foundations_, asked);
    for (auto& head : heads_()) *input.add_heads() = std::move(head);
    return std::make_unique<v1::FreezeReportInput>(std::move(input));
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
        const Time now = clock_();
        *answer = ComputeOverview(board_, foundations_, Today(now), now);
        return grpc::Status::OK;
      });
}

}  // namespace learncity::reporting
