// The services of a city in one process, all of them or some: the assembly that `learncity` and the
// simulation share. Without gRPC; server.h puts that in front.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/feed/v1/feed.pb.h"
#include "platform/feed/envelope.h"
#include "platform/feed/relay.h"
#include "platform/feed/topic.h"
#include "platform/feed/topic_source.h"
#include "platform/host/host.h"
#include "platform/ledger/sqlite_ledger.h"
#include "platform/persons/persons.h"
#include "platform/privacy/head_signer.h"
#include "platform/privacy/key_store.h"
#include "platform/privacy/master_key.h"
#include "services/reporting/board.h"
#include "services/reporting/nightly_recounts.h"
#include "services/reporting/recount_slice.h"

namespace learncity {

// In the order in which feeds flow: none follows a later one.
inline constexpr std::string_view kServices[] = {"registry", "enrollment", "achievements",
                                                 "reporting"};

// The feeds that a service follows; none of one that there is not.
std::vector<std::string> FeedsFollowedBy(std::string_view service);

// A feed whose ledger another process has.
struct ElsewhereFeed {
  feed::Source source;
  // Position of its last event as it was last told.
  std::function<int64_t()> head;
  // Where it stands, signed by its owner.
  std::function<absl::StatusOr<learncity::feed::v1::SignedHead>()> signed_head;
};

struct CityOptions {
  // Which of kServices are here; empty is all.
  std::set<std::string, std::less<>> services;
  // A feed that is followed here and owned elsewhere; needed where services are not all here.
  std::function<ElsewhereFeed(const std::string& feed, int64_t epoch)> elsewhere;
  // Names the city's feeds where others read them: lower case, the same for ever.
  std::string code = "hanoi";
  // persons.keys and staff.keys stand here, and the four ledgers unless `engines` says otherwise;
  // made when absent.
  std::string folder;
  // Used by every ledger in the folder.
  ledger::SqliteOptions ledger;
  // Where a service's ledger is; absent: a file in the folder.
  std::function<std::shared_ptr<ledger::Engine>(const std::string& service)> engines;
  ledger::WriterLimits limits;
  Clock clock = SystemNow;
  // Of reporting's recounts.
  reporting::RecountSlice recount_slice;
  // What carries a feed from its ledger to a follower; absent reads the ledger itself. The
  // simulation loses and repeats batches here.
  std::function<feed::Source(const std::string& feed, feed::Source ledger)> carry;
  // The topic of a feed; absent: feeds are on no topic. Then every service carries its feed to one,
  // and followers read the others from there, their ledgers only for what the topic has not.
  std::function<std::shared_ptr<feed::Topic>(const feed::FeedName& name)> topics;
  // How they are carried there; the names in these are filled in.
  feed::RelayOptions relay;
  feed::TopicSourceOptions topic_source;
};

// What a service reads of a feed on a topic.
struct TopicRead {
  std::string follower;
  std::string feed;
  std::shared_ptr<feed::TopicSource> source;
};

// Open, then either Start or Step; see host::Host.
class City {
 public:
  static absl::StatusOr<std::unique_ptr<City>> Open(const privacy::MasterKey& master_key,
                                                    CityOptions options);
  ~City();

  // Each, and what is of it below, only where its service is here.
  host::Host& registry() { return *hosts_[0]; }
  host::Host& enrollment() { return *hosts_[1]; }
  host::Host& achievements() { return *hosts_[2]; }
  host::Host& reporting() { return *hosts_[3]; }
  bool Has(std::string_view service) const;
  // In the order in which feeds flow: no host follows a later one.
  std::vector<host::Host*> hosts();
  // The host that owns the feed, or nullptr.
  host::Host* Owner(std::string_view feed);
  // Position of a feed's last event, wherever it is owned; of one elsewhere as it was told within
  // the last seconds.
  int64_t HeadOf(const std::string& feed);
  // Empty where feeds are on no topics.
  const std::vector<TopicRead>& topic_reads() const { return topic_reads_; }
  // Where the ledgers stand from which reporting computes, its own among them, each signed by its
  // owner. UNAVAILABLE: one of them does not answer.
  absl::StatusOr<std::vector<learncity::feed::v1::SignedHead>> SignedHeads();
  learncity::feed::v1::SignedHead SignedHeadOf(const host::Host& host) const;

  // Learners, and their keys.
  persons::Persons& persons() { return *persons_; }
  privacy::KeyStore& keys() { return *keys_; }
  // What figures are read from.
  const reporting::Board& board() const { return board_; }
  // The same of staff, in a file of its own: a teacher may be a learner too.
  persons::Persons& staff() { return *staff_; }
  privacy::KeyStore& staff_keys() { return *staff_keys_; }
  const privacy::HeadSigner& signer() const { return signer_; }
  // Keyed hash by which a repeated request is recognised: 32 bytes.
  std::string HashRequest(std::string_view bytes) const;

  // Threads.
  void Start();
  void Stop();
  // Without threads: one step of everything; true when anything moved.
  bool Step();
  // True when every follower has applied everything that is committed, and no reaction is left.
  bool CaughtUp();

 private:
  City(const privacy::MasterKey& master_key, CityOptions options);
  absl::Status OpenParts(const privacy::MasterKey& master_key);
  absl::Status OpenHosts();
  absl::Status OpenPersons(const privacy::MasterKey& master_key);
  absl::Status Follow(host::Host& follower, const std::string& feed);
  // What Follow reads: of an owner here or elsewhere.
  feed::Source SourceOf(host::Host& follower, const std::string& feed, int64_t epoch);
  absl::Status OpenFigures();
  // Registry's ledger is open.
  absl::Status OpenStaffKeys(const privacy::MasterKey& master_key);
  std::shared_ptr<ledger::Engine> EngineOf(const std::string& service) const;
  privacy::KeyStoreOptions KeysIn(const std::string& file) const;

  const CityOptions options_;
  const privacy::HeadSigner signer_;
  const privacy::SecretKey request_key_;
  // In the order of their use: hosts end before what they use goes.
  reporting::Board board_;
  std::unique_ptr<privacy::KeyStore> keys_;
  std::unique_ptr<privacy::KeyStore> staff_keys_;
  std::unique_ptr<persons::Persons> persons_;
  std::unique_ptr<persons::Persons> staff_;
  std::unique_ptr<reporting::NightlyRecounts> recounts_;
  std::vector<TopicRead> topic_reads_;
  // By feed, those that are owned elsewhere.
  std::map<std::string, ElsewhereFeed> elsewhere_;
  std::array<std::unique_ptr<host::Host>, 4> hosts_;
};

}  // namespace learncity
