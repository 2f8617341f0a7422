// Programmes: which kinds, levels, grades and stages an offering may have, and where.
#pragma once

#include <string>

#include "learncity/enrollment/v1/enrollment.pb.h"

namespace learncity::enrollment::v1 {

// Whether it leads to a level of education.
bool IsFormal(const Offering& offering);

// What is wrong with kind, level, grade, literacy stage and school year together; empty when
// nothing is.
std::string ProgrammeProblem(const Offering& offering);

// Whether centers of that kind hold what is offered.
bool IsHeldAt(type::v1::CenterKind center, const Offering& offering);

// Whether a learner of one may go on in the other as in the same programme.
bool IsSameProgramme(const Offering& one, const Offering& other);

}  // namespace learncity::enrollment::v1
