#include "services/learncity/demo/honours.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "platform/runtime/concat.h"
#include "services/learncity/demo/population.h"

namespace learncity::demo {
namespace {

using namespace achievements::v1;
using namespace type::v1;
using std::chrono::days;

// Invented parameters.
constexpr double kLevelTwo = 0.25;
constexpr int kFirstAwardYear = 2008;
constexpr int kLastAwardYear = 2025;
constexpr int kScoreMin = 80;
constexpr int kRecognisedDaysAgo = 200;
constexpr int kRecognisedFor = 365;

constexpr std::array<std::string_view, 8> kSubjects = {
    "Toán", "Vật lí", "Hóa học", "Sinh học", "Tin học", "Ngữ văn", "Tiếng Anh", "Lịch sử"};
constexpr std::array<std::string_view, 5> kOlympiads = {"IMO", "IPhO", "IChO", "IBO", "IOI"};
constexpr std::array<std::string_view, 5> kOlympiadSubjects = {"Toán", "Vật lí", "Hóa học",
                                                               "Sinh học", "Tin học"};
constexpr std::array<AwardRank, 4> kPrizes = {AWARD_RANK_FIRST, AWARD_RANK_SECOND, AWARD_RANK_THIRD,
                                              AWARD_RANK_CONSOLATION};
constexpr std::array<AwardRank, 4> kMedals = {AWARD_RANK_GOLD, AWARD_RANK_SILVER, AWARD_RANK_BRONZE,
                                              AWARD_RANK_HONOURABLE_MENTION};

bool IsPublicSchool(const registry::v1::Center& center) {
  return center.ownership() == OWNERSHIP_PUBLIC && center.kind() >= CENTER_KIND_PRESCHOOL &&
         center.kind() <= CENTER_KIND_MULTI_LEVEL_SCHOOL;
}

class HonoursMaker {
 public:
  HonoursMaker(const CityMap& map, const Scale& scale, const PlanOptions& options, Plan& plan,
               RequestIds& ids)
      : map_(map), scale_(scale), options_(options), plan_(plan), ids_(ids) {}

  void Make() {
    AddAccreditations();
    AddCounts();
    AddPopulation();
    AddAwards();
    AddRecognitions(RECOGNITION_SUBJECT_FAMILY, scale_.learning_families);
    AddRecognitions(RECOGNITION_SUBJECT_CLAN, scale_.learning_clans);
    AddRecognitions(RECOGNITION_SUBJECT_RESIDENTIAL_GROUP, scale_.learning_residential_groups);
  }

 private:
  void AddAccreditations() {
    Dice dice(options_.seed, "accreditations");
    for (size_t i = 0; i < plan_.centers.size(); ++i) {
      const auto& center = plan_.centers[i].request.center();
      if (!IsPublicSchool(center)) continue;
      if (!dice.Happens(scale_.public_schools_national_standard_share)) continue;
      PlannedAccreditation& planned = plan_.accreditations.emplace_back();
      planned.center = i;
      planned.request.set_request_id(ids_.Next());
      auto& accreditation = *planned.request.mutable_accreditation();
      const Day opened = DayOf(center.valid_from());
      const auto since = static_cast<int>((options_.today - opened).count());
      const Day from = opened + days(dice.Below(std::max(1, since)));
      accreditation.set_decision(Concat(1000 + i, "/QĐ-UBND (mẫu)"));
      accreditation.set_level(dice.Happens(kLevelTwo) ? 2 : 1);
      *accreditation.mutable_valid_from() = ToDate(from);
      *accreditation.mutable_valid_to() = ToDate(from + days(5 * 365));
    }
  }

  void AddCounts() {
    Dice dice(options_.seed, "counts");
    const Day day = std::max(map_.first_day(), options_.today - days(kRecognisedDaysAgo));
    const double households = scale_.learning_families / scale_.learning_families_share;
    for (size_t unit = 0; unit < plan_.places.size(); ++unit) {
      auto& request = plan_.counts.emplace_back();
      request.set_request_id(ids_.Next());
      auto& count = *request.mutable_unit_count();
      count.set_unit(plan_.places[unit]);
      count.set_thing(registry::v1::COUNTED_THING_HOUSEHOLDS);
      *count.mutable_date() = ToDate(day);
      count.set_count(std::llround(households / static_cast<double>(plan_.places.size()) *
                                   dice.Between(80, 120) / 100));
      count.set_source("dữ liệu mẫu / synthetic");
      count.set_is_estimated(true);
    }
  }

