#include "platform/ledger/turn.h"

#include <algorithm>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

// Each round may find names in the documents of the round before; rules look two steps far.
constexpr int kGatherRoundsMax = 5;

Refusal PlatformRefusal(absl::StatusCode code, std::string_view service, std::string reason,
                        std::string message) {
  return {.code = code,
          .domain = Concat(service, ".learncity"),
          .reason = std::move(reason),
          .message = std::move(message),
          .resource = ""};
}

// The text of a field; empty where the request has no such field.
std::string TextOf(const google::protobuf::Message& request, const std::string& name) {
  const auto* field = request.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
    return "";
  }
  return request.GetReflection()->GetString(request, field);
}

// The name of the resource that a request is about: its own field, or that of the resource in it.
std::string NameIn(const google::protobuf::Message& request) {
  const auto* type = request.GetDescriptor();
  if (type->FindFieldByName("name") != nullptr) return TextOf(request, "name");
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* field = type->field(i);
    if (field->is_repeated() || field->message_type() == nullptr) continue;
    std::string name = TextOf(request.GetReflection()->GetMessage(request, field), "name");
    if (!name.empty()) return name;
  }
  return "";
}

AnswerKey KeyOf(const RequestInput& input) {
  return {input.request_id, input.caller, input.method};
}

// True when the oneof that says what happened is empty: the event is newer than this release.
bool HappenedUnknown(const google::protobuf::Message& event) {
  const auto* type = event.GetDescriptor();
  // An optional field is a oneof too, though not a real one.
  return type->real_oneof_decl_count() > 0 &&
         !event.GetReflection()->HasOneof(event, type->oneof_decl(0));
}

}  // namespace

absl::Status Turn::LoadFor(const std::function<void()>& gather) {
  for (int round = 0; round < kGatherRoundsMax; ++round) {
    set_.BeginInput();
    gather();
    const auto loaded = set_.LoadAsked();
    if (!loaded.ok()) return loaded.status();
    if (!*loaded) return absl::OkStatus();
  }
  LEARNCITY_CHECK(false) << "a case still asks for documents after " << kGatherRoundsMax
                         << " rounds";
  return absl::OkStatus();
}

void Turn::Gather(const Input& input) {
  if (const auto* request = std::get_if<RequestInput>(&input)) {
    asked_answers_.push_back(KeyOf(*request));
    const auto* rule = rules_.ForRequest(request->request->GetDescriptor());
    if (rule != nullptr) rule->gather(*request->request, set_);
  } else if (const auto* events = std::get_if<EventInput>(&input)) {
    for (const Record& record : events->records) {
      asked_parked_[events->feed].push_back(record.subject);
      GatherEvent(events->feed, Decode(events->feed, record));
    }
  }
}

void Turn::LoadGathered() {
  (void)LoadAnswers(std::exchange(asked_answers_, {}));
  for (const auto& [feed, subjects] : std::exchange(asked_parked_, {})) {
    (void)LoadParked(feed, subjects);
  }
  (void)set_.LoadAsked();
}

absl::Status Turn::LoadAnswers(const std::vector<AnswerKey>& keys) {
  if (keys.empty()) return absl::OkStatus();
  auto found = ledger_.FindAnswers(keys);
  if (!found.ok()) return found.status();
  for (const AnswerKey& key : keys) answers_[key] = std::nullopt;
  for (StoredAnswer& answer : *found) {
    AnswerKey key{answer.request_id, answer.caller, answer.method};
    answers_[std::move(key)] = std::move(answer);
  }
  return absl::OkStatus();
}

absl::Status Turn::LoadParked(const std::string& feed, const std::vector<Id>& subjects) {
  const auto found = ledger_.FindParked(feed, subjects);
  if (!found.ok()) return found.status();
  for (const Id& subject : subjects) parked_of_[{feed, subject}] = false;
  for (const Id& subject : *found) parked_of_[{feed, subject}] = true;
  return absl::OkStatus();
}

Outcome Turn::Run(Input& input) {
  if (auto* request = std::get_if<RequestInput>(&input)) return RunRequest(*request);
  if (const auto* events = std::get_if<EventInput>(&input)) return RunEvents(*events);
  if (const auto* replay = std::get_if<ReplayInput>(&input)) return RunReplay(*replay);
  const auto& check = std::get<CheckInput>(input);
  const Table* table = ledger_.schema().ByDocument(check.kind);
  LEARNCITY_CHECK(table != nullptr);
  const auto rows = ledger_.Load(*table, {&check.id, 1});
  if (!rows.ok()) return {.fault = rows.status()};
  const auto* slot = set_.FindSlot(*table, check.id);
  const bool is_half_done = rows->empty() && slot != nullptr && slot->message;
  if (!is_half_done) check.act(!rows->empty());
  return {};
}

