#include "platform/rpc/scope.h"

#include "platform/ledger/id.h"
#include "platform/rpc/resource_name.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

// Parts of units and successors are a few steps deep. Acts that were told out of order could lead
// round, and what has not arrived by then is not within.
constexpr int kUnitStepsMax = 32;

bool IsUuidOf(std::string_view collection, std::string_view name) {
  return CollectionOf(name) == collection && name.size() > collection.size() &&
         Id::Parse(name.substr(collection.size() + 1)).has_value();
}

bool IsUnitName(std::string_view name) {
  static const auto* const units = new ResourceType{
      .type = "", .collection = "units", .pattern = "", .id_form = IdForm::kDatedCode};
  return IsNameOf(*units, name);
}

}  // namespace

absl::StatusOr<Scope> Scope::Parse(std::string_view text) {
  if (text == "city") return Scope();
  Scope scope{.kind = Kind::kCity, .name = std::string(text)};
  if (IsUnitName(text)) {
    scope.kind = Kind::kUnit;
  } else if (IsUuidOf("centers", text)) {
    scope.kind = Kind::kCenter;
  } else if (IsUuidOf("learners", text)) {
    scope.kind = Kind::kLearner;
  } else {
    return absl::InvalidArgumentError(Concat("\"", text.substr(0, 100),
                                             "\" is no scope: it is city, units/<code>-<day>, ",
                                             "centers/<uuid> or learners/<uuid>"));
  }
  return scope;
}

bool Scope::Is(std::string_view resource) const {
  return !is_city() && CollectionOf(resource) == CollectionOf(name) && IdOf(resource) == IdOf(name);
}

absl::StatusOr<bool> IsUnitWithin(const Scope& scope, std::string unit, const NextUnit& next) {
  if (scope.kind != Scope::Kind::kUnit) return false;
  for (int step = 0; step < kUnitStepsMax && !unit.empty(); ++step) {
    if (scope.Is(unit)) return true;
    auto to = next(unit);
    if (!to.ok()) return to.status();
    unit = *std::move(to);
  }
  return false;
}

std::string_view CollectionOf(std::string_view resource) {
  return resource.substr(0, resource.find('/'));
}

}  // namespace learncity::rpc
