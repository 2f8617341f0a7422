// One real path through everything: from a ward that is opened to a report that never changes.
#include <set>

#include "gtest/gtest.h"
#include "platform/ledger/seal.h"
#include "tests/scenarios/hanoi.h"

namespace learncity::scenarios {
namespace {

using namespace type::v1;

// Where she counts: enrolled, over-age in grade nine, in a functioning space, taking part,
// certified. Nobody is in primary school, nobody is recognised, and how the classes are held is not
// known.
const std::set<std::string> kSheIsIn = {"indicators/STU.PER", "indicators/OAEPG.2.GPV",
                                        "indicators/KF-5.1-a", "indicators/KF-4.3-a",
                                        "indicators/KF-9.3-a"};

TEST(WholePath, FromAWardToAReportThatNeverChanges) {
  Hanoi hanoi("2026-09-05");
  const auto ward = hanoi.Ward("00004", "Phường Ba Đình");
  const auto center = hanoi.VocationalAndContinuingCenter("Trung tâm GDNN-GDTX Ba Đình", ward);
  const auto community = hanoi.CommunityCenter("Trung tâm học tập cộng đồng Ba Đình", ward);
  const auto lan = hanoi.Registers({.name = "Nguyễn Thị Lan",
                                    .born = "1986-03-08",
                                    .sex = SEX_FEMALE,
                                    .national_id = "001186000001",
                                    .ward = ward});
  const auto grade_nine = hanoi.GradeClass(center, 9, /*seats=*/45, "2026-2027");
  const auto in_nine = hanoi.Enrolls(lan, grade_nine);
  hanoi.Enrolls(lan, hanoi.Course("May vá", community, /*seats=*/20,
                                  {.from = "2026-09-05", .to = "2026-09-30"}));
  hanoi.ItIs("2027-06-05");
  hanoi.Completes(in_nine);
  ASSERT_EQ(hanoi.CertificatesOf(in_nine).size(), 1u);

  const auto name = hanoi.FreezesReport("Thành phố học tập 2027", "2027-05-31");
  const auto frozen = hanoi.Reads(name);
  reporting::v1::ReportContent content;
  ASSERT_TRUE(content.ParseFromString(frozen.content()));
  EXPECT_EQ(content.display_name(), "Thành phố học tập 2027");
  EXPECT_EQ(content.place(), "VN-HN");
  ASSERT_EQ(content.evaluations_size(), hanoi.city().foundations().catalogue.indicators_size());
  for (const auto& evaluation : content.evaluations()) {
    const auto& total = evaluation.figures(0);
    EXPECT_EQ(total.numerator(), kSheIsIn.contains(evaluation.indicator()) ? 1 : 0)
        << evaluation.indicator();
  }
  EXPECT_EQ(frozen.content_digest(), ledger::Digest(frozen.content()));
  ASSERT_EQ(frozen.heads_size(), 4);

  // Much happens afterwards, even before the date of the report, and the process is started again.
  const auto minh = hanoi.Registers({.name = "Minh", .born = "1990-04-30", .sex = SEX_MALE});
  hanoi.ItIs("2027-06-20");
  hanoi.Enrolls(minh, hanoi.GradeClass(center, 10, /*seats=*/45, "2027-2028"));
  hanoi.city().Stop();
  hanoi.city().Start();
  EXPECT_EQ(hanoi.Reads(name).SerializeAsString(), frozen.SerializeAsString());

  // Proof: every ledger, every document, every cell, and the report computed again from the feeds.
  EXPECT_EQ(hanoi.Divergences(), 0u);
}

}  // namespace
}  // namespace learncity::scenarios