absl::StatusOr<std::optional<StoredAnswer>> Turn::Answered(const RequestInput& input) {
  for (const StoredAnswer& answer : set_.writes().answers) {
    if (answer.request_id == input.request_id && answer.caller == input.caller &&
        answer.method == input.method) {
      return answer;
    }
  }
  const AnswerKey key = KeyOf(input);
  auto known = answers_.find(key);
  if (known == answers_.end()) {
    if (auto status = LoadAnswers({key}); !status.ok()) return status;
    known = answers_.find(key);
  }
  const auto& answer = known->second;
  if (answer && answer->time < terms_.answers_since) return std::nullopt;
  return answer;
}

absl::Status Turn::Repeat(const RequestInput& input, const StoredAnswer& answer, Outcome& outcome) {
  if (answer.request_hash != input.request_hash) {
    outcome.refusal = PlatformRefusal(
        absl::StatusCode::kInvalidArgument, ledger_.schema().service(), "REQUEST_ID_REUSED",
        Concat("request_id ", input.request_id.ToString(),
               " was used for another request; make a new one for each request."));
    return absl::OkStatus();
  }
  const Table& table = *ledger_.schema().tables()[static_cast<size_t>(answer.table)];
  WorkingSet::Slot* slot = set_.FindSlot(table, answer.document);
  if (slot == nullptr) {
    set_.FindAny(table, answer.document);
    if (auto loaded = set_.LoadAsked(); !loaded.ok()) return loaded.status();
    slot = set_.FindSlot(table, answer.document);
  }
  outcome.document = slot;
  outcome.position = answer.position;
  outcome.repeated = true;
  return absl::OkStatus();
}

void Turn::Accept(const RequestInput& input, const Decision& decision, Outcome& outcome) {
  for (const Change& change : decision.changes()) {
    const auto& slot = set_.Fold(change);
    if (outcome.document == nullptr) outcome.document = &slot;
  }
  outcome.position = set_.records().back().position;
  set_.writes().answers.push_back({.request_id = input.request_id,
                                   .caller = input.caller,
                                   .method = input.method,
                                   .request_hash = input.request_hash,
                                   .table = outcome.document->table->index,
                                   .document = outcome.document->id,
                                   .position = outcome.position,
                                   .time = terms_.now});
}

std::optional<Refusal> Turn::StaleEtag(const google::protobuf::Message& request) {
  const std::string etag = TextOf(request, "etag");
  if (etag.empty()) return std::nullopt;
  const Id id = IdOf(NameIn(request));
  for (const auto& table : ledger_.schema().tables()) {
    const auto* slot = set_.FindSlot(*table, id);
    if (slot == nullptr || !slot->message) continue;
    const std::string current = Concat("\"v", slot->version, "\"");
    if (etag == current) return std::nullopt;
    return PlatformRefusal(absl::StatusCode::kAborted, ledger_.schema().service(), "ETAG_MISMATCH",
                           Concat("etag is ", etag, ", the resource is at ", current,
                                  "; read it again and repeat with a new request_id."));
  }
  return std::nullopt;
}

Outcome Turn::RunRequest(RequestInput& input) {
  Outcome outcome;
  if (input.deadline && *input.deadline < terms_.now) {
    outcome.fault = absl::DeadlineExceededError("the deadline passed while the request waited");
    return outcome;
  }
  const auto answer = Answered(input);
  if (!answer.ok()) return {.fault = answer.status()};
  if (*answer) {
    outcome.fault = Repeat(input, **answer, outcome);
    return outcome;
  }
  if (input.refusal) {
    outcome.refusal = input.refusal;
    return outcome;
  }
  const auto* rule = rules_.ForRequest(input.request->GetDescriptor());
  LEARNCITY_CHECK(rule != nullptr) << "no rule for " << input.request->GetTypeName();
  outcome.fault = LoadFor([&] { rule->gather(*input.request, set_); });
  if (!outcome.fault.ok()) return outcome;
  if (set_.missing()) {
    outcome.refusal = set_.missing();
    return outcome;
  }
  if (auto stale = StaleEtag(*input.request)) {
    outcome.refusal = std::move(stale);
    return outcome;
  }
  const Decision decision = rule->decide(*input.request, set_, input.moment);
  if (decision.refusal()) {
    outcome.refusal = decision.refusal();
    return outcome;
  }
  LEARNCITY_CHECK(!decision.changes().empty()) << input.method << " was accepted with no change";
  Accept(input, decision, outcome);
  return outcome;
}

