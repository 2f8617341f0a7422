#include "services/learncity/import/header.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace learncity::importing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

struct Bound {
  std::optional<Header> header;
  Findings findings;
};

Bound Bind(const char* kind, std::vector<std::string> cells) {
  Bound bound;
  bound.header =
      Header::Bind(*FindKind(kind), {.line = 1, .cells = std::move(cells)}, &bound.findings);
  return bound;
}

std::vector<std::string> Paths(const Bound& bound) {
  std::vector<std::string> paths;
  if (!bound.header) return paths;
  for (const BoundColumn& column : bound.header->columns()) paths.push_back(column.path.text());
  return paths;
}

TEST(Header, KnowsColumnsInEnglishAndVietnamese) {
  EXPECT_THAT(Paths(Bind("learners", {"sex", "full_name", "Birth Date"})),
              ElementsAre("learner.person.full_name", "learner.person.birth_date", "learner.sex"));
  EXPECT_THAT(Paths(Bind("learners", {"Giới tính", "HỌ VÀ TÊN", "ngay sinh"})),
              ElementsAre("learner.person.full_name", "learner.person.birth_date", "learner.sex"));
}

TEST(Header, ReadsHowDatesAreWritten) {
  const Bound bound = Bind("learners", {"ngày sinh (dd/mm/yyyy)"});
  ASSERT_TRUE(bound.header);
  EXPECT_TRUE(bound.header->columns()[0].day_first);
  EXPECT_TRUE(Bind("learners", {"Ngày sinh (ngày/tháng/năm)"}).header->columns()[0].day_first);
  EXPECT_FALSE(Bind("learners", {"birth_date (yyyy-mm-dd)"}).header->columns()[0].day_first);
  EXPECT_FALSE(Bind("learners", {"birth_date (mm/dd/yyyy)"}).header);
  EXPECT_FALSE(Bind("learners", {"sex (dd/mm/yyyy)"}).header);
}

TEST(Header, KnowsPersonalColumns) {
  const Bound bound = Bind("learners", {"full_name", "birth_year"});
  ASSERT_TRUE(bound.header);
  EXPECT_TRUE(bound.header->columns()[0].is_personal);
  EXPECT_FALSE(bound.header->columns()[1].is_personal);
}

TEST(Header, RefusesUnknownColumnsWithThoseThatThereAre) {
  const Bound bound = Bind("learners", {"sex", "surname"});
  EXPECT_FALSE(bound.header);
  ASSERT_THAT(bound.findings.all(), SizeIs(1));
  const Finding& finding = bound.findings.all()[0];
  EXPECT_EQ(finding.rule, "UNKNOWN_COLUMN");
  EXPECT_EQ(finding.column, 2);
  EXPECT_EQ(finding.name, "surname");
  EXPECT_THAT(finding.what, HasSubstr("full_name (họ và tên)"));
  EXPECT_THAT(FindingText("l.csv", finding), HasSubstr("l.csv:1:2: surname: UNKNOWN_COLUMN: "));
}

TEST(Header, RefusesAColumnThatStandsTwice) {
  const Bound bound = Bind("learners", {"họ và tên", "sex", "full_name"});
  ASSERT_THAT(bound.findings.all(), SizeIs(1));
  EXPECT_EQ(bound.findings.all()[0].rule, "COLUMN_TWICE");
  EXPECT_EQ(bound.findings.all()[0].column, 3);
}

TEST(Header, RefusesToMissWhatIsRequired) {
  const Bound bound = Bind("units", {"code", "type"});
  ASSERT_THAT(bound.findings.all(), SizeIs(2));
  EXPECT_EQ(bound.findings.all()[0].rule, "MISSING_COLUMN");
  EXPECT_THAT(bound.findings.all()[0].what, HasSubstr("display_name (tên đơn vị)"));
}

TEST(Header, PassesOverWhatARejectFileAdds) {
  const Bound bound = Bind("learners", {"sex", "error", "reason", "", "mã riêng"});
  ASSERT_TRUE(bound.header);
  EXPECT_THAT(Paths(bound), ElementsAre("learner.sex"));
  EXPECT_TRUE(bound.header->IsPassedOver(1) && bound.header->IsPassedOver(2));
  EXPECT_EQ(bound.header->key(), 4u);
}

}  // namespace
}  // namespace learncity::importing
