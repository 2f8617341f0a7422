#include "services/learncity/report/report_html.h"

#include "gmock/gmock.h"
#include "platform/testing/text.h"

namespace learncity {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReportHtmlTest : public testing::Test {
 protected:
  std::string Html(bool is_synthetic = false) {
    return ReportHtml({.report = report,
                       .content = content,
                       .catalogue = catalogue,
                       .unit_names = {{"units/1", "Phường <Một>"}},
                       .is_synthetic = is_synthetic});
  }

  reporting::v1::Report report = FromText<reporting::v1::Report>(
      "name: 'reports/1' content_digest: '\\xab\\xcd' create_time { seconds: 1795316400 }"
      "heads { feed: 'enrollment' epoch: 1 position: 4711 turn: 12 seal: '\\x12\\x34' }");
  reporting::v1::ReportContent content = FromText<reporting::v1::ReportContent>(
      "display_name: 'Learning in Hanoi' place: 'VN-HN' as_of { year: 2026 month: 11 day: 22 }"
      "catalogue_digest: '\\x01' positions { feed: 'enrollment' epoch: 1 position: 4711 }"
      "evaluations { indicator: 'indicators/P' as_of { year: 2026 month: 10 day: 31 }"
      "  denominator_source: 'population VN-HN 2025: 8811473 (census)'"
      "  figures { numerator: 301 denominator: 8811473 value: 12.345 coverage: 1"
      "    status: OBSERVATION_STATUS_NORMAL }"
      "  figures { by_sex: true sex: SEX_FEMALE status: OBSERVATION_STATUS_MISSING"
      "    comment: 'the denominator is 0' } }");
  reporting::v1::Catalogue catalogue = FromText<reporting::v1::Catalogue>(
      "indicators { code: 'P' title_en: 'Percentage' title_vi: 'Tỷ lệ' unit_measure: 'PT' "
      "  denominator { series: 'population' } source: 'a book' }");
};

TEST_F(ReportHtmlTest, ShowsEachFigureWithWhatItIsMadeOf) {
  EXPECT_THAT(Html(),
              AllOf(HasSubstr("Tỷ lệ"), HasSubstr("Percentage"), HasSubstr("12.35 %"),
                    HasSubstr("<td class=n>301</td>"), HasSubstr("8\u202f811\u202f473"),
                    HasSubstr("a book"), HasSubstr("population VN-HN 2025: 8811473 (census)"),
                    HasSubstr("2026-10-31"), HasSubstr("the denominator is 0"),
                    HasSubstr("<td class=n>–</td>"), HasSubstr("Nữ")));
}

TEST_F(ReportHtmlTest, FoldsTheUnitsAwayBehindTheOthers) {
  EXPECT_THAT(Html(), Not(HasSubstr("<details>")));
  auto& evaluation = *content.mutable_evaluations(0);
  for (const char* unit : {"units/1", "units/2", ""}) {
    auto& figure = *evaluation.add_figures();
    figure.set_by_unit(true);
    figure.set_unit(unit);
    figure.set_numerator(77);
  }
  const std::string html = Html();
  EXPECT_THAT(html, AllOf(HasSubstr("By administrative unit</span> (3)</summary>"),
                          HasSubstr("<td>Phường &lt;Một&gt;</td>"), HasSubstr("<td>units/2</td>"),
                          HasSubstr("In no unit of the date")));
  EXPECT_LT(html.find("Nữ"), html.find("<details>"));
  EXPECT_GT(html.find("<td class=n>77</td>"), html.find("<details>"));
}

TEST_F(ReportHtmlTest, ShowsPositionsDigestsAndHeads) {
  EXPECT_THAT(Html(), AllOf(HasSubstr("reports/1"), HasSubstr("<code>abcd</code>"),
                            HasSubstr("<code>1234</code>"), HasSubstr("4\u202f711"),
                            HasSubstr("2026-11-22T03:00:00.000000Z")));
}

TEST_F(ReportHtmlTest, ShowsTextsWithTheFiguresThatBackThem) {
  *content.add_sections() = FromText<reporting::v1::ReportSection>(
      "title: 'Learning' text: 'First.\\n\\nSecond.' indicators: 'P'");
  const std::string html = Html();
  EXPECT_THAT(html, AllOf(HasSubstr("<h2>Learning</h2>\n<p>First.</p>\n<p>Second.</p>\n<table>"),
                          HasSubstr("<td>P</td><td>Tỷ lệ")));
  // Words first, then all figures.
  EXPECT_LT(html.find("Second."), html.find("Numerator"));
}

TEST_F(ReportHtmlTest, ShowsWhatWasEnteredWithItsEvidence) {
  EXPECT_THAT(Html(), Not(HasSubstr("Entered values")));
  *content.add_observations() = FromText<reporting::v1::Observation>(
      "name: 'observations/1' indicator: 'indicators/LR' value: 98.5 "
      "period_start { year: 2025 month: 1 day: 1 } period_end { year: 2026 month: 1 day: 1 }"
      "evidence { source: 'Survey, table 3' uri: 'learn.example/survey' digest: '\\x56\\x78'"
      "  method: 'a reading test' }");
  EXPECT_THAT(Html(), AllOf(HasSubstr("Entered values"), HasSubstr("Survey, table 3"),
                            HasSubstr("learn.example/survey"), HasSubstr("<code>5678</code>"),
                            HasSubstr("a reading test"), HasSubstr("98.5"),
                            HasSubstr("2025-01-01 – 2026-01-01"), HasSubstr("observations/1")));
}

TEST_F(ReportHtmlTest, SaysWhetherItMayChange) {
  EXPECT_THAT(Html(), HasSubstr("frozen</span> 2026-11-22T03:00:00"));
  report.mutable_freeze_time()->set_seconds(1795316460);
  EXPECT_THAT(Html(), HasSubstr("frozen</span> 2026-11-22T03:01:00"));
  report.set_state(reporting::v1::Report::STATE_DRAFT);
  EXPECT_THAT(Html(), AllOf(HasSubstr("draft, may change"), Not(HasSubstr("frozen</span>"))));
}

TEST_F(ReportHtmlTest, SaysThatDataIsSynthetic) {
  EXPECT_THAT(Html(true), HasSubstr("Synthetic data"));
  EXPECT_THAT(Html(false), Not(HasSubstr("Synthetic data")));
}

TEST_F(ReportHtmlTest, EscapesMarkupWhereverTextComesFromOutside) {
  const std::string markup = "<script>alert(\"x\" & 'y')</script>";
  report.set_name(markup);
  report.mutable_heads(0)->set_feed(markup);
  content.set_display_name(markup);
  content.set_place(markup);
  content.mutable_positions(0)->set_feed(markup);
  auto& evaluation = *content.mutable_evaluations(0);
  evaluation.set_denominator_source(markup);
  evaluation.mutable_figures(0)->set_comment(markup);
  auto& section = *content.add_sections();
  section.set_title(markup);
  section.set_text(markup);
  auto& observation = *content.add_observations();
  observation.set_name(markup);
  observation.set_indicator(markup);
  observation.mutable_evidence()->set_source(markup);
  observation.mutable_evidence()->set_uri(markup);
  observation.mutable_evidence()->set_method(markup);
  auto& definition = *catalogue.mutable_indicators(0);
  definition.set_title_vi(markup);
  definition.set_title_en(markup);
  definition.set_formula_en(markup);
  definition.set_source(markup);
  section.add_indicators("P");
  EXPECT_THAT(Html(), AllOf(Not(HasSubstr("<script")), Not(HasSubstr("'y'")),
                            HasSubstr("&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)")));
  // An indicator that the catalogue lacks is shown under its name.
  evaluation.set_indicator(markup);
  EXPECT_THAT(Html(), Not(HasSubstr("<script")));
}

TEST_F(ReportHtmlTest, NeedsNothingFromElsewhere) {
  EXPECT_THAT(Html(true), AllOf(Not(HasSubstr("http")), Not(HasSubstr("src=")),
                                Not(HasSubstr("url(")), Not(HasSubstr("<link"))));
}

}  // namespace
}  // namespace learncity
