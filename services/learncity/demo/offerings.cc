#include "services/learncity/demo/offerings.h"

#include <algorithm>
#include <array>

#include "platform/runtime/concat.h"

namespace learncity::demo {
namespace {

using namespace type::v1;
using std::chrono::days;

constexpr std::array<std::string_view, 10> kTitles = {"Tin học cơ bản",
                                                      "Kỹ năng số cho người cao tuổi",
                                                      "Trồng rau an toàn",
                                                      "Sơ cấp cứu tại nhà",
                                                      "Tiếng Anh giao tiếp",
                                                      "May gia dụng cơ bản",
                                                      "Phòng cháy, chữa cháy tại khu dân cư",
                                                      "Nuôi dạy con trong thời đại số",
                                                      "Nấu ăn dinh dưỡng",
                                                      "Pháp luật trong đời sống"};

// Invented shares of centers.
constexpr double kHoldsCoursesNow = 0.65;
constexpr double kHeldCoursesBefore = 0.25;
constexpr int kCourseSeats = 30;
constexpr int kLiteracySeats = 20;
constexpr size_t kOnlineEvery = 10;

Programme CourseOf(OfferingKind kind, std::string_view title, int seats, Day first, int length) {
  return {.kind = kind,
          .title = std::string(title),
          .seats = seats,
          .first = first,
          .last = first + days(length)};
}

Programme LiteracyClassOf(LiteracyStage stage, std::string_view title, Day first, int length) {
  Programme programme =
      CourseOf(OFFERING_KIND_LITERACY_CLASS, title, kLiteracySeats, first, length);
  programme.stage = stage;
  return programme;
}

// The first day of the twelve months that are closed today.
Day FirstClosedDay(Day today) {
  const std::chrono::year_month_day date(today);
  return (date.year() - std::chrono::years(1)) / date.month() / 1;
}

// Begins at least 40 days ago, so that a month in which it ran is closed, and ends in the last 300.
Day DrawRecentStart(Day first_possible, Day today, Dice& dice) {
  return std::max(first_possible, today - days(dice.Between(40, 290)));
}

// Invented: one community course in so many is held online, one blended; all else at the center.
OfferingMode ModeOf(const Programme& programme, size_t number) {
  if (programme.kind != OFFERING_KIND_COMMUNITY_COURSE) return OFFERING_MODE_IN_PERSON;
  if (number % kOnlineEvery == 0) return OFFERING_MODE_ONLINE;
  return number % kOnlineEvery == 1 ? OFFERING_MODE_BLENDED : OFFERING_MODE_IN_PERSON;
}

}  // namespace

bool IsFormal(const Programme& programme) {
  return programme.kind == OFFERING_KIND_SCHOOL_CLASS ||
         programme.kind == OFFERING_KIND_CONTINUING_CLASS;
}

SchoolYear::SchoolYear(Day today) {
  const auto this_year = std::chrono::year_month_day(today).year();
  const auto opening = std::chrono::September / 5;
  const auto begun =
      today >= Day(this_year / opening) ? this_year : this_year - std::chrono::years(1);
  year = static_cast<int>(begun);
  first = begun / opening;
  last = (begun + std::chrono::years(1)) / std::chrono::May / 31;
  name = Concat(year, "-", year + 1);
}

size_t Offerings::Open(const Programme& programme, int number) {
  const size_t index = activity_.offerings.size();
  auto& request = activity_.offerings.emplace_back();
  request.set_request_id(ids_.Next());
  enrollment::v1::Offering& offering = *request.mutable_offering();
  offering.set_kind(programme.kind);
  offering.set_isced_level(programme.level);
  offering.set_literacy_stage(programme.stage);
  if (IsFormal(programme)) {
    offering.set_display_name(Concat(programme.title, number));
    offering.set_grade(programme.grade);
    offering.set_school_year(school_year_.name);
  } else {
    offering.set_display_name(number == 1 ? programme.title
                                          : Concat(programme.title, ", lớp ", number));
  }
  offering.set_mode(ModeOf(programme, activity_.center + index));
  offering.set_seats(programme.seats);
  *offering.mutable_start_date() = ToDate(programme.first);
  *offering.mutable_end_date() = ToDate(programme.last);
  return index;
}

size_t Offerings::TakeSeat(const Programme& programme) {
  Sections& sections = sections_[programme.title];
  if (sections.count == 0 || sections.taken == programme.seats) {
    sections.last = Open(programme, ++sections.count);
    sections.taken = 0;
  }
  ++sections.taken;
  return sections.last;
}

std::vector<Programme> DrawCourses(HoldsCourses holds, Day first_possible, Day today, Dice& dice) {
  std::vector<Programme> courses;
  const auto add = [&](size_t title, Day first, int length) {
    courses.push_back(CourseOf(OFFERING_KIND_COMMUNITY_COURSE, kTitles[title % kTitles.size()],
                               kCourseSeats, first, length));
  };
  const int days_before = static_cast<int>((FirstClosedDay(today) - first_possible).count());
  // The titles of one center differ.
  size_t title = static_cast<size_t>(dice.Below(static_cast<int>(kTitles.size())));
  if (dice.Happens(kHoldsCoursesNow) || holds == HoldsCourses::kNow) {
    for (int n = dice.Between(1, 2); n > 0; --n) {
      const int length = dice.Between(14, 60);
      add(title++, DrawRecentStart(first_possible, today, dice), length);
    }
  } else if (dice.Happens(kHeldCoursesBefore / (1 - kHoldsCoursesNow)) && days_before > 60) {
    const int length = dice.Between(14, 45);
    add(title, first_possible + days(dice.Below(days_before - length)), length);
  }
  return courses;
}

std::vector<Programme> LiteracyClasses(Day first_possible, Day today) {
  const Day ended = std::max(first_possible, today - days(170));
  return {LiteracyClassOf(LITERACY_STAGE_1, "Xóa mù chữ giai đoạn 1", ended, 120),
          LiteracyClassOf(LITERACY_STAGE_2, "Xóa mù chữ giai đoạn 2", today - days(60), 150)};
}

Programme PopularCourse(Day first_possible, Day today) {
  return CourseOf(OFFERING_KIND_COMMUNITY_COURSE, "Trí tuệ nhân tạo cho mọi người", 10,
                  std::max(first_possible, today - days(45)), 90);
}

}  // namespace learncity::demo
