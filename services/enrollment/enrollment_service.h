// Enrollment over gRPC: each method is one line, rules are in domain/, personal data passes
// platform/persons.
#pragma once

#include "learncity/enrollment/v1/enrollment_service.grpc.pb.h"
#include "platform/persons/hooks.h"
#include "platform/rpc/surface.h"

namespace learncity::enrollment {

// Constant after construction; called by gRPC's threads.
class EnrollmentService final : public v1::EnrollmentService::CallbackService {
 public:
  // `persons` must outlive it.
  EnrollmentService(rpc::SurfaceParts parts, persons::Persons& persons, Clock clock)
      : surface_(v1::EnrollmentService::service_full_name(), std::move(parts)),
        persons_(persons),
        clock_(std::move(clock)) {}

  // Before the server stops.
  void EndStreams() const { surface_.EndStreams(); }

  grpc::ServerUnaryReactor* RegisterLearner(grpc::CallbackServerContext* context,
                                            const v1::RegisterLearnerRequest* request,
                                            v1::Learner* response) override {
    return surface_.Write<v1::RegisterLearnerRequest, v1::Learner>(
        context, request, response,
        {.prepare = CheckPerson(),
         .prepare_later = Seal<v1::RegisterLearnerRequest>(),
         .open = Open()});
  }
  grpc::ServerUnaryReactor* GetLearner(grpc::CallbackServerContext* context,
                                       const v1::GetLearnerRequest* request,
                                       v1::Learner* response) override {
    return surface_.Get<v1::GetLearnerRequest, v1::Learner>(context, request, response,
                                                            {.open = Open()});
  }
  grpc::ServerUnaryReactor* ListLearners(grpc::CallbackServerContext* context,
                                         const v1::ListLearnersRequest* request,
                                         v1::ListLearnersResponse* response) override {
    return surface_.List(context, request, response);
  }
  grpc::ServerUnaryReactor* UpdateLearner(grpc::CallbackServerContext* context,
                                          const v1::UpdateLearnerRequest* request,
                                          v1::Learner* response) override {
    return surface_.Write<v1::UpdateLearnerRequest, v1::Learner>(
        context, request, response,
        {.prepare = CheckUpdate(),
         .prepare_later = Seal<v1::UpdateLearnerRequest>(),
         .open = Open()});
  }
  grpc::ServerUnaryReactor* EraseLearner(grpc::CallbackServerContext* context,
                                         const v1::EraseLearnerRequest* request,
                                         v1::Learner* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* MatchLearner(grpc::CallbackServerContext* context,
                                         const v1::MatchLearnerRequest* request,
                                         v1::Learner* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* OpenOffering(grpc::CallbackServerContext* context,
                                         const v1::OpenOfferingRequest* request,
                                         v1::Offering* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetOffering(grpc::CallbackServerContext* context,
                                        const v1::GetOfferingRequest* request,
                                        v1::Offering* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListOfferings(grpc::CallbackServerContext* context,
                                          const v1::ListOfferingsRequest* request,
                                          v1::ListOfferingsResponse* response) override {
    return surface_.List<v1::ListOfferingsRequest>(context, request, response, OfCenter);
  }
  grpc::ServerUnaryReactor* EnrollLearner(grpc::CallbackServerContext* context,
                                          const v1::EnrollLearnerRequest* request,
                                          v1::Enrollment* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerBidiReactor<v1::ImportEnrollmentsRequest, v1::ImportEnrollmentsResponse>*
  ImportEnrollments(grpc::CallbackServerContext* context) override {
    return surface_.WriteRows<v1::ImportEnrollmentsRequest, v1::ImportEnrollmentsResponse>(context);
  }
  grpc::ServerUnaryReactor* CompleteEnrollment(grpc::CallbackServerContext* context,
                                               const v1::CompleteEnrollmentRequest* request,
                                               v1::Enrollment* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* TransferEnrollment(grpc::CallbackServerContext* context,
                                               const v1::TransferEnrollmentRequest* request,
                                               v1::Enrollment* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* WithdrawEnrollment(grpc::CallbackServerContext* context,
                                               const v1::WithdrawEnrollmentRequest* request,
                                               v1::Enrollment* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetEnrollment(grpc::CallbackServerContext* context,
                                          const v1::GetEnrollmentRequest* request,
                                          v1::Enrollment* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListEnrollments(grpc::CallbackServerContext* context,
                                            const v1::ListEnrollmentsRequest* request,
                                            v1::ListEnrollmentsResponse* response) override {
    return surface_.List<v1::ListEnrollmentsRequest>(context, request, response, OfLearner);
  }

 private:
  rpc::Prepare<v1::RegisterLearnerRequest> CheckPerson();
  rpc::Prepare<v1::UpdateLearnerRequest> CheckUpdate();
  template <class Request>
  rpc::PrepareLater<Request> Seal() {
    return persons::SealWith<Request>(persons_);
  }
  rpc::Open<v1::Learner> Open() { return persons::OpenWith<v1::Learner>(persons_); }
  static rpc::Selection OfCenter(const v1::ListOfferingsRequest& request);
  static rpc::Selection OfLearner(const v1::ListEnrollmentsRequest& request);

  const rpc::Surface surface_;
  persons::Persons& persons_;
  const Clock clock_;
};

}  // namespace learncity::enrollment
