#include "platform/host/host.h"

#include <deque>

#include "platform/runtime/concat.h"
#include "platform/runtime/loop.h"
#include "platform/runtime/mutex.h"

namespace learncity::host {
namespace {

// How long a loop rests when nobody wakes it: due documents are looked for this often.
constexpr std::chrono::milliseconds kWriterIdle{100};
constexpr std::chrono::milliseconds kFollowerIdle{200};
// Of a follower whose source waits, while as many stretches as may be are in the writer's hands.
constexpr std::chrono::milliseconds kWaitingFollowerIdle{5};
// What was delivered, and what other processes committed, is looked for this often.
constexpr std::chrono::milliseconds kRelayIdle{20};
// How often a ledger that others write to is looked at.
constexpr std::chrono::milliseconds kLookInterval{250};

struct Following {
  feed::Follower follower;
  std::chrono::milliseconds idle_max;
};

struct OwnStep {
  std::string name;
  std::function<bool()> step;
  std::chrono::milliseconds idle_max;
};

}  // namespace

// Constant after Open, Follow and AddStep: all but head, broken and the loops, which are guarded,
// and what the writer's thread alone has.
struct Host::State {
  State(const ledger::Schema& s, ledger::Rules r, HostOptions o)
      : schema(s), rules(std::move(r)), options(std::move(o)) {}

  const ledger::Schema& schema;
  const ledger::Rules rules;
  const HostOptions options;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<ledger::Writer> writer;
  std::unique_ptr<ledger::Readers> readers;
  feed::Positions positions;
  std::deque<Following> followers;
  std::unique_ptr<feed::Relay> relay;
  std::vector<OwnStep> steps;
  std::vector<std::function<void(const ledger::Head&)>> committed;
  std::vector<std::function<void(const ledger::TurnWrites&)>> written;
  std::vector<std::function<absl::Status()>> missed;

  // Writer's thread only.
  bool has_missed = false;
  std::chrono::steady_clock::time_point next_look{};

  mutable Mutex mutex;
  ledger::Head head LEARNCITY_GUARDED_BY(mutex);
  bool broken LEARNCITY_GUARDED_BY(mutex) = false;

  using Loops = std::vector<std::unique_ptr<runtime::Loop>>;
  // A thread that wakes another may run before Start has returned, or while Stop takes them down.
  Mutex loops_mutex;
  // Last, so that threads end before what they use goes.
  Loops follower_loops LEARNCITY_GUARDED_BY(loops_mutex);
  Loops step_loops LEARNCITY_GUARDED_BY(loops_mutex);
  std::unique_ptr<runtime::Loop> writer_loop LEARNCITY_GUARDED_BY(loops_mutex);

  void WakeWriter() {
    MutexLock lock(&loops_mutex);
    if (writer_loop) writer_loop->Wake();
  }

  void SetHead(const ledger::Head& now) {
    {
      MutexLock lock(&mutex);
      head = now;
    }
    for (const auto& told : committed) told(now);
  }

  // Whether others have taken turns since the last own one.
  void Look() {
    if (std::chrono::steady_clock::now() < next_look) return;
    next_look = std::chrono::steady_clock::now() + kLookInterval;
    const auto now = ReadHead();
    if (!now.ok() || now->turn <= CommittedTurn()) return;
    has_missed = true;
    SetHead(*now);
  }

  int64_t CommittedTurn() const {
    MutexLock lock(&mutex);
    return head.turn;
  }

  // Both of these with what other processes have committed, too.
  absl::StatusOr<ledger::Head> ReadHead() {
    auto reader = readers->Mine();
    if (!reader.ok()) return reader.status();
    return (*reader)->ReadHead();
  }
  feed::Source LedgerItself() {
    return [this](int64_t after, int limit) -> absl::StatusOr<std::vector<ledger::Record>> {
      auto reader = readers->Mine();
      if (!reader.ok()) return reader.status();
      return (*reader)->Read(after, limit);
    };
  }

  absl::Status TellMissed() {
    absl::Status status;
    for (const auto& tell : missed) status.Update(tell());
    return status;
  }

