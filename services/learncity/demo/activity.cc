#include "services/learncity/demo/activity.h"

#include <algorithm>
#include <utility>

#include "platform/runtime/concat.h"
#include "services/learncity/demo/dice.h"
#include "services/learncity/demo/request_ids.h"
#include "services/learncity/demo/synthetic_person.h"

namespace learncity::demo {
namespace {

using namespace type::v1;
using std::chrono::days;

// Invented parameters.
constexpr double kAYearLate = 0.03;
constexpr double kAdultsInContinuing = 0.6;
constexpr double kSecondCourse = 0.3;
constexpr double kFromElsewhere = 0.1;
constexpr double kCompletes = 0.85;
constexpr double kLeavesClass = 0.015;
constexpr double kLeavesCourse = 0.08;
// Who is late for the grade is one of every so many pupils, with the likelihood so many times the
// share.
constexpr int64_t kMayBeLateEvery = 8;
constexpr int kLateMax = 5;

// Of the request ids of one center: as many milliseconds as it has requests at most.
constexpr std::chrono::seconds kIdTime{8};

// The last six digits of national ids, which begin with year of birth and sex. Whoever may have the
// same of these has another number: pupils on time are alone in their year, those who are late come
// from one of five ages there.
constexpr int64_t kNumbers = 1'000'000;
constexpr int64_t kLateFirst = kPupilsOfAnAgeMax;
constexpr int64_t kLatePerAge = kPupilsOfAnAgeMax / kMayBeLateEvery;
constexpr int64_t kContinuingFirst = 400'000;
constexpr int64_t kCoursesFirst = kContinuingFirst + kContinuingMax;
constexpr int64_t kLiteracyFirst = 900'000;
static_assert(kLateFirst + kLateMax * kLatePerAge <= kContinuingFirst);

class ActivityPlanner {
 public:
  ActivityPlanner(const CityParts& city, size_t center, size_t home)
      : city_(city),
        home_(home),
        ids_(city.options, Concat("center ", center), kIdTime * static_cast<int>(center)),
        dice_(city.options.seed, Concat("learners of center ", center)),
        // National ids of plans with different seeds seldom meet.
        first_number_(Dice(city.options.seed, "national ids").Below(kNumbers)),
        offerings_(activity_, ids_, city.school_year) {
    activity_.center = center;
  }

  CenterActivity Make() && {
    for (const PupilsOfAnAge& pupils : city_.pupils.At(activity_.center)) {
      for (int64_t i = 0; i < pupils.count; ++i) AddPupil(pupils, pupils.first + i);
    }
    const auto& adults = city_.adults;
    const auto add = [&](const auto& groups,
                         void (ActivityPlanner::*add_group)(const AdultGroup&)) {
      const auto here = groups.find(activity_.center);
      if (here != groups.end()) (this->*add_group)(here->second);
    };
    add(adults.continuing(), &ActivityPlanner::AddContinuingLearners);
    add(adults.courses(), &ActivityPlanner::AddCourseLearners);
    add(adults.literacy(), &ActivityPlanner::AddLiteracyLearners);
    return std::move(activity_);
  }

 private:
  // The number-th of the age in the city.
  void AddPupil(const PupilsOfAnAge& pupils, int64_t number) {
    const Schooling& schooling = *pupils.schooling;
    const int age = pupils.age;
    int late = 0;
    if (schooling.first_grade > 0 && number % kMayBeLateEvery == 0) {
      if (dice_.Happens(kAYearLate * kMayBeLateEvery)) late = 1;
      if (dice_.Happens(schooling.over_age * kMayBeLateEvery)) late = dice_.Between(2, kLateMax);
    }
    if (late > 0) {
      number = kLateFirst + age % kLateMax * kLatePerAge + number / kMayBeLateEvery;
    }
    PlannedLearner& learner = AddLearner(city_.school_year.year - age - late, number);
    Enroll(learner, {.kind = OFFERING_KIND_SCHOOL_CLASS,
                     .level = schooling.level,
                     .grade = GradeAt(schooling, age),
                     .title = ClassTitle(schooling, age),
                     .seats = schooling.seats,
                     .first = city_.school_year.first,
                     .last = city_.school_year.last});
  }

  // Adults who are back in grades 10 to 12, and some who have never left.
  void AddContinuingLearners(const AdultGroup& group) {
    for (int64_t i = 0; i < group.count; ++i) {
      const int grade = dice_.Between(10, 12);
      const bool is_back = dice_.Happens(kAdultsInContinuing);
      const int age = is_back ? dice_.Between(19, 59) : grade + dice_.Between(5, 7);
      PlannedLearner& learner =
          AddLearner(city_.school_year.year - age, kContinuingFirst + group.first + i);
      Enroll(learner, {.kind = OFFERING_KIND_CONTINUING_CLASS,
                       .level = ISCED_LEVEL_3,
                       .grade = grade,
                       .title = Concat("Lớp ", grade, " GDTX A"),
                       .seats = 45,
                       .first = city_.school_year.first,
                       .last = city_.school_year.last});
    }
  }

