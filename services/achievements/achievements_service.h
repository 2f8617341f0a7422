// Achievements over gRPC: reads only, since certificates are issued by themselves.
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

  const rpc::Surface surface_;
};

}  // namespace learncity::achievements
