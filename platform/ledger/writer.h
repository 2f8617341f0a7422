// The one way in: everything that a service writes is an input of a turn.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "platform/ledger/input.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/record.h"
#include "platform/ledger/schema.h"

namespace learncity::ledger {

// Limits of one turn and of what waits for it.
struct WriterLimits {
  int turn_inputs_max = 256;
  int turn_documents_max = 1000;
  int64_t turn_bytes_max = int64_t{4} << 20;
  // Requests waiting; one more is refused with RESOURCE_EXHAUSTED.
  int queue_requests_max = 4096;
  // Due documents taken into one turn.
  int turn_due_max = 32;
  // Least time between two looks for due documents.
  std::chrono::milliseconds due_interval{100};
  // How long a due document is left alone whose effect failed, or on which nothing was decided.
  std::chrono::seconds due_retry{10};
  // Answers are kept this long.
  std::chrono::hours answers_kept{24 * 7};
};

// What happened in turns so far; counters only grow. A turn that found nothing to write counts too.
struct WriterCounts {
  int64_t turns = 0;
  int64_t inputs = 0;
  int64_t events = 0;
  int64_t refused = 0;
  int64_t faults = 0;
  int64_t parked = 0;
  int64_t shed = 0;
  int64_t due = 0;
};

// Submit from any thread; Step from one thread, the writer's: a Loop in production, the simulator
// otherwise. The ledger, rules and clock must outlive it.
class Writer {
 public:
  Writer(Ledger& ledger, const Rules& rules, Clock clock, WriterLimits limits = {});
  ~Writer();

  // RESOURCE_EXHAUSTED when the queue is full, UNAVAILABLE after Close; then `done` is not called.
  absl::Status Submit(RequestInput input);
  absl::Status Submit(EventInput input);
  absl::Status Submit(CheckInput input);
  absl::Status Submit(ReplayInput input);

  // One turn over what is queued and due. True when there is more to do at once.
  bool Step();
  // Refuses what comes from now on; what is queued is still answered by further steps.
  void Close();
  // Answers what is queued with UNAVAILABLE and runs nothing: from the writer's thread, or once
  // that has stopped. A writer that goes with inputs queued leaves them unanswered.
  void Abandon();

  // Called after every Submit, from the submitting thread. Set before the first Submit.
  void OnWork(std::function<void()> wake);
  // Called after every commit, from the writer's thread, with what the turn has written; that is
  // valid during the call only. Set before the first Step.
  void OnCommit(std::function<void(const Head&, const TurnWrites&)> committed);

  WriterCounts counts() const;
  int queued() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace learncity::ledger
