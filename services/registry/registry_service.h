// Registry over gRPC: each method is one line, rules are in domain/, personal
// data passes platform/persons.
#pragma once

#include "learncity/registry/v1/registry_service.grpc.pb.h"
#include "platform/persons/hooks.h"
#include "platform/rpc/surface.h"
#include "services/registry/name_index.h"

namespace learncity::registry {

// Called by gRPC's threads.
class RegistryService final : public v1::RegistryService::CallbackService {
 public:
  // `staff` must outlive it.
  RegistryService(rpc::SurfaceParts parts, persons::Persons& staff, Clock clock);

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
    return surface_.List<v1::ListUnitsRequest>(context, request, response, UnitsAsked);
  }
  grpc::ServerUnaryReactor* OpenCenter(grpc::CallbackServerContext* context,
                                       const v1::OpenCenterRequest* request,
                                       v1::Center* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetCenter(grpc::CallbackServerContext* context,
                                      const v1::GetCenterRequest* request,
                                      v1::Center* response) override {
    return surface_.Get<v1::GetCenterRequest, v1::Center>(
        context, request, response, {},
        [this](const auto& asked, v1::Center* center) { return Place(asked, center); });
  }
  grpc::ServerUnaryReactor* ListCenters(grpc::CallbackServerContext* context,
                                        const v1::ListCentersRequest* request,
                                        v1::ListCentersResponse* response) override {
    return surface_.List<v1::ListCentersRequest>(
        context, request, response, [](const auto& asked) { return Of("unit", asked.unit()); });
  }
  grpc::ServerUnaryReactor* RecordUnitAct(grpc::CallbackServerContext* context,
                                          const v1::RecordUnitActRequest* request,
                                          v1::UnitAct* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetUnitAct(grpc::CallbackServerContext* context,
                                       const v1::GetUnitActRequest* request,
                                       v1::UnitAct* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListUnitActs(grpc::CallbackServerContext* context,
                                         const v1::ListUnitActsRequest* request,
                                         v1::ListUnitActsResponse* response) override {
    return surface_.List(context, request, response);
  }
  grpc::ServerUnaryReactor* MoveCenter(grpc::CallbackServerContext* context,
                                       const v1::MoveCenterRequest* request,
                                       v1::Center* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* CloseCenter(grpc::CallbackServerContext* context,
                                        const v1::CloseCenterRequest* request,
                                        v1::Center* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GrantAccreditation(grpc::CallbackServerContext* context,
                                               const v1::GrantAccreditationRequest* request,
                                               v1::Accreditation* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* WithdrawAccreditation(grpc::CallbackServerContext* context,
                                                  const v1::WithdrawAccreditationRequest* request,
                                                  v1::Accreditation* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetAccreditation(grpc::CallbackServerContext* context,
                                             const v1::GetAccreditationRequest* request,
                                             v1::Accreditation* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListAccreditations(grpc::CallbackServerContext* context,
                                               const v1::ListAccreditationsRequest* request,
                                               v1::ListAccreditationsResponse* response) override {
    return surface_.List<v1::ListAccreditationsRequest>(
        context, request, response, [](const auto& asked) { return Of("center", asked.center()); });
  }
  grpc::ServerUnaryReactor* RecordUnitCount(grpc::CallbackServerContext* context,
                                            const v1::RecordUnitCountRequest* request,
                                            v1::UnitCount* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetUnitCount(grpc::CallbackServerContext* context,
                                         const v1::GetUnitCountRequest* request,
                                         v1::UnitCount* response) override {
    return surface_.Get(context, request, response);
  }
  grpc::ServerUnaryReactor* ListUnitCounts(grpc::CallbackServerContext* context,
                                           const v1::ListUnitCountsRequest* request,
                                           v1::ListUnitCountsResponse* response) override {
    return surface_.List<v1::ListUnitCountsRequest>(
        context, request, response, [](const auto& asked) { return Of("unit", asked.unit()); });
  }
  grpc::ServerUnaryReactor* EmployStaff(grpc::CallbackServerContext* context,
                                        const v1::EmployStaffRequest* request,
                                        v1::Staff* response) override {
    return surface_.Write<v1::EmployStaffRequest, v1::Staff>(
        context, request, response,
        {.prepare = CheckPerson(),
         .prepare_later = persons::SealWith<v1::EmployStaffRequest>(staff_),
         .open = persons::OpenWith<v1::Staff>(staff_)});
  }
  grpc::ServerUnaryReactor* UpdateStaff(grpc::CallbackServerContext* context,
                                        const v1::UpdateStaffRequest* request,
                                        v1::Staff* response) override {
    return surface_.Write<v1::UpdateStaffRequest, v1::Staff>(context, request, response,
                                                             {.prepare = CheckUpdate()});
  }
  grpc::ServerUnaryReactor* EndEmployment(grpc::CallbackServerContext* context,
                                          const v1::EndEmploymentRequest* request,
                                          v1::Staff* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* EraseStaff(grpc::CallbackServerContext* context,
                                       const v1::EraseStaffRequest* request,
                                       v1::Staff* response) override {
    return surface_.Write(context, request, response);
  }
  grpc::ServerUnaryReactor* GetStaff(grpc::CallbackServerContext* context,
                                     const v1::GetStaffRequest* request,
                                     v1::Staff* response) override {
    return surface_.Get<v1::GetStaffRequest, v1::Staff>(
        context, request, response, {.open = persons::OpenWith<v1::Staff>(staff_)});
  }
  grpc::ServerUnaryReactor* ListStaff(grpc::CallbackServerContext* context,
                                      const v1::ListStaffRequest* request,
                                      v1::ListStaffResponse* response) override {
    return surface_.List<v1::ListStaffRequest>(
        context, request, response, [](const auto& asked) { return Of("center", asked.center()); });
  }

  grpc::ServerUnaryReactor* SearchUnits(grpc::CallbackServerContext* context,
                                        const v1::SearchUnitsRequest* request,
                                        v1::SearchUnitsResponse* response) override {
    return surface_.gate().Answer(context, request, response,
                                  [this](const rpc::Call&, const auto& asked, auto* answer) {
                                    return FindUnits(asked, answer);
                                  });
  }
  grpc::ServerUnaryReactor* SearchCenters(grpc::CallbackServerContext* context,
                                          const v1::SearchCentersRequest* request,
                                          v1::SearchCentersResponse* response) override {
    return surface_.gate().Answer(context, request, response,
                                  [this](const rpc::Call&, const auto& asked, auto* answer) {
                                    return FindCenters(asked, answer);
                                  });
  }

 private:
  // The rows that name this resource in a column; an empty name is all rows.
  static rpc::Selection Of(const std::string& column, const std::string& name) {
    if (name.empty()) return {};
    return {.column = column, .value = std::string(IdOf(name).view()), .prefix = {}, .keep = {}};
  }
  static rpc::Selection UnitsAsked(const v1::ListUnitsRequest& request);
  // Where the center stands on the day asked for.
  absl::Status Place(const v1::GetCenterRequest& request, v1::Center* center) const;

  rpc::Prepare<v1::EmployStaffRequest> CheckPerson();
  rpc::Prepare<v1::UpdateStaffRequest> CheckUpdate();

  grpc::Status FindUnits(const v1::SearchUnitsRequest& request, v1::SearchUnitsResponse* response);
  grpc::Status FindCenters(const v1::SearchCentersRequest& request,
                           v1::SearchCentersResponse* response);

  ledger::Readers& readers_;
  NameIndex units_;
  NameIndex centers_;
  persons::Persons& staff_;
  const Clock clock_;
  const rpc::Surface surface_;
};

}  // namespace learncity::registry
