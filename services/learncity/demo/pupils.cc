#include "services/learncity/demo/pupils.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "services/learncity/demo/apportion.h"
#include "services/learncity/demo/dice.h"

namespace learncity::demo {
namespace {

using namespace type::v1;

// Invented: the smallest school has so many for a hundred of the mean, the largest so many.
constexpr int kSmallest = 60;
constexpr int kLargest = 140;

// Children born in a year: those of 2009, 2014 and 2015 as they entered grades 6 and 1 and were
// five in 2020; on a line between these years, and as many as in the nearest of them outside.
double Born(int year, const Scale& scale) {
  const std::array<std::pair<int, double>, 3> known = {{{2009, scale.grade6_entrants_2020},
                                                        {2014, scale.grade1_entrants_2020},
                                                        {2015, scale.five_year_olds_2020}}};
  if (year <= known.front().first) return known.front().second;
  for (size_t i = 1; i < known.size(); ++i) {
    const auto& [from, at_from] = known[i - 1];
    const auto& [to, at_to] = known[i];
    if (year <= to) return at_from + (at_to - at_from) * (year - from) / (to - from);
  }
  return known.back().second;
}

bool Holds(CenterKind center, const Schooling& schooling) {
  return center == schooling.center ||
         (center == CENTER_KIND_MULTI_LEVEL_SCHOOL && schooling.first_grade > 0);
}

}  // namespace

Pupils::Pupils(const CityMap& map, const Scale& scale, const PlanOptions& options,
               int school_year) {
  for (const Schooling& schooling : kSchoolings) {
    Level& level = levels_.emplace_back();
    std::vector<double> born;
    for (int i = 0; i < schooling.years; ++i) {
      born.push_back(Born(school_year - schooling.first_age - i, scale));
    }
    const int64_t all = OneIn(options.one_in, scale.*schooling.pupils);
    count_ += all;
    level.counts = Apportion(all, born);
    for (const int64_t count : level.counts) most_of_an_age_ = std::max(most_of_an_age_, count);
    Dice dice(options.seed, IscedLevel_Name(schooling.level));
    for (const CenterKind kind : {schooling.center, CENTER_KIND_MULTI_LEVEL_SCHOOL}) {
      if (!Holds(kind, schooling)) continue;
      for (const size_t center : map.CentersOf(kind)) {
        const int64_t before = level.weights;
        level.weights += dice.Between(kSmallest, kLargest);
        level.shares[center] = {before, level.weights};
      }
    }
  }
}

std::vector<PupilsOfAnAge> Pupils::At(size_t center) const {
  std::vector<PupilsOfAnAge> pupils;
  for (size_t i = 0; i < levels_.size(); ++i) {
    const Level& level = levels_[i];
    const auto share = level.shares.find(center);
    if (share == level.shares.end()) continue;
    for (size_t age = 0; age < level.counts.size(); ++age) {
      const int64_t first = Boundary(level.counts[age], share->second.before, level.weights);
      const int64_t end = Boundary(level.counts[age], share->second.after, level.weights);
      pupils.push_back({.schooling = &kSchoolings[i],
                        .age = kSchoolings[i].first_age + static_cast<int>(age),
                        .first = first,
                        .count = end - first});
    }
  }
  return pupils;
}

}  // namespace learncity::demo
