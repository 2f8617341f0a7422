#include "services/learncity/city.h"

#include <algorithm>

#include "platform/runtime/concat.h"
#include "services/achievements/tables.h"
#include "services/enrollment/tables.h"
#include "services/registry/tables.h"
#include "services/reporting/tables.h"

namespace learncity {
namespace {

constexpr std::chrono::milliseconds kPersonsIdle{200};
constexpr std::chrono::minutes kRecountsIdle{1};
// How often the owner of a feed is asked where that stands.
constexpr std::chrono::seconds kHeadIdle{2};

}  // namespace

std::vector<std::string> FeedsFollowedBy(std::string_view service) {
  if (service == "registry") return registry::RegistryFollows();
  if (service == "enrollment") return enrollment::EnrollmentFollows();
  if (service == "achievements") return achievements::AchievementsFollows();
  if (service == "reporting") return reporting::ReportingFollows();
  return {};
}

City::City(const privacy::MasterKey& master_key, CityOptions options)
    : options_(std::move(options)),
      signer_(master_key),
      request_key_(master_key.Derive(privacy::Purpose::kHashRequests)) {}

City::~City() { Stop(); }

absl::StatusOr<std::unique_ptr<City>> City::Open(const privacy::MasterKey& master_key,
                                                 CityOptions options) {
  std::unique_ptr<City> city(new City(master_key, std::move(options)));
  if (auto status = city->OpenParts(master_key); !status.ok()) return status;
  return city;
}

privacy::KeyStoreOptions City::KeysIn(const std::string& file) const {
  return {.path = Concat(options_.folder, options_.folder.empty() ? "" : "/", file),
          .vfs = options_.ledger.vfs,
          .upgrades = options_.ledger.upgrades};
}

bool City::Has(std::string_view service) const {
  return options_.services.empty() || options_.services.contains(service);
}

absl::Status City::OpenParts(const privacy::MasterKey& master_key) {
  for (const std::string& service : options_.services) {
    if (std::ranges::find(kServices, service) == std::end(kServices)) {
      return absl::InvalidArgumentError(
          Concat("there is no service ", service, "; there are ", Join(kServices, ", ")));
    }
  }
  if (Has("enrollment")) {
    auto keys = privacy::KeyStore::OpenFile(KeysIn("persons.keys"), master_key);
    if (!keys.ok()) return keys.status();
    keys_ = std::move(*keys);
  }
  if (auto status = OpenHosts(); !status.ok()) return status;
  if (auto status = OpenPersons(master_key); !status.ok()) return status;
  return Has("reporting") ? OpenFigures() : absl::OkStatus();
}

absl::Status City::OpenPersons(const privacy::MasterKey& master_key) {
  const auto add = [this](const persons::Terms& terms, privacy::KeyStore& key_store,
                          host::Host& host) {
    auto edge = std::make_unique<persons::Persons>(terms, key_store, host.writer(), host.readers(),
                                                   options_.clock);
    edge->OnWork(host.AddStep(
        "persons", [step = edge.get()] { return step->Step(); }, kPersonsIdle));
    return edge;
  };
  if (Has("enrollment")) persons_ = add(enrollment::LearnerTerms(), *keys_, enrollment());
  if (!Has("registry")) return absl::OkStatus();
  if (auto status = OpenStaffKeys(master_key); !status.ok()) return status;
  staff_ = add(registry::StaffTerms(), *staff_keys_, registry());
  return absl::OkStatus();
}

absl::Status City::OpenFigures() {
  auto reader = reporting().readers().Mine();
  if (!reader.ok()) return reader.status();
  if (auto status = board_.Load(**reader); !status.ok()) return status;
  reporting().OnTurn([this](const ledger::TurnWrites& turn) { board_.Apply(turn); });
  reporting().OnMissed([this]() -> absl::Status {
    auto mine = reporting().readers().Mine();
    return mine.ok() ? board_.Load(**mine) : mine.status();
  });
  recounts_ = std::make_unique<reporting::NightlyRecounts>(reporting().writer(),
                                                           reporting().readers(), options_.clock);
  reporting().AddStep(
      "recounts", [this] { return recounts_->Step(); }, kRecountsIdle);
  return absl::OkStatus();
}

// Made last: a city of release 0.1.0 has no such file. Once there is staff, it may not be made
// anew.
absl::Status City::OpenStaffKeys(const privacy::MasterKey& master_key) {
  auto reader = registry().readers().Mine();
  if (!reader.ok()) return reader.status();
  const persons::Terms terms = registry::StaffTerms();
  const ledger::Table* staff = terms.schema.ByDocument(terms.document);
  const auto first = (*reader)->List(*staff, {.after = std::nullopt, .limit = 1});
  if (!first.ok()) return first.status();
  privacy::KeyStoreOptions options = KeysIn("staff.keys");
  options.makes = first->empty();
  auto keys = privacy::KeyStore::OpenFile(options, master_key);
  if (!keys.ok()) return keys.status();
  staff_keys_ = std::move(*keys);
  return absl::OkStatus();
}

std::shared_ptr<ledger::Engine> City::EngineOf(const std::string& service) const {
  if (options_.engines) return options_.engines(service);
  return std::make_shared<ledger::SqliteEngine>(ledger::SqliteFile(options_.folder, service),
                                                options_.ledger);
}

feed::Source City::SourceOf(host::Host& follower, const std::string& feed, int64_t epoch) {
  if (host::Host* owner = Owner(feed)) return owner->AsSource();
  ElsewhereFeed& elsewhere = elsewhere_[feed];
  if (!elsewhere.source) {
    elsewhere = options_.elsewhere(feed, epoch);
    // For those who ask how far behind a follower is, which may read from a topic alone.
    const auto ask = [told = elsewhere.signed_head] {
      told().status().IgnoreError();
      return false;
    };
    follower.AddStep(Concat(feed, "-head"), ask, kHeadIdle);
  }
  return elsewhere.source;
}

absl::Status City::Follow(host::Host& follower, const std::string& feed) {
  auto reader = follower.readers().Mine();
  if (!reader.ok()) return reader.status();
  const auto cursor = (*reader)->ReadCursor(feed);
  if (!cursor.ok()) return cursor.status();
  host::Host* owner = Owner(feed);
  feed::Source source = SourceOf(follower, feed, cursor->epoch);
  if (options_.carry) source = options_.carry(feed, std::move(source));
  if (!options_.topics) {
    if (owner != nullptr) {
      owner->OnCommit([&follower](const ledger::Head&) { follower.WakeFollowers(); });
    }
    return follower.Follow(feed, std::move(source));
  }
  feed::TopicSourceOptions reading = options_.topic_source;
  reading.name = {.city = options_.code, .feed = feed};
  reading.epoch = cursor->epoch;
  const auto topic = std::make_shared<feed::TopicSource>(reading, options_.topics(reading.name),
                                                         std::move(source));
  topic_reads_.push_back({.follower = follower.service(), .feed = feed, .source = topic});
  return follower.Follow(
      feed, [topic](int64_t after, int limit) { return topic->Read(after, limit); },
      host::Waiting::kAtSource);
}

absl::Status City::OpenHosts() {
  struct Part {
    const ledger::Schema& schema;
    ledger::Rules rules;
  };
  Part parts[] = {
      {registry::RegistrySchema(),
       registry::RegistryRules([this](const Id& person) { return staff_keys_->Erase(person); })},
      {enrollment::EnrollmentSchema(),
       enrollment::EnrollmentRules([this](const Id& learner) { return keys_->Erase(learner); })},
      {achievements::AchievementsSchema(), achievements::AchievementsRules()},
      {reporting::ReportingSchema(), reporting::ReportingRules(options_.recount_slice)},
  };
  for (size_t i = 0; i < hosts_.size(); ++i) {
    if (!Has(kServices[i])) continue;
    auto host = host::Host::Open(parts[i].schema, std::move(parts[i].rules),
                                 {.engine = EngineOf(parts[i].schema.service()),
                                  .limits = options_.limits,
                                  .clock = options_.clock});
    if (!host.ok()) return host.status();
    hosts_[i] = std::move(*host);
  }
  for (size_t i = 0; i < hosts_.size(); ++i) {
    if (!hosts_[i]) continue;
    for (const std::string& feed : FeedsFollowedBy(kServices[i])) {
      if (auto status = Follow(*hosts_[i], feed); !status.ok()) return status;
    }
    if (!options_.topics) continue;
    feed::RelayOptions relay = options_.relay;
    relay.name = {.city = options_.code, .feed = hosts_[i]->service()};
    hosts_[i]->Carry(relay, options_.topics(relay.name));
  }
  return absl::OkStatus();
}

std::vector<host::Host*> City::hosts() {
  std::vector<host::Host*> all;
  for (auto& host : hosts_) {
    if (host) all.push_back(host.get());
  }
  return all;
}

int64_t City::HeadOf(const std::string& feed) {
  if (host::Host* owner = Owner(feed)) return owner->head().position;
  const auto found = elsewhere_.find(feed);
  return found == elsewhere_.end() ? 0 : found->second.head();
}

learncity::feed::v1::SignedHead City::SignedHeadOf(const host::Host& host) const {
  const ledger::Head head = host.head();
  learncity::feed::v1::SignedHead signed_head;
  signed_head.set_feed(host.service());
  signed_head.set_epoch(head.epoch);
  signed_head.set_position(head.position);
  signed_head.set_turn(head.turn);
  signed_head.set_seal(head.seal.data(), head.seal.size());
  const std::string signature = signer_.Sign(signed_head.SerializeAsString());
  signed_head.set_signature(signature);
  signed_head.set_public_key(signer_.public_key());
  return signed_head;
}

absl::StatusOr<std::vector<learncity::feed::v1::SignedHead>> City::SignedHeads() {
  std::vector<learncity::feed::v1::SignedHead> heads;
  for (const std::string_view service : kServices) {
    if (const host::Host* host = Owner(service)) {
      heads.push_back(SignedHeadOf(*host));
      continue;
    }
    const auto feed = elsewhere_.find(std::string(service));
    if (feed == elsewhere_.end()) continue;
    auto head = feed->second.signed_head();
    if (!head.ok()) return head.status();
    heads.push_back(*std::move(head));
  }
  return heads;
}

host::Host* City::Owner(std::string_view feed) {
  for (auto& host : hosts_) {
    if (host && host->service() == feed) return host.get();
  }
  return nullptr;
}

std::string City::HashRequest(std::string_view bytes) const {
  return privacy::KeyedHash(request_key_, bytes);
}

void City::Start() {
  for (host::Host* host : hosts()) host->Start();
}

void City::Stop() {
  // Followers first, so that nobody reads a ledger whose host is gone.
  for (auto host = hosts_.rbegin(); host != hosts_.rend(); ++host) {
    if (*host) (*host)->Stop();
  }
}

bool City::Step() {
  bool moved = false;
  for (host::Host* host : hosts()) moved |= host->Step();
  return moved;
}

bool City::CaughtUp() {
  for (host::Host* host : hosts()) {
    for (const std::string& feed : host->feeds()) {
      const auto cursor = host->positions().Get(feed);
      if (!cursor || cursor->position < HeadOf(feed)) return false;
    }
  }
  return true;
}

}  // namespace learncity
