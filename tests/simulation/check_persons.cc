#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "google/protobuf/util/message_differencer.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {
namespace {

using enrollment::v1::Learner;
using enrollment::v1::LearnerEvent;
using enrollment::v1::Person;
using enrollment::v1::RegisterLearnerRequest;
using enrollment::v1::UpdateLearnerRequest;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

// A key's bytes in its row: behind version and nonce. Halves, so that a torn rest is found too.
constexpr size_t kKeyAt = 25;
constexpr size_t kHalfKeyBytes = 16;

class Bytes {
 public:
  explicit Bytes(const PowerLossDisk& disk) {
    for (const std::string& name : disk.FileNames()) {
      files_.emplace_back(name, disk.ReadDurable(name));
      std::string seen = disk.ReadFile(name);
      if (seen != files_.back().second) files_.emplace_back(name, std::move(seen));
    }
  }

  void MustNotHold(std::string_view bytes, const std::string& what, Findings& findings) const {
    for (const auto& [name, file] : files_) {
      if (memmem(file.data(), file.size(), bytes.data(), bytes.size()) == nullptr) continue;
      findings.push_back(Concat(name, " holds ", what));
    }
  }

 private:
  std::vector<std::pair<std::string, std::string>> files_;
};

// What was sent of a learner.
struct Sent {
  // As last stated; nullptr when it is not known by which call.
  const Person* person = nullptr;
  // All that was ever stated.
  std::set<std::string> national_ids;
};

// Who was registered or updated by a call that the caller, or the stored answer, knows to have
// happened at that position.
std::map<int64_t, const Message*> Requests(const Seen& seen, const History& history) {
  std::map<int64_t, const Message*> requests;
  const auto& answers = seen.ledgers.at("enrollment").answers;
  for (const Call& call : history) {
    if (call.service != "enrollment") continue;
    const auto stored = answers.find({call.caller, call.method, call.request_id});
    if (stored != answers.end() && stored->second.hash == call.hash) {
      requests.emplace(stored->second.position, call.request.get());
    }
    if (call.end == End::kOk) requests.emplace(call.position, call.request.get());
  }
  return requests;
}

std::map<Id, Sent> WhatWasSent(const Seen& seen, const History& history) {
  const auto requests = Requests(seen, history);
  std::map<Id, Sent> all;
  for (const Happened& happened : seen.ledgers.at("enrollment").events) {
    const auto* event = happened.As<LearnerEvent>();
    if (event == nullptr || (!event->has_registered() && !event->has_updated())) continue;
    Sent& sent = all[happened.subject];
    const auto request = requests.find(happened.position);
    const auto* message = request == requests.end() ? nullptr : request->second;
    if (const auto* registered = dynamic_cast<const RegisterLearnerRequest*>(message)) {
      sent.person = &registered->learner().person();
    } else if (const auto* updated = dynamic_cast<const UpdateLearnerRequest*>(message)) {
      const auto& paths = updated->update_mask().paths();
      const bool restated = std::find(paths.begin(), paths.end(), "person") != paths.end();
      if (restated) sent.person = &updated->learner().person();
    } else {
      sent.person = nullptr;
    }
    if (sent.person != nullptr) sent.national_ids.insert(sent.person->national_id());
  }
  return all;
}

void CheckRegistered(City& city, const Learner& learner, const Person* sent,
                     std::map<std::string, std::string>& holders, Findings& findings) {
  Learner opened = learner;
  if (auto status = city.persons().Open(opened); !status.ok()) {
    findings.push_back(Concat(learner.name(), " does not open: ", status.ToString()));
    return;
  }
  if (sent != nullptr && !MessageDifferencer::Equals(opened.person(), *sent)) {
    findings.push_back(Concat(learner.name(), " opens as another person than was sent"));
  }
  const std::string& national_id = opened.person().national_id();
  if (national_id.empty()) return;
  const auto [holder, first] = holders.emplace(national_id, learner.name());
  if (first) return;
  findings.push_back(Concat(learner.name(), " and ", holder->second, " have one national id"));
}

// Whether the national id came again, by whichever call: an entry of the index may then be of that.
bool CameAgain(const std::string& national_id, const History& history) {
  int calls = 0;
  for (const Call& call : history) {
    const auto* registering = dynamic_cast<const RegisterLearnerRequest*>(call.request.get());
    const auto* updating = dynamic_cast<const UpdateLearnerRequest*>(call.request.get());
    const auto* employing =
        dynamic_cast<const registry::v1::EmployStaffRequest*>(call.request.get());
    const bool came =
        (registering != nullptr && registering->learner().person().national_id() == national_id) ||
        (updating != nullptr && updating->learner().person().national_id() == national_id) ||
        (employing != nullptr && employing->staff().person().national_id() == national_id);
    calls += came ? 1 : 0;
  }
  return calls > 1;
}

// Neither key nor index entry is left of a learner whose erasing is confirmed.
void CheckErased(const Bytes& bytes, const Learner& learner, const Seen::Key& key, const Sent& sent,
                 const History& history, Findings& findings) {
  const std::string what = Concat("the key of the erased ", learner.name());
  const std::string_view wrapped(key.wrapped);
  bytes.MustNotHold(wrapped.substr(kKeyAt, kHalfKeyBytes), what, findings);
  bytes.MustNotHold(wrapped.substr(kKeyAt + kHalfKeyBytes, kHalfKeyBytes), what, findings);
  if (sent.person == nullptr || key.national_index.empty()) return;
  for (const std::string& national_id : sent.national_ids) {
    if (CameAgain(national_id, history)) return;
  }
  bytes.MustNotHold(key.national_index, Concat("the index entry of the erased ", learner.name()),
                    findings);
}

void CheckLearners(World& world, const Bytes& bytes, const Seen& seen,
                   const std::map<Id, Seen::Key>& keys, const History& history, bool at_rest,
                   Findings& findings) {
  const auto all = WhatWasSent(seen, history);
  std::map<std::string, std::string> holders;
  for (const auto& [id, learner] : seen.learners) {
    const auto known = all.find(id);
    const Sent sent = known == all.end() ? Sent() : known->second;
    if (learner.state() == Learner::STATE_ACTIVE) {
      CheckRegistered(world.city(), learner, sent.person, holders, findings);
      if (at_rest && !learner.sealed_person().empty() && !seen.keys.contains(id)) {
        findings.push_back(Concat(learner.name(), " has no key"));
      }
    } else if (!learner.erasure_confirmed()) {
      if (at_rest) findings.push_back(Concat("erasing ", learner.name(), " is not confirmed"));
    } else if (const auto key = keys.find(id); key != keys.end()) {
      CheckErased(bytes, learner, key->second, sent, history, findings);
    }
  }
}

// What was published of a learner opens no more.
void CheckErasedEvents(City& city, const Seen& seen, Findings& findings) {
  for (const Happened& happened : seen.ledgers.at("enrollment").events) {
    const auto* event = happened.As<LearnerEvent>();
    if (event == nullptr || (!event->has_registered() && !event->has_updated())) continue;
    const auto learner = seen.learners.find(happened.subject);
    if (learner == seen.learners.end() || !learner->second.erasure_confirmed()) continue;
    const std::string& sealed = event->has_registered()
                                    ? event->registered().learner().sealed_person()
                                    : event->updated().learner().sealed_person();
    if (sealed.empty() || absl::IsNotFound(city.keys().Open(happened.subject, sealed).status())) {
      continue;
    }
    findings.push_back(Concat(learner->second.name(), " is erased and still opens"));
  }
}

void CheckKeys(const Seen& seen, bool at_rest, Findings& findings) {
  for (const auto& [id, key] : seen.keys) {
    const auto learner = seen.learners.find(id);
    if (key.confirmed && learner == seen.learners.end()) {
      findings.push_back(Concat("a key is confirmed, and there is no learner ", id.ToString()));
    }
    const bool used =
        learner != seen.learners.end() && learner->second.state() == Learner::STATE_ACTIVE;
    if (at_rest && !(used && key.confirmed)) {
      findings.push_back(Concat("the reservation of ", id.ToString(), " is left over"));
    }
  }
}

// Staff opens, has one holder per national id among themselves, and is gone with its key.
void CheckStaff(City& city, const Seen& seen, bool at_rest, Findings& findings) {
  std::set<std::string> national_ids;
  for (const auto& [id, staff] : seen.staff) {
    if (staff.state() == registry::v1::Staff::STATE_ERASED) {
      const auto has_key = city.staff_keys().HasKey(id);
      const bool left = staff.erasure_confirmed() && has_key.ok() && *has_key;
      if (left) findings.push_back(Concat(staff.name(), " is erased and has a key"));
      if (at_rest && !staff.erasure_confirmed()) {
        findings.push_back(Concat("erasing ", staff.name(), " is not confirmed"));
      }
      continue;
    }
    registry::v1::Staff opened = staff;
    const auto status = city.staff().Open(opened);
    if (!status.ok() || (!staff.sealed_person().empty() && !opened.has_person())) {
      findings.push_back(Concat(staff.name(), " does not open"));
    }
    const std::string& national_id = opened.person().national_id();
    if (!national_id.empty() && !national_ids.insert(national_id).second) {
      findings.push_back(Concat(staff.name(), " has the national id of somebody else"));
    }
  }
}

}  // namespace

