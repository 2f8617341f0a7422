#include "services/learncity/demo/adults.h"

#include <string>
#include <utility>

#include "platform/runtime/concat.h"
#include "services/learncity/demo/apportion.h"
#include "services/learncity/demo/dice.h"

namespace learncity::demo {
namespace {

using namespace type::v1;

// Invented: no source counts the persons who took part in courses of community learning centers, or
// in literacy classes; of these it is more than there are, so that a small plan shows some.
constexpr double kCourseLearners = 300'000;
constexpr double kLiteracyLearners = 12'000;
// Invented: one center in so many holds literacy classes.
constexpr size_t kLiteracyEvery = 20;

// Everywhere as many, to one.
void Spread(int64_t learners, std::map<size_t, AdultGroup>& groups) {
  const auto all = static_cast<int64_t>(groups.size());
  int64_t i = 0;
  for (auto& [center, group] : groups) {
    group.first = Boundary(learners, i, all);
    group.count = Boundary(learners, ++i, all) - group.first;
  }
}

}  // namespace

Adults::Adults(const CityMap& map, const Scale& scale, const PlanOptions& options) {
  for (const size_t center : map.CentersOf(CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER)) {
    continuing_[center];
  }
  const auto& community = map.CentersOf(CENTER_KIND_COMMUNITY_LEARNING_CENTER);
  for (size_t i = 0; i < community.size(); ++i) {
    Dice dice(options.seed, Concat("courses ", i));
    auto programmes = DrawCourses(i == 0 ? HoldsCourses::kNow : HoldsCourses::kAsDrawn,
                                  map.first_day(), options.today, dice);
    if (!programmes.empty()) courses_[community[i]].programmes = std::move(programmes);
    if (i % kLiteracyEvery == 0) {
      literacy_[community[i]].programmes = LiteracyClasses(map.first_day(), options.today);
    }
  }
  Spread(OneIn(options.one_in, scale.gdtx_thpt_learners), continuing_);
  Spread(OneIn(options.one_in, kCourseLearners), courses_);
  Spread(OneIn(options.one_in, kLiteracyLearners), literacy_);
}

int64_t Adults::count() const {
  int64_t all = 0;
  for (const auto* groups : {&continuing_, &courses_, &literacy_}) {
    for (const auto& [center, group] : *groups) all += group.count;
  }
  return all;
}

}  // namespace learncity::demo
