#include "services/learncity/city.h"

#include "platform/runtime/concat.h"
#include "services/achievements/tables.h"
#include "services/enrollment/tables.h"
#include "services/registry/tables.h"
#include "services/reporting/tables.h"

namespace learncity {
namespace {

constexpr std::chrono::milliseconds kPersonsIdle{200};
constexpr std::chrono::minutes kRecountsIdle{1};

}  // namespace

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

absl::Status City::OpenParts(const privacy::MasterKey& master_key) {
  const std::string& folder = options_.folder;
  auto keys = privacy::KeyStore::OpenFile(
      {.path = Concat(folder, folder.empty() ? "" : "/", "persons.keys"),
       .vfs = options_.ledger.vfs},
      master_key);
  if (!keys.ok()) return keys.status();
  keys_ = std::move(*keys);

  struct Part {
    const ledger::Schema& schema;
    ledger::Rules rules;
    std::vector<std::string> follows;
  };
  Part parts[] = {
      {registry::RegistrySchema(), registry::RegistryRules(), registry::RegistryFollows()},
      {enrollment::EnrollmentSchema(),
       enrollment::EnrollmentRules([this](const Id& learner) { return keys_->Erase(learner); }),
       enrollment::EnrollmentFollows()},
      {achievements::AchievementsSchema(), achievements::AchievementsRules(),
       achievements::AchievementsFollows()},
      {reporting::ReportingSchema(), reporting::ReportingRules(options_.recount_slice),
       reporting::ReportingFollows()},
  };
  for (size_t i = 0; i < hosts_.size(); ++i) {
    auto host = host::Host::Open(parts[i].schema, std::move(parts[i].rules),
                                 {.folder = folder,
                                  .ledger = options_.ledger,
                                  .limits = options_.limits,
                                  .clock = options_.clock});
    if (!host.ok()) return host.status();
    hosts_[i] = std::move(*host);
  }
  for (size_t i = 0; i < hosts_.size(); ++i) {
    for (const std::string& feed : parts[i].follows) {
      host::Host* owner = Owner(feed);
      feed::Source source = owner->AsSource();
      if (options_.carry) source = options_.carry(feed, std::move(source));
      if (auto status = hosts_[i]->Follow(feed, std::move(source)); !status.ok()) return status;
      owner->OnCommit(
          [follower = hosts_[i].get()](const ledger::Head&) { follower->WakeFollowers(); });
    }
  }
  auto reader = reporting().readers().Mine();
  if (!reader.ok()) return reader.status();
  if (auto status = board_.Load(**reader); !status.ok()) return status;
  reporting().OnTurn([this](const ledger::TurnWrites& turn) { board_.Apply(turn); });
  persons_ = std::make_unique<enrollment::Persons>(*keys_, enrollment().writer(),
                                                   enrollment().readers(), options_.clock);
  persons_->OnWork(enrollment().AddStep(
      "persons", [this] { return persons_->Step(); }, kPersonsIdle));
  recounts_ = std::make_unique<reporting::NightlyRecounts>(reporting().writer(),
                                                           reporting().readers(), options_.clock);
  reporting().AddStep(
      "recounts", [this] { return recounts_->Step(); }, kRecountsIdle);
  return absl::OkStatus();
}

std::vector<host::Host*> City::hosts() {
  std::vector<host::Host*> all;
  for (auto& host : hosts_) all.push_back(host.get());
  return all;
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
  for (auto& host : hosts_) host->Start();
}

void City::Stop() {
  // Followers first, so that nobody reads a ledger whose host is gone.
  for (auto host = hosts_.rbegin(); host != hosts_.rend(); ++host) {
    if (*host) (*host)->Stop();
  }
}

bool City::Step() {
  bool moved = false;
  for (auto& host : hosts_) moved |= host->Step();
  return moved;
}

bool City::CaughtUp() {
  for (auto& host : hosts_) {
    for (const std::string& feed : host->feeds()) {
      const auto cursor = host->positions().Get(feed);
      if (!cursor || cursor->position < Owner(feed)->head().position) return false;
    }
  }
  return true;
}

}  // namespace learncity
