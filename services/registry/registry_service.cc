#include "services/registry/registry_service.h"

#include <memory>

#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "services/registry/domain/placement.h"
#include "services/registry/tables.h"

namespace learncity::registry {

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
        const auto row =
            (*reader)->Get(*RegistrySchema().ByDocument(v1::Unit::descriptor()), IdOf(name));
        status = row.status();
        if (!row.ok() || !row->has_value()) return nullptr;
        if (!unit.ParseFromString((*row)->bytes)) {
          status = absl::DataLossError(Concat(name, " does not parse"));
          return nullptr;
        }
        return &unit;
      });
  if (!status.ok()) return status;
  center->clear_unit();
  if (!placement) return absl::OkStatus();
  center->set_unit(placement->unit());
  *center->mutable_placement() = *placement;
  return absl::OkStatus();
}

}  // namespace learncity::registry