DecodedEvent Turn::Decode(const std::string& feed, const Record& record) const {
  DecodedEvent decoded{.record = &record, .event = nullptr, .poison = ""};
  const google::protobuf::Message* prototype = nullptr;
  if (const auto* rules = rules_.ForEvent(record.type)) prototype = rules->front().prototype;
  for (const Table* table : ledger_.schema().References(feed, record.type)) {
    prototype = table->event_prototype;
  }
  if (prototype == nullptr) return decoded;
  decoded.event.reset(prototype->New());
  if (!decoded.event->ParseFromString(record.data)) {
    decoded.poison = Concat("not a ", record.type);
  } else if (HappenedUnknown(*decoded.event)) {
    decoded.poison = Concat("a ", record.type, " that this release does not know");
  }
  return decoded;
}

void Turn::GatherEvent(const std::string& feed, const DecodedEvent& event) {
  if (event.event == nullptr || !event.poison.empty()) return;
  const Id& subject = event.record->subject;
  for (const Table* table : ledger_.schema().References(feed, event.record->type)) {
    set_.FindAny(*table, subject);
  }
  const auto* rules = rules_.ForEvent(event.record->type);
  if (rules == nullptr) return;
  for (const auto& rule : *rules) rule.gather(subject, *event.event, set_);
}

absl::Status Turn::ApplyEvent(const std::string& feed, int64_t epoch, const DecodedEvent& event) {
  if (event.event == nullptr) return absl::OkStatus();
  if (auto status = LoadFor([&] { GatherEvent(feed, event); }); !status.ok()) return status;
  const Record& record = *event.record;
  for (const Table* table : ledger_.schema().References(feed, record.type)) {
    set_.FoldReference(*table, record.subject, *event.event, record.data.size());
  }
  const auto* rules = rules_.ForEvent(record.type);
  if (rules == nullptr) return absl::OkStatus();
  const Moment moment{.now = record.time, .seed = Concat(feed, "/", epoch, "/", record.position)};
  for (const auto& rule : *rules) rule.react(record.subject, *event.event, moment, set_);
  return set_.TakeFault();
}

bool Turn::IsUnparked(const std::string& feed, const Id& subject) {
  const auto& unparked = set_.writes().unparked;
  return std::any_of(unparked.begin(), unparked.end(),
                     [&](const Unparked& u) { return u.feed == feed && u.subject == subject; });
}

absl::StatusOr<bool> Turn::IsParked(const std::string& feed, const Id& subject) {
  for (const Parked& parked : set_.writes().parked) {
    if (parked.feed == feed && parked.record.subject == subject) return true;
  }
  if (IsUnparked(feed, subject)) return false;
  const std::pair<std::string, Id> key(feed, subject);
  if (!parked_of_.contains(key)) {
    if (auto status = LoadParked(feed, {subject}); !status.ok()) return status;
  }
  return parked_of_.at(key);
}

absl::StatusOr<std::vector<Parked>> Turn::Unpark(const std::string& feed, const Id& subject) {
  std::vector<Parked> taken;
  if (!IsUnparked(feed, subject)) {
    auto stored = ledger_.LoadParked(feed, subject);
    if (!stored.ok()) return stored.status();
    taken = std::move(*stored);
    if (!taken.empty()) set_.writes().unparked.push_back({.feed = feed, .subject = subject});
  }
  std::vector<Parked> others;
  for (Parked& parked : set_.writes().parked) {
    const bool is_meant = parked.feed == feed && parked.record.subject == subject;
    (is_meant ? taken : others).push_back(std::move(parked));
  }
  set_.writes().parked = std::move(others);
  return taken;
}

void Turn::Park(const EventInput& input, const Record& record, std::string reason) {
  set_.writes().parked.push_back(
      {.feed = input.feed, .epoch = input.epoch, .record = record, .reason = std::move(reason)});
  ++parked_;
}

absl::Status Turn::TakeEvent(const EventInput& input, const Record& record) {
  const auto parked = IsParked(input.feed, record.subject);
  if (!parked.ok()) return parked.status();
  const DecodedEvent event = Decode(input.feed, record);
  if (*parked) {
    Park(input, record, "follows a parked event of the same aggregate");
  } else if (!event.poison.empty()) {
    Park(input, record, event.poison);
  } else if (!terms_.park_reason.empty()) {
    Park(input, record, terms_.park_reason);
  } else {
    return ApplyEvent(input.feed, input.epoch, event);
  }
  return absl::OkStatus();
}

