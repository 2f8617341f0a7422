// Persons who do not exist, with as much known about them as cities know: most have all papers,
// some have none.
#pragma once

#include <string_view>

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "services/learncity/demo/dice.h"

namespace learncity::demo {

struct PersonTraits {
  // In truth; the learner drawn may know less.
  int birth_year = 0;
  double share_girls = 0;
  double share_disabled = 0;
  // "Phường Ba Đình".
  std::string_view unit;
  // Last six digits of the national id, 0 to 999,999: another one for each person.
  int number = 0;
};

// Without unit. The national id, when there is one, agrees with sex and year of birth. Without an
// address, half of the time nothing else is known of the residence either: `knows_unit`.
enrollment::v1::Learner DrawLearner(const PersonTraits& traits, Dice& dice, bool* knows_unit);

}  // namespace learncity::demo
