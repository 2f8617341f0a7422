// What a center of a plan holds: classes that open as learners come, and courses of community
// learning centers, held whether anybody comes or not.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/learncity/demo/dice.h"
#include "services/learncity/demo/request_ids.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

struct Programme {
  type::v1::OfferingKind kind = type::v1::OFFERING_KIND_UNSPECIFIED;
  type::v1::IscedLevel level = type::v1::ISCED_LEVEL_NON_FORMAL;
  int grade = 0;
  type::v1::LiteracyStage stage = type::v1::LITERACY_STAGE_UNSPECIFIED;
  // Of a formal programme followed by the number of the class: "Lớp 3A" and "1".
  std::string title;
  int seats = 0;
  Day first;
  Day last;
};

bool IsFormal(const Programme& programme);

// The school year that runs today, or in summer the one that ran last: from September 5th to May
// 31st.
struct SchoolYear {
  explicit SchoolYear(Day today);

  // In which it begins.
  int year = 0;
  Day first;
  Day last;
  // "2026-2027".
  std::string name;
};

// Adds offerings to what happens at one center, which outlives it.
class Offerings {
 public:
  Offerings(CenterActivity& activity, RequestIds& ids, const SchoolYear& school_year)
      : activity_(activity), ids_(ids), school_year_(school_year) {}

  // One more learner of that programme: the offering that has a seat left, opened when all others
  // are full.
  size_t TakeSeat(const Programme& programme);
  // Whether TakeSeat has opened it.
  bool IsOpen(const Programme& programme) const { return sections_.contains(programme.title); }
  // Adds an offering, whatever TakeSeat has opened.
  size_t Open(const Programme& programme, int number);

 private:
  struct Sections {
    int count = 0;
    size_t last = 0;
    int taken = 0;
  };

  CenterActivity& activity_;
  RequestIds& ids_;
  const SchoolYear& school_year_;
  // By title.
  std::map<std::string, Sections> sections_;
};

enum class HoldsCourses {
  kAsDrawn,
  kNow,
};

// Courses of one community learning center. Most have held some in the last twelve closed months;
// some only before that, some never.
std::vector<Programme> DrawCourses(HoldsCourses holds, Day first_possible, Day today, Dice& dice);

// Literacy classes of both stages.
std::vector<Programme> LiteracyClasses(Day first_possible, Day today);

// A course that runs today and has ten seats.
Programme PopularCourse(Day first_possible, Day today);

}  // namespace learncity::demo
