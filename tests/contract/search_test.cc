// Search by name over gRPC: without case and tones, best first, as soon as it is written.
#include <set>
#include "gmock/gmock.h"

#include "gtest/gtest.h"
#include "platform/testing/text.h"
#include "tests/contract/examples.h"

namespace learncity::contract {
namespace {

namespace reg = registry::v1;
using testing::ElementsAre;
using testing::IsEmpty;

class Search : public testing::Test {
 protected:
  void Open(const std::string& name, type::v1::CenterKind kind) {
    auto request = grounds_.NewCenter(kind);
    request.mutable_center()->set_display_name(name);
    Name(&request);
    ASSERT_TRUE(city_.Call(request).ok()) << name;
  }
  std::vector<std::string> Found(const std::string& query, int page_size = 0,
                                 type::v1::CenterKind kind = {}) {
    reg::SearchCentersRequest request;
    request.set_query(query);
    request.set_page_size(page_size);
    request.set_kind(kind);
    const Reply reply = city_.Call(request);
    EXPECT_TRUE(reply.ok()) << reply.status.error_message();
    std::vector<std::string> names;
    for (const auto& center : reply.As<reg::SearchCentersResponse>().centers()) {
      EXPECT_EQ(center.etag(), "\"v1\"");
      names.push_back(center.display_name());
    }
    return names;
  }

  TestCity city_;
  Grounds grounds_{city_};
};

TEST_F(Search, FindsASchoolWithoutCaseAndTones) {
  Open("Trường Tiểu học Phúc Xá", type::v1::CENTER_KIND_PRIMARY_SCHOOL);
  Open("Trường Mầm non Phúc Xá", type::v1::CENTER_KIND_PRESCHOOL);
  EXPECT_THAT(Found("tieu hoc phuc xa"), ElementsAre("Trường Tiểu học Phúc Xá"));
  EXPECT_THAT(Found("PHÚC XÁ"), ElementsAre("Trường Mầm non Phúc Xá", "Trường Tiểu học Phúc Xá"));
  EXPECT_THAT(Found("xa phuc", 1), ElementsAre("Trường Mầm non Phúc Xá"));
  EXPECT_THAT(Found("phuc xa", 0, type::v1::CENTER_KIND_PRIMARY_SCHOOL),
              ElementsAre("Trường Tiểu học Phúc Xá"));
  EXPECT_THAT(Found("hoc phuc khanh"), IsEmpty());
  EXPECT_THAT(Found("--"), IsEmpty());
}

TEST_F(Search, PutsTheNameItselfFirstThenWhatBeginsSo) {
  Open("Thư viện Đống Đa", type::v1::CENTER_KIND_LIBRARY);
  Open("Đống Đa", type::v1::CENTER_KIND_CULTURE_HOUSE);
  Open("Đống Đa, nhà văn hóa", type::v1::CENTER_KIND_CULTURE_HOUSE);
  Open("Đa phương tiện Đống Mác", type::v1::CENTER_KIND_LIBRARY);
  EXPECT_THAT(Found("dong da"), ElementsAre("Đống Đa", "Đống Đa, nhà văn hóa", "Thư viện Đống Đa",
                                            "Đa phương tiện Đống Mác"));
}

TEST_F(Search, FindsUnitsOfADay) {
  auto act = grounds_.NewUnitAct();
  Name(&act);
  ASSERT_TRUE(city_.Call(act).ok());
  auto request = FromText<reg::SearchUnitsRequest>("query: 'ba dinh'");
  // One ends, one begins in its place, one stays.
  EXPECT_EQ(city_.Call(request).As<reg::SearchUnitsResponse>().units_size(), 3);
  *request.mutable_as_of() = DateOf("2026-01-01");
  std::set<std::string> now;
  const Reply reply = city_.Call(request);
  for (const auto& unit : reply.As<reg::SearchUnitsResponse>().units()) now.insert(unit.name());
  const auto& successors = act.unit_act().ended(0).successors();
  EXPECT_EQ(now, std::set<std::string>({successors[0].unit(), successors[1].unit()}));
}

}  // namespace
}  // namespace learncity::contract
