// What a person's papers may say: birth date, year of birth, sex and national id together. Rules
// see persons sealed, so surfaces check this before they seal. Pure.
#pragma once

#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/type/date.pb.h"
#include "learncity/type/v1/types.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::persons {

struct Papers {
  // Absent when year, month and day are 0.
  google::type::Date birth_date;
  // 0 when it is not stated.
  int birth_year = 0;
  type::v1::Sex sex = type::v1::SEX_UNSPECIFIED;
  std::string national_id;
};

// Of a resource with `person`, `birth_year` and `sex`.
template <class Resource>
Papers PapersOf(const Resource& resource) {
  return {.birth_date = resource.person().birth_date(),
          .birth_year = resource.birth_year(),
          .sex = resource.sex(),
          .national_id = resource.person().national_id()};
}

// Fields are paths from the request, as "learner.person.birth_date". Descriptions repeat no value
// of a personal field, so they may be logged.
struct Findings {
  // Any of these refuses the request.
  google::rpc::BadRequest violations;
  // These the caller is told of; papers are corrected, so a contradiction between them may be true.
  google::rpc::BadRequest warnings;
};

// `resource` is the request's field that holds the person, as "learner".
Findings CheckPapers(const Papers& papers, const std::string& resource, Day today);

// The year of the birth date where there is one, else the year of birth; 0 when neither is known.
int BirthYearOf(const Papers& papers);

}  // namespace learncity::persons
