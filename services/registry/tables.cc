#include "services/registry/tables.h"

#include "services/registry/domain/accreditation.h"
#include "services/registry/domain/center.h"
#include "services/registry/domain/staff.h"
#include "services/registry/domain/unit.h"
#include "services/registry/domain/unit_act.h"
#include "services/registry/domain/unit_count.h"

namespace learncity::registry {
namespace {

using ledger::Value;

std::string Key(const std::string& name) { return std::string(IdOf(name).view()); }

Value KeyIfNamed(const std::string& name) { return name.empty() ? Value() : Value(Key(name)); }

ledger::Schema MakeSchema() {
  ledger::Schema schema("registry");
  schema.Own<v1::Unit, v1::UnitEvent>("unit")
      .Indexed("parent", [](const v1::Unit& u) { return KeyIfNamed(u.parent()); })
      .Unique(v1::kLastOfCode, [](const v1::Unit& u) -> Value {
        return u.code_passed_on() ? Value() : Value(u.code());
      });
  schema.Own<v1::Center, v1::CenterEvent>("center")
      .Indexed("unit", [](const v1::Center& c) -> Value { return Key(c.unit()); })
      .Unique(v1::kCenterCode, [](const v1::Center& c) -> Value {
        return c.code().empty() ? Value() : Value(c.code());
      });
  schema.Own<v1::UnitAct, v1::UnitActEvent>("unit_act");
  schema.Own<v1::Accreditation, v1::AccreditationEvent>("accreditation")
      .Indexed("center", [](const v1::Accreditation& a) -> Value { return Key(a.center()); })
      .Unique(v1::kDecision, [](const v1::Accreditation& a) -> Value { return v1::DecisionOf(a); });
  schema.Own<v1::UnitCount, v1::UnitCountEvent>("unit_count")
      .Indexed("unit", [](const v1::UnitCount& c) -> Value { return Key(c.unit()); });
  schema.Own<v1::Staff, v1::StaffEvent>("staff")
      .Indexed("center", [](const v1::Staff& s) -> Value { return Key(s.center()); })
      .DueAt(v1::ErasureDue);
  return schema;
}

}  // namespace

const ledger::Schema& RegistrySchema() {
  static const auto* const schema = new ledger::Schema(MakeSchema());
  return *schema;
}

persons::Terms StaffTerms() {
  return {.schema = RegistrySchema(),
          .document = v1::Staff::descriptor(),
          .national_id_taken =
              v1::RegistryErrorReason_descriptor()->FindValueByNumber(v1::NATIONAL_ID_TAKEN)};
}

ledger::Rules RegistryRules(std::function<absl::Status(const Id& person)> erase_key) {
  ledger::Rules rules;
  rules.On<v1::OpenUnitCase, v1::OpenUnitRequest>();
  rules.On<v1::RecordUnitActCase, v1::RecordUnitActRequest>();
  rules.On<v1::OpenCenterCase, v1::OpenCenterRequest>();
  rules.On<v1::MoveCenterCase, v1::MoveCenterRequest>();
  rules.On<v1::CloseCenterCase, v1::CloseCenterRequest>();
  rules.On<v1::GrantAccreditationCase, v1::GrantAccreditationRequest>();
  rules.On<v1::WithdrawAccreditationCase, v1::WithdrawAccreditationRequest>();
  rules.On<v1::RecordUnitCountCase, v1::RecordUnitCountRequest>();
  rules.On<v1::EmployCase, v1::EmployStaffRequest>();
  rules.On<v1::UpdateStaffCase, v1::UpdateStaffRequest>();
  rules.On<v1::EndEmploymentCase, v1::EndEmploymentRequest>();
  rules.On<v1::EraseStaffCase, v1::EraseStaffRequest>();
  rules.OnDue<v1::Staff>(
      [erase_key = std::move(erase_key)](const Id& id, const v1::Staff&) { return erase_key(id); },
      v1::DecideErasureConfirmed);
  return rules;
}

std::vector<std::string> RegistryFollows() { return {}; }

}  // namespace learncity::registry
