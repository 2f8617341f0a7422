#include "services/reporting/domain/catalogue.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "learncity/reporting/v1/facts.pb.h"
#include "services/reporting/domain/measure.h"
#include "services/reporting/domain/references.h"
#include "services/reporting/domain/splits.h"

namespace learncity::reporting {
namespace {

using google::protobuf::TextFormat;
using v1::IndicatorDefinition;
using v1::Selection;

// What is wrong with a file, each with its line.
class Complaints : public google::protobuf::io::ErrorCollector {
 public:
  explicit Complaints(const std::string& file) : file_(file) {}

  // Lines count from 0 here, as the parser counts them.
  void AddError(int line, int column, const std::string& what) override { Add(line, what); }
  void Add(int line, const std::string& what) {
    lines_.push_back(absl::StrCat(file_, ":", line + 1, ": ", what));
  }

  absl::Status status() const {
    if (lines_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrJoin(lines_, "\n"));
  }

 private:
  std::string file_;
  std::vector<std::string> lines_;
};

// Conditions of a Selection, by number, and the fields of CellKey that they ask about.
const std::map<int, int> kDimensionOfCondition = {
    {Selection::kIscedLevelsFieldNumber, v1::CellKey::kIscedLevelFieldNumber},
    {Selection::kYearsOverAgeMinFieldNumber, v1::CellKey::kGradeFieldNumber},
    {Selection::kBirthYearKnownFieldNumber, v1::CellKey::kBirthYearFieldNumber},
    {Selection::kCenterKindsFieldNumber, v1::CellKey::kCenterKindFieldNumber},
    {Selection::kAgeMinFieldNumber, v1::CellKey::kBirthYearFieldNumber},
    {Selection::kAgeMaxFieldNumber, v1::CellKey::kBirthYearFieldNumber},
    {Selection::kOwnershipsFieldNumber, v1::CellKey::kOwnershipFieldNumber},
    {Selection::kStandardLevelMinFieldNumber, v1::CellKey::kStandardLevelFieldNumber},
    {Selection::kHasDisabilityFieldNumber, v1::CellKey::kHasDisabilityFieldNumber},
    {Selection::kModesFieldNumber, v1::CellKey::kModeFieldNumber},
    {Selection::kCredentialKindsFieldNumber, v1::CellKey::kCredentialKindFieldNumber},
    {Selection::kRecognitionsFieldNumber, v1::CellKey::kRecognitionFieldNumber},
    {Selection::kIsInternationalFieldNumber, v1::CellKey::kIsInternationalFieldNumber},
};

// One definition with the places of its fields.
class DefinitionCheck {
 public:
  DefinitionCheck(const IndicatorDefinition& definition, TextFormat::ParseInfoTree* tree,
                  int first_line, Complaints& complaints)
      : definition_(definition), tree_(tree), first_line_(first_line), complaints_(complaints) {}

  void Run(std::set<std::string>& codes) {
    CheckTexts(codes);
    CheckUnit();
    if (definition_.has_parity()) return CheckParity();
    if (definition_.has_observed()) return CheckObserved();
    if (!definition_.has_numerator()) return Complain("numerator", "an indicator counts something");
    CheckSelection("numerator", definition_.numerator());
    if (definition_.has_selection()) CheckSelection("selection", definition_.selection());
    CheckDivision();
    CheckSplits();
  }

  // At the field's line, or the definition's where the field is missing.
  void Complain(const std::string& field, const std::string& what, int index = -1) {
    const auto at = tree_->GetLocation(Field(field), index);
    complaints_.Add(at.line < 0 ? first_line_ : at.line,
                    absl::StrCat(definition_.code().empty() ? "indicator" : definition_.code(),
                                 ": ", field, ": ", what));
  }

 private:
  const google::protobuf::FieldDescriptor* Field(const std::string& name) const {
    return IndicatorDefinition::descriptor()->FindFieldByName(name);
  }

