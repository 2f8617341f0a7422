#include "platform/ledger/writer.h"

#include <atomic>
#include <deque>
#include <map>

#include "platform/ledger/turn.h"
#include "platform/runtime/check.h"
#include "platform/runtime/mutex.h"

namespace learncity::ledger {
namespace {

// Old answers are swept after this many new ones, or this time; each sweep takes away more than
// came.
constexpr int kForgetAfterAnswers = 1024;
constexpr std::chrono::minutes kForgetInterval{1};
constexpr int kForgetAtOnce = 4 * kForgetAfterAnswers;

// Due documents that are remembered as failing; more of them are tried again at each look.
constexpr size_t kDueHeldMax = 4096;

using DueList = std::vector<std::pair<const Table*, Id>>;

void AnswerWith(Input& input, const Outcome& outcome, int64_t epoch) {
  if (auto* request = std::get_if<RequestInput>(&input)) {
    Answer answer{.refusal = outcome.refusal, .fault = outcome.fault, .epoch = epoch};
    if (answer.ok() && outcome.document != nullptr) {
      answer.document = outcome.document->message.get();
      answer.document_version = outcome.document->version;
      answer.position = outcome.position;
      answer.repeated = outcome.repeated;
    }
    request->done(answer);
  } else if (auto* events = std::get_if<EventInput>(&input)) {
    events->done(outcome.fault, outcome.applied);
  } else if (auto* replay = std::get_if<ReplayInput>(&input)) {
    replay->done(outcome.fault, static_cast<int>(outcome.applied));
  }
}

// A fault of the ledger itself, after which the turn must not be committed.
bool SpoilsTurn(const absl::Status& fault) {
  return !fault.ok() && !absl::IsDeadlineExceeded(fault) && !absl::IsOutOfRange(fault) &&
         !absl::IsAborted(fault);
}

// Whether the fault lies with the input rather than with the ledger as a whole.
bool IsOfTheInput(const absl::Status& fault, const Ledger& ledger) {
  // INTERNAL is a read that the disk failed, which may pass.
  return !absl::IsUnavailable(fault) && !absl::IsResourceExhausted(fault) &&
         !absl::IsInternal(fault) && !ledger.broken();
}

// What came of one try to commit a turn. Not OK: nothing happened and the inputs are as they were.
struct Attempt {
  absl::Status status;
  // False: the turn did not begin, and no other would now.
  bool begun = false;
  // Of the inputs that ran, in order; those behind them did not fit.
  std::vector<Outcome> outcomes;
};

struct AtomicCounts {
  std::atomic<int64_t> turns{0}, inputs{0}, events{0}, refused{0}, faults{0}, parked{0}, shed{0},
      due{0};
};

}  // namespace

// Any thread: Submit, counts. One thread, the writer's: everything below `guarded`.
struct Writer::State {
  State(Ledger& l, const Rules& r, Clock c, WriterLimits lim)
      : ledger(l), rules(r), clock(std::move(c)), limits(lim), set(l) {}

  // Constant after the first Submit or Step.
  Ledger& ledger;
  const Rules& rules;
  const Clock clock;
  const WriterLimits limits;
  std::function<void()> wake;
  std::function<void(const Head&, const TurnWrites&)> committed;

  AtomicCounts counts;

  // Guarded.
  mutable Mutex mutex;
  std::deque<Input> queue LEARNCITY_GUARDED_BY(mutex);
  bool closed LEARNCITY_GUARDED_BY(mutex) = false;

  // Writer's thread only.
  WorkingSet set;
  Time next_due_look{};
  size_t first_due_table = 0;
  // Due documents that failed, and until when they are left alone.
  std::map<std::pair<int, Id>, Time> held;
  int64_t answers_since_sweep = 0;
  Time next_sweep{};

  absl::Status Submit(Input input);
  std::vector<Input> Take();
  void PutBack(std::vector<Input>& inputs, size_t from);

  DueList TakeDue(Time now);
  void TakeDueOf(const Table& table, Time now, DueList& due);
  void Hold(const Table& table, const Id& id, Time now);

