#include "services/reporting/domain/report.h"

#include "gmock/gmock.h"
#include "platform/testing/scenario.h"
#include "services/reporting/tables.h"

namespace learncity::reporting {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kTitleAndDate =
    "display_name: 'Learning in Hanoi' as_of { year: 2026 month: 11 day: 22 } ";
const std::string kSection =
    "sections { title: 'Literacy' text: 'Everybody reads.' indicators: 'LR' } ";
const std::string kInput =
    "content: 'bytes' content_digest: 'digest' heads { feed: 'reporting' position: 7 } ";
const std::string kNow = "{ seconds: 1795316400 } ";

class FreezeReport : public testing::Test {
 protected:
  Scenario s{ReportingSchema()};
  v1::FreezeReportInput input =
      FromText<v1::FreezeReportInput>("request { " + kTitleAndDate + " }" + kInput);
};

TEST_F(FreezeReport, KeepsTheBytesThatWereComputed) {
  s.At("2026-11-22T03:00:00Z");
  s.When<FreezeCase>(input).Then(
      {{s.New("reports"),
        FromText<v1::ReportEvent>("frozen { report { name: '" + s.New("reports") + "'" +
                                  kTitleAndDate + kInput + "state: STATE_FINAL create_time " +
                                  kNow + "freeze_time " + kNow + "} }")}});
  EXPECT_EQ(s.Get<v1::Report>(s.New("reports")).content(), "bytes");
  s.ExpectReplays();
}

TEST_F(FreezeReport, IsRefusedAsOfADayAfterTheCitysToday) {
  // In Hanoi the 22nd begins at 17:00 UTC on the 21st.
  s.At("2026-11-21T16:59:59Z");
  s.When<FreezeCase>(input).ThenRefused(v1::AS_OF_IN_FUTURE);
  s.At("2026-11-21T17:00:00Z");
  EXPECT_FALSE(s.When<FreezeCase>(input).refused());
}

class DraftedReport : public testing::Test {
 protected:
  // On the 20th, for the 22nd.
  void SetUp() override {
    s.At("2026-11-20T03:00:00Z");
    ASSERT_FALSE(
        s.When<DraftCase>(FromText<v1::DraftReportRequest>(kTitleAndDate + kSection)).refused());
    name = s.New("reports");
  }
  Outcome Revises(const std::string& text) {
    auto request = FromText<v1::ReviseReportRequest>(text);
    request.set_name(name);
    return s.When<ReportCase>(request);
  }
  // With a content of the title, date and texts.
  Outcome Finalizes(const std::string& text) {
    v1::FinalizeReportInput input;
    input.set_name(name);
    input.set_content(FromText<v1::ReportContent>(text).SerializeAsString());
    input.set_content_digest("digest");
    return s.When<ReportCase>(input);
  }
  const v1::Report& report() { return s.Get<v1::Report>(name); }

  Scenario s{ReportingSchema()};
  std::string name;
};

TEST_F(DraftedReport, MayBeForADayToCome) {
  EXPECT_EQ(report().state(), v1::Report::STATE_DRAFT);
  EXPECT_EQ(report().as_of().day(), 22);
  EXPECT_EQ(report().sections(0).title(), "Literacy");
  EXPECT_EQ(report().content(), "");
  EXPECT_FALSE(report().has_freeze_time());
}

TEST_F(DraftedReport, ChangesAsItIsRevised) {
  const std::string revised = "display_name: 'Another' as_of { year: 2026 month: 12 day: 1 } ";
  Revises(revised).Then({{name, FromText<v1::ReportEvent>("revised { " + revised + " }")}});
  EXPECT_EQ(report().display_name(), "Another");
  EXPECT_EQ(report().as_of().day(), 1);
  EXPECT_EQ(report().sections_size(), 0);
  EXPECT_TRUE(IsDraft(report()));
  s.ExpectReplays();
}

TEST_F(DraftedReport, BecomesFinalWithWhatWasComputed) {
  const auto drafted = report();
  s.At("2026-11-22T03:00:00Z");
  ASSERT_FALSE(Finalizes(kTitleAndDate + kSection).refused());
  EXPECT_EQ(report().state(), v1::Report::STATE_FINAL);
  EXPECT_EQ(report().content_digest(), "digest");
  EXPECT_EQ(report().sections(0).text(), "Everybody reads.");
  EXPECT_EQ(report().create_time().seconds(), drafted.create_time().seconds());
  EXPECT_EQ(report().freeze_time().seconds(), 1795316400);
  s.ExpectReplays();
}

TEST_F(DraftedReport, NeverChangesOnceItIsFinal) {
  s.At("2026-11-22T03:00:00Z");
  ASSERT_FALSE(Finalizes(kTitleAndDate + kSection).refused());
  Revises(kTitleAndDate).ThenRefused(v1::REPORT_FINAL);
  Finalizes(kTitleAndDate + kSection).ThenRefused(v1::REPORT_FINAL);
}

TEST_F(DraftedReport, DoesNotBecomeFinalBeforeItsDay) {
  Finalizes(kTitleAndDate + kSection).ThenRefused(v1::AS_OF_IN_FUTURE);
}

// Between the computing and the turn, somebody else revises.
TEST_F(DraftedReport, DoesNotBecomeFinalWithTheContentOfAnotherVersion) {
  s.At("2026-11-22T03:00:00Z");
  for (const std::string& other :
       {"display_name: 'Other' as_of { year: 2026 month: 11 day: 22 } " + kSection,
        "display_name: 'Learning in Hanoi' as_of { year: 2026 month: 11 day: 21 } " + kSection,
        kTitleAndDate, kTitleAndDate + kSection + kSection,
        kTitleAndDate + "sections { title: 'Literacy' }", std::string()}) {
    EXPECT_TRUE(Finalizes(other).refused()) << other;
  }
  EXPECT_TRUE(IsDraft(report()));
}

TEST(Report, OfAReleaseWithoutDraftsIsFinal) {
  Scenario s(ReportingSchema());
  const std::string name = "reports/0198c0de-0000-7000-8000-000000000000";
  s.Given(name, FromText<v1::ReportEvent>("frozen { report { name: '" + name + "' } }"));
  s.At("2026-11-22T03:00:00Z");
  v1::ReviseReportRequest request;
  request.set_name(name);
  s.When<ReportCase>(request).ThenRefused(v1::REPORT_FINAL);
}

TEST(ReportSections, AreRefusedWithAllCodesThatTheCatalogueLacks) {
  const auto catalogue = FromText<v1::Catalogue>("indicators { code: 'LR' }");
  const auto refusal = [&](const std::string& sections) {
    return RefusalByCatalogue(catalogue, FromText<v1::Report>(sections).sections());
  };
  EXPECT_FALSE(refusal(kSection).has_value());
  const auto unknown =
      refusal(kSection + "sections { indicators: ['A', 'LR', 'B'] } sections { indicators: 'A' }");
  ASSERT_TRUE(unknown.has_value());
  EXPECT_EQ(unknown->reason, "INDICATOR_UNKNOWN");
  EXPECT_THAT(unknown->message, AllOf(HasSubstr("has no A, B:"), Not(HasSubstr("LR"))));
}

}  // namespace
}  // namespace learncity::reporting