  void CheckTexts(std::set<std::string>& codes) {
    constexpr std::string_view kCodeCharacters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const std::string& code = definition_.code();
    if (code.empty() || code.find_first_not_of(kCodeCharacters) != std::string::npos) {
      Complain("code", "must be letters, digits, dots, hyphens and low lines");
    } else if (!codes.insert(code).second) {
      Complain("code", "is the code of an indicator before");
    }
    if (definition_.title_en().empty()) Complain("title_en", "is missing");
    if (definition_.title_vi().empty()) Complain("title_vi", "is missing");
    if (definition_.source().empty()) Complain("source", "is missing: say where it comes from");
    if (definition_.verification() == v1::VERIFICATION_UNSPECIFIED) {
      Complain("verification", "is missing: say how sure the source is");
    }
  }

  void CheckSelection(const std::string& field, const Selection& selection) {
    if (!IsMeasure(selection.measure())) return Complain(field, "is of no known measure");
    if (selection.years_over_age_min() < 0) Complain(field, "years_over_age_min is below 0");
    if (selection.age_min() < 0) Complain(field, "age_min is below 0");
    if (selection.age_max() != 0 && selection.age_max() < selection.age_min()) {
      Complain(field, "age_max is below age_min");
    }
    std::vector<const google::protobuf::FieldDescriptor*> asked;
    selection.GetReflection()->ListFields(selection, &asked);
    for (const auto* condition : asked) {
      const auto found = kDimensionOfCondition.find(condition->number());
      if (found == kDimensionOfCondition.end()) continue;
      if (HasDimension(selection.measure(), found->second)) continue;
      Complain(field,
               absl::StrCat(v1::Measure_Name(selection.measure()), " has no ",
                            v1::CellKey::descriptor()->FindFieldByNumber(found->second)->name(),
                            ", which ", condition->name(), " asks for"));
    }
  }

  static bool IsMeasure(v1::Measure measure) {
    return measure != v1::MEASURE_UNSPECIFIED && v1::Measure_IsValid(measure);
  }

  void CheckUnit() {
    const std::string& unit = definition_.unit_measure();
    if (unit.empty()) {
      Complain("unit_measure", "is missing");
    } else if (unit != "PER" && unit != "PT" && unit != "NB" && unit != "GPIA") {
      Complain("unit_measure", "must be PER, PT, NB or GPIA");
    }
  }

  void CheckDivision() {
    const bool divides = definition_.divisor_case() != IndicatorDefinition::DIVISOR_NOT_SET;
    if (definition_.factor() < 0) Complain("factor", "is below 0");
    if (!divides && definition_.factor() != 0 && definition_.factor() != 1) {
      Complain("factor", "needs a selection or a denominator to divide by");
    }
    if (!divides && definition_.unit_measure() == "PT") {
      Complain("unit_measure", "a percentage needs a divisor");
    }
    if (definition_.unit_measure() == "GPIA") {
      Complain("unit_measure", "a parity index needs a parity");
    }
    if (definition_.has_denominator() && definition_.denominator().series().empty()) {
      Complain("denominator", "names no series");
    }
  }

  void CheckSplits() {
    std::set<int> seen;
    for (int i = 0; i < definition_.disaggregation_size(); ++i) {
      const auto dimension = definition_.disaggregation(i);
      const std::string& name = v1::Dimension_Name(dimension);
      if (dimension == v1::DIMENSION_UNSPECIFIED) {
        Complain("disaggregation", "is by no dimension", i);
      } else if (!seen.insert(dimension).second) {
        Complain("disaggregation", absl::StrCat(name, " stands twice"), i);
      } else if (!Splits(definition_.numerator(), dimension) ||
                 (definition_.has_selection() && !Splits(definition_.selection(), dimension))) {
        Complain("disaggregation", absl::StrCat("the measure has no ", name), i);
      } else if (definition_.has_denominator() && IsOfPersons(dimension)) {
        Complain("disaggregation", absl::StrCat("the denominator has no ", name), i);
      } else if (dimension == v1::DIMENSION_UNIT && definition_.has_denominator() &&
                 !IsOfUnits(definition_.denominator())) {
        Complain("disaggregation", "units count no such denominator", i);
      }
    }
  }

  // What would split a number of inhabitants too.
  static bool IsOfPersons(v1::Dimension dimension) {
    return dimension == v1::DIMENSION_SEX || dimension == v1::DIMENSION_ISCED_LEVEL;
  }

  // Counts of units have no ages.
  static bool IsOfUnits(const v1::Denominator& denominator) {
    return IsCountedOfUnits(denominator.series()) && denominator.age_min() == 0 &&
           denominator.age_max() == 0;
  }

