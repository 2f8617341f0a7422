// The progress report of a member city: words, figures that back them, and what nobody can count.
#include "gtest/gtest.h"
#include "platform/ledger/seal.h"
#include "platform/testing/text.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {
namespace {

namespace rep = reporting::v1;

const auto kFirst = FromText<rep::ReportSection>("title: 'Biết chữ' text: 'Đang viết.'");
const auto kSecond = FromText<rep::ReportSection>(
    "title: 'Biết chữ' text: 'Hầu hết người lớn biết chữ.' indicators: 'LR.AG15T99'");

rep::ReportContent ContentOf(const rep::Report& report) {
  rep::ReportContent content;
  EXPECT_TRUE(content.ParseFromString(report.content()));
  EXPECT_EQ(report.content_digest(), ledger::Digest(report.content()));
  return content;
}

rep::Figure LiteracyIn(const rep::ReportContent& content) {
  for (const auto& evaluation : content.evaluations()) {
    if (evaluation.indicator() == "indicators/LR.AG15T99") return evaluation.figures(0);
  }
  ADD_FAILURE() << "no literacy rate";
  return {};
}

TEST(ProgressReport, GrowsAsADraftAndEndsFinalWithItsEvidence) {
  Hanoi hanoi("2026-11-20");
  EXPECT_EQ(hanoi.FigureOf("LR.AG15T99", "2026-11-20").status(), rep::OBSERVATION_STATUS_MISSING);

  // The draft is for a day to come, and says what it would say today.
  const auto report = hanoi.DraftsReport("Báo cáo hai năm", "2026-11-30", kFirst);
  EXPECT_EQ(hanoi.Reads(report).state(), rep::Report::STATE_DRAFT);
  EXPECT_EQ(LiteracyIn(ContentOf(hanoi.Reads(report))).status(), rep::OBSERVATION_STATUS_MISSING);
  const auto wrong = hanoi.Observes("LR.AG15T99", 2025, 89.5, "Điều tra 2025, bảng 3");
  EXPECT_EQ(LiteracyIn(ContentOf(hanoi.Reads(report))).value(), 89.5);
  hanoi.TakesObservationBack(wrong);
  EXPECT_EQ(LiteracyIn(ContentOf(hanoi.Reads(report))).status(), rep::OBSERVATION_STATUS_MISSING);
  const auto right = hanoi.Observes("LR.AG15T99", 2025, 98.5, "Điều tra 2025, bảng 3");
  EXPECT_EQ(hanoi.TriesToFinalize(report), "AS_OF_IN_FUTURE");
  hanoi.Revises(report, "Báo cáo hai năm 2024-2026", "2026-11-20", kSecond);
  hanoi.Finalizes(report);

  const auto final_report = hanoi.Reads(report);
  EXPECT_EQ(final_report.state(), rep::Report::STATE_FINAL);
  EXPECT_EQ(final_report.heads_size(), 4);
  const auto content = ContentOf(final_report);
  EXPECT_EQ(content.display_name(), "Báo cáo hai năm 2024-2026");
  ASSERT_EQ(content.sections_size(), 1);
  EXPECT_EQ(content.sections(0).text(), "Hầu hết người lớn biết chữ.");
  EXPECT_EQ(LiteracyIn(content).status(), rep::OBSERVATION_STATUS_REPORTED);
  EXPECT_EQ(LiteracyIn(content).observation(), right);
  ASSERT_EQ(content.observations_size(), 1);
  EXPECT_EQ(content.observations(0).evidence().source(), "Điều tra 2025, bảng 3");

  // Neither what is taken back nor what is entered afterwards changes it; the proof still holds.
  EXPECT_EQ(hanoi.TriesToFinalize(report), "REPORT_FINAL");
  hanoi.TakesObservationBack(right);
  hanoi.Observes("LR.AG15T99", 2025, 97, "Điều tra 2025, đính chính");
  EXPECT_EQ(hanoi.Reads(report).SerializeAsString(), final_report.SerializeAsString());
  EXPECT_EQ(hanoi.FigureOf("LR.AG15T99", "2026-11-20").value(), 97);
  hanoi.DraftsReport("Báo cáo sau", "2028-11-30", kFirst);
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

}  // namespace
}  // namespace learncity::scenarios
