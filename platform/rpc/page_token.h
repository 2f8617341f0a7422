// The opaque page_token of lists: the last row's id and a fingerprint of the other arguments, so
// that a token goes only with the arguments it was made for. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/ledger/id.h"

namespace learncity::rpc {

constexpr size_t kFingerprintBytes = 8;

// `arguments` is a keyed hash of at least kFingerprintBytes, the same on every replica.
std::string MakePageToken(const Id& last, std::string_view arguments);
// Nullopt for garbage and for other arguments.
std::optional<Id> ParsePageToken(std::string_view token, std::string_view arguments);

}  // namespace learncity::rpc
