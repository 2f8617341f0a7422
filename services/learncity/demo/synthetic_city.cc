#include "services/learncity/demo/synthetic_city.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "platform/runtime/concat.h"
#include "services/learncity/demo/activity.h"
#include "services/learncity/demo/adults.h"
#include "services/learncity/demo/apportion.h"
#include "services/learncity/demo/city_files.h"
#include "services/learncity/demo/city_map.h"
#include "services/learncity/demo/honours.h"
#include "services/learncity/demo/pupils.h"
#include "services/learncity/demo/unit_counts.h"

namespace learncity::demo {
namespace {

using namespace type::v1;

// All that a plan's functions draw from; it stays as it was made.
class City {
 public:
  // What it makes of the city at once is added to the plan.
  City(std::vector<UnitRow> units, const CityHistory& history, const Scale& scale,
       const PlanOptions& options, Plan& plan)
      : scale_(scale),
        options_(options),
        school_year_(options.today),
        map_(std::move(units), history, scale_, options_, plan),
        pupils_(map_, scale_, options_, school_year_.year),
        adults_(map_, scale_, options_),
        recognitions_(scale_, options_, map_.first_day(), plan.places) {
    plan.in_term = std::min(options_.today, school_year_.last);
    plan.learners = pupils_.count() + adults_.count();
    AddAccreditations(scale_, options_, plan);
    AddAwards(scale_, options_, plan);
    AddUnitCounts(map_, scale_, options_, plan);
    plan.recognitions = recognitions_.count();
    for (const PlannedCenter& center : plan.centers) AddPlaceOfLearning(center);
    plan.activities = learns_at_.size();
  }

  // Whether everybody has a national id of their own.
  bool HasRoom() const {
    return pupils_.most_of_an_age() <= kPupilsOfAnAgeMax &&
           OneIn(options_.one_in, scale_.gdtx_thpt_learners) <= kContinuingMax;
  }
  CenterActivity Activity(size_t i) const {
    const auto [center, unit] = learns_at_.at(i);
    const CityParts parts{.scale = scale_,
                          .options = options_,
                          .map = map_,
                          .school_year = school_year_,
                          .pupils = pupils_,
                          .adults = adults_};
    return PlanActivity(parts, center, unit);
  }
  achievements::v1::GrantRecognitionRequest Recognition(size_t i) const {
    return recognitions_.At(i);
  }

 private:
  // Called for each center, in their order.
  void AddPlaceOfLearning(const PlannedCenter& center) {
    const size_t index = centers_seen_++;
    if (!pupils_.At(index).empty() || adults_.continuing().contains(index) ||
        adults_.courses().contains(index) || adults_.literacy().contains(index)) {
      learns_at_.emplace_back(index, center.unit);
    }
  }

  const Scale scale_;
  const PlanOptions options_;
  const SchoolYear school_year_;
  const CityMap map_;
  const Pupils pupils_;
  const Adults adults_;
  const Recognitions recognitions_;
  // Centers where anybody learns, each with its unit.
  std::vector<std::pair<size_t, size_t>> learns_at_;
  size_t centers_seen_ = 0;
};

}  // namespace

absl::StatusOr<Plan> PlanCity(const CityTexts& texts, const PlanOptions& options) {
  if (options.one_in < 1 || options.one_in > kOneInMax) {
    return absl::InvalidArgumentError(
        Concat("scale: 1:", options.one_in, ": give 1:1 to 1:", kOneInMax));
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
  Plan plan;
  const auto city =
      std::make_shared<const City>(*std::move(units), *history, *scale, options, plan);
  if (!city->HasRoom()) {
    return absl::InvalidArgumentError(Concat("scale_parameters.csv: more than ", kPupilsOfAnAgeMax,
                                             " pupils of one age, or ", kContinuingMax,
                                             " gdtx_thpt_learners, at this scale"));
  }
  plan.activity = [city](size_t i) { return city->Activity(i); };
  plan.recognition = [city](size_t i) { return city->Recognition(i); };
  return plan;
}

}  // namespace learncity::demo
