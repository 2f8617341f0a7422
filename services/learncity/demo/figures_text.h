// Figures as text for a terminal, and how one of them came about. Pure.
#pragma once

#include <map>
#include <string>

#include "learncity/reporting/v1/catalogue.pb.h"
#include "learncity/reporting/v1/reporting.pb.h"

namespace learncity::demo {

enum class Splits {
  // The total, and each dimension by itself.
  kOneDimension,
  // What is split by two dimensions too.
  kAll,
};

// The indicator's titles and a table of its figures: value, what was counted, what it was divided
// by, status; below it the comments. `definition` is the indicator's that was evaluated. Units are
// shown as `units` calls them; without it, only how many there are.
std::string FiguresText(const reporting::v1::IndicatorDefinition& definition,
                        const reporting::v1::Evaluation& evaluation,
                        Splits splits = Splits::kOneDimension,
                        const std::map<std::string, std::string>* units = nullptr);

// The indicator's title, its value for the whole city with its status, and below them `command`.
std::string HeadlineText(const reporting::v1::IndicatorDefinition& definition,
                         const reporting::v1::Evaluation& evaluation, const std::string& command);

// Formula, feeds and positions, cells, divisor, and where the definition comes from.
std::string ExplanationText(const reporting::v1::IndicatorDefinition& definition,
                            const reporting::v1::Evaluation& evaluation);

}  // namespace learncity::demo
