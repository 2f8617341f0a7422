// Ids of documents: 16 bytes, ordered by time where they are UUIDv7.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "platform/runtime/time.h"

namespace learncity {

struct Id {
  std::array<uint8_t, 16> bytes{};

  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), 16}; }
  static std::optional<Id> FromBytes(std::string_view bytes);
  // Text form of RFC 9562, 36 characters, either case.
  static std::optional<Id> Parse(std::string_view uuid);
  // Lower-case text form.
  std::string ToString() const;

  auto operator<=>(const Id&) const = default;
  template <class H>
  friend H AbslHashValue(H h, const Id& id) {
    return H::combine_contiguous(std::move(h), id.bytes.data(), id.bytes.size());
  }
};

// A UUIDv7 whose time is `now` and whose random bits are a hash of `seed` and `n`: the same
// arguments give the same id.
Id TimeOrderedId(Time now, std::string_view seed, int64_t n);

// A UUIDv7 of now and 74 random bits.
Id RandomId(Time now);

// The id of the document that a resource name means. "learners/{uuid}" is the UUID itself; a name
// with a natural key, as "units/00004-20250701", is hashed to a UUIDv8.
Id IdOf(std::string_view resource_name);

}  // namespace learncity
