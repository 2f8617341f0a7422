// Where in the city each method may be called, for scope_test.cc.
#pragma once

#include <map>
#include <set>
#include <string>

namespace learncity::contract {

// Who may call a method beside the callers for the whole city.
struct ScopeRow {
  bool is_public = false;
  // Of these kinds, "unit", "center" and "learner", those whose scope holds what the request names.
  std::set<std::string> own;
};

// By ShortName of the method.
const std::map<std::string, ScopeRow>& ScopesThatMay();

}  // namespace learncity::contract
