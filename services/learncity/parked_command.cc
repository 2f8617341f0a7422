// parked: events that a follower could not apply, and their replay once the cause is mended.
#include <iostream>

#include "nlohmann/json.hpp"
#include "platform/runtime/concat.h"
#include "services/learncity/commands.h"
#include "services/learncity/folder.h"
#include "services/learncity/opened.h"

namespace learncity {
namespace {

using nlohmann::json;

absl::StatusOr<json> ListParked(City& city) {
  json all = json::array();
  for (host::Host* host : city.hosts()) {
    auto reader = host->readers().Mine();
    if (!reader.ok()) return reader.status();
    const auto parked = (*reader)->ReadParked();
    if (!parked.ok()) return parked.status();
    for (const ledger::Parked& p : *parked) {
      all.push_back({{"service", host->service()},
                     {"feed", p.feed},
                     {"position", p.record.position},
                     {"type", p.record.type},
                     {"subject", p.record.subject.ToString()},
                     {"reason", p.reason}});
    }
  }
  return all;
}

// Applies an aggregate's parked events through the writer of a city that nobody serves meanwhile.
absl::StatusOr<int> Replay(const Place& place, City& city, const ParkedOptions& options) {
  host::Host* host = city.Owner(options.service);
  const auto subject = Id::Parse(options.subject);
  if (host == nullptr) {
    return absl::InvalidArgumentError(Concat("there is no service ", options.service));
  }
  if (!subject) {
    return absl::InvalidArgumentError("--subject is a UUID, as `learncity parked` shows it");
  }
  const auto lock = FolderLock::Take(place.folder);
  if (!lock.ok()) return lock.status();
  absl::StatusOr<int> result = absl::InternalError("the turn did not answer");
  const auto submitted = host->writer().Submit(ledger::ReplayInput{
      .feed = options.feed, .subject = *subject, .done = [&](absl::Status status, int applied) {
        if (status.ok()) {
          result = applied;
        } else {
          result = status;
        }
      }});
  if (!submitted.ok()) return submitted;
  while (host->writer().Step()) {
  }
  return result;
}

}  // namespace

runtime::ExitCode Parked(const Place& place, const ParkedOptions& options) {
  auto opened = OpenPlace(place, /*make=*/false);
  if (!opened.ok()) return Fail(opened.status());
  if (options.replay) {
    const auto applied = Replay(place, *opened->city, options);
    if (!applied.ok()) return Fail(applied.status());
    std::cout << "applied " << *applied << " parked events of " << options.subject << "\n";
  }
  const auto parked = ListParked(*opened->city);
  if (!parked.ok()) return Fail(parked.status());
  if (place.json) {
    std::cout << json{{"parked", *parked}}.dump() << std::endl;
    return runtime::kExitOk;
  }
  for (const json& p : *parked) {
    std::cout << p["service"].get<std::string>() << " parked position " << p["position"] << " of "
              << p["feed"].get<std::string>() << " (" << p["type"].get<std::string>()
              << "): " << p["reason"].get<std::string>() << "\n  next, once that is mended: "
              << "learncity parked " << Where(place) << " --replay --service "
              << p["service"].get<std::string>() << " --feed " << p["feed"].get<std::string>()
              << " --subject " << p["subject"].get<std::string>() << "\n";
  }
  std::cout << "parked: " << parked->size() << std::endl;
  return runtime::kExitOk;
}

}  // namespace learncity
