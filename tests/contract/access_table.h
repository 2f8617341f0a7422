// The table of access_test.cc, for the tests of what else decides.
#pragma once

#include <map>
#include <set>
#include <string>

namespace learncity::contract {

using Roles = std::set<std::string>;

// By ShortName of the method.
const std::map<std::string, Roles>& RolesThatMay();

}  // namespace learncity::contract
