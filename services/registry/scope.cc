#include "services/registry/scope.h"

#include "learncity/registry/v1/registry.pb.h"
#include "platform/rpc/places.h"
#include "services/registry/tables.h"

namespace learncity::registry {
namespace {

absl::StatusOr<bool> Holds(const rpc::Places<v1::Unit, v1::Center>& places,
                           const std::string& resource) {
  const std::string_view collection = rpc::CollectionOf(resource);
  if (collection == "units") return places.HoldsUnit(resource);
  if (collection == "centers") return places.HoldsCenter(resource);
  if (collection != "staff") return false;
  const auto staff = places.Find<v1::Staff>(resource);
  if (!staff.ok()) return staff.status();
  return staff->has_value() ? places.HoldsCenter((*staff)->center()) : false;
}

}  // namespace

rpc::Within RegistryScope(ledger::Readers& readers) {
  return [&readers](const rpc::Scope& scope, const std::string& resource) {
    return Holds({readers, RegistrySchema(), scope}, resource);
  };
}

}  // namespace learncity::registry
