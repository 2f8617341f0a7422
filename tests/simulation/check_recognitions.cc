#include <set>

#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {
namespace {

using achievements::v1::Award;
using achievements::v1::Recognition;
using achievements::v1::RecognitionPeriod;

constexpr int kScoreMin = 80;

void CheckRecognition(const Seen& seen, const Recognition& recognition, Findings& findings) {
  const auto unit = seen.units.find(IdOf(recognition.unit()));
  if (unit == seen.units.end()) {
    findings.push_back(Concat(recognition.name(), " is of a unit that there is not"));
    return;
  }
  Day over = Day::min();
  for (const RecognitionPeriod& period : recognition.periods()) {
    const Day from = DayOf(period.valid_from()), to = DayOf(period.valid_to());
    if (from < over || to <= from) {
      findings.push_back(Concat(recognition.name(), " has periods that overlap or are empty, at ",
                                FormatDay(from)));
    }
    if (from < DayOf(unit->second.valid_from()) || period.score() < kScoreMin) {
      findings.push_back(Concat(recognition.name(), " was granted before its unit began or with ",
                                period.score(), " points"));
    }
    over = to;
  }
}

void CheckAward(const Award& award, Findings& findings) {
  const std::set<std::string> winners(award.learners().begin(), award.learners().end());
  const int all = award.learners_size() + award.unknown_learners();
  if (static_cast<int>(winners.size()) != award.learners_size() || all == 0 ||
      award.is_team() != (all > 1)) {
    findings.push_back(Concat(award.name(), " has ", all, " winners, or one of them twice"));
  }
  if (award.has_withdrawn_date() && award.withdrawn_date().year() < award.year()) {
    findings.push_back(Concat(award.name(), " was withdrawn before it was won"));
  }
}

}  // namespace

void CheckRecognitions(const Seen& seen, Findings& findings) {
  std::set<std::tuple<int, std::string, std::string>> subjects;
  for (const auto& [id, recognition] : seen.recognitions) {
    CheckRecognition(seen, recognition, findings);
    if (subjects.emplace(recognition.kind(), recognition.unit(), recognition.subject()).second) {
      continue;
    }
    findings.push_back(Concat(recognition.name(), " is of a subject that has another"));
  }
  for (const auto& [id, award] : seen.awards) CheckAward(award, findings);
}

}  // namespace learncity::simulation
