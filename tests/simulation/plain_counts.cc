#include "tests/simulation/plain_counts.h"

#include <algorithm>
#include <set>

#include "learncity/achievements/v1/achievements_events.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/runtime/concat.h"

namespace learncity::simulation {
namespace {

using achievements::v1::Award;
using achievements::v1::AwardEvent;
using achievements::v1::Recognition;
using achievements::v1::RecognitionEvent;
using enrollment::v1::EnrollmentEvent;
using enrollment::v1::LearnerEvent;
using registry::v1::Accreditation;
using registry::v1::AccreditationEvent;
using registry::v1::Center;
using registry::v1::CenterEvent;

struct Seat {
  std::string learner;
  type::v1::IscedLevel level;
  Day from;
  Day to;
};

// Calls `see` with each event of that type that was applied.
template <class Event, class See>
void ForEach(const Seen& seen, const std::string& feed, int64_t up_to, const See& see) {
  for (const Happened& happened : seen.ledgers.at(feed).events) {
    if (happened.position > up_to) return;
    if (const auto* event = happened.As<Event>()) see(happened.subject, *event);
  }
}

std::map<Id, Seat> FormalSeats(const Seen& seen, int64_t up_to) {
  std::map<Id, Seat> seats;
  ForEach<EnrollmentEvent>(
      seen, "enrollment", up_to, [&](const Id& id, const EnrollmentEvent& event) {
        if (event.has_admitted() || event.has_promoted()) {
          const auto& begun =
              event.has_admitted() ? event.admitted().enrollment() : event.promoted().enrollment();
          if (begun.grade() == 0) return;
          seats[id] = {begun.learner(), begun.isced_level(), DayOf(begun.start_date()),
                       DayOf(begun.offering_end_date()) + std::chrono::days(1)};
        } else if (const auto seat = seats.find(id); seat != seats.end()) {
          seat->second.to = DayOf(event.has_completed()     ? event.completed().end_date()
                                  : event.has_transferred() ? event.transferred().end_date()
                                                            : event.withdrawn().end_date());
        }
      });
  return seats;
}

// Who holds a seat in a formal offering: a person counts once per level, under whatever names.
void CountPupils(const Seen& seen, int64_t up_to, Day day, Counts& counts) {
  std::map<std::string, type::v1::Sex> sexes;
  std::map<std::string, std::string> matched;
  ForEach<LearnerEvent>(seen, "enrollment", up_to, [&](const Id& id, const LearnerEvent& event) {
    if (event.has_matched()) {
      matched[Concat("learners/", id.ToString())] = event.matched().matched_to();
    }
    if (!event.has_registered() && !event.has_updated()) return;
    const auto& learner =
        event.has_registered() ? event.registered().learner() : event.updated().learner();
    sexes[learner.name()] = learner.sex();
  });
  std::set<std::pair<type::v1::IscedLevel, std::string>> present;
  for (const auto& [id, seat] : FormalSeats(seen, up_to)) {
    if (day < seat.from || seat.to <= day) continue;
    std::string learner = seat.learner;
    while (matched.contains(learner)) learner = matched[learner];
    present.insert({seat.level, learner});
  }
  for (const auto& [level, learner] : present) ++counts[Pupils(level, sexes[learner])];
}

// Under the highest level of the standard that holds on the day.
void CountCenters(const Seen& seen, int64_t up_to, Day day, Counts& counts) {
  std::map<std::string, Center> centers;
  ForEach<CenterEvent>(seen, "registry", up_to, [&](const Id& id, const CenterEvent& event) {
    Center& center = centers[Concat("centers/", id.ToString())];
    if (event.has_opened()) center = event.opened().center();
    if (event.has_closed()) *center.mutable_valid_to() = event.closed().valid_to();
  });
  std::map<Id, Accreditation> accreditations;
  ForEach<AccreditationEvent>(seen, "registry", up_to,
                              [&](const Id& id, const AccreditationEvent& event) {
                                Accreditation& one = accreditations[id];
                                if (event.has_granted()) one = event.granted().accreditation();
                                if (event.has_withdrawn())
                                  *one.mutable_valid_to() = event.withdrawn().valid_to();
                              });
  for (const auto& [name, center] : centers) {
    if (!IsValidOn(center, day)) continue;
    int level = 0;
    for (const auto& [id, one] : accreditations) {
      if (one.center() == name && IsValidOn(one, day)) level = std::max(level, one.level());
    }
    ++counts[Centers(center.kind(), center.ownership(), level)];
  }
}

void CountRecognitions(const Seen& seen, int64_t up_to, Day day, Counts& counts) {
  std::map<Id, Recognition> recognitions;
  ForEach<RecognitionEvent>(
      seen, "achievements", up_to, [&](const Id& id, const RecognitionEvent& event) {
        recognitions[id] = event.has_granted()   ? event.granted().recognition()
                           : event.has_renewed() ? event.renewed().recognition()
                                                 : event.withdrawn().recognition();
      });
  for (const auto& [id, recognition] : recognitions) {
    for (const auto& period : recognition.periods()) {
      if (IsValidOn(period, day)) ++counts[Recognitions(recognition.kind())];
    }
  }
}

void CountAwards(const Seen& seen, int64_t up_to, Day day, Counts& counts) {
  std::map<Id, Award> awards;
  ForEach<AwardEvent>(seen, "achievements", up_to, [&](const Id& id, const AwardEvent& event) {
    if (event.has_recorded()) awards[id] = event.recorded().award();
    if (event.has_withdrawn()) {
      *awards[id].mutable_withdrawn_date() = event.withdrawn().withdrawn_date();
    }
  });
  const int year = ToDate(day).year();
  for (const auto& [id, award] : awards) {
    const bool withdrawn = award.has_withdrawn_date() && award.withdrawn_date().year() <= year;
    if (award.year() > year || withdrawn) continue;
    ++counts[Awards(award.level() == achievements::v1::AWARD_LEVEL_INTERNATIONAL)];
  }
}

}  // namespace

std::string Pupils(type::v1::IscedLevel level, type::v1::Sex sex) {
  return Concat("pupils at ", IscedLevel_Name(level), ", ", Sex_Name(sex));
}

std::string Centers(type::v1::CenterKind kind, type::v1::Ownership ownership, int standard_level) {
  return Concat("centers ", CenterKind_Name(kind), ", ", Ownership_Name(ownership), ", level ",
                standard_level);
}

std::string Recognitions(type::v1::RecognitionSubject kind) {
  return Concat("recognitions ", RecognitionSubject_Name(kind));
}

std::string Awards(bool international) {
  return international ? "international awards" : "national awards";
}

Counts CountPlainly(const Seen& seen, const Applied& applied, Day day) {
  Counts counts;
  CountPupils(seen, applied.enrollment, day, counts);
  CountCenters(seen, applied.registry, day, counts);
  CountRecognitions(seen, applied.achievements, day, counts);
  CountAwards(seen, applied.achievements, day, counts);
  return counts;
}

}  // namespace learncity::simulation
