#include <algorithm>
#include <map>
#include <set>

#include "learncity/registry/v1/registry.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "services/registry/domain/placement.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {
namespace {

using registry::v1::Accreditation;
using registry::v1::Center;
using registry::v1::Placement;
using registry::v1::Successor;
using registry::v1::Unit;
using registry::v1::UnitAct;

const Unit* UnitOf(const Seen& seen, const std::string& name) {
  const auto found = seen.units.find(IdOf(name));
  return found == seen.units.end() ? nullptr : &found->second;
}

// The units of one code.
void CheckCode(std::vector<const Unit*> units, Findings& findings) {
  std::sort(units.begin(), units.end(), [](const Unit* a, const Unit* b) {
    return DayOf(a->valid_from()) < DayOf(b->valid_from());
  });
  for (size_t i = 0; i < units.size(); ++i) {
    const bool is_last = i + 1 == units.size();
    if (units[i]->code_passed_on() == is_last) {
      findings.push_back(Concat(units[i]->name(), is_last ? " passed its code on to nobody"
                                                          : " keeps a code that another has"));
    }
    if (is_last || (units[i]->has_valid_to() &&
                    DayOf(units[i]->valid_to()) <= DayOf(units[i + 1]->valid_from()))) {
      continue;
    }
    findings.push_back(Concat(units[i]->name(), " overlaps ", units[i + 1]->name()));
  }
}

void CheckEnded(const Seen& seen, const Unit& unit, Findings& findings) {
  const auto& successors = unit.successors();
  const auto defaults = std::count_if(successors.begin(), successors.end(),
                                      [](const Successor& one) { return one.is_default(); });
  if (defaults != 1 || !successors.at(0).is_default()) {
    findings.push_back(
        Concat(unit.name(), " has ", defaults, " default successors, or a later one"));
  }
  for (const Successor& successor : successors) {
    const Unit* next = UnitOf(seen, successor.unit());
    if (next != nullptr && DayOf(next->valid_from()) <= DayOf(unit.valid_to())) continue;
    findings.push_back(Concat(successor.unit(), " cannot take over ", unit.name()));
  }
  const auto act = seen.acts.find(IdOf(unit.ended_by()));
  if (act == seen.acts.end() || DayOf(act->second.effective_date()) != DayOf(unit.valid_to())) {
    findings.push_back(Concat(unit.name(), " was ended by no act of that day"));
  }
}

// All of an act has happened.
void CheckAct(const Seen& seen, const UnitAct& act, Findings& findings) {
  for (const auto& ended : act.ended()) {
    const Unit* unit = UnitOf(seen, ended.unit());
    if (unit != nullptr && unit->ended_by() == act.name()) continue;
    findings.push_back(Concat(act.name(), " did not end ", ended.unit()));
  }
  for (const Unit& opened : act.opened()) {
    const bool begun = std::any_of(seen.units.begin(), seen.units.end(), [&](const auto& one) {
      return one.second.code() == opened.code() &&
             DayOf(one.second.valid_from()) == DayOf(act.effective_date());
    });
    if (!begun) findings.push_back(Concat(act.name(), " did not open ", opened.code()));
  }
}

void CheckCenter(const Seen& seen, const Center& center, Day today, Findings& findings) {
  Day before = Day::min();
  for (const Placement& placement : center.placements()) {
    const Unit* unit = UnitOf(seen, placement.unit());
    if (unit == nullptr || DayOf(placement.from()) <= before) {
      findings.push_back(Concat(center.name(), " stands nowhere, or moved out of order"));
    }
    before = DayOf(placement.from());
  }
  if (!IsEverValid(center)) findings.push_back(Concat(center.name(), " closed before it opened"));
  for (const int later : {-100, 0, 100}) {
    const Day day = today + std::chrono::days(later);
    const auto placement =
        PlacementOn(center, day, [&](const std::string& name) { return UnitOf(seen, name); });
    if (placement.has_value() != IsValidOn(center, day)) {
      findings.push_back(Concat(center.name(), " is open and nowhere on ", FormatDay(day)));
    }
    if (!placement) continue;
    // Where a unit ended and nobody said where it went, the center stays with it; so it does where
    // the act that ended it is of an earlier day than that by which it took over another.
    const Unit* unit = UnitOf(seen, placement->unit());
    const bool ended_before = placement->basis() == Placement::BASIS_DEFAULT_SUCCESSOR &&
                              unit != nullptr && unit->has_valid_to() &&
                              DayOf(unit->valid_to()) <= DayOf(placement->from());
    if (unit != nullptr && (IsValidOn(*unit, day) || unit->successors().empty() || ended_before)) {
      continue;
    }
    findings.push_back(Concat(center.name(), " stands on ", FormatDay(day), " in ",
                              placement->unit(), ", which is not there"));
  }
}

}  // namespace

void CheckPlaces(const Seen& seen, Day today, Findings& findings) {
  std::map<std::string, std::vector<const Unit*>> codes;
  for (const auto& [id, unit] : seen.units) {
    codes[unit.code()].push_back(&unit);
    if (!unit.ended_by().empty()) CheckEnded(seen, unit, findings);
  }
  for (auto& [code, units] : codes) CheckCode(std::move(units), findings);
  for (const auto& [id, act] : seen.acts) CheckAct(seen, act, findings);
  for (const auto& [id, center] : seen.centers) CheckCenter(seen, center, today, findings);
  std::set<std::pair<std::string, std::string>> decisions;
  for (const auto& [id, accreditation] : seen.accreditations) {
    const bool once = decisions.insert({accreditation.center(), accreditation.decision()}).second;
    const Day from = DayOf(accreditation.valid_from()), to = DayOf(accreditation.valid_to());
    if (once && from <= to) continue;
    findings.push_back(Concat(accreditation.name(),
                              " is of a decision that is recorded twice, or "
                              "ends before it begins"));
  }
}

}  // namespace learncity::simulation
