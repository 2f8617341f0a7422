#include "services/learncity/demo/synthetic_city.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "platform/runtime/concat.h"
#include "services/learncity/demo/city_files.h"
#include "services/learncity/demo/city_map.h"
#include "services/learncity/demo/dice.h"
#include "services/learncity/demo/honours.h"
#include "services/learncity/demo/offerings.h"
#include "services/learncity/demo/request_ids.h"
#include "services/learncity/demo/schooling.h"
#include "services/learncity/demo/synthetic_person.h"

namespace learncity::demo {
namespace {

using namespace type::v1;
using std::chrono::days;

// Invented parameters. Learners of courses and literacy classes count as if the city had so many;
// of literacy that is more than it has, so that a thousand learners show some.
constexpr double kCourseLearners = 300'000;
constexpr double kLiteracyLearners = 12'000;
constexpr double kAYearLate = 0.03;
constexpr double kAdultsInContinuing = 0.6;
constexpr double kSecondCourse = 0.3;
constexpr double kCompletes = 0.85;
constexpr double kLeavesClass = 0.015;
constexpr double kLeavesCourse = 0.08;
// Of a national id.
constexpr int kNumbers = 1'000'000;

// Splits a whole in proportion to weights by the largest remainder: no part is a whole one off.
std::vector<int> Apportion(int whole, const std::vector<double>& weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<int> parts;
  std::vector<std::pair<double, size_t>> remainders;
  for (size_t i = 0; i < weights.size(); ++i) {
    const double exact = whole * weights[i] / sum;
    parts.push_back(static_cast<int>(std::floor(exact)));
    remainders.emplace_back(parts.back() - exact, i);
  }
  std::sort(remainders.begin(), remainders.end());
  const int rest = whole - std::accumulate(parts.begin(), parts.end(), 0);
  for (int i = 0; i < rest; ++i) ++parts[remainders[static_cast<size_t>(i)].second];
  return parts;
}

class CityPlanner {
 public:
  CityPlanner(std::vector<UnitRow> units, const CityHistory& history, const Scale& scale,
              const PlanOptions& options)
      : scale_(scale),
        options_(options),
        today_(options.today),
        school_year_(options.today),
        ids_(options),
        map_(std::move(units), history, scale, options.seed, plan_, ids_),
        offerings_(plan_, ids_, school_year_),
        dice_(options.seed, "learners"),
        // National ids of plans with different seeds seldom meet.
        first_number_(Dice(options.seed, "national ids").Below(kNumbers)) {
    plan_.in_term = std::min(today_, school_year_.last);
    const auto& centers = map_.CentersOf(CENTER_KIND_COMMUNITY_LEARNING_CENTER);
    Dice course_dice(options.seed, "courses");
    courses_ = DrawCourses(centers, map_.first_day(), today_, course_dice);
    literacy_ = LiteracyClasses(centers, map_.first_day(), today_);
  }

  Plan Make(int learners) && {
    std::vector<double> weights;
    for (const Schooling& schooling : kSchoolings) weights.push_back(scale_.*schooling.pupils);
    weights.insert(weights.end(), {scale_.gdtx_thpt_learners, kCourseLearners, kLiteracyLearners});
    const std::vector<int> counts = Apportion(learners, weights);
    size_t kind = 0;
    for (const Schooling& schooling : kSchoolings) AddPupils(schooling, counts[kind++]);
    AddContinuingLearners(counts[kind++]);
    AddCourseLearners(counts[kind++]);
    AddLiteracyLearners(counts[kind++]);
    OpenRestOf(courses_);
    OpenRestOf(literacy_);
    AddHonours(map_, scale_, options_, plan_, ids_);
    return std::move(plan_);
  }

 private:
  void AddPupils(const Schooling& schooling, int count) {
    for (; count > 0; --count) {
      const int age = schooling.first_age + dice_.Below(schooling.years);
      int late = dice_.Happens(kAYearLate) ? 1 : 0;
      if (dice_.Happens(schooling.over_age)) late = dice_.Between(2, 5);
      const size_t unit = DrawUnit();
      const size_t learner = AddLearner(unit, school_year_.year - age - late);
      Enroll(learner, map_.Nearest(unit, map_.CentersOf(schooling.center)),
             {.kind = OFFERING_KIND_SCHOOL_CLASS,
              .level = schooling.level,
              .grade = GradeAt(schooling, age),
              .title = ClassTitle(schooling, age),
              .seats = schooling.seats,
              .first = school_year_.first,
              .last = school_year_.last});
    }
  }

  // Adults who are back in grades 10 to 12, and some who have never left.
  void AddContinuingLearners(int count) {
    const auto& centers = map_.CentersOf(CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER);
    for (; count > 0; --count) {
      const int grade = dice_.Between(10, 12);
      const bool is_back = dice_.Happens(kAdultsInContinuing);
      const int age = is_back ? dice_.Between(19, 59) : grade + dice_.Between(5, 7);
      const size_t unit = DrawUnit();
      const size_t learner = AddLearner(unit, school_year_.year - age);
      Enroll(learner, map_.Nearest(unit, centers),
             {.kind = OFFERING_KIND_CONTINUING_CLASS,
              .level = ISCED_LEVEL_3,
              .grade = grade,
              .title = Concat("Lớp ", grade, " GDTX A"),
              .seats = 45,
              .first = school_year_.first,
              .last = school_year_.last});
    }
  }

