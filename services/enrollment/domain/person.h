// Checks of what a request says about a person. Rules see persons sealed, so the surface calls
// these before it seals. Pure.
#pragma once

#include "google/rpc/error_details.pb.h"
#include "learncity/enrollment/v1/enrollment.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::enrollment::v1 {

// Fields are paths from the request, as "learner.person.birth_date". Descriptions repeat no value
// of a personal field, so they may be logged.
struct PersonFindings {
  // Any of these refuses the request.
  google::rpc::BadRequest violations;
  // These the caller is told of; papers are corrected, so a contradiction between them may be true.
  google::rpc::BadRequest warnings;
};

PersonFindings CheckPerson(const Learner& learner, Day today);

// Takes the year of birth from the birth date where there is one.
void FillBirthYear(Learner& learner);

}  // namespace learncity::enrollment::v1
