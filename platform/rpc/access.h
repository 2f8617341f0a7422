// Which permission a method asks for, as its proto says. A method that asks for none is refused to
// everybody. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "platform/ledger/decision.h"
#include "platform/rpc/caller.h"

namespace learncity::rpc {

// Nullopt when the method has no (learncity.options.v1.access), or an empty one.
std::optional<std::string> PermissionOf(const google::protobuf::MethodDescriptor& method);

// Full names of a service's methods that ask for no permission.
std::vector<std::string> MethodsWithoutPermission(
    const google::protobuf::ServiceDescriptor& service);

// Nullopt when the caller may, else PERMISSION_DENIED in the words of AIP-211, which do not tell
// whether the resource exists. `resource` may be anything that the request names.
std::optional<Refusal> Authorise(const Caller& caller, const std::optional<std::string>& permission,
                                 std::string_view resource);

// "/learncity.enrollment.v1.EnrollmentService/EnrollLearner".
std::string PathOf(const google::protobuf::MethodDescriptor& method);

}  // namespace learncity::rpc
