#include "services/reporting/domain/evaluation.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/reporting/domain/catalogue.h"
#include "services/reporting/domain/selection.h"

namespace learncity::reporting {
namespace {

using v1::Figure;
using v1::IndicatorDefinition;

constexpr type::v1::IscedLevel kFormalLevels[] = {type::v1::ISCED_LEVEL_01,
                                                  type::v1::ISCED_LEVEL_02, type::v1::ISCED_LEVEL_1,
                                                  type::v1::ISCED_LEVEL_2, type::v1::ISCED_LEVEL_3};
constexpr type::v1::Sex kSexes[] = {type::v1::SEX_UNSPECIFIED, type::v1::SEX_FEMALE,
                                    type::v1::SEX_MALE};

bool IsSplitBy(const IndicatorDefinition& definition, v1::Dimension dimension) {
  const auto& all = definition.disaggregation();
  return std::find(all.begin(), all.end(), dimension) != all.end();
}

// The total, then every split of the definition.
std::vector<Split> SplitsOf(const IndicatorDefinition& definition) {
  std::vector<type::v1::IscedLevel> levels;
  if (IsSplitBy(definition, v1::DIMENSION_ISCED_LEVEL)) {
    const auto& wanted = definition.numerator().isced_levels();
    for (const auto level : kFormalLevels) {
      if (wanted.empty() || std::find(wanted.begin(), wanted.end(), level) != wanted.end()) {
        levels.push_back(level);
      }
    }
  }
  std::vector<type::v1::Sex> sexes;
  if (IsSplitBy(definition, v1::DIMENSION_SEX)) sexes.assign(std::begin(kSexes), std::end(kSexes));
  std::vector<Split> splits = {{}};
  for (const auto level : levels) splits.push_back({.isced_level = level});
  for (const auto sex : sexes) splits.push_back({.sex = sex});
  for (const auto level : levels) {
    for (const auto sex : sexes) splits.push_back({.isced_level = level, .sex = sex});
  }
  return splits;
}

void AddComment(Figure& figure, const std::string& comment) {
  if (!figure.comment().empty()) figure.mutable_comment()->append("; ");
  figure.mutable_comment()->append(comment);
}

void SetSplit(Figure& figure, const Split& split) {
  if (split.isced_level) {
    figure.set_isced_level(*split.isced_level);
    figure.set_by_isced_level(true);
  }
  if (split.sex) {
    figure.set_sex(*split.sex);
    figure.set_by_sex(true);
  }
}

// The inhabitants that the definition divides by; nullptr when nobody has counted them by then.
const PopulationRow* InhabitantsOf(const IndicatorDefinition& definition, const Basis& basis) {
  if (!definition.has_denominator()) return nullptr;
  return basis.population.On(basis.place, DayOf(basis.cells.as_of()));
}

std::string WhyNoDenominator(const IndicatorDefinition& definition, const Known& known,
                             const Basis& basis) {
  if (definition.has_denominator()) {
    return absl::StrCat("there is no population of ", basis.place, " for this date");
  }
  if (known.all > 0) {
    return absl::StrCat("the denominator is 0: of none of the ", known.all,
                        " counted is known what the formula needs");
  }
  return "the denominator is 0";
}

Figure MakeFigure(const IndicatorDefinition& definition, const Split& split,
                  const PopulationRow* inhabitants, const Basis& basis) {
  Figure figure;
  SetSplit(figure, split);
  const Known known = CountKnown(definition.numerator(), split, basis.cells);
  figure.set_coverage(known.all == 0 ? 1 : static_cast<double>(known.known) / known.all);
  figure.set_numerator(Count(definition.numerator(), split, basis.cells));
  figure.set_status(v1::OBSERVATION_STATUS_NORMAL);
  if (definition.divisor_case() == IndicatorDefinition::DIVISOR_NOT_SET) {
    figure.set_value(static_cast<double>(figure.numerator()));
    return figure;
  }
  if (definition.has_selection()) {
    figure.set_denominator(Count(definition.selection(), split, basis.cells));
  } else if (inhabitants != nullptr) {
    figure.set_denominator(inhabitants->population);
  }
  if (figure.denominator() == 0) {
    figure.set_status(v1::OBSERVATION_STATUS_MISSING);
    AddComment(figure, WhyNoDenominator(definition, known, basis));
    return figure;
  }
  const double factor = definition.factor() == 0 ? 1 : definition.factor();
  figure.set_value(factor * static_cast<double>(figure.numerator()) /
                   static_cast<double>(figure.denominator()));
  if (inhabitants != nullptr && inhabitants->is_estimated) {
    figure.set_status(v1::OBSERVATION_STATUS_ESTIMATED);
    AddComment(figure, "the population is an estimate");
  }
  if (definition.unit_measure() == "PT" && figure.value() > 100) {
    AddComment(figure, "above 100 %: more are counted than the denominator holds");
  }
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

}  // namespace

v1::Evaluation Evaluate(const IndicatorDefinition& definition, const Basis& basis) {
  v1::Evaluation evaluation;
  evaluation.set_indicator(IndicatorName(definition));
  *evaluation.mutable_as_of() = basis.cells.DateOf(definition.numerator().measure());
  const PopulationRow* inhabitants = InhabitantsOf(definition, basis);
  for (const Split& split : SplitsOf(definition)) {
    *evaluation.add_figures() = MakeFigure(definition, split, inhabitants, basis);
  }
  evaluation.mutable_positions()->Add(basis.positions.begin(), basis.positions.end());
  evaluation.set_cells(CellsRead(definition, basis.cells));
  if (inhabitants != nullptr) {
    evaluation.set_denominator_source(absl::StrCat(kPopulationSeries, " ", inhabitants->place, " ",
                                                   inhabitants->date, ": ", inhabitants->population,
                                                   " (", inhabitants->source, ")"));
  }
  return evaluation;
}

}  // namespace learncity::reporting
