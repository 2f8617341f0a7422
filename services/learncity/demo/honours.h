// What a plan's schools, learners and neighbourhoods are honoured by: accreditations, awards,
// recognitions. All of it synthetic, in proportion to the city's published totals.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "services/learncity/demo/city_files.h"
#include "services/learncity/demo/request_ids.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

// Adds accreditations of public schools to the plan, whose centers are there.
void AddAccreditations(const Scale& scale, const PlanOptions& options, Plan& plan);

// Adds awards since 2008 to the plan.
void AddAwards(const Scale& scale, const PlanOptions& options, Plan& plan);

// Recognitions of families, clans and residential groups, each made when it is asked for.
class Recognitions {
 public:
  // `first_day` is that of the places.
  Recognitions(const Scale& scale, const PlanOptions& options, Day first_day,
               std::vector<std::string> places);

  size_t count() const;
  achievements::v1::GrantRecognitionRequest At(size_t i) const;

 private:
  struct Part {
    type::v1::RecognitionSubject subject = type::v1::RECOGNITION_SUBJECT_UNSPECIFIED;
    size_t count = 0;
  };

  const uint64_t seed_;
  const RequestIds ids_;
  const Day from_;
  const std::vector<std::string> places_;
  std::array<Part, 3> parts_;
};

}  // namespace learncity::demo
