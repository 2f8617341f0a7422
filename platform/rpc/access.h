// Which permission a method asks for, and what of the city its caller must hold, as its proto says.
// A method that asks for no permission is refused to everybody. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "platform/ledger/decision.h"
#include "platform/rpc/caller.h"
#include "platform/rpc/resource_name.h"
#include "platform/rpc/scope.h"

namespace learncity::rpc {

// Nullopt when the method has no (learncity.options.v1.access), or an empty one.
std::optional<std::string> PermissionOf(const google::protobuf::MethodDescriptor& method);

// Full names of a service's methods that ask for no permission.
std::vector<std::string> MethodsWithoutPermission(
    const google::protobuf::ServiceDescriptor& service);

// A field of a request that names a resource.
struct Subject {
  std::vector<const google::protobuf::FieldDescriptor*> path;
  const ResourceType* type = nullptr;
};

// What a caller whose scope is narrower than the city must hold to call a method: one subject of
// each line. Without a line nobody with such a scope may, unless the method is public.
struct Reach {
  bool is_public = false;
  std::vector<std::vector<Subject>> lines;
};

// A path that SubjectsUnknown tells of is held by nobody.
Reach ReachOf(const google::protobuf::MethodDescriptor& method);

// "<method> <path>" for each path in a service's options that is no text field of the request, or
// one of which the proto does not say what resource it names.
std::vector<std::string> SubjectsUnknown(const google::protobuf::ServiceDescriptor& service);

// Whether a caller with a scope narrower than the city may make this request. Without `within`,
// nothing is.
absl::StatusOr<bool> IsReached(const Reach& reach, const Scope& scope,
                               const google::protobuf::Message& request, const Within& within);

// PERMISSION_DENIED in the words of AIP-211, which tell neither whether the resource exists nor
// whether it was the permission or the scope that lacked. `resource` may be anything that the
// request names.
Refusal Denied(const std::optional<std::string>& permission, std::string_view resource);

// Nullopt when the caller has the permission.
std::optional<Refusal> Authorise(const Caller& caller, const std::optional<std::string>& permission,
                                 std::string_view resource);

// "/learncity.enrollment.v1.EnrollmentService/EnrollLearner".
std::string PathOf(const google::protobuf::MethodDescriptor& method);

}  // namespace learncity::rpc
