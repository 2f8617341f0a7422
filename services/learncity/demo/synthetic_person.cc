#include "services/learncity/demo/synthetic_person.h"

#include <array>
#include <cstdio>
#include <string>

#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"

namespace learncity::demo {
namespace {

using enrollment::v1::Learner;
using enrollment::v1::Person;
using Names = std::array<std::string_view, 12>;

// Made up for this generator; no list of persons was read.
constexpr Names kFamilyNames = {"Nguyễn", "Trần", "Lê",  "Phạm", "Hoàng", "Phan",
                                "Vũ",     "Đặng", "Bùi", "Đỗ",   "Ngô",   "Dương"};
constexpr Names kMiddleNamesFemale = {"Thị",   "Thị",  "Ngọc",   "Thu", "Minh",  "Thanh",
                                      "Khánh", "Diệu", "Phương", "Bảo", "Quỳnh", "Hồng"};
constexpr Names kGivenNamesFemale = {"Lan",   "Hương", "Mai",  "Linh", "Hà",  "Anh",
                                     "Trang", "Ngân",  "Thảo", "Hoa",  "Chi", "Yến"};
constexpr Names kMiddleNamesMale = {"Văn",  "Văn",  "Đức", "Minh",  "Quang", "Hữu",
                                    "Xuân", "Tuấn", "Gia", "Thành", "Bảo",   "Công"};
constexpr Names kGivenNamesMale = {"Nam",  "Hùng", "Dũng", "Khánh", "Sơn",   "Tùng",
                                   "Long", "Khôi", "Phúc", "Huy",   "Thắng", "Bình"};
constexpr std::array<std::string_view, 4> kDisabilities = {
    "khiếm thị", "khiếm thính", "khuyết tật vận động", "khuyết tật trí tuệ"};
constexpr std::array<std::string_view, 3> kDisadvantages = {"hộ nghèo", "hộ cận nghèo",
                                                            "trẻ em mồ côi"};
constexpr char kSpecimen[] = " (mẫu)";

// Invented shares, so that a thousand learners show each case.
constexpr double kSexUnknown = 0.005;
constexpr double kBirthUnknown = 0.015;
constexpr double kBirthYearOnly = 0.03;
constexpr double kBirthMonthOnly = 0.01;
constexpr double kWithoutPapers = 0.05;
constexpr double kWithoutAddress = 0.06;
constexpr double kWithPhone = 0.7;
constexpr double kDisadvantaged = 0.04;
constexpr double kNotAsked = 0.1;

type::v1::Sex DrawSex(double share_girls, Dice& dice) {
  if (dice.Happens(kSexUnknown)) return type::v1::SEX_UNSPECIFIED;
  return dice.Happens(share_girls) ? type::v1::SEX_FEMALE : type::v1::SEX_MALE;
}

std::string DrawName(type::v1::Sex sex, Dice& dice) {
  const bool female =
      sex == type::v1::SEX_UNSPECIFIED ? dice.Happens(0.5) : sex == type::v1::SEX_FEMALE;
  const auto family = dice.OneOf(kFamilyNames);
  const auto middle = dice.OneOf(female ? kMiddleNamesFemale : kMiddleNamesMale);
  const auto given = dice.OneOf(female ? kGivenNamesFemale : kGivenNamesMale);
  return Concat(family, " ", middle, " ", given, kSpecimen);
}

// False when nothing is known.
bool DrawBirth(int year, Dice& dice, Learner& learner) {
  if (dice.Happens(kBirthUnknown)) return false;
  const bool year_only = dice.Happens(kBirthYearOnly);
  if (year_only && dice.Happens(0.5)) {
    learner.set_birth_year(year);
    return true;
  }
  auto& date = *learner.mutable_person()->mutable_birth_date();
  const Day first_day = std::chrono::year(year) / std::chrono::January / 1;
  date = ToDate(first_day + std::chrono::days(dice.Below(365)));
  if (year_only || dice.Happens(kBirthMonthOnly)) date.set_day(0);
  if (year_only) date.set_month(0);
  return true;
}

// 999, century and sex, year of birth, number: well formed, and nobody's.
std::string NationalId(int birth_year, type::v1::Sex sex, int number) {
  const int century_and_sex = (birth_year / 100 - 19) * 2 + (sex == type::v1::SEX_FEMALE ? 1 : 0);
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "999%d%02d%06d", century_and_sex, birth_year % 100,
                number);
  return text.data();
}

// Yes in that share, with a reason; of the others some were not asked.
template <size_t n>
type::v1::YesNo DrawYesNo(double share, const std::array<std::string_view, n>& reasons, Dice& dice,
                          std::string* reason) {
  if (dice.Happens(share)) {
    *reason = dice.OneOf(reasons);
    return type::v1::YES_NO_YES;
  }
  return dice.Happens(kNotAsked) ? type::v1::YES_NO_UNSPECIFIED : type::v1::YES_NO_NO;
}

}  // namespace

Learner DrawLearner(const PersonTraits& traits, Dice& dice, bool* knows_unit) {
  Learner learner;
  Person& person = *learner.mutable_person();
  learner.set_sex(DrawSex(traits.share_girls, dice));
  person.set_full_name(DrawName(learner.sex(), dice));
  const bool born = DrawBirth(traits.birth_year, dice, learner);
  const bool has_papers = !dice.Happens(kWithoutPapers);
  if (born && has_papers && learner.sex() != type::v1::SEX_UNSPECIFIED) {
    person.set_national_id(NationalId(traits.birth_year, learner.sex(), traits.number));
  }
  const bool has_address = !dice.Happens(kWithoutAddress);
  if (has_address) {
    person.set_address(Concat("Số ", dice.Between(1, 200), ", ngõ ", dice.Between(1, 90), ", ",
                              traits.unit, kSpecimen));
  }
  *knows_unit = has_address || dice.Happens(0.5);
  if (dice.Happens(kWithPhone)) person.set_phone(Concat("0000", dice.Between(100'000, 999'999)));
  std::string reason;
  learner.set_has_disability(DrawYesNo(traits.share_disabled, kDisabilities, dice, &reason));
  if (!reason.empty()) person.set_disability(reason);
  reason.clear();
  learner.set_is_disadvantaged(DrawYesNo(kDisadvantaged, kDisadvantages, dice, &reason));
  if (!reason.empty()) person.set_disadvantage(reason);
  return learner;
}

}  // namespace learncity::demo
