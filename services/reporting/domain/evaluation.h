// Figures from cells: one indicator as of one date. Pure, and the same bytes from the same input.
//
// Numerator and denominator are whole numbers; what divides them divides here, when it is read. A
// figure without a denominator is missing, one above 100 % is shown with its reason and never
// clipped, and what is not known of a person is a value of its own.
#pragma once

#include <string>
#include <vector>

#include "learncity/reporting/v1/reporting.pb.h"
#include "services/reporting/domain/cell_sums.h"
#include "services/reporting/domain/denominators.h"
#include "services/reporting/domain/observed_values.h"
#include "services/reporting/domain/units.h"

namespace learncity::reporting {

// From what figures are computed. All of it belongs to one snapshot, and must outlive the call.
struct Basis {
  // ISO 3166-2, as "VN-HN".
  std::string place;
  // Cells, and the date asked for.
  const CellSums& cells;
  const Denominators& denominators;
  const Units& units;
  // How far the snapshot has counted each followed feed, in the order of the feeds' names.
  std::vector<v1::FeedPosition> positions;
  // What was entered by hand, of the same date.
  ObservedValues observed;
};

// The total first, then split by one dimension after the other, then by two of them together, and
// so on, as far as the definition splits; each in the order of the enum, the values that nobody has
// included. Last the units of commune level that are in force on the date asked for, in the order
// of their names, each divided by its own count; and under an empty name what stands in none of
// them, if anything does. What was counted before a unit was merged stands under the one that took
// it over, so the units add up to the total. `as_of` of the answer is the date that the cells are
// true for: of a monthly measure the end of the last closed month. The definition is one of the
// catalogue, which ParseCatalogue has let pass.
v1::Evaluation Evaluate(const v1::IndicatorDefinition& definition, const v1::Catalogue& catalogue,
                        const Basis& basis);

// The first figure of Evaluate alone, without the work for the others.
v1::Figure EvaluateTotal(const v1::IndicatorDefinition& definition, const v1::Catalogue& catalogue,
                         const Basis& basis);

}  // namespace learncity::reporting
