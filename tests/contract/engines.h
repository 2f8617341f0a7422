// Where the ledgers of a test's city are, and what carries its feeds. Each test program links one
// answer.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/feed/envelope.h"
#include "platform/feed/topic.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/peers.h"

namespace learncity::contract {

// As CityOptions.engines; the same folder finds the same ledgers again.
std::function<std::shared_ptr<ledger::Engine>(const std::string& service)> EnginesOf(
    const std::filesystem::path& folder);

// As CityOptions.code and CityOptions.topics; the same folder finds the same topics again.
std::string CodeOf(const std::filesystem::path& folder);
std::function<std::shared_ptr<feed::Topic>(const feed::FeedName& name)> Topics();

// "NAME=value" for a `learncity` that works on the folder.
std::vector<std::string> EnvironmentOf(const std::filesystem::path& folder);

// Waits until the topics of a folder's city, where there are any, have all that its feeds have,
// byte for byte and without a hole; fails the test after a minute.
void ExpectCarried(const rpc::Peers& city, const std::filesystem::path& folder);

}  // namespace learncity::contract
