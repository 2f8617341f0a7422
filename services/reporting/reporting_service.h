// Reporting over gRPC: figures as of a date, and reports that never change.
#pragma once

#include <functional>
#include <vector>

#include "learncity/reporting/v1/reporting_service.grpc.pb.h"
#include "platform/rpc/surface.h"
#include "services/reporting/board.h"
#include "services/reporting/figures.h"
#include "services/reporting/overview.h"

namespace learncity::reporting {

// Where reporting's own and the followed ledgers stand, signed; may ask other processes.
using SignedHeads = std::function<absl::StatusOr<std::vector<learncity::feed::v1::SignedHead>>()>;

// Constant after construction; called by gRPC's threads.
class ReportingService final : public v1::ReportingService::CallbackService {
 public:
  // `foundations` and `board` must outlive it.
  ReportingService(rpc::SurfaceParts parts, const Foundations& foundations, const Board& board,
                   SignedHeads heads)
      : readers_(parts.readers),
        clock_(parts.clock),
        surface_(v1::ReportingService::service_full_name(), parts),
        foundations_(foundations),
        board_(board),
        heads_(std::move(heads)),
        overview_(reporting::WatchOverview(board, foundations, clock_)) {}

  // Told of each commit of reporting's ledger.
  void Committed() { overview_->Changed(); }
  // Before the server stops.
  void EndStreams() { overview_->End(); }

  grpc::ServerUnaryReactor* ListIndicators(grpc::CallbackServerContext* context,
                                           const v1::ListIndicatorsRequest* request,
                                           v1::ListIndicatorsResponse* response) override;
  grpc::ServerUnaryReactor* EvaluateIndicator(grpc::CallbackServerContext* context,
                                              const v1::EvaluateIndicatorRequest* request,
                                              v1::Evaluation* response) override;
  grpc::ServerUnaryReactor* FreezeReport(grpc::CallbackServerContext* context,
                                         const v1::FreezeReportRequest* request,
                                         v1::Report* response) override;
  grpc::ServerUnaryReactor* GetReport(grpc::CallbackServerContext* context,
                                      const v1::GetReportRequest* request,
                                      v1::Report* response) override;
  grpc::ServerUnaryReactor* ListReports(grpc::CallbackServerContext* context,
                                        const v1::ListReportsRequest* request,
                                        v1::ListReportsResponse* response) override {
    return surface_.List(context, request, response);
  }
  grpc::ServerUnaryReactor* StartRecount(grpc::CallbackServerContext* context,
                                         const v1::StartRecountRequest* request,
                                         v1::Recount* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetRecount(grpc::CallbackServerContext* context,
                                       const v1::GetRecountRequest* request,
                                       v1::Recount* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListRecounts(grpc::CallbackServerContext* context,
                                         const v1::ListRecountsRequest* request,
                                         v1::ListRecountsResponse* response) override {
    return surface_.List(context, request, response);
  }
  grpc::ServerUnaryReactor* GetOverview(grpc::CallbackServerContext* context,
                                        const v1::GetOverviewRequest* request,
                                        v1::Overview* response) override;
  grpc::ServerWriteReactor<v1::WatchOverviewResponse>* WatchOverview(
      grpc::CallbackServerContext* context, const v1::WatchOverviewRequest* request) override {
    return overview_->Open<v1::WatchOverviewResponse>(context, surface_.gate(), *request);
  }
  grpc::ServerUnaryReactor* DraftReport(grpc::CallbackServerContext* context,
                                        const v1::DraftReportRequest* request,
                                        v1::Report* response) override;
  grpc::ServerUnaryReactor* ReviseReport(grpc::CallbackServerContext* context,
                                         const v1::ReviseReportRequest* request,
                                         v1::Report* response) override;
  grpc::ServerUnaryReactor* FinalizeReport(grpc::CallbackServerContext* context,
                                           const v1::FinalizeReportRequest* request,
                                           v1::Report* response) override;
  grpc::ServerUnaryReactor* RecordObservation(grpc::CallbackServerContext* context,
                                              const v1::RecordObservationRequest* request,
                                              v1::Observation* response) override;
  grpc::ServerUnaryReactor* WithdrawObservation(grpc::CallbackServerContext* context,
                                                const v1::WithdrawObservationRequest* request,
                                                v1::Observation* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetObservation(grpc::CallbackServerContext* context,
                                           const v1::GetObservationRequest* request,
                                           v1::Observation* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListObservations(grpc::CallbackServerContext* context,
                                             const v1::ListObservationsRequest* request,
                                             v1::ListObservationsResponse* response) override;

 private:
  // Refuses sections that name what the catalogue lacks.
  template <class Request>
  rpc::Prepare<Request> CheckSections() const;
  // The input of a rule in place of its request, with the heads of now.
  template <class Input, class Request>
  rpc::Substitute<Request> Computed(absl::StatusOr<Input> (*compute)(const Sources&,
                                                                     const Request&)) const;

  ledger::Readers& readers_;
  const Clock clock_;
  const rpc::Surface surface_;
  const Foundations& foundations_;
  const Board& board_;
  const SignedHeads heads_;
  const std::shared_ptr<rpc::Watch> overview_;
};

}  // namespace learncity::reporting