  bool StepWriter() {
    const bool more = writer->Step();
    if (options.engine->is_shared()) Look();
    if (has_missed) has_missed = !TellMissed().ok();
    if (ledger->broken()) {
      MutexLock lock(&mutex);
      broken = true;
    }
    return more;
  }
};

Host::Host(std::unique_ptr<State> state) : state_(std::move(state)) {}

Host::~Host() { Stop(); }

absl::StatusOr<std::unique_ptr<Host>> Host::Open(const ledger::Schema& schema, ledger::Rules rules,
                                                 HostOptions options) {
  auto state = std::make_unique<State>(schema, std::move(rules), std::move(options));
  State& s = *state;
  auto opened = s.options.engine->Open(schema);
  if (!opened.ok()) return opened.status();
  s.ledger = std::move(*opened);
  {
    MutexLock lock(&s.mutex);
    s.head = s.ledger->head();
  }
  s.writer =
      std::make_unique<ledger::Writer>(*s.ledger, s.rules, s.options.clock, s.options.limits);
  s.readers = std::make_unique<ledger::Readers>(*s.options.engine, schema);
  s.writer->OnCommit([&s](const ledger::Head& head, const ledger::TurnWrites& turn) {
    if (head.turn != s.CommittedTurn() + 1) s.has_missed = true;
    for (const auto& written : s.written) written(turn);
    s.SetHead(head);
  });
  return std::unique_ptr<Host>(new Host(std::move(state)));
}

absl::Status Host::Follow(const std::string& feed, feed::Source source, Waiting waiting) {
  const auto cursor = state_->ledger->LoadCursor(feed);
  if (!cursor.ok()) return cursor.status();
  state_->positions.Set(feed, cursor->epoch, cursor->position);
  State* s = state_.get();
  const size_t index = s->followers.size();
  const auto moved = [s, feed, index, epoch = cursor->epoch](int64_t position) {
    s->positions.Set(feed, epoch, position);
    MutexLock lock(&s->loops_mutex);
    if (index < s->follower_loops.size()) s->follower_loops[index]->Wake();
  };
  s->followers.push_back(
      {.follower = feed::Follower({.feed = feed, .epoch = cursor->epoch}, std::move(source),
                                  *s->writer, cursor->position, moved),
       .idle_max = waiting == Waiting::kAtSource ? kWaitingFollowerIdle : kFollowerIdle});
  return absl::OkStatus();
}

void Host::Carry(const feed::RelayOptions& options, std::shared_ptr<feed::Topic> topic) {
  State* s = state_.get();
  s->relay = std::make_unique<feed::Relay>(
      options,
      feed::Relay::Parts{.events = s->options.engine->is_shared() ? s->LedgerItself() : AsSource(),
                         .head = [s] { return s->ReadHead(); },
                         .lock = s->options.engine->OpenRelayLock(),
                         .topic = std::move(topic)});
  const auto wake = AddStep(
      Concat(service(), "-relay"), [s] { return s->relay->Step(); }, kRelayIdle);
  OnCommit([wake](const ledger::Head&) { wake(); });
}

std::function<void()> Host::AddStep(std::string name, std::function<bool()> step,
                                    std::chrono::milliseconds idle_max) {
  state_->steps.push_back({std::move(name), std::move(step), idle_max});
  return [s = state_.get(), index = state_->steps.size() - 1] {
    MutexLock lock(&s->loops_mutex);
    if (index < s->step_loops.size()) s->step_loops[index]->Wake();
  };
}

void Host::OnCommit(std::function<void(const ledger::Head&)> committed) {
  state_->committed.push_back(std::move(committed));
}

feed::Source Host::AsSource() {
  return [s = state_.get(), read = state_->LedgerItself()](
             int64_t after, int limit) -> absl::StatusOr<std::vector<ledger::Record>> {
    {
      // Nothing new is the usual answer, and costs no read.
      MutexLock lock(&s->mutex);
      if (after >= s->head.position) return std::vector<ledger::Record>{};
    }
    return read(after, limit);
  };
}

void Host::OnTurn(std::function<void(const ledger::TurnWrites&)> written) {
  state_->written.push_back(std::move(written));
}

void Host::OnMissed(std::function<absl::Status()> missed) {
  state_->missed.push_back(std::move(missed));
}

bool Host::Step() {
  bool moved = false;
  for (auto& following : state_->followers) moved |= following.follower.Step();
  for (const auto& step : state_->steps) moved |= step.step();
  const int64_t turns = state_->writer->counts().turns;
  moved |= state_->StepWriter();
  return moved || state_->writer->counts().turns != turns;
}

void Host::Start() {
  State& s = *state_;
  s.writer->OnWork([&s] { s.WakeWriter(); });
  MutexLock lock(&s.loops_mutex);
  s.writer_loop = std::make_unique<runtime::Loop>(
      Concat(s.schema.service(), "-writer"), [&s] { return s.StepWriter(); }, kWriterIdle);
  for (auto& following : s.followers) {
    s.follower_loops.push_back(std::make_unique<runtime::Loop>(
        Concat(s.schema.service(), "-", following.follower.feed()),
        [&following] { return following.follower.Step(); }, following.idle_max));
  }
  for (const auto& step : s.steps) {
    s.step_loops.push_back(std::make_unique<runtime::Loop>(step.name, step.step, step.idle_max));
  }
}

void Host::Stop() {
  State& s = *state_;
  State::Loops feeding;
  std::unique_ptr<runtime::Loop> writing;
  {
    MutexLock lock(&s.loops_mutex);
    feeding.swap(s.follower_loops);
    for (auto& loop : s.step_loops) feeding.push_back(std::move(loop));
    s.step_loops.clear();
    writing.swap(s.writer_loop);
  }
  for (auto& loop : feeding) loop->Stop();
  s.writer->Close();
  if (!writing) return;
  writing->Stop();
  while (s.writer->queued() > 0) s.StepWriter();
  s.writer->Abandon();
}

void Host::WakeFollowers() {
  MutexLock lock(&state_->loops_mutex);
  for (auto& loop : state_->follower_loops) loop->Wake();
}

const std::string& Host::service() const { return state_->schema.service(); }
const ledger::Schema& Host::schema() const { return state_->schema; }
std::string Host::place() const { return state_->options.engine->place(); }
ledger::Writer& Host::writer() { return *state_->writer; }
ledger::Readers& Host::readers() { return *state_->readers; }
feed::Positions& Host::positions() { return state_->positions; }

ledger::Head Host::head() const {
  MutexLock lock(&state_->mutex);
  return state_->head;
}

std::vector<feed::FollowerCounts> Host::followers() const {
  std::vector<feed::FollowerCounts> counts;
  for (const auto& following : state_->followers) counts.push_back(following.follower.counts());
  return counts;
}

std::vector<std::string> Host::feeds() const {
  std::vector<std::string> feeds;
  for (const auto& following : state_->followers) feeds.push_back(following.follower.feed());
  return feeds;
}

std::optional<feed::RelayCounts> Host::relay() const {
  if (!state_->relay) return std::nullopt;
  return state_->relay->counts();
}

std::string Host::unready() const {
  MutexLock lock(&state_->mutex);
  if (!state_->broken) return "";
  return Concat(service(), ": a commit failed on disk; start the process again");
}

}  // namespace learncity::host
