// What clerks ask of registry.
#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "services/registry/domain/unit.h"
#include "tests/simulation/client.h"

namespace learncity::simulation {
namespace {

namespace reg = registry::v1;
using namespace type::v1;
using std::chrono::days;

// So few that units meet those of before.
constexpr int kUnitCodes = 6;
constexpr Day kNewUnits{std::chrono::year{2025} / 7 / 1};
constexpr int kDecisions = 4;

reg::Successor To(const std::string& unit, bool is_default) {
  reg::Successor successor;
  successor.set_unit(unit);
  successor.set_is_default(is_default);
  return successor;
}

}  // namespace

reg::Unit Client::SomeUnit(Day from) {
  reg::Unit unit;
  unit.set_code(Concat("0000", chance_.Below(kUnitCodes)));
  unit.set_display_name(Concat("Phường ", ++known_.made));
  unit.set_type(chance_.OneIn(3) ? reg::UNIT_TYPE_COMMUNE : reg::UNIT_TYPE_WARD);
  *unit.mutable_valid_from() = ToDate(from);
  return unit;
}

void Client::OpenUnit() {
  reg::OpenUnitRequest request;
  reg::Unit& unit = *request.mutable_unit();
  unit = SomeUnit(chance_.OneIn(4) ? NearToday(60, 60) : kNewUnits);
  if (chance_.OneIn(4)) *unit.mutable_valid_to() = DateNear(60, 60);
  if (chance_.OneIn(6) && Knows("units")) {
    unit.set_type(reg::UNIT_TYPE_RESIDENTIAL_GROUP);
    unit.set_code(Concat(unit.code(), "-", 1 + chance_.Below(3)));
    unit.set_parent(Some("units"));
  }
  Ask(request);
}

// One or two units end in up to two that begin or stay; a code may go from one to the next.
void Client::RecordUnitAct() {
  if (!Knows("units")) return OpenUnit();
  reg::RecordUnitActRequest request;
  reg::UnitAct& act = *request.mutable_unit_act();
  const Day day = NearToday(60, 20);
  act.set_legal_reference(Concat(++known_.made, "/NQ-HĐND"));
  *act.mutable_effective_date() = ToDate(day);
  std::vector<std::string> successors;
  for (int n = chance_.Below(3); n > 0; --n) {
    *act.add_opened() = SomeUnit(day);
    successors.push_back(reg::UnitName(act.opened().at(act.opened_size() - 1)));
  }
  if (successors.empty() || chance_.OneIn(3)) successors.push_back(Some("units"));
  for (int n = 1 + chance_.Below(2); n > 0; --n) {
    reg::EndedUnit& ended = *act.add_ended();
    ended.set_unit(Some("units"));
    if (chance_.OneIn(3)) *ended.add_successors() = To(chance_.OneOf(successors), false);
    *ended.add_successors() = To(chance_.OneOf(successors), true);
  }
  if (chance_.OneIn(5)) SpoilAct(act);
  Ask(request);
}

// An act that must be refused, whatever the units are.
void Client::SpoilAct(reg::UnitAct& act) {
  reg::EndedUnit& ended = *act.mutable_ended(0);
  switch (chance_.Below(5)) {
    case 0:
      for (reg::Successor& successor : *ended.mutable_successors()) successor.set_is_default(false);
      return;
    case 1:
      *ended.add_successors() = To(ended.successors(0).unit(), true);
      *ended.add_successors() = To(ended.successors(0).unit(), true);
      return;
    case 2:
      *act.add_ended() = reg::EndedUnit(ended);
      return;
    case 3:
      *act.add_opened() = SomeUnit(DayOf(act.effective_date()));
      *act.add_opened() = reg::Unit(act.opened().at(act.opened_size() - 1));
      return;
    default:
      *act.add_opened() = SomeUnit(DayOf(act.effective_date()) + days(1));
  }
}

void Client::OpenCenter() {
  if (!Knows("units")) return OpenUnit();
  reg::OpenCenterRequest request;
  reg::Center& center = *request.mutable_center();
  center.set_display_name(Concat("Trung tâm ", ++known_.made));
  center.set_kind(
      chance_.OneOf<CenterKind>({CENTER_KIND_COMMUNITY_LEARNING_CENTER, CENTER_KIND_PRIMARY_SCHOOL,
                                 CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER}));
  center.set_unit(Some("units"));
  center.set_ownership(chance_.OneOf<Ownership>(
      {OWNERSHIP_UNSPECIFIED, OWNERSHIP_PUBLIC, OWNERSHIP_PUBLIC, OWNERSHIP_PRIVATE}));
  if (chance_.OneIn(3)) center.set_code(Concat("TT", chance_.Below(3)));
  *center.mutable_valid_from() = ToDate(kNewUnits + days(31 * chance_.Below(3)));
  if (chance_.OneIn(6)) *center.mutable_valid_to() = DateNear(10, 400);
  Ask(request);
}

void Client::MoveCenter() {
  if (!Knows("centers")) return OpenCenter();
  reg::MoveCenterRequest request;
  request.set_name(Some("centers"));
  request.set_unit(Some("units"));
  *request.mutable_from_date() = DateNear(100, 60);
  Ask(request);
}

void Client::CloseCenter() {
  if (!Knows("centers")) return OpenCenter();
  reg::CloseCenterRequest request;
  request.set_name(Some("centers"));
  *request.mutable_valid_to() = DateNear(20, 200);
  if (chance_.OneIn(2)) request.add_successors(Some("centers"));
  if (chance_.OneIn(4)) request.set_etag("\"v1\"");
  Ask(request);
}

void Client::GrantAccreditation() {
  if (!Knows("centers")) return OpenCenter();
  reg::GrantAccreditationRequest request;
  reg::Accreditation& accreditation = *request.mutable_accreditation();
  accreditation.set_center(Some("centers"));
  for (const auto& [center, kind] : known_.kinds_of_centers) {
    if (kind == CENTER_KIND_PRIMARY_SCHOOL && chance_.OneIn(2)) accreditation.set_center(center);
  }
  accreditation.set_decision(Concat(chance_.Below(kDecisions), "/QĐ-UBND"));
  accreditation.set_level(1 + chance_.Below(2));
  const Day from = NearToday(200, 30);
  *accreditation.mutable_valid_from() = ToDate(from);
  *accreditation.mutable_valid_to() = ToDate(from + days(chance_.Below(300)));
  Ask(request);
}

void Client::WithdrawAccreditation() {
  if (!Knows("accreditations")) return GrantAccreditation();
  reg::WithdrawAccreditationRequest request;
  request.set_name(Some("accreditations"));
  *request.mutable_valid_to() = DateNear(60, 2);
  Ask(request);
}

void Client::RecordUnitCount() {
  if (!Knows("units")) return OpenUnit();
  reg::RecordUnitCountRequest request;
  reg::UnitCount& count = *request.mutable_unit_count();
  count.set_unit(Some("units"));
  count.set_thing(chance_.OneIn(2) ? reg::COUNTED_THING_HOUSEHOLDS : reg::COUNTED_THING_CLANS);
  *count.mutable_date() = DateNear(3, 1);
  count.set_count(chance_.Below(1000));
  count.set_source("báo cáo");
  Ask(request);
}

void Client::EmployStaff() {
  if (!Knows("centers")) return OpenCenter();
  reg::EmployStaffRequest request;
  reg::Staff& staff = *request.mutable_staff();
  staff.set_center(Some("centers"));
  staff.set_position(chance_.OneIn(2) ? reg::STAFF_POSITION_TEACHER : reg::STAFF_POSITION_LEADER);
  *staff.mutable_valid_from() = DateNear(60, 1);
  if (!chance_.OneIn(5)) {
    staff.mutable_person()->set_full_name(Concat("Phạm ", kCanary, " ", ++known_.made));
    staff.mutable_person()->set_national_id(Concat(kNationalIdCanary, chance_.Below(kNationalIds)));
  }
  Ask(request);
}

void Client::UpdateStaff() {
  if (!Knows("staff")) return EmployStaff();
  reg::UpdateStaffRequest request;
  request.mutable_staff()->set_name(Some("staff"));
  request.mutable_staff()->set_qualification(reg::QUALIFICATION_MASTER);
  request.mutable_update_mask()->add_paths("qualification");
  if (chance_.OneIn(4)) request.set_etag("\"v1\"");
  Ask(request);
}

void Client::EndEmployment() {
  if (!Knows("staff")) return EmployStaff();
  reg::EndEmploymentRequest request;
  request.set_name(Some("staff"));
  if (chance_.OneIn(2)) *request.mutable_valid_to() = DateNear(40, 2);
  Ask(request);
}

void Client::EraseStaff() {
  if (!Knows("staff")) return EmployStaff();
  reg::EraseStaffRequest request;
  request.set_name(Some("staff"));
  Ask(request);
}

}  // namespace learncity::simulation
