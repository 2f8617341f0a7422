// Who may do what: the one table of roles. Constant; from any thread.
#pragma once

#include <span>
#include <string_view>

namespace learncity::rpc {

// A permission, as "registry.read", or every permission below a word, as "registry.*".
using PermissionPattern = std::string_view;

struct Role {
  std::string_view name;
  // For whom it is meant.
  std::string_view meaning;
  std::span<const PermissionPattern> permissions;
};

// The role of persons who look after their own affairs. Its caller's scope is that person, and no
// other role has such a scope.
inline constexpr std::string_view kLearnerRole = "learner";

std::span<const Role> AllRoles();
// nullptr when there is none of that name.
const Role* FindRole(std::string_view name);

bool Grants(PermissionPattern pattern, std::string_view permission);

}  // namespace learncity::rpc
