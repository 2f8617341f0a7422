// What schools there are in a plan: level, grades, ages and class size of each kind.
#pragma once

#include <string>

#include "learncity/type/v1/types.pb.h"
#include "platform/runtime/concat.h"
#include "services/learncity/demo/city_files.h"

namespace learncity::demo {

struct Schooling {
  double Scale::*pupils;
  type::v1::CenterKind center;
  type::v1::IscedLevel level;
  // 0 where there are no grades.
  int first_grade;
  int first_age;
  int years;
  int seats;
  // Share that is over-age by two years or more; invented.
  double over_age;
};

inline constexpr Schooling kSchoolings[] = {
    {&Scale::pupils_nursery, type::v1::CENTER_KIND_PRESCHOOL, type::v1::ISCED_LEVEL_01, 0, 1, 2, 25,
     0},
    {&Scale::pupils_kindergarten, type::v1::CENTER_KIND_PRESCHOOL, type::v1::ISCED_LEVEL_02, 0, 3,
     3, 35, 0},
    {&Scale::pupils_primary, type::v1::CENTER_KIND_PRIMARY_SCHOOL, type::v1::ISCED_LEVEL_1, 1, 6, 5,
     35, 0.025},
    {&Scale::pupils_lower_secondary, type::v1::CENTER_KIND_LOWER_SECONDARY_SCHOOL,
     type::v1::ISCED_LEVEL_2, 6, 11, 4, 45, 0.035},
    {&Scale::pupils_upper_secondary, type::v1::CENTER_KIND_UPPER_SECONDARY_SCHOOL,
     type::v1::ISCED_LEVEL_3, 10, 15, 3, 45, 0.02}};

// 0 where there are no grades.
inline int GradeAt(const Schooling& schooling, int age) {
  return schooling.first_grade == 0 ? 0 : schooling.first_grade + age - schooling.first_age;
}

// The number of the class follows.
inline std::string ClassTitle(const Schooling& schooling, int age) {
  if (schooling.first_grade > 0) return Concat("Lớp ", GradeAt(schooling, age), "A");
  if (schooling.level == type::v1::ISCED_LEVEL_01) return "Nhóm trẻ D";
  return Concat("Mẫu giáo ", age, "-", age + 1, " tuổi B");
}

}  // namespace learncity::demo
