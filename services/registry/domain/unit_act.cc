#include "services/registry/domain/unit_act.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "platform/runtime/check.h"

namespace learncity::registry::v1 {
namespace {

// The unit as it begins: made by the act where it names none.
Unit Begun(const UnitAct& act, const Unit& unit) {
  Unit begun = unit;
  if (begun.legal_reference().empty()) begun.set_legal_reference(act.legal_reference());
  return begun;
}

std::map<std::string, Unit> BegunByName(const UnitAct& act) {
  std::map<std::string, Unit> begun;
  for (const Unit& unit : act.opened()) {
    Unit one = Begun(act, unit);
    begun.emplace(UnitName(one), std::move(one));
  }
  return begun;
}

std::set<std::string> NamesOfEnded(const UnitAct& act) {
  std::set<std::string> names;
  for (const EndedUnit& ended : act.ended()) names.insert(ended.unit());
  return names;
}

Decision Contradiction(const std::string& resource, std::string message) {
  return Refuse(ACT_CONTRADICTS_ITSELF, resource, std::move(message));
}

std::optional<Decision> RefuseShape(const UnitAct& act, const std::map<std::string, Unit>& begun) {
  const Day day = DayOf(act.effective_date());
  if (begun.size() < static_cast<size_t>(act.opened_size())) {
    return Contradiction("", "The act opens a unit twice: name each code once.");
  }
  if (NamesOfEnded(act).size() < static_cast<size_t>(act.ended_size())) {
    return Contradiction("",
                         "The act ends a unit twice: name each unit once, with all successors.");
  }
  for (const auto& [name, unit] : begun) {
    if (DayOf(unit.valid_from()) == day) continue;
    return Contradiction(
        name, absl::StrCat(name, " does not begin on the day of the act, ", FormatDay(day), "."));
  }
  return std::nullopt;
}

std::optional<Decision> RefuseEnd(const RecordUnitActCase& c, const EndedUnit& ended,
                                  const Unit& unit, const UnitAct& act,
                                  const std::map<std::string, Unit>& begun) {
  const Day day = DayOf(act.effective_date());
  if (unit.has_valid_to()) {
    return Refuse(UNIT_ENDED, unit.name(),
                  absl::StrCat(unit.name(), " is valid ", FormatValidity(unit),
                               ": an act ends units that have not ended."));
  }
  if (DayOf(unit.valid_from()) >= day) {
    return Refuse(UNIT_NOT_VALID, unit.name(),
                  absl::StrCat(unit.name(), " is valid ", FormatValidity(unit),
                               " and cannot end on ", FormatDay(day), "."));
  }
  if (unit.has_last_takeover() && day <= DayOf(unit.last_takeover())) {
    return Refuse(ACT_OUT_OF_ORDER, unit.name(),
                  absl::StrCat(unit.name(), " took over another unit on ",
                               FormatDay(DayOf(unit.last_takeover())), " and cannot end on ",
                               FormatDay(day), ": tell acts in the order of their days."));
  }
  int defaults = 0;
  for (const Successor& successor : ended.successors()) {
    defaults += successor.is_default();
    if (begun.contains(successor.unit())) continue;
    const Unit& staying = *c.staying.at(successor.unit());
    if (!IsValidOn(staying, day)) {
      return Refuse(
          UNIT_NOT_VALID, staying.name(),
          absl::StrCat(staying.name(), " is valid ", FormatValidity(staying),
                       " and cannot take over ", unit.name(), " on ", FormatDay(day), "."));
    }
  }
  if (defaults == 1) return std::nullopt;
  return Contradiction(unit.name(), absl::StrCat(unit.name(), " has ", defaults,
                                                 " default successors: mark exactly one."));
}

UnitEvent Ended(const EndedUnit& ended, const UnitAct& act) {
  UnitEvent event;
  *event.mutable_ended()->mutable_valid_to() = act.effective_date();
  auto& successors = *event.mutable_ended()->mutable_successors();
  successors = ended.successors();
  std::stable_partition(successors.begin(), successors.end(),
                        [](const Successor& successor) { return successor.is_default(); });
  event.mutable_ended()->set_act(act.name());
  return event;
}

UnitEvent TookOverBy(const UnitAct& act) {
  UnitEvent event;
  *event.mutable_took_over()->mutable_date() = act.effective_date();
  event.mutable_took_over()->set_act(act.name());
  return event;
}

// Whether the act is the last by which the unit took something over.
bool IsLastTakeover(const Unit& unit, const UnitAct& act) {
  return !unit.has_last_takeover() || DayOf(unit.last_takeover()) < DayOf(act.effective_date());
}

}  // namespace

RecordUnitActCase RecordUnitActCase::Gather(const RecordUnitActRequest& request, Lookup& lookup) {
  const UnitAct& act = request.unit_act();
  const std::map<std::string, Unit> begun = BegunByName(act);
  const std::set<std::string> ends = NamesOfEnded(act);
  RecordUnitActCase c;
  for (const EndedUnit& ended : act.ended()) {
    c.ended.push_back(lookup.Require<Unit>(ended.unit()));
    for (const Successor& successor : ended.successors()) {
      if (begun.contains(successor.unit())) continue;
      c.staying[successor.unit()] = lookup.Require<Unit>(successor.unit());
    }
  }
  for (const Unit& opened : act.opened()) {
    const Unit unit = Begun(act, opened);
    UnitGround ground{.existing = lookup.Find<Unit>(IdOf(UnitName(unit))),
                      .last_of_code = lookup.FindBy<Unit>(kLastOfCode, unit.code()),
                      .parent = nullptr,
                      .last_ends = std::nullopt};
    if (!unit.parent().empty() && !begun.contains(unit.parent())) {
      ground.parent = lookup.Require<Unit>(unit.parent());
    }
    if (ground.last_of_code != nullptr && ends.contains(ground.last_of_code->name())) {
      ground.last_ends = DayOf(act.effective_date());
    }
    c.opened.push_back(ground);
  }
  return c;
}

Decision Decide(const RecordUnitActCase& c, const RecordUnitActRequest& request,
                const Moment& moment) {
  UnitActEvent recorded;
  UnitAct& act = *recorded.mutable_recorded()->mutable_act();
  act = request.unit_act();
  act.set_name(absl::StrCat("unitActs/", moment.NewId().ToString()));
  *act.mutable_create_time() = ToTimestamp(moment.now);
  const std::map<std::string, Unit> begun = BegunByName(act);
  if (auto refusal = RefuseShape(act, begun)) return std::move(*refusal);
  std::vector<UnitGround> grounds = c.opened;
  for (int i = 0; i < act.opened_size(); ++i) {
    const Unit unit = Begun(act, act.opened(i));
    UnitGround& ground = grounds[static_cast<size_t>(i)];
    if (const auto parent = begun.find(unit.parent()); parent != begun.end()) {
      ground.parent = &parent->second;
    }
    if (auto refusal = RefuseUnit(unit, ground)) return std::move(*refusal);
  }
  for (int i = 0; i < act.ended_size(); ++i) {
    const Unit& unit = *c.ended[static_cast<size_t>(i)];
    if (auto refusal = RefuseEnd(c, act.ended(i), unit, act, begun)) return std::move(*refusal);
  }
  Decision decision = Decision().Then(act.name(), recorded);
  for (const EndedUnit& ended : act.ended()) {
    decision = std::move(decision).Then(ended.unit(), Ended(ended, act));
  }
  for (int i = 0; i < act.opened_size(); ++i) {
    decision = BeginUnit(std::move(decision), Begun(act, act.opened(i)),
                         grounds[static_cast<size_t>(i)], moment);
  }
  for (const auto& [name, unit] : c.staying) {
    if (IsLastTakeover(*unit, act)) decision = std::move(decision).Then(name, TookOverBy(act));
  }
  return decision;
}

void Evolve(UnitAct& act, const UnitActEvent& event) {
  switch (event.event_case()) {
    case UnitActEvent::kRecorded:
      act = event.recorded().act();
      return;
    case UnitActEvent::EVENT_NOT_SET:
      break;
  }
  LEARNCITY_CHECK(false) << "an event without content on " << act.name();
}

}  // namespace learncity::registry::v1
