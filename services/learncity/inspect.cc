// verify and status: what a city's ledgers say of themselves.
#include <iostream>

#include "nlohmann/json.hpp"
#include "platform/runtime/concat.h"
#include "services/learncity/commands.h"
#include "services/learncity/opened.h"
#include "services/learncity/proof.h"
#include "services/reporting/nightly_recounts.h"

namespace learncity {
namespace {

using nlohmann::json;

json AsJson(const CityProof& proof) {
  json services = json::array();
  for (const ServiceProof& service : proof.services) {
    json divergences = json::array();
    for (const auto& d : service.divergences) {
      divergences.push_back({{"kind", d.kind}, {"what", d.what}});
    }
    json applied = json::array();
    for (const auto& a : service.applied) {
      applied.push_back({{"feed", a.feed}, {"applied", a.applied}, {"head", a.head}});
    }
    services.push_back({{"service", service.service},
                        {"position", service.ledger.head.position},
                        {"turns", service.ledger.turns},
                        {"documents", service.ledger.documents},
                        {"parked", service.ledger.parked},
                        {"applied", applied},
                        {"divergences", divergences}});
  }
  return {{"services", services},
          {"facts", proof.facts},
          {"cells", proof.cells},
          {"reports", proof.reports},
          {"reports_of_other_files", proof.of_other_files},
          {"divergences", proof.divergences()}};
}

void Print(const CityProof& proof) {
  for (const ServiceProof& service : proof.services) {
    std::cout << service.service << ": " << service.ledger.events << " events in "
              << service.ledger.turns << " turns, " << service.ledger.documents << " documents, "
              << service.ledger.parked << " parked\n";
    for (const auto& a : service.applied) {
      std::cout << "  applied " << a.applied << " of " << a.head << " of " << a.feed << "\n";
    }
    for (const auto& d : service.divergences) {
      std::cout << "  DIVERGES (" << d.kind << "): " << d.what << "\n";
    }
  }
  std::cout << "reporting: " << proof.cells << " cells recounted from " << proof.facts << " facts, "
            << proof.reports - static_cast<int64_t>(proof.of_other_files.size())
            << " frozen reports computed again\n";
  for (const std::string& report : proof.of_other_files) {
    std::cout << "  NOT COMPUTED AGAIN: " << report
              << " was frozen with another catalogue or other denominators; give their folder by "
                 "--data\n";
  }
  std::cout << "divergences: " << proof.divergences() << std::endl;
}

// The last recount that is done, with its age; null before the first.
absl::StatusOr<json> LastRecount(host::Host& reporting) {
  auto reader = reporting.readers().Mine();
  if (!reader.ok()) return reader.status();
  const auto last = reporting::ReadLastRecounts(**reader);
  if (!last.ok()) return last.status();
  if (!last->done) return json(nullptr);
  const reporting::v1::Recount& done = *last->done;
  const auto age = SystemNow() - ToTime(done.end_time());
  return json{{"recount", done.name()},
              {"age_minutes", std::chrono::floor<std::chrono::minutes>(age).count()},
              {"facts", done.facts()},
              {"cells", done.cells()},
              {"differences", done.differences()}};
}

void PrintRecount(const json& recount) {
  if (recount.is_null()) {
    std::cout << "recount of the cells: none is done yet\n";
    return;
  }
  std::cout << "recount of the cells: ended " << recount["age_minutes"] << " minutes ago, "
            << recount["facts"] << " facts, " << recount["cells"] << " cells, "
            << recount["differences"] << " differences\n";
}

}  // namespace

runtime::ExitCode Verify(const Place& place) {
  auto opened = OpenPlace(place, /*make=*/false);
  if (!opened.ok()) return Fail(opened.status());
  const auto proof = Prove(*opened->city, opened->foundations, [&](const std::string& what) {
    if (!place.json) std::cerr << "checking " << what << "\n";
  });
  if (!proof.ok()) return Fail(proof.status());
  if (place.json) {
    std::cout << AsJson(*proof).dump() << std::endl;
  } else {
    Print(*proof);
  }
  return proof->divergences() == 0 ? runtime::kExitOk : runtime::kExitDataRefused;
}

runtime::ExitCode Status(const Place& place) {
  auto opened = OpenPlace(place, /*make=*/false);
  if (!opened.ok()) return Fail(opened.status());
  json services = json::array();
  for (host::Host* host : opened->city->hosts()) {
    auto reader = host->readers().Mine();
    if (!reader.ok()) return Fail(reader.status());
    const auto head = (*reader)->ReadHead();
    const auto parked = (*reader)->ReadParked();
    if (!head.ok()) return Fail(head.status());
    if (!parked.ok()) return Fail(parked.status());
    json feeds = json::array();
    for (const std::string& feed : host->feeds()) {
      const auto cursor = (*reader)->ReadCursor(feed);
      if (!cursor.ok()) return Fail(cursor.status());
      const int64_t end = opened->city->Owner(feed)->head().position;
      feeds.push_back({{"feed", feed}, {"applied", cursor->position}, {"head", end}});
    }
    services.push_back({{"service", host->service()},
                        {"epoch", head->epoch},
                        {"position", head->position},
                        {"turn", head->turn},
                        {"parked", parked->size()},
                        {"follows", feeds}});
  }
  const auto recount = LastRecount(opened->city->reporting());
  if (!recount.ok()) return Fail(recount.status());
  if (place.json) {
    std::cout << json{{"services", services}, {"recount", *recount}}.dump() << std::endl;
    return runtime::kExitOk;
  }
  for (const json& s : services) {
    std::cout << s["service"].get<std::string>() << ": epoch " << s["epoch"] << ", position "
              << s["position"] << ", turn " << s["turn"] << ", parked " << s["parked"] << "\n";
    for (const json& f : s["follows"]) {
      std::cout << "  follows " << f["feed"].get<std::string>() << ": applied " << f["applied"]
                << " of " << f["head"] << "\n";
    }
  }
  PrintRecount(*recount);
  std::cout << "next: learncity verify " << Where(place) << std::endl;
  return runtime::kExitOk;
}

}  // namespace learncity
