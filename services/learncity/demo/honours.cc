#include "services/learncity/demo/honours.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "platform/runtime/concat.h"
#include "services/learncity/demo/apportion.h"
#include "services/learncity/demo/dice.h"

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

// Of years before the platform: nobody is known by name.
Award& AddAward(AwardLevel level, Dice& dice, RequestIds& ids, Plan& plan) {
  auto& request = plan.awards.emplace_back();
  request.set_request_id(ids.Next());
  Award& award = *request.mutable_award();
  award.set_level(level);
  award.set_year(dice.Between(kFirstAwardYear, kLastAwardYear));
  award.set_unknown_learners(1);
  return award;
}

}  // namespace

void AddAccreditations(const Scale& scale, const PlanOptions& options, Plan& plan) {
  Dice dice(options.seed, "accreditations");
  RequestIds ids(options, "accreditations");
  for (size_t i = 0; i < plan.centers.size(); ++i) {
    const auto& center = plan.centers[i].request.center();
    if (!IsPublicSchool(center)) continue;
    if (!dice.Happens(scale.public_schools_national_standard_share)) continue;
    PlannedAccreditation& planned = plan.accreditations.emplace_back();
    planned.center = i;
    planned.request.set_request_id(ids.Next());
    auto& accreditation = *planned.request.mutable_accreditation();
    const Day opened = DayOf(center.valid_from());
    const auto since = static_cast<int>((options.today - opened).count());
    const Day from = opened + days(dice.Below(std::max(1, since)));
    accreditation.set_decision(Concat(1000 + i, "/QĐ-UBND (mẫu)"));
    accreditation.set_level(dice.Happens(kLevelTwo) ? 2 : 1);
    *accreditation.mutable_valid_from() = ToDate(from);
    *accreditation.mutable_valid_to() = ToDate(from + days(5 * 365));
  }
}

void AddAwards(const Scale& scale, const PlanOptions& options, Plan& plan) {
  Dice dice(options.seed, "awards");
  RequestIds ids(options, "awards");
  for (int64_t i = OneIn(options.one_in, scale.national_awards); i > 0; --i) {
    Award& award = AddAward(AWARD_LEVEL_NATIONAL, dice, ids, plan);
    award.set_competition("Kỳ thi chọn học sinh giỏi quốc gia (mẫu)");
    award.set_subject(std::string(dice.OneOf(kSubjects)));
    award.set_rank(dice.OneOf(kPrizes));
  }
  for (int64_t i = OneIn(options.one_in, scale.international_medals); i > 0; --i) {
    Award& award = AddAward(AWARD_LEVEL_INTERNATIONAL, dice, ids, plan);
    const auto olympiad = static_cast<size_t>(dice.Below(static_cast<int>(kOlympiads.size())));
    award.set_competition(Concat(kOlympiads[olympiad], " (mẫu)"));
    award.set_subject(std::string(kOlympiadSubjects[olympiad]));
    award.set_rank(dice.OneOf(kMedals));
  }
}

Recognitions::Recognitions(const Scale& scale, const PlanOptions& options, Day first_day,
                           std::vector<std::string> places)
    : seed_(options.seed),
      ids_(options, "recognitions"),
      from_(std::max(first_day, options.today - days(kRecognisedDaysAgo))),
      places_(std::move(places)) {
  const auto count = [&](double in_city) {
    return static_cast<size_t>(OneIn(options.one_in, in_city));
  };
  parts_ = {{{RECOGNITION_SUBJECT_CLAN, count(scale.learning_clans)},
             {RECOGNITION_SUBJECT_RESIDENTIAL_GROUP, count(scale.learning_residential_groups)},
             {RECOGNITION_SUBJECT_FAMILY, options.families ? count(scale.learning_families) : 0}}};
}

size_t Recognitions::count() const {
  size_t all = 0;
  for (const Part& part : parts_) all += part.count;
  return all;
}

GrantRecognitionRequest Recognitions::At(size_t i) const {
  size_t number = i;
  const Part* part = parts_.data();
  for (; number >= part->count; ++part) number -= part->count;
  Dice dice(seed_, Concat("recognition ", i));
  GrantRecognitionRequest request;
  request.set_request_id(ids_.At(static_cast<int64_t>(i)));
  Recognition& recognition = *request.mutable_recognition();
  recognition.set_kind(part->subject);
  recognition.set_unit(places_[number % places_.size()]);
  recognition.set_subject(Concat("mau-", number + 1));
  request.set_decision("12/QĐ-UBND (mẫu)");
  *request.mutable_valid_from() = ToDate(from_);
  *request.mutable_valid_to() = ToDate(from_ + days(kRecognisedFor));
  request.set_score(dice.Between(kScoreMin, 100));
  request.set_scheme("bộ tiêu chí mẫu / synthetic");
  return request;
}

}  // namespace learncity::demo
