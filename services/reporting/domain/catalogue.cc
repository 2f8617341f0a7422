#include "services/reporting/domain/catalogue.h"

#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"

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

// One definition with the places of its fields.
class DefinitionCheck {
 public:
  DefinitionCheck(const IndicatorDefinition& definition, TextFormat::ParseInfoTree* tree,
                  int first_line, Complaints& complaints)
      : definition_(definition), tree_(tree), first_line_(first_line), complaints_(complaints) {}

  void Run(std::set<std::string>& codes) {
    CheckTexts(codes);
    if (!definition_.has_numerator()) Complain("numerator", "an indicator counts something");
    if (definition_.has_numerator()) CheckSelection("numerator", definition_.numerator());
    if (definition_.has_selection()) CheckSelection("selection", definition_.selection());
    CheckDivision();
    CheckSplits();
  }

 private:
  const google::protobuf::FieldDescriptor* Field(const std::string& name) const {
    return IndicatorDefinition::descriptor()->FindFieldByName(name);
  }

  // At the field's line, or the definition's where the field is missing.
  void Complain(const std::string& field, const std::string& what, int index = -1) {
    const auto at = tree_->GetLocation(Field(field), index);
    complaints_.Add(at.line < 0 ? first_line_ : at.line,
                    absl::StrCat(definition_.code().empty() ? "indicator" : definition_.code(),
                                 ": ", field, ": ", what));
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
    const bool about_persons = !selection.isced_levels().empty() || selection.birth_year_known() ||
                               selection.years_over_age_min() != 0;
    if (selection.years_over_age_min() < 0) Complain(field, "years_over_age_min is below 0");
    switch (selection.measure()) {
      case v1::MEASURE_PUPILS:
        if (!selection.center_kinds().empty()) Complain(field, "pupils have no center kind");
        return;
      case v1::MEASURE_FUNCTIONING_SPACES:
        if (about_persons) Complain(field, "spaces have no level, no age and no birth year");
        return;
      default:
        Complain(field, "is of no known measure");
    }
  }

  // Spaces have neither of the dimensions.
  static bool CountsSpaces(const Selection& selection) {
    return selection.measure() == v1::MEASURE_FUNCTIONING_SPACES;
  }

  void CheckDivision() {
    const std::string& unit = definition_.unit_measure();
    if (unit.empty()) {
      Complain("unit_measure", "is missing");
    } else if (unit != "PER" && unit != "PT" && unit != "NB") {
      Complain("unit_measure", "must be PER, PT or NB");
    }
    const bool divides = definition_.divisor_case() != IndicatorDefinition::DIVISOR_NOT_SET;
    if (definition_.factor() < 0) Complain("factor", "is below 0");
    if (!divides && definition_.factor() != 0 && definition_.factor() != 1) {
      Complain("factor", "needs a selection or a denominator to divide by");
    }
    if (!divides && unit == "PT") Complain("unit_measure", "a percentage needs a divisor");
    if (definition_.has_denominator() && definition_.denominator().series() != kPopulationSeries) {
      Complain("denominator",
               absl::StrCat("there is no series \"", definition_.denominator().series(),
                            "\", only \"", kPopulationSeries, "\""));
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
      } else if (CountsSpaces(definition_.numerator()) || CountsSpaces(definition_.selection())) {
        Complain("disaggregation", absl::StrCat("the measure has no ", name), i);
      } else if (definition_.has_denominator()) {
        Complain("disaggregation", absl::StrCat("the denominator has no ", name), i);
      }
    }
  }

  const IndicatorDefinition& definition_;
  TextFormat::ParseInfoTree* tree_;
  int first_line_;
  Complaints& complaints_;
};

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
  for (int i = 0; i < catalogue.indicators_size(); ++i) {
    DefinitionCheck(catalogue.indicators(i), places.GetTreeForNested(field, i),
                    places.GetLocation(field, i).line, complaints)
        .Run(codes);
  }
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