  // Of all inhabitants, whatever share of the learners is invented: rates by unit add up to those
  // of the city.
  void AddPopulation() {
    const auto whole = static_cast<int64_t>(scale_.population_126_units);
    const std::vector<int64_t> parts = EstimatePopulation(map_.units(), whole);
    for (size_t unit = 0; unit < parts.size(); ++unit) {
      auto& request = plan_.counts.emplace_back();
      request.set_request_id(ids_.Next());
      auto& count = *request.mutable_unit_count();
      count.set_unit(plan_.places[unit]);
      count.set_thing(registry::v1::COUNTED_THING_POPULATION);
      *count.mutable_date() = ToDate(map_.units()[unit].valid_from);
      count.set_count(parts[unit]);
      count.set_source(std::string(kPopulationSource));
      count.set_is_estimated(true);
    }
  }

  void AddAwards() {
    Dice dice(options_.seed, "awards");
    for (int i = 0; i < static_cast<int>(scale_.national_awards); ++i) {
      Award& award = AddAward(AWARD_LEVEL_NATIONAL, dice);
      award.set_competition("Kỳ thi chọn học sinh giỏi quốc gia (mẫu)");
      award.set_subject(std::string(dice.OneOf(kSubjects)));
      award.set_rank(dice.OneOf(kPrizes));
    }
    for (int i = 0; i < static_cast<int>(scale_.international_medals); ++i) {
      Award& award = AddAward(AWARD_LEVEL_INTERNATIONAL, dice);
      const auto olympiad = static_cast<size_t>(dice.Below(static_cast<int>(kOlympiads.size())));
      award.set_competition(Concat(kOlympiads[olympiad], " (mẫu)"));
      award.set_subject(std::string(kOlympiadSubjects[olympiad]));
      award.set_rank(dice.OneOf(kMedals));
    }
  }

  // Of years before the platform: nobody is known by name.
  Award& AddAward(AwardLevel level, Dice& dice) {
    auto& request = plan_.awards.emplace_back();
    request.set_request_id(ids_.Next());
    Award& award = *request.mutable_award();
    award.set_level(level);
    award.set_year(dice.Between(kFirstAwardYear, kLastAwardYear));
    award.set_unknown_learners(1);
    return award;
  }

  void AddRecognitions(RecognitionSubject kind, double in_city) {
    Dice dice(options_.seed, RecognitionSubject_Name(kind));
    const auto count = std::llround(in_city * options_.learners / scale_.pupils);
    const Day from = std::max(map_.first_day(), options_.today - days(kRecognisedDaysAgo));
    for (int64_t i = 0; i < count; ++i) {
      auto& request = plan_.recognitions.emplace_back();
      request.set_request_id(ids_.Next());
      Recognition& recognition = *request.mutable_recognition();
      recognition.set_kind(kind);
      recognition.set_unit(plan_.places[static_cast<size_t>(i) % plan_.places.size()]);
      recognition.set_subject(Concat("mau-", i + 1));
      request.set_decision("12/QĐ-UBND (mẫu)");
      *request.mutable_valid_from() = ToDate(from);
      *request.mutable_valid_to() = ToDate(from + days(kRecognisedFor));
      request.set_score(dice.Between(kScoreMin, 100));
      request.set_scheme("bộ tiêu chí mẫu / synthetic");
    }
  }

  const CityMap& map_;
  const Scale& scale_;
  const PlanOptions& options_;
  Plan& plan_;
  RequestIds& ids_;
};

}  // namespace

void AddHonours(const CityMap& map, const Scale& scale, const PlanOptions& options, Plan& plan,
                RequestIds& ids) {
  HonoursMaker(map, scale, options, plan, ids).Make();
}

}  // namespace learncity::demo
