// Who goes to which school: pupils by level as published, by year of birth as cohorts were, by
// school at random.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "services/learncity/demo/city_files.h"
#include "services/learncity/demo/city_map.h"
#include "services/learncity/demo/schooling.h"

namespace learncity::demo {

// Pupils of one age in one school. Those of the age in the whole city are counted from 0, school by
// school.
struct PupilsOfAnAge {
  const Schooling* schooling = nullptr;
  // On time, at the end of the year in which the school year begins.
  int age = 0;
  int64_t first = 0;
  int64_t count = 0;
};

class Pupils {
 public:
  // `school_year` is the year in which it begins.
  Pupils(const CityMap& map, const Scale& scale, const PlanOptions& options, int school_year);

  // Youngest first; nobody at a center that is no school.
  std::vector<PupilsOfAnAge> At(size_t center) const;
  int64_t count() const { return count_; }
  // Of the age with the most pupils.
  int64_t most_of_an_age() const { return most_of_an_age_; }

 private:
  struct Share {
    int64_t before = 0;
    int64_t after = 0;
  };
  struct Level {
    // By age, youngest first.
    std::vector<int64_t> counts;
    // By center: its part of the weights of all.
    std::map<size_t, Share> shares;
    int64_t weights = 0;
  };

  // In the order of kSchoolings.
  std::vector<Level> levels_;
  int64_t count_ = 0;
  int64_t most_of_an_age_ = 0;
};

}  // namespace learncity::demo
