// One turn's inputs run against the working set. Says what each would be answered with; the writer
// answers once the turn is durable.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/ledger/input.h"
#include "platform/ledger/working_set.h"

namespace learncity::ledger {

// An event of a followed feed, decoded for its turn.
struct DecodedEvent {
  const Record* record = nullptr;
  // nullptr: nobody here wants this type.
  std::unique_ptr<google::protobuf::Message> event;
  // Not empty: the event is poison, and why.
  std::string poison;
};

// What the writer keeps about an input between running and answering it.
struct Outcome {
  std::optional<Refusal> refusal;
  absl::Status fault;
  const WorkingSet::Slot* document = nullptr;
  int64_t position = 0;
  bool repeated = false;
  // How many parked events a replay applied, or the cursor an event input leaves.
  int64_t applied = 0;
};

// Writer's thread only; made for one turn.
class Turn {
 public:
  Turn(SqliteLedger& ledger, const Rules& rules, WorkingSet& set, Time now)
      : ledger_(ledger), rules_(rules), set_(set), now_(now) {}

  // Asks for the documents of an input, so that one load serves the whole turn.
  void Gather(const Input& input);
  // Runs one input. A fault concerns this input alone, unless it is UNAVAILABLE or worse from the
  // ledger itself, in which case the turn cannot be committed.
  Outcome Run(Input& input);
  // A due document: its rule's effect, then its decision. OK also when it is not due any more.
  absl::Status RunDue(const Table& table, const Id& id);

  int parked() const { return parked_; }

 private:
  Outcome RunRequest(RequestInput& input);
  Outcome RunEvents(const EventInput& input);
  Outcome RunReplay(const ReplayInput& input);
  absl::StatusOr<std::optional<StoredAnswer>> Answered(const RequestInput& input);
  absl::Status Repeat(const RequestInput& input, const StoredAnswer& answer, Outcome& outcome);
  void Accept(const RequestInput& input, const Decision& decision, Outcome& outcome);
  DecodedEvent Decode(const std::string& feed, const Record& record) const;
  void GatherEvent(const std::string& feed, const DecodedEvent& event);
  absl::Status ApplyEvent(const std::string& feed, int64_t epoch, const DecodedEvent& event);
  absl::Status Park(const EventInput& input, const Record& record, std::string reason);
  absl::StatusOr<bool> IsParked(const std::string& feed, const Id& subject);
  // Gathers and loads until nothing more is asked for.
  absl::Status LoadFor(const std::function<void()>& gather);

  SqliteLedger& ledger_;
  const Rules& rules_;
  WorkingSet& set_;
  const Time now_;
  std::map<std::string, Cursor> cursors_;
  int parked_ = 0;
};

}  // namespace learncity::ledger
