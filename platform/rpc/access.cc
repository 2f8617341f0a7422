#include "platform/rpc/access.h"

#include "learncity/options/v1/options.pb.h"
#include "platform/rpc/status.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {

std::optional<std::string> PermissionOf(const google::protobuf::MethodDescriptor& method) {
  const std::string& permission = method.options().GetExtension(options::v1::access).permission();
  if (permission.empty()) return std::nullopt;
  return permission;
}

std::vector<std::string> MethodsWithoutPermission(
    const google::protobuf::ServiceDescriptor& service) {
  std::vector<std::string> names;
  for (int i = 0; i < service.method_count(); ++i) {
    if (!PermissionOf(*service.method(i))) names.push_back(service.method(i)->full_name());
  }
  return names;
}

std::optional<Refusal> Authorise(const Caller& caller, const std::optional<std::string>& permission,
                                 std::string_view resource) {
  if (permission && caller.May(*permission)) return std::nullopt;
  return PlatformRefusal(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                         Concat("Permission '", permission.value_or("none"),
                                "' denied on resource '", resource, "' (or it might not exist)."));
}

std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return Concat("/", method.service()->full_name(), "/", method.name());
}

}  // namespace learncity::rpc
