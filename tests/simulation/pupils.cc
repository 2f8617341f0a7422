#include "tests/simulation/pupils.h"

#include <set>
#include <string>

#include "learncity/enrollment/v1/enrollment_events.pb.h"

namespace learncity::simulation {
namespace {

using enrollment::v1::EnrollmentEvent;
using enrollment::v1::LearnerEvent;
using type::v1::IscedLevel;
using type::v1::Sex;

struct Seat {
  std::string learner;
  IscedLevel level;
  Day from;
  Day to;
};

}  // namespace

Pupils CountPupils(const std::vector<ledger::Record>& enrollment, int64_t up_to, Day day) {
  std::map<std::string, Sex> sexes;
  std::map<Id, Seat> seats;
  for (const ledger::Record& record : enrollment) {
    if (record.position > up_to) break;
    if (record.type == LearnerEvent::descriptor()->full_name()) {
      LearnerEvent event;
      if (event.ParseFromString(record.data) && event.has_registered()) {
        sexes[event.registered().learner().name()] = event.registered().learner().sex();
      }
    }
    if (record.type != EnrollmentEvent::descriptor()->full_name()) continue;
    EnrollmentEvent event;
    if (!event.ParseFromString(record.data)) continue;
    if (event.has_admitted() || event.has_promoted()) {
      const auto& admitted =
          event.has_admitted() ? event.admitted().enrollment() : event.promoted().enrollment();
      if (admitted.grade() == 0) continue;
      seats[record.subject] = {admitted.learner(), admitted.isced_level(),
                               DayOf(admitted.start_date()),
                               DayOf(admitted.offering_end_date()) + std::chrono::days(1)};
    } else if (const auto seat = seats.find(record.subject); seat != seats.end()) {
      seat->second.to = DayOf(event.has_completed()     ? event.completed().end_date()
                              : event.has_transferred() ? event.transferred().end_date()
                                                        : event.withdrawn().end_date());
    }
  }
  std::set<std::pair<IscedLevel, std::string>> present;
  for (const auto& [id, seat] : seats) {
    if (seat.from <= day && day < seat.to) present.insert({seat.level, seat.learner});
  }
  Pupils pupils;
  for (const auto& [level, learner] : present) ++pupils[{level, sexes[learner]}];
  return pupils;
}

}  // namespace learncity::simulation