  static bool Splits(const Selection& selection, v1::Dimension dimension) {
    return !IsMeasure(selection.measure()) ||
           HasDimension(selection.measure(), CellKeyFieldOf(dimension));
  }

  void CheckParity() {
    if (definition_.has_observed()) Complain("observed", "stands in place of a parity");
    if (definition_.has_numerator() ||
        definition_.divisor_case() != IndicatorDefinition::DIVISOR_NOT_SET) {
      Complain("parity", "stands in place of a numerator and a divisor");
    }
    if (definition_.unit_measure() != "GPIA") Complain("unit_measure", "a parity index is GPIA");
    if (!definition_.disaggregation().empty()) {
      Complain("disaggregation", "a parity index is not split", 0);
    }
  }

  // Nothing is counted, so there is nothing to divide, to compare or to split.
  void CheckObserved() {
    if (definition_.has_numerator() ||
        definition_.divisor_case() != IndicatorDefinition::DIVISOR_NOT_SET) {
      Complain("observed", "stands in place of a numerator and a divisor");
    }
    if (definition_.factor() != 0) Complain("factor", "multiplies a quotient, and there is none");
    if (!definition_.disaggregation().empty()) {
      Complain("disaggregation", "an observed indicator is not split", 0);
    }
    const v1::Observed& observed = definition_.observed();
    // False of what is no number, too.
    if (!(observed.min() < observed.max())) Complain("observed", "min must be below max");
    if (definition_.unit_measure() == "PT" && (observed.min() < 0 || observed.max() > 100)) {
      Complain("observed", "a percentage lies from 0 to 100");
    }
  }

  const IndicatorDefinition& definition_;
  TextFormat::ParseInfoTree* tree_;
  int first_line_;
  Complaints& complaints_;
};

// Every indicator that a parity is made of exists and is itself no parity: so none goes in a
// circle.
void CheckParities(const v1::Catalogue& catalogue, std::vector<DefinitionCheck>& checks) {
  for (int i = 0; i < catalogue.indicators_size(); ++i) {
    const IndicatorDefinition& definition = catalogue.indicators(i);
    if (!definition.has_parity()) continue;
    for (const std::string& code : {definition.parity().group(), definition.parity().others()}) {
      const auto* part = FindIndicator(catalogue, absl::StrCat("indicators/", code));
      DefinitionCheck& check = checks[static_cast<size_t>(i)];
      if (part == nullptr) {
        check.Complain("parity", absl::StrCat("there is no indicator \"", code, "\""));
      } else if (part->has_parity()) {
        check.Complain("parity",
                       absl::StrCat(code, " is a parity itself, which may go in a circle"));
      }
    }
  }
}

}  // namespace

absl::StatusOr<v1::Catalogue> ParseCatalogue(std::string_view text, const std::string& file) {
  Complaints complaints(file);
  TextFormat::ParseInfoTree places;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&complaints);
  parser.WriteLocationsTo(&places);
  v1::Catalogue catalogue;
  if (!parser.ParseFromString(std::string(text), &catalogue)) return complaints.status();
  if (catalogue.indicators().empty()) complaints.Add(0, "the catalogue has no indicators");
  const auto* field =
      v1::Catalogue::descriptor()->FindFieldByNumber(v1::Catalogue::kIndicatorsFieldNumber);
  std::set<std::string> codes;
  std::vector<DefinitionCheck> checks;
  for (int i = 0; i < catalogue.indicators_size(); ++i) {
    checks.emplace_back(catalogue.indicators(i), places.GetTreeForNested(field, i),
                        places.GetLocation(field, i).line, complaints);
    checks.back().Run(codes);
  }
  CheckParities(catalogue, checks);
  if (auto status = complaints.status(); !status.ok()) return status;
  return catalogue;
}

const v1::IndicatorDefinition* FindIndicator(const v1::Catalogue& catalogue,
                                             const std::string& name) {
  for (const IndicatorDefinition& definition : catalogue.indicators()) {
    if (IndicatorName(definition) == name) return &definition;
  }
  return nullptr;
}

std::string IndicatorName(const IndicatorDefinition& definition) {
  return absl::StrCat("indicators/", definition.code());
}

}  // namespace learncity::reporting
