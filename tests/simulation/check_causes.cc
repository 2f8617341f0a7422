#include <map>
#include <regex>
#include <set>

#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/reporting/v1/reporting_events.pb.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {
namespace {

using enrollment::v1::LearnerEvent;
using reporting::v1::ReportEvent;

// The events of one decision in their order, a space behind each.
const std::map<std::string, std::regex>& AskedFor() {
  static const auto* const shapes = new std::map<std::string, std::regex>{
      {"OpenUnit", std::regex("opened (code_passed_on )?")},
      {"RecordUnitAct", std::regex("recorded (ended )+(opened (code_passed_on )?)*(took_over )*")},
      {"OpenCenter", std::regex("opened ")},
      {"MoveCenter", std::regex("moved ")},
      {"CloseCenter", std::regex("closed ")},
      {"GrantAccreditation", std::regex("granted ")},
      {"WithdrawAccreditation", std::regex("withdrawn ")},
      {"RecordUnitCount", std::regex("counted ")},
      {"RegisterLearner", std::regex("registered ")},
      {"UpdateLearner", std::regex("updated ")},
      {"EraseLearner", std::regex("erased ")},
      {"EmployStaff", std::regex("employed ")},
      {"UpdateStaff", std::regex("updated ")},
      {"EndEmployment", std::regex("ended ")},
      {"EraseStaff", std::regex("erased ")},
      {"MatchLearner", std::regex("matched ")},
      {"OpenOffering", std::regex("opened ")},
      {"EnrollLearner",
       std::regex("admitted seat_taken |waitlisted waiter_joined (tickets_served )?")},
      {"CompleteEnrollment", std::regex("completed ")},
      {"TransferEnrollment", std::regex("admitted seat_taken transferred seat_released ")},
      {"WithdrawEnrollment", std::regex("withdrawn (seat_released|waiter_left) ")},
      {"RecordAward", std::regex("recorded ")},
      {"WithdrawAward", std::regex("withdrawn ")},
      {"GrantRecognition", std::regex("granted ")},
      {"RenewRecognition", std::regex("renewed ")},
      {"WithdrawRecognition", std::regex("withdrawn ")},
      {"StartRecount", std::regex("begun ")},
      {"RecordObservation", std::regex("recorded ")},
      {"WithdrawObservation", std::regex("withdrawn ")},
      {"FreezeReport", std::regex("frozen ")},
      {"DraftReport", std::regex("drafted ")},
      {"ReviseReport", std::regex("revised ")},
      {"FinalizeReport", std::regex("frozen ")},
  };
  return *shapes;
}

// What happens by itself: an erasing is confirmed, free seats go to those who wait, a completed
// enrollment has its certificate, a recount begins at night and goes on.
const std::regex& ByItself() {
  static const auto* const shapes = new std::regex(
      "erasure_confirmed |(withdrawn waiter_left )*(promoted seat_taken waiter_left )?"
      "tickets_served |issued |begun |advanced ");
  return *shapes;
}

// The position of an effect's first event, which happens to what was answered; 0: there is none.
int64_t FirstOf(const std::vector<Happened>& events, int64_t last, const Id& document) {
  int64_t first = last;
  while (first > 0 && events[static_cast<size_t>(first - 1)].subject != document) --first;
  return first;
}

std::string WordsOf(const std::vector<Happened>& events, int64_t first, int64_t last) {
  std::string words;
  for (int64_t position = first; position <= last; ++position) {
    words += events[static_cast<size_t>(position - 1)].what() + " ";
  }
  return words;
}

// The positions that belong to effects.
std::set<int64_t> CheckAskedFor(const std::string& service, const std::vector<Happened>& events,
                                const std::map<int64_t, Effect>& effects, Findings& findings) {
  std::set<int64_t> asked_for;
  for (const auto& [last, effect] : effects) {
    const std::string what = Concat(effect.method, " at ", last, " of ", service);
    if (last < 1 || last > static_cast<int64_t>(events.size())) {
      findings.push_back(Concat(what, " is lost"));
      continue;
    }
    const int64_t first = FirstOf(events, last, effect.document);
    if (first == 0) {
      findings.push_back(Concat(what, " happened to another resource than was answered"));
      continue;
    }
    const std::string words = WordsOf(events, first, last);
    const std::string method = effect.method.substr(effect.method.rfind('/') + 1);
    if (!std::regex_match(words, AskedFor().at(method))) {
      findings.push_back(Concat(what, " made these events: ", words));
    }
    for (int64_t position = first; position <= last; ++position) {
      if (asked_for.insert(position).second) continue;
      findings.push_back(Concat("event ", position, " of ", service, " has two causes"));
    }
  }
  return asked_for;
}

void CheckTheRest(const std::string& service, const std::vector<Happened>& events,
                  const std::set<int64_t>& asked_for, Findings& findings) {
  // What is not a whole decision yet, and the position behind it.
  std::string words;
  int64_t next = 0;
  for (const Happened& happened : events) {
    if (asked_for.contains(happened.position)) continue;
    if (!words.empty() && happened.position != next) break;
    words += happened.what() + " ";
    next = happened.position + 1;
    if (std::regex_match(words, ByItself())) words.clear();
  }
  if (words.empty()) return;
  findings.push_back(
      Concat(service, " asked by nobody, before ", next, ", made these events: ", words));
}

void CheckOnce(const std::vector<Happened>& events, Findings& findings) {
  std::set<std::pair<Id, int>> once;
  for (const Happened& happened : events) {
    const auto* learner = happened.As<LearnerEvent>();
    if (learner == nullptr || learner->has_updated() ||
        once.insert({happened.subject, learner->event_case()}).second) {
      continue;
    }
    findings.push_back(Concat("learner ", happened.subject.ToString(),
                              " is registered, erased, matched or confirmed twice"));
  }
}

void CheckFrozen(const std::vector<Happened>& events, Findings& findings) {
  std::set<Id> frozen;
  for (const Happened& happened : events) {
    const auto* report = happened.As<ReportEvent>();
    if (report == nullptr) continue;
    if (frozen.contains(happened.subject)) {
      findings.push_back(
          Concat("report ", happened.subject.ToString(), " was frozen and has changed"));
    }
    if (report->has_frozen()) frozen.insert(happened.subject);
  }
}

}  // namespace

void CheckCauses(const Seen& seen, const Effects& effects, Findings& findings) {
  for (const std::string service : {"registry", "enrollment", "achievements", "reporting"}) {
    const auto& events = seen.ledgers.at(service).events;
    const auto caused = effects.find(service);
    const auto& causes = caused == effects.end() ? Effects::mapped_type() : caused->second;
    const auto asked_for = CheckAskedFor(service, events, causes, findings);
    CheckTheRest(service, events, asked_for, findings);
  }
  CheckOnce(seen.ledgers.at("enrollment").events, findings);
  CheckFrozen(seen.ledgers.at("reporting").events, findings);
}

}  // namespace learncity::simulation