void CheckPersons(World& world, const Seen& seen, const std::map<Id, Seen::Key>& keys,
                  const History& history, bool at_rest, Findings& findings) {
  const Bytes bytes(world.disk());
  bytes.MustNotHold(kCanary, "personal data", findings);
  bytes.MustNotHold(kNationalIdCanary, "a national id", findings);
  CheckLearners(world, bytes, seen, keys, history, at_rest, findings);
  CheckErasedEvents(world.city(), seen, findings);
  CheckStaff(world.city(), seen, at_rest, findings);
  CheckKeys(seen, at_rest, findings);
}

void CheckNationalIds(World& world, const Seen& seen, Client& client, Findings& findings) {
  std::map<std::string, std::string> holders;
  for (const auto& [id, learner] : seen.learners) {
    Learner opened = learner;
    if (learner.state() != Learner::STATE_ACTIVE || !world.city().persons().Open(opened).ok()) {
      continue;
    }
    const std::string& national_id = opened.person().national_id();
    if (!national_id.empty()) holders[national_id] = learner.name();
  }
  for (int n = 0; n < kNationalIds; ++n) {
    const std::string national_id = Concat(kNationalIdCanary, n);
    const Call& call = client.Probe(national_id);
    world.Settle();
    const bool taken = call.end == End::kRefused && call.why == "NATIONAL_ID_TAKEN";
    if (holders.contains(national_id) && !taken) {
      findings.push_back(Concat("the national id of ", holders[national_id], " is free"));
    } else if (!holders.contains(national_id) && call.end != End::kOk) {
      findings.push_back(Concat("a national id that nobody has is refused: ", call.why));
    }
  }
}

}  // namespace learncity::simulation
