#include "services/learncity/opened.h"

#include <filesystem>
#include <iostream>

#include "platform/feed/remote_feed.h"
#include "platform/ledger/postgres_ledger.h"
#include "platform/runtime/concat.h"
#include "services/enrollment/tables.h"
#include "services/learncity/folder.h"

namespace learncity {
namespace {

// The ledger of a service in the place's PostgreSQL.
std::shared_ptr<ledger::Engine> EngineIn(const Place& place, const std::string& service,
                                         bool upgrades) {
  return std::make_shared<ledger::PostgresEngine>(
      ledger::PostgresOptions{.connect = {.conninfo = place.ledgers,
                                          .schema = service,
                                          .application = Concat("learncity ", service)},
                              .upgrades = upgrades});
}

// Ledgers that are there while the folder has no keys for them belong to another folder: their
// persons could not be read, and new ones would be sealed by keys that nobody else has.
absl::Status CheckKeysAreHere(const Place& place) {
  if (!place.services.empty() && !place.services.contains("enrollment")) return absl::OkStatus();
  if (std::filesystem::exists(Concat(place.folder, "/persons.keys"))) return absl::OkStatus();
  const auto enrollment = EngineIn(place, "enrollment", false);
  const absl::Status there = enrollment->OpenReader(enrollment::EnrollmentSchema()).status();
  if (absl::IsUnavailable(there)) return there;
  if (!there.ok()) return absl::OkStatus();
  return absl::DataLossError(
      Concat(enrollment->place(), " holds a city, and ", place.folder,
             " has no keys for it: name the folder that has, or put persons.keys, staff.keys and "
             "master.key back; nothing was changed"));
}

// The feed of a service that another process serves. Serve has checked that somebody does.
ElsewhereFeed Elsewhere(const Place& place, const std::string& feed, int64_t epoch) {
  const auto remote = std::make_shared<feed::RemoteFeed>(
      feed::RemoteFeedOptions{.feed = feed, .epoch = epoch, .token = place.peer_token},
      place.peers.Of(feed));
  return {.source = [remote](int64_t after, int limit) { return remote->Read(after, limit); },
          .head = [remote] { return remote->head(); },
          .signed_head = [remote] { return remote->GetHead(); }};
}

absl::Status CheckIsThere(const Place& place) {
  if (!place.ledgers.empty()) return absl::OkStatus();  // Opening refuses what is not there.
  if (std::filesystem::exists(Concat(place.folder, "/reporting.ledger"))) return absl::OkStatus();
  return absl::NotFoundError(Concat("there is no city in ", place.folder,
                                    "; `learncity demo` makes one to try, `learncity serve` an "
                                    "empty one"));
}

}  // namespace

absl::StatusOr<reporting::Foundations> FoundationsOf(const Place& place) {
  return reporting::LoadFoundations(place.data, "hanoi", "VN-HN");
}

absl::StatusOr<Opened> OpenPlace(const Place& place, bool make) {
  if (absl::Status there = CheckIsThere(place); !make && !there.ok()) return there;
  auto foundations = FoundationsOf(place);
  if (!foundations.ok()) return foundations.status();
  const bool in_folder = place.ledgers.empty();
  if (auto status =
          in_folder ? CheckNothingIsMissing(place.folder, place.services) : CheckKeysAreHere(place);
      !status.ok()) {
    return status;
  }
  const auto key = LoadMasterKey(place.folder, place.master_key);
  if (!key.ok()) return key.status();
  // Who does not make a city may look at one that an earlier release serves.
  CityOptions options{.services = place.services,
                      .elsewhere = [place](const std::string& feed,
                                           int64_t epoch) { return Elsewhere(place, feed, epoch); },
                      .folder = place.folder,
                      .ledger = {.upgrades = make},
                      .limits = place.limits};
  if (!in_folder) {
    options.engines = [place, make](const std::string& service) {
      return EngineIn(place, service, make);
    };
  }
  if (!place.kafka.brokers.empty()) {
    options.code = place.city;
    options.topics = [kafka = place.kafka](const feed::FeedName& name) {
      return std::make_shared<feed::KafkaTopic>(kafka, name.Topic());
    };
  }
  auto city = City::Open(*key, std::move(options));
  if (!city.ok()) return city.status();
  return Opened{.city = std::move(*city), .foundations = std::move(*foundations)};
}

runtime::ExitCode Fail(const absl::Status& status) {
  return Fail(status, runtime::FromStatus(status));
}

runtime::ExitCode Fail(const absl::Status& status, runtime::ExitCode code) {
  std::cerr << "learncity: " << std::string(status.message()) << std::endl;
  return code;
}

}  // namespace learncity
