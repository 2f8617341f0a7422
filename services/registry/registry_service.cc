#include "services/registry/registry_service.h"

#include <algorithm>
#include <functional>
#include <memory>

#include "platform/calendar/calendar.h"
#include "platform/ledger/stored.h"
#include "platform/persons/papers.h"
#include "platform/rpc/resource_fields.h"
#include "platform/runtime/concat.h"
#include "services/registry/domain/placement.h"
#include "services/registry/tables.h"

namespace learncity::registry {
namespace {

constexpr int kFoundDefault = 20;
constexpr int kFoundMax = 100;

size_t LimitOf(int page_size) {
  return static_cast<size_t>(page_size == 0 ? kFoundDefault : std::min(page_size, kFoundMax));
}

const ledger::Table& TableOf(const google::protobuf::Descriptor* document) {
  return *RegistrySchema().ByDocument(document);
}

// Finds by the names of an index, and adds what is found to the answer.
template <class Resource>
grpc::Status FindInto(NameIndex& index, const std::string& query, int page_size,
                      const std::function<bool(const Resource&)>& keep,
                      google::protobuf::RepeatedPtrField<Resource>* answer) {
  auto found = index.Find(query, LimitOf(page_size), [&](const google::protobuf::Message& one) {
    return keep(static_cast<const Resource&>(one));
  });
  if (!found.ok()) return rpc::ToStatus(found.status());
  for (auto& one : *found) answer->AddAllocated(static_cast<Resource*>(one.release()));
  return grpc::Status::OK;
}

}  // namespace

RegistryService::RegistryService(rpc::SurfaceParts parts, persons::Persons& staff, Clock clock)
    : readers_(parts.readers),
      units_(readers_, TableOf(v1::Unit::descriptor())),
      centers_(readers_, TableOf(v1::Center::descriptor())),
      staff_(staff),
      clock_(std::move(clock)),
      surface_(v1::RegistryService::service_full_name(), std::move(parts)) {}

grpc::Status RegistryService::FindUnits(const v1::SearchUnitsRequest& request,
                                        v1::SearchUnitsResponse* response) {
  return FindInto<v1::Unit>(
      units_, request.query(), request.page_size(),
      [&](const v1::Unit& unit) {
        return !request.has_as_of() || IsValidOn(unit, DayOf(request.as_of()));
      },
      response->mutable_units());
}

grpc::Status RegistryService::FindCenters(const v1::SearchCentersRequest& request,
                                          v1::SearchCentersResponse* response) {
  return FindInto<v1::Center>(
      centers_, request.query(), request.page_size(),
      [&](const v1::Center& center) {
        return request.kind() == type::v1::CENTER_KIND_UNSPECIFIED ||
               request.kind() == center.kind();
      },
      response->mutable_centers());
}

rpc::Selection RegistryService::UnitsAsked(const v1::ListUnitsRequest& request) {
  rpc::Selection selection = Of("parent", request.parent());
  if (request.has_as_of()) {
    selection.keep = [day = DayOf(request.as_of())](const google::protobuf::Message& unit) {
      return IsValidOn(static_cast<const v1::Unit&>(unit), day);
    };
  }
  return selection;
}

absl::Status RegistryService::Place(const v1::GetCenterRequest& request, v1::Center* center) const {
  if (!request.has_as_of()) return absl::OkStatus();
  const auto reader = readers_.Mine();
  if (!reader.ok()) return reader.status();
  absl::Status status;
  v1::Unit unit;
  const auto placement = v1::PlacementOn(
      *center, DayOf(request.as_of()), [&](const std::string& name) -> const v1::Unit* {
        auto found = ledger::Stored<v1::Unit>(**reader, RegistrySchema(), name);
        status = found.status();
        if (!found.ok() || !found->has_value()) return nullptr;
        unit = **std::move(found);
        return &unit;
      });
  if (!status.ok()) return status;
  center->clear_unit();
  if (!placement) return absl::OkStatus();
  center->set_unit(placement->unit());
  *center->mutable_placement() = *placement;
  return absl::OkStatus();
}

rpc::Prepare<v1::EmployStaffRequest> RegistryService::CheckPerson() {
  return [this](const rpc::Call&, v1::EmployStaffRequest* request,
                rpc::Prepared* prepared) -> grpc::Status {
    return persons::TakePapers("staff", Today(clock_()), *request->mutable_staff(), prepared);
  };
}

rpc::Prepare<v1::UpdateStaffRequest> RegistryService::CheckUpdate() {
  return [this](const rpc::Call&, v1::UpdateStaffRequest* request, rpc::Prepared*) -> grpc::Status {
    if (auto status = rpc::CheckUpdateMask(
            request->update_mask(), {"position", "qualification", "subject", "sex", "birth_year"});
        !status.ok()) {
      return status;
    }
    // Nobody is sealed by an update: what is personal stays as it was.
    v1::Staff& staff = *request->mutable_staff();
    staff.clear_person();
    return rpc::ToStatus(
        persons::CheckPapers(persons::PapersOf(staff), "staff", Today(clock_())).violations);
  };
}

}  // namespace learncity::registry
