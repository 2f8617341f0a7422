// Checks of what a request says about a learner's person. Rules see persons sealed, so the surface
// calls these before it seals. Pure.
#pragma once

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/persons/papers.h"

namespace learncity::enrollment::v1 {

persons::Findings CheckPerson(const Learner& learner, Day today);

// Takes the year of birth from the birth date where there is one.
void FillBirthYear(Learner& learner);

}  // namespace learncity::enrollment::v1