  void AddCourseLearners(int count) {
    std::map<size_t, std::vector<const Course*>> courses_at;
    for (const Course& course : courses_) courses_at[course.center].push_back(&course);
    std::vector<size_t> centers;
    for (const auto& [center, held] : courses_at) centers.push_back(center);
    const Programme popular = PopularCourse(map_.first_day(), today_);
    const size_t popular_offering = offerings_.Open(courses_.front().center, popular, 1);
    const int popular_with = std::min(count, popular.seats + kRefusedMax);
    for (int i = 0; i < count; ++i) {
      const size_t unit = DrawUnit();
      const size_t learner = AddLearner(unit, school_year_.year - dice_.Between(16, 80));
      const size_t center = map_.Nearest(unit, centers);
      const auto& held = courses_at[center];
      const auto first = static_cast<size_t>(dice_.Below(static_cast<int>(held.size())));
      Enroll(learner, center, held[first]->programme);
      if (held.size() > 1 && dice_.Happens(kSecondCourse)) {
        Enroll(learner, center, held[(first + 1) % held.size()]->programme);
      }
      if (i < popular_with) AddEnrollment(learner, popular_offering, popular.first);
    }
  }

  void AddLiteracyLearners(int count) {
    for (; count > 0; --count) {
      const Course& course =
          literacy_[static_cast<size_t>(dice_.Below(static_cast<int>(literacy_.size())))];
      const size_t learner = AddLearner(DrawUnit(), school_year_.year - dice_.Between(15, 70));
      Enroll(learner, course.center, course.programme);
    }
  }

  // Courses are held even when nobody comes.
  void OpenRestOf(const std::vector<Course>& courses) {
    for (const Course& course : courses) {
      if (!offerings_.IsOpen(course.center, course.programme)) {
        offerings_.Open(course.center, course.programme, 1);
      }
    }
  }

  size_t DrawUnit() {
    return static_cast<size_t>(dice_.Below(static_cast<int>(map_.units().size())));
  }

  size_t AddLearner(size_t unit, int birth_year) {
    const size_t index = plan_.learners.size();
    PlannedLearner& planned = plan_.learners.emplace_back();
    planned.request.set_request_id(ids_.Next());
    bool knows_unit = false;
    *planned.request.mutable_learner() =
        DrawLearner({.birth_year = birth_year,
                     .share_girls = scale_.share_girls,
                     .share_disabled = scale_.share_disabled_population_2_17,
                     .unit = map_.units()[unit].name_with_type,
                     .number = (first_number_ + static_cast<int>(index)) % kNumbers},
                    dice_, &knows_unit);
    if (knows_unit) planned.unit = unit;
    return index;
  }

  void Enroll(size_t learner, size_t center, const Programme& programme) {
    const size_t enrollment =
        AddEnrollment(learner, offerings_.TakeSeat(center, programme), programme.first);
    if (programme.last < today_ && dice_.Happens(kCompletes)) {
      PlannedCompletion& completion = plan_.completions.emplace_back();
      completion.enrollment = enrollment;
      completion.request.set_request_id(ids_.Next());
      *completion.request.mutable_end_date() = ToDate(programme.last + days(1));
    } else if (dice_.Happens(IsFormal(programme) ? kLeavesClass : kLeavesCourse)) {
      const Day latest = std::min(today_, programme.last + days(1));
      const auto days_held = static_cast<int>((latest - programme.first).count());
      if (days_held < 1) return;
      PlannedWithdrawal& withdrawal = plan_.withdrawals.emplace_back();
      withdrawal.enrollment = enrollment;
      withdrawal.request.set_request_id(ids_.Next());
      *withdrawal.request.mutable_end_date() =
          ToDate(programme.first + days(dice_.Between(1, days_held)));
    }
  }

  size_t AddEnrollment(size_t learner, size_t offering, Day first) {
    PlannedEnrollment& planned = plan_.enrollments.emplace_back();
    planned.learner = learner;
    planned.offering = offering;
    planned.request.set_request_id(ids_.Next());
    *planned.request.mutable_start_date() = ToDate(first);
    return plan_.enrollments.size() - 1;
  }

  const Scale scale_;
  const PlanOptions options_;
  const Day today_;
  const SchoolYear school_year_;
  Plan plan_;
  RequestIds ids_;
  const CityMap map_;
  Offerings offerings_;
  Dice dice_;
  const int first_number_;
  std::vector<Course> courses_;
  std::vector<Course> literacy_;
};

}  // namespace

absl::StatusOr<Plan> PlanCity(const CityTexts& texts, const PlanOptions& options) {
  if (options.learners < 1 || options.learners > kLearnersMax) {
    return absl::InvalidArgumentError(
        Concat("learners: ", options.learners, ": give 1 to ", kLearnersMax));
  }
  if (options.today < std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)) {
    return absl::InvalidArgumentError(
        Concat("today: ", FormatDay(options.today), ": the plan needs 2026-01-01 or later"));
  }
  auto units = ParseUnits(texts.units_csv);
  if (!units.ok()) return units.status();
  auto scale = ParseScale(texts.scale_csv);
  if (!scale.ok()) return scale.status();
  const auto history = ParseHistory(
      {.units_csv = texts.old_units_csv, .succession_csv = texts.succession_csv}, *units);
  if (!history.ok()) return history.status();
  return CityPlanner(*std::move(units), *history, *scale, options).Make(options.learners);
}

}  // namespace learncity::demo
