#include "services/learncity/demo/figures_text.h"

#include <gtest/gtest.h>

#include "platform/testing/text.h"

namespace learncity::demo {
namespace {

using reporting::v1::Evaluation;
using reporting::v1::IndicatorDefinition;

IndicatorDefinition OverAge() {
  return FromText<IndicatorDefinition>(R"pb(
    code: "OAEPG.1"
    title_en: "Percentage of pupils over-age for grade, primary education"
    title_vi: "Tỷ lệ học sinh quá tuổi so với lớp đang học, cấp tiểu học"
    selection { measure: MEASURE_PUPILS }
    unit_measure: "PT"
    source: "The id stands in the label list."
    verification: VERIFICATION_NOT_VERIFIED
    formula_en: "100 × pupils with (start year of the school year − birth year) ≥ "
                "(grade + 5) + 2 / pupils whose birth year is known."
  )pb");
}

Evaluation OverAgeEvaluated() {
  return FromText<Evaluation>(R"pb(
    as_of { year: 2026 month: 11 day: 22 }
    figures {
      numerator: 12
      denominator: 1286
      value: 0.9331
      status: OBSERVATION_STATUS_NORMAL
      coverage: 0.979
    }
    figures {
      sex: SEX_FEMALE
      by_sex: true
      numerator: 5
      denominator: 600
      value: 0.8333
      status: OBSERVATION_STATUS_NORMAL
      coverage: 1
    }
    figures {
      by_sex: true
      status: OBSERVATION_STATUS_MISSING
      comment: "the denominator is 0"
      coverage: 1
    }
    positions { feed: "enrollment" epoch: 1 position: 4812 }
    positions { feed: "registry" epoch: 1 position: 702 }
    cells: 412
  )pb");
}

TEST(FiguresText, HeadsWithTheValueOfAllAndTheCommandThatExplainsIt) {
  EXPECT_EQ(HeadlineText(OverAge(), OverAgeEvaluated(), "./run report --explain OAEPG.1"),
            "  OAEPG.1  Percentage of pupils over-age for grade, primary education\n"
            "    0.93 %  computed, of 97.9 %\n"
            "    ./run report --explain OAEPG.1\n");
}

TEST(FiguresText, AlignsValuesAndShowsWhatIsMissing) {
  EXPECT_EQ(FiguresText(OverAge(), OverAgeEvaluated()),
            "OAEPG.1  Percentage of pupils over-age for grade, primary education\n"
            "         Tỷ lệ học sinh quá tuổi so với lớp đang học, cấp tiểu học\n"
            "  2026-11-22                 value  counted  divided by  status\n"
            "  all · tổng số             0.93 %       12       1,286  computed, of 97.9 %\n"
            "  female · nữ               0.83 %        5         600  computed\n"
            "  sex not known · không rõ       –        0           0  missing\n"
            "  sex not known · không rõ: the denominator is 0\n");
}

TEST(FiguresText, ShowsCountsWithoutDivisorAndSplitsByTwoWhenAsked) {
  const auto pupils = FromText<IndicatorDefinition>(
      R"pb(
        code: "STU.PER" title_en: "Learners" title_vi: "Người học" unit_measure: "PER"
      )pb");
  const auto evaluated = FromText<Evaluation>(R"pb(
    as_of { year: 2026 month: 11 day: 22 }
    figures { numerator: 1872 value: 1872 status: OBSERVATION_STATUS_NORMAL coverage: 1 }
    figures {
      isced_level: ISCED_LEVEL_1
      by_isced_level: true
      sex: SEX_MALE
      by_sex: true
      numerator: 154
      value: 154
      status: OBSERVATION_STATUS_ESTIMATED
      coverage: 1
    }
  )pb");
  EXPECT_EQ(FiguresText(pupils, evaluated),
            "STU.PER  Learners\n"
            "         Người học\n"
            "  2026-11-22     value  counted  status\n"
            "  all · tổng số  1,872    1,872  computed\n");
  EXPECT_EQ(FiguresText(pupils, evaluated, Splits::kAll),
            "STU.PER  Learners\n"
            "         Người học\n"
            "  2026-11-22                           value  counted  status\n"
            "  all · tổng số                        1,872    1,872  computed\n"
            "  primary (L1) · tiểu học, male · nam    154      154  estimated\n");
}

TEST(FiguresText, ShowsUnitsOnlyWhenAsked) {
  Evaluation evaluated = OverAgeEvaluated();
  evaluated.mutable_figures()->DeleteSubrange(1, 2);
  for (const char* unit : {"units/1", "units/2"}) {
    auto& figure = *evaluated.add_figures();
    figure.set_by_unit(true);
    figure.set_unit(unit);
    figure.set_coverage(1);
    figure.set_status(reporting::v1::OBSERVATION_STATUS_ESTIMATED);
    figure.set_comment("the population is an estimate");
  }
  const std::string begin =
      "OAEPG.1  Percentage of pupils over-age for grade, primary education\n"
      "         Tỷ lệ học sinh quá tuổi so với lớp đang học, cấp tiểu học\n";
  EXPECT_EQ(FiguresText(OverAge(), evaluated),
            begin +
                "  2026-11-22      value  counted  divided by  status\n"
                "  all · tổng số  0.93 %       12       1,286  computed, of 97.9 %\n"
                "  by unit: 2 figures, shown by `learncity report --by-unit`\n");
  const std::map<std::string, std::string> units = {{"units/1", "Phường Một"}};
  EXPECT_EQ(FiguresText(OverAge(), evaluated, Splits::kOneDimension, &units),
            begin +
                "  2026-11-22      value  counted  divided by  status\n"
                "  all · tổng số  0.93 %       12       1,286  computed, of 97.9 %\n"
                "  Phường Một     0.00 %        0           0  estimated\n"
                "  units/2        0.00 %        0           0  estimated\n"
                "  units: the population is an estimate\n");
}

TEST(FiguresText, ExplainsWhereAFigureComesFrom) {
  EXPECT_EQ(ExplanationText(OverAge(), OverAgeEvaluated()),
            "How OAEPG.1 was computed\n"
            "  formula        100 × pupils with (start year of the school year − birth year) ≥ "
            "(grade + 5) + 2 /\n"
            "                 pupils whose birth year is known.\n"
            "  as of          2026-11-22\n"
            "  feeds          enrollment up to position 4,812 of epoch 1\n"
            "                 registry up to position 702 of epoch 1\n"
            "  cells read     412\n"
            "  divided by     counted from cells too, as the formula says\n"
            "  definition     The id stands in the label list.\n"
            "                 Not verified: from memory or derived.\n");
}

TEST(FiguresText, NamesTheNumberFromOutside) {
  Evaluation evaluated = OverAgeEvaluated();
  evaluated.set_denominator_source("population VN-HN 2025: 8811473 (sum of the dossiers)");
  EXPECT_NE(ExplanationText(OverAge(), evaluated)
                .find("  divided by     population VN-HN 2025: 8811473 (sum of the dossiers)\n"),
            std::string::npos);
}

TEST(FiguresText, ShowsWhatWasEnteredByHandAsSuch) {
  const auto literacy = FromText<IndicatorDefinition>(
      "code: 'LR' title_en: 'Literacy' title_vi: 'Biết chữ' unit_measure: 'PT'"
      "observed { max: 100 }");
  const auto evaluated = FromText<Evaluation>(
      "as_of { year: 2026 month: 11 day: 22 } figures { value: 98.5 coverage: 1"
      "  status: OBSERVATION_STATUS_REPORTED comment: 'entered for 2025: a survey' }");
  EXPECT_EQ(FiguresText(literacy, evaluated),
            "LR  Literacy\n"
            "    Biết chữ\n"
            "  2026-11-22       value  counted  status\n"
            "  all · tổng số  98.50 %        –  entered\n"
            "  all · tổng số: entered for 2025: a survey\n");
  EXPECT_NE(ExplanationText(literacy, evaluated).find("nothing: it is entered by hand"),
            std::string::npos);
}

}  // namespace
}  // namespace learncity::demo
