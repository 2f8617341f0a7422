#include "services/registry/scope.h"

#include "learncity/registry/v1/registry.pb.h"
#include "platform/rpc/stored.h"
#include "services/registry/tables.h"

namespace learncity::registry {
namespace {

using rpc::Scope;

// What a scope holds of registry's documents.
class Holdings {
 public:
  Holdings(ledger::Readers& readers, const Scope& scope) : readers_(readers), scope_(scope) {}

  absl::StatusOr<bool> Holds(const std::string& resource) const {
    const std::string_view collection = rpc::CollectionOf(resource);
    if (collection == "units") return HoldsUnit(resource);
    if (collection == "centers") return HoldsCenter(resource);
    if (collection == "staff") {
      const auto staff = Find<v1::Staff>(resource);
      if (!staff.ok()) return staff.status();
      return staff->has_value() ? HoldsCenter((*staff)->center()) : false;
    }
    return false;
  }

 private:
  template <class Document>
  absl::StatusOr<std::optional<Document>> Find(const std::string& name) const {
    return rpc::Stored<Document>(readers_, RegistrySchema(), name);
  }

  absl::StatusOr<bool> HoldsUnit(const std::string& unit) const {
    return rpc::IsUnitWithin(scope_, unit,
                             [&](const std::string& name) -> absl::StatusOr<std::string> {
                               const auto found = Find<v1::Unit>(name);
                               if (!found.ok()) return found.status();
                               if (!found->has_value()) return std::string();
                               for (const v1::Successor& successor : (*found)->successors()) {
                                 if (successor.is_default()) return successor.unit();
                               }
                               return (*found)->parent();
                             });
  }

  absl::StatusOr<bool> HoldsCenter(const std::string& center) const {
    if (scope_.Is(center)) return true;
    if (scope_.kind != Scope::Kind::kUnit) return false;
    const auto found = Find<v1::Center>(center);
    if (!found.ok()) return found.status();
    return found->has_value() ? HoldsUnit((*found)->unit()) : false;
  }

  ledger::Readers& readers_;
  const Scope& scope_;
};

}  // namespace

rpc::Within RegistryScope(ledger::Readers& readers) {
  return [&readers](const Scope& scope, const std::string& resource) {
    return Holdings(readers, scope).Holds(resource);
  };
}

}  // namespace learncity::registry
