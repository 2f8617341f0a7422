#include "platform/ledger/writer.h"

#include <atomic>
#include <deque>
#include <map>

#include "platform/ledger/turn.h"
#include "platform/runtime/check.h"
#include "platform/runtime/mutex.h"

namespace learncity::ledger {
namespace {

// Answers are swept a few at a time, once in this many turns.
constexpr int64_t kForgetEveryTurns = 256;
constexpr int kForgetAtOnce = 512;

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

struct AtomicCounts {
  std::atomic<int64_t> turns{0}, inputs{0}, events{0}, refused{0}, faults{0}, parked{0}, shed{0},
      due{0};
};

}  // namespace

// Any thread: Submit, counts. One thread, the writer's: everything below `guarded`.
struct Writer::State {
  State(SqliteLedger& l, const Rules& r, Clock c, WriterLimits lim)
      : ledger(l), rules(r), clock(std::move(c)), limits(lim), set(l) {}

  // Constant after the first Submit or Step.
  SqliteLedger& ledger;
  const Rules& rules;
  const Clock clock;
  const WriterLimits limits;
  std::function<void()> wake;
  std::function<void(const Head&)> committed;

  AtomicCounts counts;

  // Guarded.
  mutable Mutex mutex;
  std::deque<Input> queue LEARNCITY_GUARDED_BY(mutex);
  bool closed LEARNCITY_GUARDED_BY(mutex) = false;

  // Writer's thread only.
  WorkingSet set;
  Time next_due_look{};
  struct Retry {
    Time not_before;
  };
  std::map<std::pair<int, Id>, Retry> due_retries;

