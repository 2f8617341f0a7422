#include "services/reporting/domain/evaluation.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/runtime/check.h"
#include "services/reporting/domain/catalogue.h"
#include "services/reporting/domain/selection.h"
#include "services/reporting/domain/splits.h"

namespace learncity::reporting {
namespace {

using v1::Figure;
using v1::IndicatorDefinition;

void AddComment(Figure& figure, const std::string& comment) {
  if (!figure.comment().empty()) figure.mutable_comment()->append("; ");
  figure.mutable_comment()->append(comment);
}

// The number from outside that the definition divides by; nullptr when there is none by then.
const DenominatorRow* RowOf(const IndicatorDefinition& definition, const Basis& basis) {
  if (!definition.has_denominator()) return nullptr;
  return basis.denominators.On(definition.denominator(), basis.place, DayOf(basis.cells.as_of()));
}

std::string SeriesOf(const v1::Denominator& denominator) {
  return SeriesText(denominator.series(), denominator.age_min(), denominator.age_max());
}

// What a figure is divided by: as many as there are of it, or why there are none.
struct Divisor {
  int64_t count = 0;
  bool is_estimated = false;
  std::string why_none;
};

Divisor DivisorOf(const IndicatorDefinition& definition, const Split& split,
                  const DenominatorRow* row, const Basis& basis) {
  if (definition.has_selection()) {
    return {.count = Find(definition.selection(), split, basis.cells).count, .why_none = {}};
  }
  if (row != nullptr) {
    return {.count = row->count, .is_estimated = row->is_estimated, .why_none = {}};
  }
  return {.why_none = absl::StrCat("there is no ", SeriesOf(definition.denominator()), " of ",
                                   basis.place, " for this date")};
}

std::string WhyNone(const Divisor& divisor, const Known& known) {
  if (!divisor.why_none.empty()) return divisor.why_none;
  if (known.all > 0 && known.known == 0) {
    return absl::StrCat("the denominator is 0: of none of the ", known.all,
                        " counted is known what the formula needs");
  }
  return "the denominator is 0";
}

Figure MakeFigure(const IndicatorDefinition& definition, const Found& found,
                  const Divisor& divisor) {
  const Known& known = found.known;
  Figure figure;
  figure.set_coverage(known.all == 0 ? 1 : static_cast<double>(known.known) / known.all);
  figure.set_numerator(found.count);
  figure.set_status(v1::OBSERVATION_STATUS_NORMAL);
  if (definition.divisor_case() == IndicatorDefinition::DIVISOR_NOT_SET) {
    figure.set_value(static_cast<double>(figure.numerator()));
    return figure;
  }
  figure.set_denominator(divisor.count);
  if (figure.denominator() == 0) {
    figure.set_status(v1::OBSERVATION_STATUS_MISSING);
    AddComment(figure, WhyNone(divisor, known));
    return figure;
  }
  const double factor = definition.factor() == 0 ? 1 : definition.factor();
  figure.set_value(factor * static_cast<double>(figure.numerator()) /
                   static_cast<double>(figure.denominator()));
  if (divisor.is_estimated) {
    figure.set_status(v1::OBSERVATION_STATUS_ESTIMATED);
    AddComment(figure, absl::StrCat("the ", SeriesOf(definition.denominator()), " is an estimate"));
  }
  if (definition.unit_measure() == "PT" && figure.value() > 100) {
    AddComment(figure, "above 100 %: more are counted than the denominator holds");
  }
  return figure;
}

Figure MakeFigure(const IndicatorDefinition& definition, const Split& split,
                  const DenominatorRow* row, const Basis& basis) {
  Figure figure = MakeFigure(definition, Find(definition.numerator(), split, basis.cells),
                             DivisorOf(definition, split, row, basis));
  SetSplit(figure, split);
  return figure;
}

int64_t CellsRead(const IndicatorDefinition& definition, const CellSums& cells) {
  const auto counted = definition.numerator().measure();
  int64_t read = cells.CellsOf(counted);
  if (definition.has_selection() && definition.selection().measure() != counted) {
    read += cells.CellsOf(definition.selection().measure());
  }
  return read;
}

const IndicatorDefinition& DefinitionOf(const v1::Catalogue& catalogue, const std::string& code) {
  const auto* definition = FindIndicator(catalogue, absl::StrCat("indicators/", code));
  LEARNCITY_CHECK(definition != nullptr) << "the catalogue has no " << code;
  return *definition;
}

// A parity is as sure as the less sure of its parts.
bool IsSurer(v1::ObservationStatus one, v1::ObservationStatus other) {
  constexpr std::array kFromTheSurest = {
      v1::OBSERVATION_STATUS_NORMAL, v1::OBSERVATION_STATUS_REPORTED,
      v1::OBSERVATION_STATUS_ESTIMATED, v1::OBSERVATION_STATUS_MISSING};
  const auto rank = [&](v1::ObservationStatus status) {
    return std::find(kFromTheSurest.begin(), kFromTheSurest.end(), status);
  };
  return rank(one) < rank(other);
}

// a/b where a ≤ b, else 2 − b/a; missing where one of them is missing or both are 0.
Figure ParityFigure(const Figure& group, const Figure& others) {
  Figure figure;
  figure.set_status(v1::OBSERVATION_STATUS_NORMAL);
  figure.set_coverage(std::min(group.coverage(), others.coverage()));
  for (const Figure* part : {&group, &others}) {
    figure.set_status(std::max(figure.status(), part->status(), IsSurer));
    if (!part->comment().empty()) AddComment(figure, part->comment());
    if (part->status() == v1::OBSERVATION_STATUS_MISSING) return figure;
  }
  const double a = group.value(), b = others.value();
  if (a == 0 && b == 0) {
    figure.set_status(v1::OBSERVATION_STATUS_MISSING);
    AddComment(figure, "both values are 0");
    return figure;
  }
  figure.set_value(a <= b ? a / b : 2 - b / a);
  return figure;
}

v1::Evaluation EvaluateParity(const IndicatorDefinition& definition, const v1::Catalogue& catalogue,
                              const Basis& basis) {
  const auto group =
      Evaluate(DefinitionOf(catalogue, definition.parity().group()), catalogue, basis);
  const auto others =
      Evaluate(DefinitionOf(catalogue, definition.parity().others()), catalogue, basis);
  v1::Evaluation evaluation;
  *evaluation.mutable_as_of() = group.as_of();
  *evaluation.add_figures() = ParityFigure(group.figures(0), others.figures(0));
  evaluation.set_cells(group.cells() + others.cells());
  evaluation.set_denominator_source(group.denominator_source());
  return evaluation;
}

// What a selection finds in each unit of commune level that is in force on a day; under an empty
// name what stands in none.
std::map<std::string, Found> FindOn(const v1::Selection& selection, Day day, const Basis& basis) {
  std::map<std::string, Found> in_force;
  for (const auto& [recorded, found] : FindByUnit(selection, basis.cells)) {
    const v1::UnitReference* unit = basis.units.StandsIn(recorded, day);
    in_force[unit == nullptr ? "" : unit->name()] += found;
  }
  return in_force;
}

// Each unit is divided by its own count; where those come from goes into `sources`.
void AddUnitFigures(const IndicatorDefinition& definition, const Basis& basis,
                    v1::Evaluation& evaluation, std::set<std::string>& sources) {
  const Day day = DayOf(basis.cells.as_of());
  auto counted = FindOn(definition.numerator(), day, basis);
  std::map<std::string, Found> divided_by;
  if (definition.has_selection()) divided_by = FindOn(definition.selection(), day, basis);
  const auto add = [&](const std::string& unit, const Divisor& divisor) {
    Figure& figure = *evaluation.add_figures();
    figure = MakeFigure(definition, counted[unit], divisor);
    figure.set_unit(unit);
    figure.set_by_unit(true);
  };
  for (const v1::UnitReference* unit : basis.units.InForceOn(day)) {
    Divisor divisor{.count = divided_by[unit->name()].count, .why_none = {}};
    if (definition.has_denominator()) {
      const std::string& series = definition.denominator().series();
      if (const auto* count = basis.units.CountOf(unit->name(), series, day)) {
        divisor = {.count = count->count(), .is_estimated = count->is_estimated(), .why_none = {}};
        sources.insert(count->source());
      } else {
        divisor.why_none = absl::StrCat("there is no ", series, " of the unit for this date");
      }
    }
    add(unit->name(), divisor);
  }
  if (counted[""].known.all == 0 && divided_by[""].count == 0) return;
  add("", {.count = divided_by[""].count,
           .why_none = definition.has_denominator() ? "it stands in no unit of this date" : ""});
}

std::string SourceText(const IndicatorDefinition& definition, const DenominatorRow* row,
                       const std::set<std::string>& unit_sources) {
  std::string text;
  if (row != nullptr) {
    text = absl::StrCat(SeriesOf(definition.denominator()), " ", row->place, " ", row->date, ": ",
                        row->count, " (", row->source, ")");
  }
  if (unit_sources.empty()) return text;
  return absl::StrCat(text, text.empty() ? "" : "; ", definition.denominator().series(),
                      " of each unit: ", absl::StrJoin(unit_sources, "; "));
}

// The value as it was entered, or missing.
Figure ObservedFigure(const IndicatorDefinition& definition, const Basis& basis) {
  Figure figure;
  figure.set_coverage(1);
  const v1::Observation* observation = basis.observed.Of(IndicatorName(definition));
  if (observation == nullptr) {
    figure.set_status(v1::OBSERVATION_STATUS_MISSING);
    AddComment(figure, "no value was entered for a period that has begun by this date");
    return figure;
  }
  figure.set_value(observation->value());
  figure.set_status(observation->is_estimated() ? v1::OBSERVATION_STATUS_ESTIMATED
                                                : v1::OBSERVATION_STATUS_REPORTED);
  figure.set_observation(observation->name());
  const Day last = DayOf(observation->period_end()) - std::chrono::days(1);
  AddComment(figure, absl::StrCat("entered for ", FormatDay(DayOf(observation->period_start())),
                                  " to ", FormatDay(last), ": ", observation->evidence().source()));
  return figure;
}

v1::Evaluation EvaluateObserved(const IndicatorDefinition& definition, const Basis& basis) {
  v1::Evaluation evaluation;
  *evaluation.mutable_as_of() = basis.cells.as_of();
  *evaluation.add_figures() = ObservedFigure(definition, basis);
  return evaluation;
}

v1::Evaluation EvaluateCount(const IndicatorDefinition& definition, const Basis& basis) {
  v1::Evaluation evaluation;
  *evaluation.mutable_as_of() = basis.cells.DateOf(definition.numerator().measure());
  const DenominatorRow* row = RowOf(definition, basis);
  for (const Split& split : SplitsOf(definition)) {
    *evaluation.add_figures() = MakeFigure(definition, split, row, basis);
  }
  std::set<std::string> unit_sources;
  if (IsSplitByUnit(definition)) AddUnitFigures(definition, basis, evaluation, unit_sources);
  evaluation.set_cells(CellsRead(definition, basis.cells));
  evaluation.set_denominator_source(SourceText(definition, row, unit_sources));
  return evaluation;
}

v1::Evaluation EvaluateOne(const IndicatorDefinition& definition, const v1::Catalogue& catalogue,
                           const Basis& basis) {
  if (definition.has_parity()) return EvaluateParity(definition, catalogue, basis);
  if (definition.has_observed()) return EvaluateObserved(definition, basis);
  return EvaluateCount(definition, basis);
}

}  // namespace

v1::Evaluation Evaluate(const IndicatorDefinition& definition, const v1::Catalogue& catalogue,
                        const Basis& basis) {
  v1::Evaluation evaluation = EvaluateOne(definition, catalogue, basis);
  evaluation.set_indicator(IndicatorName(definition));
  evaluation.mutable_positions()->Add(basis.positions.begin(), basis.positions.end());
  return evaluation;
}

Figure EvaluateTotal(const IndicatorDefinition& definition, const v1::Catalogue& catalogue,
                     const Basis& basis) {
  if (definition.has_parity()) {
    const auto total = [&](const std::string& code) {
      return EvaluateTotal(DefinitionOf(catalogue, code), catalogue, basis);
    };
    return ParityFigure(total(definition.parity().group()), total(definition.parity().others()));
  }
  if (definition.has_observed()) return ObservedFigure(definition, basis);
  return MakeFigure(definition, Split(), RowOf(definition, basis), basis);
}

}  // namespace learncity::reporting
