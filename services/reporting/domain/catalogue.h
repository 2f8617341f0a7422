// The catalogue: which figures the city answers for, read from data/indicators/catalogue.txtpb.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "learncity/reporting/v1/catalogue.pb.h"

namespace learncity::reporting {

// Reads a Catalogue in protobuf text format. INVALID_ARGUMENT lists everything that is wrong, one
// "file:line: what" per line: what does not parse; or definitions without code, titles, numerator,
// unit, source or verification, with a code of another, with a measure, dimension or condition that
// do not go together, that divide by nothing, a parity of what is none or goes in a circle, or
// limits of an observed value that none can lie between.
absl::StatusOr<v1::Catalogue> ParseCatalogue(std::string_view text, const std::string& file);

// The definition of "indicators/{code}", or nullptr.
const v1::IndicatorDefinition* FindIndicator(const v1::Catalogue& catalogue,
                                             const std::string& name);

// "indicators/{code}".
std::string IndicatorName(const v1::IndicatorDefinition& definition);

}  // namespace learncity::reporting
