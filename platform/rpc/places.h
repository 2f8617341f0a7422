// What a scope holds of units and centers, which every service that keeps them asks alike.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/ledger/stored.h"
#include "platform/rpc/scope.h"

namespace learncity::rpc {

// `Unit` has `parent`, and `successor` or `successors`, one of them the default; `Center` has
// `unit`. Both are documents of the schema: a service's own, or its references.
template <class Unit, class Center>
class Places {
 public:
  Places(ledger::Readers& readers, const ledger::Schema& schema, const Scope& scope)
      : readers_(readers), schema_(schema), scope_(scope) {}

  template <class Document>
  absl::StatusOr<std::optional<Document>> Find(const std::string& name) const {
    const auto reader = readers_.Mine();
    if (!reader.ok()) return reader.status();
    return ledger::Stored<Document>(**reader, schema_, name);
  }

  absl::StatusOr<bool> HoldsUnit(const std::string& unit) const {
    return IsUnitWithin(scope_, unit, [this](const std::string& of) -> absl::StatusOr<std::string> {
      const auto found = Find<Unit>(of);
      if (!found.ok()) return found.status();
      return found->has_value() ? NextOf(**found) : std::string();
    });
  }

  absl::StatusOr<bool> HoldsCenter(const std::string& center) const {
    if (scope_.Is(center)) return true;
    if (scope_.kind != Scope::Kind::kUnit || center.empty()) return false;
    const auto found = Find<Center>(center);
    if (!found.ok()) return found.status();
    return found->has_value() ? HoldsUnit((*found)->unit()) : false;
  }

 private:
  static std::string NextOf(const Unit& unit) {
    if constexpr (requires { unit.successor(); }) {
      if (!unit.successor().empty()) return unit.successor();
    } else {
      for (const auto& successor : unit.successors()) {
        if (successor.is_default()) return successor.unit();
      }
    }
    return unit.parent();
  }

  ledger::Readers& readers_;
  const ledger::Schema& schema_;
  const Scope& scope_;
};

}  // namespace learncity::rpc
