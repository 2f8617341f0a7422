#include "platform/text/unicode.h"

#include <algorithm>
#include <vector>

#include "gmock/gmock.h"

namespace learncity::text {
namespace {

TEST(Folded, ComparesWithoutCaseTonesAndDashes) {
  EXPECT_EQ(Folded("Trường Tiểu học Phúc Xá"), "truong tieu hoc phuc xa");
  EXPECT_EQ(Folded("GDNN - GDTX_Đống Đa"), "gdnn gdtx dong da");
  EXPECT_EQ(Folded("Yên Hoà"), Folded("Yên Hòa"));
  // Decomposed: o, horn, dot below.
  EXPECT_EQ(Folded("o\u031b\u0323"), "o");
  EXPECT_EQ(Folded(""), "");
}

TEST(Normalised, IsComposedAndWithoutOuterSpace) {
  EXPECT_EQ(Normalised(" \u00a0Lớp 10A1\t"), "Lớp 10A1");
  EXPECT_EQ(Normalised("a\u0302\u0301"), "ấ");
}

TEST(FindBadText, TellsWhatIsNoText) {
  EXPECT_EQ(FindBadText("Đống Đa\t"), std::nullopt);
  EXPECT_EQ(FindBadText("\xc4"), BadText::kNotUtf8);
  EXPECT_EQ(FindBadText(std::string_view("a\0b", 3)), BadText::kControlCharacter);
}

TEST(VietnameseOrder, PutsLettersBeforeTones) {
  std::vector<std::string> words = {"Đống Đa", "Ba Vì", "Ấm", "Ăn", "An", "Dương", "Bà Vì"};
  std::sort(words.begin(), words.end(),
            [](const auto& a, const auto& b) { return VietnameseOrder(a) < VietnameseOrder(b); });
  EXPECT_THAT(words, testing::ElementsAre("An", "Ăn", "Ấm", "Ba Vì", "Bà Vì", "Dương", "Đống Đa"));
}

}  // namespace
}  // namespace learncity::text
