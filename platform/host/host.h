// A service at work, without its gRPC surface: its ledger, writer, readers and followers put
// together.
//
// The same host is driven by threads in production (Start) and by a seed in the simulator (Step).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/feed/follower.h"
#include "platform/feed/positions.h"
#include "platform/feed/relay.h"
#include "platform/feed/topic.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/reader.h"
#include "platform/ledger/schema.h"
#include "platform/ledger/writer.h"

namespace learncity::host {

struct HostOptions {
  // Where the ledger is.
  std::shared_ptr<ledger::Engine> engine;
  ledger::WriterLimits limits;
  Clock clock;
};

// How a follower rests when its source has nothing: a source that waits for events itself is asked
// again at once.
enum class Waiting { kAtFollower, kAtSource };

// Open, Follow, Carry and AddStep come first, from one thread; then either Start or Step, never
// both. The accessors may be used from any thread after that, as their types allow.
class Host {
 public:
  // `schema` must outlive the host.
  static absl::StatusOr<std::unique_ptr<Host>> Open(const ledger::Schema& schema,
                                                    ledger::Rules rules, HostOptions options);
  // Stops if it has been started.
  ~Host();

  // Follows a feed. `source` is called from one thread at a time.
  absl::Status Follow(const std::string& feed, feed::Source source,
                      Waiting waiting = Waiting::kAtFollower);
  // Carries this ledger's events to a topic, while no other process does.
  void Carry(const feed::RelayOptions& options, std::shared_ptr<feed::Topic> topic);
  // Work of the service's own that comes again and again; true: more at once. Call what it returns
  // from any thread when there is work before `idle_max` has passed.
  std::function<void()> AddStep(std::string name, std::function<bool()> step,
                                std::chrono::milliseconds idle_max);
  // Called from the writer's thread after each commit; several may be set.
  void OnCommit(std::function<void(const ledger::Head&)> committed);
  // The same with what the turn has written, for who keeps it in memory too; valid during the call
  // only.
  void OnTurn(std::function<void(const ledger::TurnWrites&)> written);

  // Called from the writer's thread when the ledger has taken turns of which this host was not
  // told: another replica's, or an own one whose commit was not answered. Who keeps in memory what
  // turns write reads the ledger anew; on an error it is called again soon.
  void OnMissed(std::function<absl::Status()> missed);

  // A source by which hosts in this process follow this one: reads the ledger itself.
  feed::Source AsSource();

  // One step of everything in a fixed order. True when anything moved.
  bool Step();
  // Threads: one for the writer, one for each follower and added step.
  void Start();
  // What is queued is still answered; then every thread has ended.
  void Stop();
  // Wakes the followers, as when the feeds they follow have moved.
  void WakeFollowers();

  const std::string& service() const;
  const ledger::Schema& schema() const;
  // Where the ledger is, in words for people.
  std::string place() const;
  ledger::Writer& writer();
  ledger::Readers& readers();
  // How far each followed feed is applied.
  feed::Positions& positions();
  // Last committed head.
  ledger::Head head() const;
  std::vector<feed::FollowerCounts> followers() const;
  // The feeds it follows, in the order of followers().
  std::vector<std::string> feeds() const;
  // Absent where it carries to no topic.
  std::optional<feed::RelayCounts> relay() const;
  // Why the service cannot take writes; empty when it can.
  std::string unready() const;

 private:
  struct State;
  explicit Host(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace learncity::host
