#include <chrono>
#include <map>

#include "platform/runtime/concat.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {
namespace {

// Calls of one request: its repetitions, and those that misuse its request_id.
using Calls = std::vector<const Call*>;
constexpr std::chrono::hours kAnswersKept{24 * 7};

using ByRequest = std::map<RequestKey, std::map<int, Calls>>;

std::string Name(const Call& call) {
  return Concat(call.method.substr(call.method.rfind('/') + 1), " ", call.request_id.ToString(),
                " of ", call.caller);
}

// Whether the answer is to a generation before the newest, all of whose ends are known.
bool IsOfAnOlderOne(const StoredAnswer& stored, const std::map<int, Calls>& generations) {
  for (const auto& [generation, calls] : generations) {
    if (generation == generations.rbegin()->first) return false;
    for (const Call* call : calls) {
      if (call->end == End::kOk && call->position == stored.position) return true;
    }
  }
  return false;
}

// The newest generation against the answer that is stored; nullptr: none is.
void CheckOutcome(const Calls& calls, const StoredAnswer* stored, Time now, Findings& findings) {
  bool ok = false, open = false, same = stored == nullptr, forgotten = false;
  for (const Call* call : calls) {
    ok |= call->end == End::kOk;
    forgotten |= now - call->asked_at >= kAnswersKept;
    open |= call->end == End::kUnknown;
    same |= stored != nullptr && stored->hash == call->hash;
  }
  const std::string name = Name(*calls.front());
  if (ok && stored == nullptr && !forgotten)
    findings.push_back(Concat(name, " was ok and is lost"));
  if (!ok && !open && stored != nullptr) {
    findings.push_back(Concat(name, " was refused and happened"));
  }
  if (!same) findings.push_back(Concat(name, " happened with another payload"));
}

// Whatever happened between: the first ok fixes resource, position and payload.
void CheckRepetitions(const Calls& calls, Findings& findings) {
  const Call* first = nullptr;
  for (const Call* call : calls) {
    if (call->answers > 1) findings.push_back(Concat(Name(*call), " was answered twice"));
    if (first == nullptr) {
      if (call->end == End::kOk) first = call;
      continue;
    }
    const bool same = call->hash == first->hash;
    if (call->end == End::kOk && !same) {
      findings.push_back(Concat(Name(*call), " was ok again with another payload"));
    } else if (call->end == End::kOk &&
               (call->document != first->document || call->position != first->position)) {
      findings.push_back(Concat(Name(*call), " was answered with another resource"));
    } else if (call->end == End::kRefused && same) {
      findings.push_back(Concat(Name(*call), " was ok and, repeated, refused: ", call->why));
    }
  }
}

}  // namespace

void CheckRequests(const Seen& seen, const History& history, Time now, Effects& effects,
                   Findings& findings) {
  ByRequest requests;
  for (const Call& call : history) {
    requests[{call.caller, call.method, call.request_id}][call.generation].push_back(&call);
    // An answer may be replaced by a newer generation's; then its caller remembers it.
    if (call.end == End::kOk) {
      effects[call.service][call.position] = {call.method, call.document};
    }
  }
  for (const std::string service : {"registry", "enrollment", "achievements", "reporting"}) {
    for (const auto& [key, stored] : seen.ledgers.at(service).answers) {
      effects[service][stored.position] = {std::get<1>(key), stored.document};
      if (!requests.contains(key)) {
        findings.push_back(Concat(service, " holds an answer that nobody asked for"));
      }
    }
  }
  for (const auto& [key, generations] : requests) {
    for (const auto& [generation, calls] : generations) CheckRepetitions(calls, findings);
    const Calls& newest = generations.rbegin()->second;
    const auto& answers = seen.ledgers.at(newest.front()->service).answers;
    const auto stored = answers.find(key);
    const bool fresh = stored != answers.end() && !IsOfAnOlderOne(stored->second, generations);
    CheckOutcome(newest, fresh ? &stored->second : nullptr, now, findings);
  }
}

}  // namespace learncity::simulation
