#include "services/registry/tables.h"

#include "services/registry/domain/center.h"
#include "services/registry/domain/unit.h"

namespace learncity::registry {
namespace {

ledger::Schema MakeSchema() {
  ledger::Schema schema("registry");
  schema.Own<v1::Unit, v1::UnitEvent>("unit");
  schema.Own<v1::Center, v1::CenterEvent>("center").Indexed(
      "unit", [](const v1::Center& center) -> ledger::Value {
        return std::string(IdOf(center.unit()).view());
      });
  return schema;
}

}  // namespace

const ledger::Schema& RegistrySchema() {
  static const auto* const schema = new ledger::Schema(MakeSchema());
  return *schema;
}

ledger::Rules RegistryRules() {
  ledger::Rules rules;
  rules.On<v1::OpenUnitCase, v1::OpenUnitRequest>();
  rules.On<v1::OpenCenterCase, v1::OpenCenterRequest>();
  return rules;
}

std::vector<std::string> RegistryFollows() { return {}; }

}  // namespace learncity::registry
