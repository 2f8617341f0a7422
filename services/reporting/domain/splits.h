// The splits of an indicator's figures, by the dimensions that its definition names.
#pragma once

#include <vector>

#include "learncity/reporting/v1/catalogue.pb.h"
#include "learncity/reporting/v1/reporting.pb.h"
#include "services/reporting/domain/selection.h"

namespace learncity::reporting {

// The total, then every split of the definition but that by unit.
std::vector<Split> SplitsOf(const v1::IndicatorDefinition& definition);

// Says in the figure which split it is of.
void SetSplit(v1::Figure& figure, const Split& split);

// Whether each unit has a figure of its own.
bool IsSplitByUnit(const v1::IndicatorDefinition& definition);

// The field of CellKey that a dimension splits by.
int CellKeyFieldOf(v1::Dimension dimension);

}  // namespace learncity::reporting
