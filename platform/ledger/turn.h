// One turn's inputs run against the working set. Says what each would be answered with; the writer
// answers once the turn is durable.
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <optional>
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
  // The turn became full in the middle of an event input: its rest belongs into the next one.
  bool unfinished = false;
};

// What holds for a whole turn.
struct TurnTerms {
  Time now;
  // Answers from before this are forgotten.
  Time answers_since;
  // Once so much has changed the turn takes nothing more.
  int documents_max = 0;
  int64_t bytes_max = 0;
  // Not empty: events are parked for this reason instead of being applied.
  std::string park_reason;
  // Parked events that one replay applies.
  int replay_max = std::numeric_limits<int>::max();
};

// Writer's thread only; made for one turn.
class Turn {
 public:
  Turn(Ledger& ledger, const Rules& rules, WorkingSet& set, TurnTerms terms)
      : ledger_(ledger), rules_(rules), set_(set), terms_(std::move(terms)) {}

  // Asks for what an input needs of the ledger, so that one load serves the whole turn.
  void Gather(const Input& input);
  // Loads what was asked for. A fault shows again, with its input, when that runs.
  void LoadGathered();
  // Runs one input. A fault concerns this input alone, unless it is UNAVAILABLE or worse from the
  // ledger itself, in which case the turn cannot be committed.
  Outcome Run(Input& input);
  // A due document: its case, its rule's effect, then its decision. OK also when it is not due any
  // more. FAILED_PRECONDITION: it was decided that nothing happens, and so it stays due. NOT_FOUND:
  // its case requires what does not exist.
  absl::Status RunDue(const Table& table, const Id& id);
  // Whether a due document that was not decided has left something written: the turn cannot be
  // committed.
  bool spoiled() const { return spoiled_; }
  bool IsFull() const {
    return set_.documents_changed() >= terms_.documents_max || set_.bytes() >= terms_.bytes_max;
  }

  int parked() const { return parked_; }

 private:
  Outcome RunRequest(RequestInput& input);
  Outcome RunEvents(const EventInput& input);
  Outcome RunReplay(const ReplayInput& input);
  absl::StatusOr<std::optional<StoredAnswer>> Answered(const RequestInput& input);
  // Learns which of these requests were answered before, and which aggregates are parked.
  absl::Status LoadAnswers(const std::vector<AnswerKey>& keys);
  absl::Status LoadParked(const std::string& feed, const std::vector<Id>& subjects);
  // Refuses a request about another version of the document that it names than the one there is.
  std::optional<Refusal> StaleEtag(const google::protobuf::Message& request);
  absl::Status Repeat(const RequestInput& input, const StoredAnswer& answer, Outcome& outcome);
  void Accept(const RequestInput& input, const Decision& decision, Outcome& outcome);
  DecodedEvent Decode(const std::string& feed, const Record& record) const;
  void GatherEvent(const std::string& feed, const DecodedEvent& event);
  absl::Status ApplyEvent(const std::string& feed, int64_t epoch, const DecodedEvent& event);
  // Applies a record, or parks it.
  absl::Status TakeEvent(const EventInput& input, const Record& record);
  void Park(const EventInput& input, const Record& record, std::string reason);
  absl::StatusOr<bool> IsParked(const std::string& feed, const Id& subject);
  // Whether this turn took up the aggregate's parked events of earlier turns.
  bool IsUnparked(const std::string& feed, const Id& subject);
  // Those of earlier turns and of this one, all of which the turn then takes up.
  absl::StatusOr<std::vector<Parked>> Unpark(const std::string& feed, const Id& subject);
  // Decides a document that is due, and applies what was decided.
  absl::Status DecideDue(const Rules::DueRule& rule, const google::protobuf::Message& document,
                         const Moment& moment);
  // Gathers and loads until nothing more is asked for.
  absl::Status LoadFor(const std::function<void()>& gather);

  Ledger& ledger_;
  const Rules& rules_;
  WorkingSet& set_;
  const TurnTerms terms_;
  std::map<std::string, Cursor> cursors_;
  // Requests and aggregates of feeds that are asked about, and what is known of them.
  std::vector<AnswerKey> asked_answers_;
  std::map<std::string, std::vector<Id>> asked_parked_;
  std::map<AnswerKey, std::optional<StoredAnswer>> answers_;
  std::map<std::pair<std::string, Id>, bool> parked_of_;
  int parked_ = 0;
  bool spoiled_ = false;
};

}  // namespace learncity::ledger
