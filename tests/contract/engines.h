// Where the ledgers of a test's city are. Each test program links one answer.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/ledger/ledger.h"

namespace learncity::contract {

// As CityOptions.engines; the same folder finds the same ledgers again.
std::function<std::shared_ptr<ledger::Engine>(const std::string& service)> EnginesOf(
    const std::filesystem::path& folder);

// "NAME=value" for a `learncity` that works on the folder.
std::vector<std::string> EnvironmentOf(const std::filesystem::path& folder);

}  // namespace learncity::contract
