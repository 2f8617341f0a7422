// Request ids of a file's rows: the same row, at whatever time it is sent, has the same id, so that
// services recognise it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "google/protobuf/message.h"
#include "platform/ledger/id.h"
#include "services/learncity/import/kinds.h"

namespace learncity::importing {

// One thread. Remembers 20 bytes of each row.
class RequestIds {
 public:
  // Ids are hashes under a key made from the caller's token: an id that is found in a ledger or a
  // log does not tell by trial whose data it was made of.
  RequestIds(const Kind& kind, std::string_view token);

  // A UUIDv8 of the kind, the row's own key, the request without request_id, and how many rows with
  // the same have been before.
  Id Next(std::string_view own_key, const google::protobuf::Message& request);

 private:
  Id Hash(std::string_view bytes) const;

  const std::string kind_;
  std::array<unsigned char, 32> key_;
  absl::flat_hash_map<Id, uint32_t> times_;
};

}  // namespace learncity::importing