  Attempt TryTurn(std::vector<Input>& inputs, const DueList& due, TurnTerms terms = {});
  absl::Status RunInputs(Turn& turn, std::vector<Input>& inputs, std::vector<Outcome>& outcomes);
  void Finish(std::vector<Input>& inputs, const Attempt& attempt);
  void Count(const Attempt& attempt, const Turn& turn);

  void RunTurn(std::vector<Input> inputs, const DueList& due);
  void RunAlone(Input input);
  void Salvage(Input& input, const absl::Status& fault);
  Outcome RunRecords(const EventInput& input);
  Outcome RunParked(const ReplayInput& input);
  void Sweep(Time now);
};

Writer::Writer(Ledger& ledger, const Rules& rules, Clock clock, WriterLimits limits)
    : state_(std::make_unique<State>(ledger, rules, std::move(clock), limits)) {}
Writer::~Writer() = default;

absl::Status Writer::State::Submit(Input input) {
  {
    MutexLock lock(&mutex);
    if (closed) return absl::UnavailableError("the service is stopping; ask again elsewhere");
    if (static_cast<int>(queue.size()) >= limits.queue_requests_max) {
      counts.shed.fetch_add(1, std::memory_order_relaxed);
      return absl::ResourceExhaustedError("too many writes are waiting; ask again later");
    }
    queue.push_back(std::move(input));
  }
  if (wake) wake();
  return absl::OkStatus();
}

absl::Status Writer::Submit(RequestInput input) { return state_->Submit(std::move(input)); }
absl::Status Writer::Submit(EventInput input) { return state_->Submit(std::move(input)); }
absl::Status Writer::Submit(CheckInput input) { return state_->Submit(std::move(input)); }
absl::Status Writer::Submit(ReplayInput input) { return state_->Submit(std::move(input)); }

std::vector<Input> Writer::State::Take() {
  std::vector<Input> taken;
  MutexLock lock(&mutex);
  while (!queue.empty() && static_cast<int>(taken.size()) < limits.turn_inputs_max) {
    taken.push_back(std::move(queue.front()));
    queue.pop_front();
  }
  return taken;
}

void Writer::State::PutBack(std::vector<Input>& inputs, size_t from) {
  MutexLock lock(&mutex);
  for (size_t i = inputs.size(); i > from; --i) queue.push_front(std::move(inputs[i - 1]));
  inputs.resize(from);
}

void Writer::State::TakeDueOf(const Table& table, Time now, DueList& due) {
  // Those that are held must not hide the ones behind them.
  const auto ids = ledger.Due(table, now, limits.turn_due_max + static_cast<int>(held.size()));
  if (!ids.ok()) {
    counts.faults.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  for (const Id& id : *ids) {
    if (static_cast<int>(due.size()) >= limits.turn_due_max) return;
    if (!held.contains({table.index, id})) due.emplace_back(&table, id);
  }
}

DueList Writer::State::TakeDue(Time now) {
  // A clock that was set back must not keep due work waiting.
  if (now < next_due_look && next_due_look - now <= limits.due_interval) return {};
  std::erase_if(held, [&](const auto& one) {
    return one.second <= now || one.second - now > limits.due_retry;
  });
  DueList due;
  const auto& tables = ledger.schema().tables();
  // Each look begins with another table, so that none of them takes every place.
  const size_t first = tables.empty() ? 0 : first_due_table++ % tables.size();
  for (size_t i = 0; i < tables.size(); ++i) {
    const Table& table = *tables[(first + i) % tables.size()];
    if (table.due_at) TakeDueOf(table, now, due);
  }
  next_due_look = due.empty() ? now + limits.due_interval : now;
  return due;
}

void Writer::State::Hold(const Table& table, const Id& id, Time now) {
  counts.faults.fetch_add(1, std::memory_order_relaxed);
  if (held.size() < kDueHeldMax) held[{table.index, id}] = now + limits.due_retry;
}

// Runs the inputs that fit. A status that is not OK is the fault of the last outcome.
absl::Status Writer::State::RunInputs(Turn& turn, std::vector<Input>& inputs,
                                      std::vector<Outcome>& outcomes) {
  set.BeginInput();
  for (const Input& input : inputs) turn.Gather(input);
  turn.LoadGathered();
  for (Input& input : inputs) {
    if (turn.IsFull() && !outcomes.empty()) break;
    Outcome outcome = turn.Run(input);
    if (outcome.unfinished) break;
    outcomes.push_back(std::move(outcome));
    if (SpoilsTurn(outcomes.back().fault)) return outcomes.back().fault;
  }
  return absl::OkStatus();
}

Attempt Writer::State::TryTurn(std::vector<Input>& inputs, const DueList& due, TurnTerms terms) {
  Attempt attempt{.status = ledger.Begin()};
  if (!attempt.status.ok()) return attempt;
  attempt.begun = true;
  const Time now = clock();
  terms.now = now;
  terms.answers_since = now - limits.answers_kept;
  terms.documents_max = limits.turn_documents_max;
  terms.bytes_max = limits.turn_bytes_max;
  set.BeginTurn(now);
  Turn turn(ledger, rules, set, std::move(terms));
  DueList failed, decided;
  for (const auto& one : due) {
    // What does not fit is still due at the next look.
    if (turn.IsFull() && !decided.empty()) break;
    absl::Status ran = turn.RunDue(*one.first, one.second);
    if (turn.spoiled()) {
      attempt.status = std::move(ran);
      break;
    }
    (ran.ok() ? decided : failed).push_back(one);
  }
  if (attempt.status.ok()) attempt.status = RunInputs(turn, inputs, attempt.outcomes);
  set.Collect();
  const bool writes = !set.writes().empty();
  if (!attempt.status.ok() || !writes) {
    ledger.Rollback();
  } else {
    attempt.status = ledger.Commit(set.writes());
  }
  if (!attempt.status.ok()) {
    set.Undone();
    return attempt;
  }
  set.Committed();
  for (const auto& [table, id] : failed) Hold(*table, id, now);
  counts.due.fetch_add(static_cast<int64_t>(decided.size()), std::memory_order_relaxed);
  Count(attempt, turn);
  if (writes && committed) committed(ledger.head(), set.writes());
  return attempt;
}

void Writer::State::Count(const Attempt& attempt, const Turn& turn) {
  const TurnWrites& writes = set.writes();
  counts.turns.fetch_add(1, std::memory_order_relaxed);
  counts.events.fetch_add(static_cast<int64_t>(writes.records.size()), std::memory_order_relaxed);
  counts.parked.fetch_add(turn.parked(), std::memory_order_relaxed);
  counts.inputs.fetch_add(static_cast<int64_t>(attempt.outcomes.size()), std::memory_order_relaxed);
  for (const Outcome& outcome : attempt.outcomes) {
    if (outcome.refusal) counts.refused.fetch_add(1, std::memory_order_relaxed);
    if (!outcome.fault.ok()) counts.faults.fetch_add(1, std::memory_order_relaxed);
  }
  answers_since_sweep += static_cast<int64_t>(writes.answers.size());
}

// Answers what ran in a turn that is durable; the rest goes back to the front of the queue.
void Writer::State::Finish(std::vector<Input>& inputs, const Attempt& attempt) {
  if (attempt.outcomes.size() < inputs.size()) PutBack(inputs, attempt.outcomes.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    AnswerWith(inputs[i], attempt.outcomes[i], ledger.head().epoch);
  }
}

// A turn that fails runs again one input at a time, so that one bad input harms itself alone.
void Writer::State::RunTurn(std::vector<Input> inputs, const DueList& due) {
  const Attempt attempt = TryTurn(inputs, due);
  if (attempt.status.ok()) return Finish(inputs, attempt);
  if (!attempt.begun) {
    for (const auto& [table, id] : due) Hold(*table, id, clock());
    for (Input& input : inputs) Salvage(input, attempt.status);
    return;
  }
  if (due.empty() && inputs.size() == 1) return Salvage(inputs.front(), attempt.status);
  for (const auto& one : due) {
    std::vector<Input> none;
    if (!TryTurn(none, {one}).status.ok()) Hold(*one.first, one.second, clock());
  }
  for (Input& input : inputs) RunAlone(std::move(input));
}

void Writer::State::RunAlone(Input input) {
  std::vector<Input> alone;
  alone.push_back(std::move(input));
  const Attempt attempt = TryTurn(alone, {});
  if (attempt.status.ok()) return Finish(alone, attempt);
  Salvage(alone.front(), attempt.status);
}

// Answers an input that fails alone. A request or check fails whole; of events, those that are not
// to blame are applied.
void Writer::State::Salvage(Input& input, const absl::Status& fault) {
  Outcome outcome{.fault = fault};
  if (IsOfTheInput(fault, ledger)) {
    if (const auto* events = std::get_if<EventInput>(&input)) outcome = RunRecords(*events);
    if (const auto* replay = std::get_if<ReplayInput>(&input)) outcome = RunParked(*replay);
  }
  if (!outcome.fault.ok()) counts.faults.fetch_add(1, std::memory_order_relaxed);
  AnswerWith(input, outcome, ledger.head().epoch);
}

// One turn for each record. One that the ledger cannot take is parked: it must not block its feed.
Outcome Writer::State::RunRecords(const EventInput& input) {
  Outcome last;
  for (const Record& record : input.records) {
    std::vector<Input> one;
    one.emplace_back(
        EventInput{.feed = input.feed, .epoch = input.epoch, .records = {record}, .done = nullptr});
    Attempt attempt = TryTurn(one, {});
    if (!attempt.status.ok() && IsOfTheInput(attempt.status, ledger)) {
      attempt = TryTurn(one, {}, {.park_reason = attempt.status.ToString()});
    }
    if (!attempt.status.ok()) {
      last.fault = attempt.status;
      return last;
    }
    last = attempt.outcomes.front();
    if (!last.fault.ok()) return last;
  }
  return last;
}

// One turn for each parked event, up to the one that fails.
Outcome Writer::State::RunParked(const ReplayInput& input) {
  Outcome all;
  while (true) {
    std::vector<Input> one;
    one.emplace_back(ReplayInput{.feed = input.feed, .subject = input.subject, .done = nullptr});
    const Attempt attempt = TryTurn(one, {}, {.replay_max = 1});
    if (!attempt.status.ok()) {
      all.fault = attempt.status;
      return all;
    }
    if (attempt.outcomes.front().applied == 0) return all;
    ++all.applied;
  }
}

void Writer::State::Sweep(Time now) {
  const bool is_time = now >= next_sweep || next_sweep - now > kForgetInterval;
  if (answers_since_sweep < kForgetAfterAnswers && !is_time) return;
  answers_since_sweep = 0;
  next_sweep = now + kForgetInterval;
  const absl::Status swept = ledger.ForgetAnswers(now - limits.answers_kept, kForgetAtOnce);
  if (!swept.ok()) counts.faults.fetch_add(1, std::memory_order_relaxed);
}

bool Writer::Step() {
  State& s = *state_;
  const Time now = s.clock();
  const DueList due = s.TakeDue(now);
  auto inputs = s.Take();
  if (!inputs.empty() || !due.empty()) s.RunTurn(std::move(inputs), due);
  s.Sweep(now);
  MutexLock lock(&s.mutex);
  return !s.queue.empty() || !due.empty();
}

void Writer::Close() {
  MutexLock lock(&state_->mutex);
  state_->closed = true;
}

void Writer::Abandon() {
  std::deque<Input> left;
  {
    MutexLock lock(&state_->mutex);
    state_->closed = true;
    left.swap(state_->queue);
  }
  for (Input& input : left) {
    AnswerWith(input, {.fault = absl::UnavailableError("the service stopped before its turn")},
               state_->ledger.head().epoch);
  }
}

void Writer::OnWork(std::function<void()> wake) { state_->wake = std::move(wake); }
void Writer::OnCommit(std::function<void(const Head&, const TurnWrites&)> committed) {
  state_->committed = std::move(committed);
}

WriterCounts Writer::counts() const {
  const AtomicCounts& c = state_->counts;
  return {.turns = c.turns,
          .inputs = c.inputs,
          .events = c.events,
          .refused = c.refused,
          .faults = c.faults,
          .parked = c.parked,
          .shed = c.shed,
          .due = c.due};
}

int Writer::queued() const {
  MutexLock lock(&state_->mutex);
  return static_cast<int>(state_->queue.size());
}

}  // namespace learncity::ledger
