// Which centers teach adults what, and how many of the city's learners come there.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "services/learncity/demo/city_files.h"
#include "services/learncity/demo/city_map.h"
#include "services/learncity/demo/offerings.h"

namespace learncity::demo {

// Learners of one kind at one center; those of the kind in the whole city are counted from 0,
// center by center.
struct AdultGroup {
  // What they choose from; empty for classes of grades 10 to 12.
  std::vector<Programme> programmes;
  int64_t first = 0;
  int64_t count = 0;
};

class Adults {
 public:
  Adults(const CityMap& map, const Scale& scale, const PlanOptions& options);

  // By center. Classes of grades 10 to 12 at GDNN-GDTX centers.
  const std::map<size_t, AdultGroup>& continuing() const { return continuing_; }
  // Courses and literacy classes at community learning centers: those that hold any.
  const std::map<size_t, AdultGroup>& courses() const { return courses_; }
  const std::map<size_t, AdultGroup>& literacy() const { return literacy_; }
  // The one of these where the course of ten seats is held, which thirteen ask for.
  size_t popular_at() const { return courses_.begin()->first; }
  int64_t count() const;

 private:
  std::map<size_t, AdultGroup> continuing_;
  std::map<size_t, AdultGroup> courses_;
  std::map<size_t, AdultGroup> literacy_;
};

}  // namespace learncity::demo