  absl::Status Submit(Input input);
  std::vector<Input> Take();
  void PutBack(std::vector<Input>& inputs, size_t from);
  std::vector<std::pair<const Table*, Id>> TakeDue(Time now);
  void RunDue(Turn& turn, const std::vector<std::pair<const Table*, Id>>& due, Time now);
  size_t RunInputs(Turn& turn, std::vector<Input>& inputs, std::vector<Outcome>& outcomes);
  absl::Status TryTurn(std::vector<Input>& inputs,
                       const std::vector<std::pair<const Table*, Id>>& due);
  void RunTurn(std::vector<Input> inputs, const std::vector<std::pair<const Table*, Id>>& due);
  void Count(const std::vector<Outcome>& outcomes);
};

Writer::Writer(SqliteLedger& ledger, const Rules& rules, Clock clock, WriterLimits limits)
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

std::vector<std::pair<const Table*, Id>> Writer::State::TakeDue(Time now) {
  std::vector<std::pair<const Table*, Id>> due;
  if (now < next_due_look) return due;
  for (const auto& table : ledger.schema().tables()) {
    if (!table->due_at) continue;
    // Those that wait for a retry must not hide the ones behind them.
    const int limit = limits.turn_due_max + static_cast<int>(due_retries.size());
    const auto ids = ledger.Due(*table, now, limit);
    if (!ids.ok()) continue;
    for (const Id& id : *ids) {
      const auto retry = due_retries.find({table->index, id});
      if (retry != due_retries.end() && retry->second.not_before > now) continue;
      if (static_cast<int>(due.size()) < limits.turn_due_max) due.emplace_back(table.get(), id);
    }
  }
  if (due.empty()) next_due_look = now + limits.due_interval;
  return due;
}

void Writer::State::RunDue(Turn& turn, const std::vector<std::pair<const Table*, Id>>& due,
                           Time now) {
  for (const auto& [table, id] : due) {
    const absl::Status status = turn.RunDue(*table, id);
    if (status.ok()) {
      due_retries.erase({table->index, id});
      counts.due.fetch_add(1, std::memory_order_relaxed);
    } else {
      due_retries[{table->index, id}] = {now + limits.due_retry};
      counts.faults.fetch_add(1, std::memory_order_relaxed);
    }
  }
}

size_t Writer::State::RunInputs(Turn& turn, std::vector<Input>& inputs,
                                std::vector<Outcome>& outcomes) {
  set.BeginInput();
  for (const Input& input : inputs) turn.Gather(input);
  (void)set.LoadAsked();  // A fault shows again, with its input, when that runs.
  for (size_t i = 0; i < inputs.size(); ++i) {
    const bool full = set.documents_changed() >= limits.turn_documents_max ||
                      set.bytes() >= limits.turn_bytes_max;
    if (full && i > 0) return i;
    outcomes.push_back(turn.Run(inputs[i]));
    if (SpoilsTurn(outcomes.back().fault)) return i + 1;
  }
  return inputs.size();
}

// OK: committed, or there was nothing to commit; every input is answered. Else nothing happened and
// the inputs are as they were.
absl::Status Writer::State::TryTurn(std::vector<Input>& inputs,
                                    const std::vector<std::pair<const Table*, Id>>& due) {
  if (auto status = ledger.Begin(); !status.ok()) return status;
  const Time now = clock();
  set.BeginTurn(now);
  Turn turn(ledger, rules, set, now);
  std::vector<Outcome> outcomes;
  RunDue(turn, due, now);
  const size_t ran = RunInputs(turn, inputs, outcomes);
  absl::Status status;
  if (!outcomes.empty() && SpoilsTurn(outcomes.back().fault)) {
    status = outcomes.back().fault;
    ledger.Rollback();
  } else {
    set.Collect();
    const TurnWrites& writes = set.writes();
    if (writes.documents.empty() && writes.cursors.empty() && writes.parked.empty()) {
      ledger.Rollback();
    } else {
      status = ledger.Commit(writes);
    }
  }
  if (!status.ok()) {
    set.Undone();
    return status;
  }
  counts.events.fetch_add(static_cast<int64_t>(set.records().size()), std::memory_order_relaxed);
  counts.parked.fetch_add(turn.parked(), std::memory_order_relaxed);
  set.Committed();
  if (ran < inputs.size()) PutBack(inputs, ran);
  Count(outcomes);
  if (committed) committed(ledger.head());
  for (size_t i = 0; i < inputs.size(); ++i) {
    AnswerWith(inputs[i], outcomes[i], ledger.head().epoch);
  }
  return status;
}

void Writer::State::Count(const std::vector<Outcome>& outcomes) {
  counts.turns.fetch_add(1, std::memory_order_relaxed);
  counts.inputs.fetch_add(static_cast<int64_t>(outcomes.size()), std::memory_order_relaxed);
  for (const Outcome& outcome : outcomes) {
    if (outcome.refusal) counts.refused.fetch_add(1, std::memory_order_relaxed);
    if (!outcome.fault.ok()) counts.faults.fetch_add(1, std::memory_order_relaxed);
  }
}

// A turn that fails runs again one input at a time, so that one bad input harms itself alone.
void Writer::State::RunTurn(std::vector<Input> inputs,
                            const std::vector<std::pair<const Table*, Id>>& due) {
  const absl::Status status = TryTurn(inputs, due);
  if (status.ok()) return;
  if (inputs.size() + due.size() <= 1) {
    counts.faults.fetch_add(1, std::memory_order_relaxed);
    for (const auto& [table, id] : due) {
      due_retries[{table->index, id}] = {clock() + limits.due_retry};
    }
    for (Input& input : inputs) AnswerWith(input, {.fault = status}, ledger.head().epoch);
    return;
  }
  for (const auto& one : due) RunTurn({}, {one});
  for (Input& input : inputs) {
    std::vector<Input> alone;
    alone.push_back(std::move(input));
    RunTurn(std::move(alone), {});
  }
}

bool Writer::Step() {
  const auto due = state_->TakeDue(state_->clock());
  auto inputs = state_->Take();
  if (inputs.empty() && due.empty()) return false;
  state_->RunTurn(std::move(inputs), due);
  const int64_t turns = state_->counts.turns.load(std::memory_order_relaxed);
  if (turns % kForgetEveryTurns == 0) {
    (void)state_->ledger.ForgetAnswers(state_->clock() - state_->limits.answers_kept,
                                       kForgetAtOnce);
  }
  MutexLock lock(&state_->mutex);
  return !state_->queue.empty() || !due.empty();
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
void Writer::OnCommit(std::function<void(const Head&)> committed) {
  state_->committed = std::move(committed);
}

WriterCounts Writer::counts() const {
  const AtomicCounts& c = state_->counts;
  return {.turns = c.turns, .inputs = c.inputs, .events = c.events, .refused = c.refused,
          .faults = c.faults, .parked = c.parked, .shed = c.shed, .due = c.due};
}

int Writer::queued() const {
  MutexLock lock(&state_->mutex);
  return static_cast<int>(state_->queue.size());
}

}  // namespace learncity::ledger
