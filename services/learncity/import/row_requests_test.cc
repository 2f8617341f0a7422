#include "services/learncity/import/row_requests.h"

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/testing/text.h"

namespace learncity::importing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kLearner[] = "learners/0198c0de-0000-7000-8000-000000000001";
constexpr char kOffering[] = "offerings/0198c0de-0000-7000-8000-000000000002";
constexpr char kCenter[] = "centers/0198c0de-0000-7000-8000-000000000003";

// A city with a ward whose code was another's until the middle of 2025, and a school.
class Row : public testing::Test {
 protected:
  Row() {
    places_.AddUnit(FromText<registry::v1::Unit>(R"(
        code: "00004" valid_from { year: 2000 month: 1 day: 1 }
        valid_to { year: 2025 month: 7 day: 1 })"));
    places_.AddUnit(FromText<registry::v1::Unit>(R"(
        code: "00004" valid_from { year: 2025 month: 7 day: 1 })"));
    registry::v1::Center center;
    center.set_name(kCenter);
    center.set_code("01000101");
    places_.AddCenter(center);
  }

  // The request of a row, or nullptr with findings.
  std::unique_ptr<google::protobuf::Message> Make(const char* kind, std::vector<std::string> header,
                                                  std::vector<std::string> cells) {
    findings_ = {};
    const auto bound =
        Header::Bind(*FindKind(kind), {.line = 1, .cells = std::move(header)}, &findings_, given_);
    if (!bound) return nullptr;
    const RowRequests requests(*bound, places_, keys_, DayOf(DateOf("2026-10-15")));
    return requests.Make({.line = 7, .cells = std::move(cells)}, &findings_);
  }

  template <class Request>
  Request Made(const char* kind, std::vector<std::string> header, std::vector<std::string> cells) {
    const auto made = Make(kind, std::move(header), std::move(cells));
    for (const Finding& finding : findings_.all()) ADD_FAILURE() << FindingText("file", finding);
    return made == nullptr ? Request() : static_cast<const Request&>(*made);
  }

  // Rules of the findings.
  std::vector<std::string> Rules() const {
    std::vector<std::string> rules;
    for (const Finding& finding : findings_.all()) rules.push_back(finding.rule);
    return rules;
  }

  Places places_;
  OwnKeys keys_;
  Given given_;
  Findings findings_;
};

TEST_F(Row, BecomesALearner) {
  const auto request = Made<enrollment::v1::RegisterLearnerRequest>(
      "learners",
      {"Họ và tên", "ngày sinh (dd/mm/yyyy)", "giới tính", "nơi cư trú", "có khuyết tật"},
      {"Nguyễn Thị A", "05/09/2015", "Nữ", "00004", "không"});
  EXPECT_EQ(request.learner().person().full_name(), "Nguyễn Thị A");
  EXPECT_EQ(request.learner().person().birth_date().day(), 5);
  EXPECT_EQ(request.learner().sex(), type::v1::SEX_FEMALE);
  EXPECT_EQ(request.learner().unit(), "units/00004-20250701");
  EXPECT_EQ(request.learner().has_disability(), type::v1::YES_NO_NO);
  EXPECT_TRUE(request.request_id().empty());
}

TEST_F(Row, OfALearnerOfWhomNothingIsKnownIsOne) {
  const auto request =
      Made<enrollment::v1::RegisterLearnerRequest>("learners", {"key", "sex"}, {"1", ""});
  EXPECT_TRUE(request.has_learner());
  EXPECT_FALSE(request.learner().has_person());
}

TEST_F(Row, NamesTheUnitThatHasTheCodeOnItsDay) {
  const std::vector<std::string> header = {"display_name", "kind", "unit", "valid_from"};
  const auto unit_on = [&](const std::string& day) {
    return Made<registry::v1::OpenCenterRequest>("centers", header,
                                                 {"Trường A", "trường tiểu học", "00004", day})
        .center()
        .unit();
  };
  EXPECT_EQ(unit_on("2010-09-01"), "units/00004-20000101");
  EXPECT_EQ(unit_on("2025-06-30"), "units/00004-20000101");
  EXPECT_EQ(unit_on("2025-07-01"), "units/00004-20250701");
  Make("centers", header, {"Trường A", "primary school", "00004", "1999-12-31"});
  EXPECT_THAT(Rules(), ElementsAre("UNKNOWN_UNIT"));
  EXPECT_THAT(findings_.all()[0].what, HasSubstr("from 2000-01-01 to 2025-06-30"));
}

TEST_F(Row, NamesAUnitInFull) {
  const auto request =
      Made<enrollment::v1::RegisterLearnerRequest>("learners", {"unit"}, {"units/00004-20000101"});
  EXPECT_EQ(request.learner().unit(), "units/00004-20000101");
  Make("learners", {"unit"}, {"units/00004-20010101"});
  EXPECT_THAT(Rules(), ElementsAre("UNKNOWN_UNIT"));
  Make("learners", {"unit"}, {"4"});
  EXPECT_THAT(Rules(), ElementsAre("UNKNOWN_UNIT"));
  EXPECT_THAT(findings_.all()[0].what, HasSubstr("zeros"));
}

TEST_F(Row, OfAnEnrollmentNamesLearnerAndOffering) {
  const auto request = Made<enrollment::v1::EnrollLearnerRequest>(
      "enrollments", {"learner", "offering", "start_date", "vào danh sách chờ"},
      {kLearner, kOffering, "2026-10-01", "có"});
  EXPECT_EQ(request.learner(), kLearner);
  EXPECT_TRUE(request.joins_waitlist());
  Make("enrollments", {"learner", "offering"}, {"1203", "lớp 10A1"});
  EXPECT_THAT(Rules(), ElementsAre("UNKNOWN_KEY", "UNKNOWN_KEY"));
  Make("enrollments", {"learner", "offering"}, {"learners/Some One", kOffering});
  EXPECT_THAT(Rules(), ElementsAre("RESOURCE_NAME"));
}

TEST_F(Row, OfAnAwardNamesSeveralLearnersAndACenterByCode) {
  const auto request = Made<achievements::v1::RecordAwardRequest>(
      "awards",
      {"cấp giải", "kỳ thi", "môn thi", "năm", "hạng giải", "giải đồng đội", "người học",
       "cơ sở giáo dục"},
      {"quốc tế", "IMO", "Toán", "2025", "huy chương vàng", "1",
       std::string(kLearner) + "; " + kLearner, "01000101"});
  EXPECT_EQ(request.award().rank(), achievements::v1::AWARD_RANK_GOLD);
  EXPECT_TRUE(request.award().is_team());
  EXPECT_THAT(request.award().learners(), SizeIs(2));
  EXPECT_EQ(request.award().center(), kCenter);
}

TEST_F(Row, OfARecognitionIsAboutItsSubject) {
  const std::vector<std::string> header = {"kind",       "unit",     "subject", "decision",
                                           "valid_from", "valid_to", "scheme"};
  const auto request = Made<achievements::v1::GrantRecognitionRequest>(
      "recognitions", header,
      {"công dân học tập", "00004", kLearner, "12/QĐ", "2026-01-01", "2027-01-01", "QĐ 324"});
  EXPECT_EQ(request.recognition().subject(), "0198c0de-0000-7000-8000-000000000001");
  EXPECT_EQ(request.recognition().unit(), "units/00004-20250701");
}

constexpr char kPublished[] = "code,name_with_type,area_km2,population,admin_centre";

TEST_F(Row, OfPopulationIsACountOfTheUnitThatHasTheCodeOnThatDay) {
  const auto request = Made<registry::v1::RecordUnitCountRequest>(
      "population", {"mã", "dân số", "ngày", "nguồn", "ước tính"},
      {"00004", "999000", "2025-06-30", "sổ dân cư", "có"});
  EXPECT_EQ(request.unit_count().thing(), registry::v1::COUNTED_THING_POPULATION);
  EXPECT_EQ(request.unit_count().unit(), "units/00004-20000101");
  EXPECT_EQ(request.unit_count().count(), 999000);
  EXPECT_EQ(request.unit_count().source(), "sổ dân cư");
  EXPECT_TRUE(request.unit_count().is_estimated());
}

TEST_F(Row, OfPopulationMayLeaveDateAndSourceToTheCommand) {
  given_ = {{"date", "2025-07-01"}, {"source", "a dossier"}};
  const std::vector<std::string> published = absl::StrSplit(kPublished, ',');
  const auto request = Made<registry::v1::RecordUnitCountRequest>(
      "population", published, {"00004", "Phường Mẫu", "2.5", "999", "Số 1, phố Mẫu"});
  EXPECT_EQ(request.unit_count().unit(), "units/00004-20250701");
  EXPECT_EQ(request.unit_count().source(), "a dossier");
  EXPECT_FALSE(request.unit_count().is_estimated());
  // A cell goes before what is given; an empty one does not.
  std::vector<std::string> header = {"code", "population", "source", "date"};
  const auto said = Made<registry::v1::RecordUnitCountRequest>("population", header,
                                                               {"00004", "999", "a census", ""});
  EXPECT_EQ(said.unit_count().source(), "a census");
  EXPECT_EQ(said.unit_count().date().month(), 7);
}

TEST_F(Row, OfPopulationIsRefusedWithoutDateOrSource) {
  Make("population", {"code", "population"}, {"00004", "999"});
  EXPECT_THAT(Rules(), ElementsAre("MISSING_COLUMN", "MISSING_COLUMN"));
  EXPECT_EQ(findings_.all()[0].what,
            "population need a column date (ngày); add it, or give --date for all rows.");
  given_ = {{"date", "1/7/2025"}, {"source", "s"}};
  Make("population", {"code", "population"}, {"00004", "999"});
  EXPECT_THAT(Rules(), ElementsAre("NOT_A_DATE"));
  EXPECT_EQ(findings_.all()[0].name, "--date");
  given_ = {{"date", "2025-07-01"}};
  Make("learners", {"sex"}, {"nam"});
  EXPECT_THAT(Rules(), ElementsAre("UNKNOWN_OPTION"));
}

TEST_F(Row, OfPopulationIsRefusedWithoutANumberOrAUnit) {
  given_ = {{"date", "2025-07-01"}, {"source", "s"}};
  Make("population", {"code", "population"}, {"00004", ""});
  EXPECT_THAT(Rules(), ElementsAre("REQUIRED"));
  Make("population", {"code", "population"}, {"99999", "many"});
  EXPECT_THAT(Rules(), testing::UnorderedElementsAre("UNKNOWN_UNIT", "NOT_A_NUMBER"));
  Make("population", {"code", "population"}, {"00004", "-1"});
  EXPECT_THAT(Rules(), ElementsAre("OUT_OF_RANGE"));
  EXPECT_EQ(findings_.all()[0].column, 2);
}

TEST_F(Row, IsRefusedWithEverythingThatIsWrongWithIt) {
  Make("units", {"code", "display_name", "type", "valid_from", "valid_to"},
       {"4", std::string(121, 'x'), "kingdom", "2025-02-30", "01/07/2026"});
  EXPECT_THAT(Rules(),
              ElementsAre("UNKNOWN_WORD", "IMPOSSIBLE_DATE", "NOT_A_DATE", "FORMAT", "TOO_LONG"));
  for (const Finding& finding : findings_.all()) {
    EXPECT_EQ(finding.line, 7);
    EXPECT_GT(finding.column, 0);
    EXPECT_FALSE(finding.name.empty());
  }
  EXPECT_THAT(findings_.all()[0].what, AllOf(HasSubstr("\"kingdom\""), HasSubstr("ward (phường)")));
}

TEST_F(Row, IsRefusedWithoutARequiredValue) {
  Make("units", {"code", "display_name", "type", "valid_from"},
       {"00004", "", "ward", "2025-07-01"});
  EXPECT_THAT(Rules(), ElementsAre("REQUIRED"));
  EXPECT_EQ(findings_.all()[0].name, "display_name");
}

TEST_F(Row, OfAnotherLengthThanTheHeaderIsRefused) {
  Make("learners", {"sex", "birth_year"}, {"nam"});
  EXPECT_THAT(Rules(), ElementsAre("CELLS_MISSING"));
  Make("learners", {"sex", "birth_year"}, {"nam", "2000", "x"});
  EXPECT_THAT(Rules(), ElementsAre("CELL_WITHOUT_COLUMN"));
  EXPECT_EQ(findings_.all()[0].column, 3);
  Made<enrollment::v1::RegisterLearnerRequest>("learners", {"sex", "birth_year", ""},
                                               {"nam", "2000", "", ""});
}

TEST_F(Row, ShowsNoPersonalValueInAFinding) {
  Make("learners", {"full_name", "birth_date", "national_id", "phone"},
       {std::string(121, 'x'), "5 September", "001215000001999", std::string(21, '7')});
  EXPECT_THAT(findings_.all(), SizeIs(4));
  for (const Finding& finding : findings_.all()) {
    for (const char* value : {"xxx", "September", "001215", "777"}) {
      EXPECT_THAT(finding.what, Not(HasSubstr(value)));
    }
  }
}

TEST(Findings, AreNoMoreThanTheLimit) {
  Findings findings;
  for (int i = 0; i < 200; ++i) findings.Add({.rule = "R", .what = ""});
  EXPECT_TRUE(findings.full());
  EXPECT_EQ(findings.size(), kFindingsMax);
}

}  // namespace
}  // namespace learncity::importing