Outcome Turn::RunEvents(const EventInput& input) {
  Outcome outcome;
  auto& cursor = cursors_[input.feed];
  if (cursor.feed.empty()) {
    auto loaded = ledger_.LoadCursor(input.feed);
    if (!loaded.ok()) return {.fault = loaded.status()};
    cursor = *loaded;
  }
  outcome.applied = cursor.position;
  if (input.epoch != cursor.epoch) {
    outcome.fault = absl::AbortedError(Concat("feed ", input.feed, " is in epoch ", input.epoch,
                                              ", the cursor in ", cursor.epoch));
    return outcome;
  }
  const int64_t before = cursor.position;
  for (const Record& record : input.records) {
    if (record.position <= cursor.position) continue;
    if (record.position > cursor.position + 1) {
      outcome.fault =
          absl::OutOfRangeError(Concat("feed ", input.feed, " jumps from ", cursor.position, " to ",
                                       record.position, "; read the gap first"));
      break;
    }
    if (IsFull() && cursor.position > before) {
      outcome.unfinished = true;
      break;
    }
    if (auto status = TakeEvent(input, record); !status.ok()) {
      outcome.fault = status;
      break;
    }
    cursor.position = record.position;
  }
  outcome.applied = cursor.position;
  if (cursor.position > before) {
    auto& cursors = set_.writes().cursors;
    std::erase_if(cursors, [&](const Cursor& c) { return c.feed == cursor.feed; });
    cursors.push_back(cursor);
  }
  return outcome;
}

Outcome Turn::RunReplay(const ReplayInput& input) {
  auto parked = Unpark(input.feed, input.subject);
  if (!parked.ok()) return {.fault = parked.status()};
  Outcome outcome;
  bool stuck = false;
  for (Parked& p : *parked) {
    const DecodedEvent event = Decode(input.feed, p.record);
    stuck = stuck || !event.poison.empty() || outcome.applied >= terms_.replay_max;
    if (stuck) {
      set_.writes().parked.push_back(std::move(p));
      continue;
    }
    if (auto status = ApplyEvent(p.feed, p.epoch, event); !status.ok()) return {.fault = status};
    ++outcome.applied;
  }
  return outcome;
}

absl::Status Turn::RunDue(const Table& table, const Id& id) {
  const auto* rule = rules_.ForDue(table.prototype->GetDescriptor());
  LEARNCITY_CHECK(rule != nullptr) << table.name << " has due documents and no rule for them";
  if (auto status = LoadFor([&] { set_.FindAny(table, id); }); !status.ok()) return status;
  const auto* slot = set_.FindSlot(table, id);
  if (slot == nullptr || !slot->message) return absl::OkStatus();
  const auto due_at = table.due_at(*slot->message);
  if (!due_at || *due_at > terms_.now) return absl::OkStatus();
  if (auto status = LoadFor([&] { rule->gather(*slot->message, set_); }); !status.ok()) {
    return status;
  }
  if (set_.missing()) return absl::NotFoundError(set_.missing()->message);
  if (auto status = rule->effect(id, *slot->message); !status.ok()) return status;
  const Moment moment{.now = *due_at,
                      .seed = Concat(id.ToString(), "/", due_at->time_since_epoch().count())};
  const int64_t before = set_.changes();
  const absl::Status decided = DecideDue(*rule, *slot->message, moment);
  spoiled_ = !decided.ok() && set_.changes() > before;
  return decided;
}

absl::Status Turn::DecideDue(const Rules::DueRule& rule, const google::protobuf::Message& document,
                             const Moment& moment) {
  const Decision decision = rule.decide(document, set_, moment);
  if (auto fault = set_.TakeFault(); !fault.ok()) return fault;
  if (decision.refusal()) return absl::FailedPreconditionError(decision.refusal()->message);
  if (decision.changes().empty()) {
    return absl::FailedPreconditionError("nothing was decided, and the document is still due");
  }
  // Unlike a request's, a due document's events may move what its case did not ask for.
  auto loaded = LoadFor([&] {
    for (const Change& change : decision.changes()) {
      set_.FindAny(*ledger_.schema().ByEvent(change.event->GetDescriptor()), change.document);
    }
  });
  if (!loaded.ok()) return loaded;
  set_.Apply(decision);
  return absl::OkStatus();
}

}  // namespace learncity::ledger
