// The city's units, and the centers that stand in them.
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {

namespace reg = registry::v1;

namespace {

constexpr char kOpenSince[] = "2025-07-01";

}  // namespace

std::string Hanoi::Unit(reg::UnitType type, const std::string& code, const std::string& name) {
  reg::OpenUnitRequest request;
  request.mutable_unit()->set_code(code);
  request.mutable_unit()->set_display_name(name);
  request.mutable_unit()->set_type(type);
  *request.mutable_unit()->mutable_valid_from() = DateOf(kOpenSince);
  return Does(request).name();
}

std::string Hanoi::Ward(const std::string& code, const std::string& name) {
  return Unit(reg::UNIT_TYPE_WARD, code, name);
}

std::string Hanoi::Commune(const std::string& code, const std::string& name) {
  return Unit(reg::UNIT_TYPE_COMMUNE, code, name);
}

std::string Hanoi::Merges(const std::vector<std::string>& communes, const Merged& into) {
  reg::RecordUnitActRequest request;
  auto& act = *request.mutable_unit_act();
  act.set_legal_reference("12/NQ-HĐND");
  *act.mutable_effective_date() = DateOf(into.on);
  auto& opened = *act.add_opened();
  opened.set_code(into.code);
  opened.set_display_name(into.name);
  opened.set_type(reg::UNIT_TYPE_COMMUNE);
  *opened.mutable_valid_from() = act.effective_date();
  std::string day = into.on;
  std::erase(day, '-');
  const std::string name = Concat("units/", into.code, "-", day);
  for (const std::string& commune : communes) {
    auto& ended = *act.add_ended();
    ended.set_unit(commune);
    auto& successor = *ended.add_successors();
    successor.set_unit(name);
    successor.set_whole(true);
    successor.set_is_default(true);
  }
  Does(request);
  return name;
}

void Hanoi::HasInhabitants(const std::string& commune, int64_t count, const std::string& on,
                           bool is_estimated) {
  reg::RecordUnitCountRequest request;
  auto& counted = *request.mutable_unit_count();
  counted.set_unit(commune);
  counted.set_thing(reg::COUNTED_THING_POPULATION);
  *counted.mutable_date() = DateOf(on);
  counted.set_count(count);
  counted.set_source(is_estimated ? "estimated from the area" : "register of inhabitants");
  counted.set_is_estimated(is_estimated);
  Does(request);
}

std::string Hanoi::Center(const std::string& name, const std::string& ward,
                          type::v1::CenterKind kind, type::v1::Ownership ownership) {
  reg::OpenCenterRequest request;
  request.mutable_center()->set_display_name(name);
  request.mutable_center()->set_kind(kind);
  request.mutable_center()->set_unit(ward);
  request.mutable_center()->set_ownership(ownership);
  *request.mutable_center()->mutable_valid_from() = DateOf(kOpenSince);
  return Does(request).name();
}

std::string Hanoi::School(const std::string& name, const std::string& ward,
                          type::v1::CenterKind kind) {
  return *schools_.insert(Center(name, ward, kind, type::v1::OWNERSHIP_PUBLIC)).first;
}

std::string Hanoi::CommunityCenter(const std::string& name, const std::string& ward) {
  return Center(name, ward, type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER);
}

std::string Hanoi::VocationalAndContinuingCenter(const std::string& name, const std::string& ward) {
  return Center(name, ward, type::v1::CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER);
}

std::string Hanoi::LiteracyProvider(const std::string& name, const std::string& ward) {
  return Center(name, ward, type::v1::CENTER_KIND_LITERACY_PROVIDER);
}

std::string Hanoi::PrimarySchool(const std::string& name, const std::string& ward) {
  return School(name, ward, type::v1::CENTER_KIND_PRIMARY_SCHOOL);
}

std::string Hanoi::LowerSecondarySchool(const std::string& name, const std::string& ward) {
  return School(name, ward, type::v1::CENTER_KIND_LOWER_SECONDARY_SCHOOL);
}

void Hanoi::Moves(const std::string& center, const std::string& to, const std::string& on) {
  reg::MoveCenterRequest request;
  request.set_name(center);
  request.set_unit(to);
  *request.mutable_from_date() = DateOf(on);
  Does(request);
}

void Hanoi::Accredits(const std::string& school, const Term& term) {
  reg::GrantAccreditationRequest request;
  auto& accreditation = *request.mutable_accreditation();
  accreditation.set_center(school);
  accreditation.set_decision(term.decision);
  accreditation.set_level(1);
  *accreditation.mutable_valid_from() = DateOf(term.from);
  *accreditation.mutable_valid_to() = DateOf(term.until);
  Does(request);
}

reg::Placement Hanoi::PlaceOf(const std::string& center, const std::string& day) {
  reg::GetCenterRequest request;
  request.set_name(center);
  *request.mutable_as_of() = DateOf(day);
  return Does(request).As<reg::Center>().placement();
}

}  // namespace learncity::scenarios
