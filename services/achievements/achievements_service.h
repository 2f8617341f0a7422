// Achievements over gRPC: each method is one line, rules are in domain/. Certificates are only
// read, since they are issued by themselves.
#pragma once

#include "learncity/achievements/v1/achievements_service.grpc.pb.h"
#include "platform/rpc/surface.h"

namespace learncity::achievements {

// Constant after construction; called by gRPC's threads.
class AchievementsService final : public v1::AchievementsService::CallbackService {
 public:
  explicit AchievementsService(rpc::SurfaceParts parts)
      : surface_(v1::AchievementsService::service_full_name(), std::move(parts)) {}

  grpc::ServerUnaryReactor* GetCertificate(grpc::CallbackServerContext* context,
                                           const v1::GetCertificateRequest* request,
                                           v1::Certificate* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListCertificates(grpc::CallbackServerContext* context,
                                             const v1::ListCertificatesRequest* request,
                                             v1::ListCertificatesResponse* response) override {
    return surface_.List<v1::ListCertificatesRequest>(context, request, response, Chosen);
  }
  grpc::ServerUnaryReactor* RecordAward(grpc::CallbackServerContext* context,
                                        const v1::RecordAwardRequest* request,
                                        v1::Award* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* WithdrawAward(grpc::CallbackServerContext* context,
                                          const v1::WithdrawAwardRequest* request,
                                          v1::Award* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetAward(grpc::CallbackServerContext* context,
                                     const v1::GetAwardRequest* request,
                                     v1::Award* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListAwards(grpc::CallbackServerContext* context,
                                       const v1::ListAwardsRequest* request,
                                       v1::ListAwardsResponse* response) override {
    return surface_.List(context, request, response);
  }
  grpc::ServerUnaryReactor* GrantRecognition(grpc::CallbackServerContext* context,
                                             const v1::GrantRecognitionRequest* request,
                                             v1::Recognition* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* RenewRecognition(grpc::CallbackServerContext* context,
                                             const v1::RenewRecognitionRequest* request,
                                             v1::Recognition* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* WithdrawRecognition(grpc::CallbackServerContext* context,
                                                const v1::WithdrawRecognitionRequest* request,
                                                v1::Recognition* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetRecognition(grpc::CallbackServerContext* context,
                                           const v1::GetRecognitionRequest* request,
                                           v1::Recognition* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListRecognitions(grpc::CallbackServerContext* context,
                                             const v1::ListRecognitionsRequest* request,
                                             v1::ListRecognitionsResponse* response) override {
    return surface_.List<v1::ListRecognitionsRequest>(context, request, response, OfUnit);
  }

 private:
  static rpc::Selection Chosen(const v1::ListCertificatesRequest& request) {
    rpc::Selection selection;
    if (!request.enrollment().empty()) {
      selection.column = "enrollment";
      selection.value = std::string(IdOf(request.enrollment()).view());
    }
    if (!request.learner().empty()) {
      selection.keep = [learner = request.learner()](const google::protobuf::Message& row) {
        return static_cast<const v1::Certificate&>(row).learner() == learner;
      };
    }
    return selection;
  }
  static rpc::Selection OfUnit(const v1::ListRecognitionsRequest& request) {
    if (request.unit().empty()) return {};
    return {.column = "unit", .value = std::string(IdOf(request.unit()).view()), .keep = {}};
  }

  const rpc::Surface surface_;
};

}  // namespace learncity::achievements