  void AddCourseLearners(const AdultGroup& group) {
    const auto& held = group.programmes;
    const Programme popular = PopularCourse(city_.map.first_day(), city_.options.today);
    const bool is_popular = city_.adults.popular_at() == activity_.center;
    const size_t popular_offering = is_popular ? offerings_.Open(popular, 1) : 0;
    const int64_t popular_with = is_popular ? popular.seats + kRefusedMax : 0;
    for (int64_t i = 0; i < group.count; ++i) {
      PlannedLearner& learner = AddLearner(city_.school_year.year - dice_.Between(16, 80),
                                           kCoursesFirst + group.first + i);
      const auto first = static_cast<size_t>(dice_.Below(static_cast<int>(held.size())));
      Enroll(learner, held[first]);
      if (held.size() > 1 && dice_.Happens(kSecondCourse)) {
        Enroll(learner, held[(first + 1) % held.size()]);
      }
      if (i < popular_with) AddEnrollment(learner, popular_offering, popular.first);
    }
    OpenRestOf(held);
  }

  void AddLiteracyLearners(const AdultGroup& group) {
    for (int64_t i = 0; i < group.count; ++i) {
      const auto stage = static_cast<size_t>(group.first + i) % group.programmes.size();
      Enroll(AddLearner(city_.school_year.year - dice_.Between(15, 70),
                        kLiteracyFirst + group.first + i),
             group.programmes[stage]);
    }
    OpenRestOf(group.programmes);
  }

  // Courses are held even when nobody comes.
  void OpenRestOf(const std::vector<Programme>& programmes) {
    for (const Programme& programme : programmes) {
      if (!offerings_.IsOpen(programme)) offerings_.Open(programme, 1);
    }
  }

  PlannedLearner& AddLearner(int birth_year, int64_t number) {
    const auto& units = city_.map.units();
    const size_t unit = dice_.Happens(kFromElsewhere)
                            ? static_cast<size_t>(dice_.Below(static_cast<int>(units.size())))
                            : home_;
    PlannedLearner& planned = activity_.learners.emplace_back();
    planned.request.set_request_id(ids_.Next());
    bool knows_unit = false;
    *planned.request.mutable_learner() =
        DrawLearner({.birth_year = birth_year,
                     .share_girls = city_.scale.share_girls,
                     .share_disabled = city_.scale.share_disabled_population_2_17,
                     .unit = units[unit].name_with_type,
                     .number = static_cast<int>((first_number_ + number) % kNumbers)},
                    dice_, &knows_unit);
    if (knows_unit) planned.unit = unit;
    return planned;
  }

  void Enroll(PlannedLearner& learner, const Programme& programme) {
    PlannedEnrollment& enrollment =
        AddEnrollment(learner, offerings_.TakeSeat(programme), programme.first);
    const Day today = city_.options.today;
    if (programme.last < today && dice_.Happens(kCompletes)) {
      auto& completion = enrollment.completion.emplace();
      completion.set_request_id(ids_.Next());
      *completion.mutable_end_date() = ToDate(programme.last + days(1));
    } else if (dice_.Happens(IsFormal(programme) ? kLeavesClass : kLeavesCourse)) {
      const Day latest = std::min(today, programme.last + days(1));
      const auto days_held = static_cast<int>((latest - programme.first).count());
      if (days_held < 1) return;
      auto& withdrawal = enrollment.withdrawal.emplace();
      withdrawal.set_request_id(ids_.Next());
      *withdrawal.mutable_end_date() = ToDate(programme.first + days(dice_.Between(1, days_held)));
    }
  }

  PlannedEnrollment& AddEnrollment(PlannedLearner& learner, size_t offering, Day first) {
    PlannedEnrollment& planned = learner.enrollments.emplace_back();
    planned.offering = offering;
    planned.request.set_request_id(ids_.Next());
    *planned.request.mutable_start_date() = ToDate(first);
    return planned;
  }

  const CityParts& city_;
  const size_t home_;
  CenterActivity activity_;
  RequestIds ids_;
  Dice dice_;
  const int64_t first_number_;
  Offerings offerings_;
};

}  // namespace

CenterActivity PlanActivity(const CityParts& city, size_t center, size_t home) {
  return ActivityPlanner(city, center, home).Make();
}

}  // namespace learncity::demo
