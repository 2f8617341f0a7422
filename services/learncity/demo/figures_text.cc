#include "services/learncity/demo/figures_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <vector>

#include "platform/calendar/calendar.h"
#include "platform/rpc/formats.h"
#include "platform/runtime/concat.h"
#include "services/learncity/demo/progress.h"

namespace learncity::demo {
namespace {

using namespace type::v1;
using reporting::v1::Evaluation;
using reporting::v1::Figure;
using reporting::v1::IndicatorDefinition;
using rpc::CountCharacters;

constexpr size_t kColumns = 100;
constexpr size_t kLabelColumns = 15;

std::string LevelText(IscedLevel level) {
  switch (level) {
    case ISCED_LEVEL_01:
      return "nursery (L01) · nhà trẻ";
    case ISCED_LEVEL_02:
      return "pre-primary (L02) · mẫu giáo";
    case ISCED_LEVEL_1:
      return "primary (L1) · tiểu học";
    case ISCED_LEVEL_2:
      return "lower secondary (L2) · THCS";
    case ISCED_LEVEL_3:
      return "upper secondary (L3) · THPT";
    default:
      return IscedLevel_Name(level);
  }
}

std::string SexText(Sex sex) {
  if (sex == SEX_FEMALE) return "female · nữ";
  if (sex == SEX_MALE) return "male · nam";
  return "sex not known · không rõ";
}

// The name of an enum's value without what all of them begin with, as "primary school".
std::string Spoken(std::string name, std::string_view prefix) {
  name.erase(0, prefix.size());
  for (char& letter : name) {
    letter =
        letter == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return name;
}

std::string SplitText(const Figure& figure) {
  std::vector<std::string> parts;
  if (figure.by_isced_level()) parts.push_back(LevelText(figure.isced_level()));
  if (figure.by_sex()) parts.push_back(SexText(figure.sex()));
  if (figure.by_center_kind()) {
    parts.push_back(Spoken(CenterKind_Name(figure.center_kind()), "CENTER_KIND_"));
  }
  if (figure.by_credential_kind()) {
    parts.push_back(Spoken(CredentialKind_Name(figure.credential_kind()), "CREDENTIAL_KIND_"));
  }
  return parts.empty() ? "all · tổng số" : Join(parts, ", ");
}

std::string Decimals(double value, int decimals) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string ValueText(const Figure& figure, const std::string& unit) {
  if (figure.status() == reporting::v1::OBSERVATION_STATUS_MISSING) return "–";
  if (unit == "PT") return Concat(Decimals(figure.value(), 2), " %");
  if (unit == "PER") return WithCommas(std::llround(figure.value()));
  return Decimals(figure.value(), 2);
}

std::string StatusWord(reporting::v1::ObservationStatus status) {
  switch (status) {
    case reporting::v1::OBSERVATION_STATUS_NORMAL:
      return "computed";
    case reporting::v1::OBSERVATION_STATUS_ESTIMATED:
      return "estimated";
    case reporting::v1::OBSERVATION_STATUS_MISSING:
      return "missing";
    case reporting::v1::OBSERVATION_STATUS_REPORTED:
      return "entered";
    default:
      return "not stated";
  }
}

std::string StatusText(const Figure& figure) {
  std::string text = StatusWord(figure.status());
  if (figure.coverage() < 1) text += Concat(", of ", Decimals(100 * figure.coverage(), 1), " %");
  return text;
}

using Row = std::vector<std::string>;

// The first and the last column stand left, the others right.
std::string TableText(const std::vector<Row>& rows) {
  std::vector<size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], CountCharacters(row[i]));
    }
  }
  std::string text;
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - CountCharacters(row[i]), ' ');
      const bool is_last = i + 1 == row.size();
      text += i == 0 ? Concat("  ", row[i], space) : Concat("  ", is_last ? "" : space, row[i]);
    }
    text += '\n';
  }
  return text;
}

// "  label          text", broken between words.
std::string ParagraphText(std::string_view label, std::string_view text) {
  std::string lines = Concat("  ", label, std::string(kLabelColumns - label.size(), ' '));
  const std::string indent(2 + kLabelColumns, ' ');
  size_t column = indent.size();
  bool first = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const size_t width = CountCharacters(word);
    if (!first && column + 1 + width > kColumns) {
      lines += Concat("\n", indent);
      column = indent.size();
    } else if (!first) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += width;
    first = false;
  }
  return lines + "\n";
}

bool IsShown(const Figure& figure, Splits splits) {
  return splits == Splits::kAll || !figure.by_isced_level() || !figure.by_sex();
}

