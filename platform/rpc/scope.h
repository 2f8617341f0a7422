// On which part of the city a caller works, and how a service finds out what is within it.
//
// The city is everything. A unit is itself, the units below it and those that it took over; a
// center is itself and what is done there; a learner is that person alone.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace learncity::rpc {

struct Scope {
  enum class Kind { kCity, kUnit, kCenter, kLearner };

  Kind kind = Kind::kCity;
  // "units/00004-20250701", "centers/0198c0de-…", "learners/0198c0de-…"; empty for the city.
  std::string name;

  // "city", or a name. INVALID_ARGUMENT that says what it may be.
  static absl::StatusOr<Scope> Parse(std::string_view text);

  bool is_city() const { return kind == Kind::kCity; }
  // Whether the scope is of this very resource, in whichever case its UUID is written.
  bool Is(std::string_view resource) const;
};

// Whether a resource is within a scope that is narrower than the city, by what the service has
// committed. What is absent is not within. From any thread.
using Within = std::function<absl::StatusOr<bool>(const Scope& scope, const std::string& resource)>;

// The unit that stands for another: the one that took it over by default once it has ended, else
// the one it is a part of. Empty when there is none, or when the unit is not known.
using NextUnit = std::function<absl::StatusOr<std::string>(const std::string& unit)>;

// Whether a unit is the scope's, or leads to it by however many steps. An ended unit is where its
// successor is, and not where its parent was: a district's communes went to many.
absl::StatusOr<bool> IsUnitWithin(const Scope& scope, std::string unit, const NextUnit& next);

// "learners" of "learners/0198c0de-…".
std::string_view CollectionOf(std::string_view resource);

}  // namespace learncity::rpc
