// Registry over gRPC: each method is one line, rules are in domain/.
#pragma once

#include "learncity/registry/v1/registry_service.grpc.pb.h"
#include "platform/rpc/surface.h"

namespace learncity::registry {

// Constant after construction; called by gRPC's threads.
class RegistryService final : public v1::RegistryService::CallbackService {
 public:
  explicit RegistryService(rpc::SurfaceParts parts)
      : surface_(v1::RegistryService::service_full_name(), std::move(parts)) {}

  grpc::ServerUnaryReactor* OpenUnit(grpc::CallbackServerContext* context,
                                     const v1::OpenUnitRequest* request,
                                     v1::Unit* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetUnit(grpc::CallbackServerContext* context,
                                    const v1::GetUnitRequest* request,
                                    v1::Unit* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListUnits(grpc::CallbackServerContext* context,
                                      const v1::ListUnitsRequest* request,
                                      v1::ListUnitsResponse* response) override {
    return surface_.List(context, request, response);
  }
  grpc::ServerUnaryReactor* OpenCenter(grpc::CallbackServerContext* context,
                                       const v1::OpenCenterRequest* request,
                                       v1::Center* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetCenter(grpc::CallbackServerContext* context,
                                      const v1::GetCenterRequest* request,
                                      v1::Center* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListCenters(grpc::CallbackServerContext* context,
                                        const v1::ListCentersRequest* request,
                                        v1::ListCentersResponse* response) override {
    return surface_.List<v1::ListCentersRequest>(context, request, response, OfUnit);
  }

 private:
  static rpc::Selection OfUnit(const v1::ListCentersRequest& request) {
    if (request.unit().empty()) return {};
    return {.column = "unit", .value = std::string(IdOf(request.unit()).view()), .keep = {}};
  }

  const rpc::Surface surface_;
};

}  // namespace learncity::registry