std::string UnitText(const Figure& figure, const std::map<std::string, std::string>& units) {
  if (figure.unit().empty()) return "in no unit · không thuộc đơn vị nào";
  const auto found = units.find(figure.unit());
  return found == units.end() ? figure.unit() : found->second;
}

// What units share is said once.
void AddComment(const Figure& figure, const std::string& of, std::vector<std::string>& comments) {
  if (figure.comment().empty()) return;
  std::string comment = Concat("  ", figure.by_unit() ? "units" : of, ": ", figure.comment(), "\n");
  if (figure.by_unit() && std::find(comments.begin(), comments.end(), comment) != comments.end()) {
    return;
  }
  comments.push_back(std::move(comment));
}

std::string DivisorText(const IndicatorDefinition& definition, const Evaluation& evaluation) {
  if (!evaluation.denominator_source().empty()) return evaluation.denominator_source();
  if (definition.has_denominator()) return "no number from outside is known for this date";
  if (definition.has_selection()) return "counted from cells too, as the formula says";
  if (definition.has_observed()) return "nothing: it is entered by hand";
  return "nothing: it is a count";
}

bool IsWhole(const Figure& figure) {
  return !figure.by_isced_level() && !figure.by_sex() && !figure.by_center_kind() &&
         !figure.by_credential_kind() && !figure.by_unit();
}

}  // namespace

std::string HeadlineText(const IndicatorDefinition& definition, const Evaluation& evaluation,
                         const std::string& command) {
  std::string text = Concat("  ", definition.code(), "  ", definition.title_en(), "\n");
  const auto& figures = evaluation.figures();
  const auto whole = std::find_if(figures.begin(), figures.end(), IsWhole);
  if (whole != figures.end()) {
    text += Concat("    ", ValueText(*whole, definition.unit_measure()), "  ", StatusText(*whole),
                   "\n");
  }
  return text + Concat("    ", command, "\n");
}

std::string FiguresText(const IndicatorDefinition& definition, const Evaluation& evaluation,
                        Splits splits, const std::map<std::string, std::string>* units) {
  const bool is_ratio = definition.divisor_case() != IndicatorDefinition::DIVISOR_NOT_SET;
  const std::string indent(CountCharacters(definition.code()) + 2, ' ');
  std::string text = Concat(definition.code(), "  ", definition.title_en(), "\n", indent,
                            definition.title_vi(), "\n");
  std::vector<Row> rows;
  rows.push_back({FormatDay(DayOf(evaluation.as_of())), "value", "counted"});
  if (is_ratio) rows.back().push_back("divided by");
  rows.back().push_back("status");
  std::vector<std::string> comments;
  int units_left_out = 0;
  for (const Figure& figure : evaluation.figures()) {
    if (figure.by_unit() && units == nullptr) ++units_left_out;
    if (!IsShown(figure, splits) || (figure.by_unit() && units == nullptr)) continue;
    Row row = {figure.by_unit() ? UnitText(figure, *units) : SplitText(figure),
               ValueText(figure, definition.unit_measure()),
               definition.has_observed() ? "–" : WithCommas(figure.numerator())};
    if (is_ratio) row.push_back(WithCommas(figure.denominator()));
    row.push_back(StatusText(figure));
    AddComment(figure, row.front(), comments);
    rows.push_back(std::move(row));
  }
  text += TableText(rows);
  for (const std::string& comment : comments) text += comment;
  if (units_left_out > 0) {
    text +=
        Concat("  by unit: ", units_left_out, " figures, shown by `learncity report --by-unit`\n");
  }
  return text;
}

std::string ExplanationText(const IndicatorDefinition& definition, const Evaluation& evaluation) {
  std::string text = Concat("How ", definition.code(), " was computed\n");
  text += ParagraphText("formula", definition.formula_en());
  text += ParagraphText("as of", FormatDay(DayOf(evaluation.as_of())));
  std::string_view label = "feeds";
  for (const auto& position : evaluation.positions()) {
    text += ParagraphText(
        label, Concat(position.feed(), " up to position ", WithCommas(position.position()),
                      " of epoch ", position.epoch()));
    label = "";
  }
  text += ParagraphText("cells read", WithCommas(evaluation.cells()));
  text += ParagraphText("divided by", DivisorText(definition, evaluation));
  text += ParagraphText("definition", definition.source());
  text += ParagraphText("", definition.verification() == reporting::v1::VERIFICATION_SOURCED
                                ? "The text of the source was read."
                                : "Not verified: from memory or derived.");
  return text;
}

}  // namespace learncity::demo
